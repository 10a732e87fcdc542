"""Panels of the product page about what refers to the product, and who changed it."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from catalog.models import Product
from catalog.queries.bundles import bundles_with, sales_bundles_with
from config.shared.history_panel import HistoryPanel
from config.shared.panels import Panel


class WhereUsed(Panel):
    """Bundles and sales bundles that contain the product."""

    title = "Where used"
    slug = "where-used"
    template_name = "catalog/partials/where_used_panel.html"
    tab = "use"
    order = 60

    def context(self, obj: Product, request: HttpRequest) -> Mapping[str, Any]:
        """Return the places; two queries."""
        bundles, sales = list(bundles_with(obj)), list(sales_bundles_with(obj))
        return {"bundles": bundles, "sales_bundles": sales, "count": len(bundles) + len(sales)}


class ProductHistory(HistoryPanel):
    """Who changed what on the product and its parts, and when."""

    tab = "use"
