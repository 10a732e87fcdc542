"""What belongs to the history of providers, and of the products that are at one."""

from typing import Final

from catalog.models import Product
from config.shared.queries.history import HistoryPart
from provisioning.models import Distributor, ProductDistribution, Provider

HISTORY_PARTS: Final = (
    HistoryPart(ProductDistribution, "Provider", Product, "product", named_by=("provider",)),
    HistoryPart(ProductDistribution, "Product", Provider, "provider", named_by=("product",)),
    HistoryPart(Distributor, "Distributor", Provider, "provider", named_by=("name",)),
)
