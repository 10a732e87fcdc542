"""Panels of the product page about what refers to the product, and who changed it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.http import HttpRequest

from catalog.models import Product
from catalog.queries.places import places_of
from config.shared.history_panel import HistoryPanel
from config.shared.panels import Panel


class WhereUsed(Panel):
    """All that uses the product, with links to it."""

    title = "Where used"
    slug = "where-used"
    template_name = "catalog/partials/where_used_panel.html"
    tab = "use"
    order = 60

    def context(self, obj: Product, request: HttpRequest) -> Mapping[str, Any]:
        """Return the places; those whose page the user may not open have no link."""
        places = [
            place
            if not place.permission or request.user.has_perm(place.permission)
            else replace(place, url="")
            for place in places_of(obj)
        ]
        return {"places": places, "count": len(places)}


class ProductHistory(HistoryPanel):
    """Who changed what on the product and its parts, and when."""

    tab = "use"
