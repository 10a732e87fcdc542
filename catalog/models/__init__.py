"""Models of the catalogue, one file a topic."""

from .bundles import BundleComponent, SalesBundle, SalesBundleItem
from .lists import AccountClass, AccountClassification, ProductBrand, ProductFamily, Technology
from .products import Availability, Product, ProductValidity
from .types import Classification, Composition, GoodType, ProductType, ServiceType

__all__ = [
    "AccountClass",
    "AccountClassification",
    "Availability",
    "BundleComponent",
    "Classification",
    "Composition",
    "GoodType",
    "Product",
    "ProductBrand",
    "ProductFamily",
    "ProductType",
    "ProductValidity",
    "SalesBundle",
    "SalesBundleItem",
    "ServiceType",
    "Technology",
]
