"""The elements of a package with their prices, on its page."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from catalog.models import Composition, Product, ServiceType
from config.shared.panels import Panel
from pricing.queries.elements import elements_of


class PackageElements(Panel):
    """Components and fees of a package in one list, with what they come to."""

    title = "Elements"
    slug = "elements"
    template_name = "pricing/partials/elements.html"
    tab = "components"
    order = 5
    permission = "pricing.view_priceplan"

    def suits(self, obj: Product) -> bool:
        """Show it for packages: fixed and flexible bundles of services."""
        kind = obj.type
        return bool(
            kind.service_type == ServiceType.TERMED and kind.composition != Composition.FLAT
        )

    def context(self, obj: Product, request: HttpRequest) -> Mapping[str, Any]:
        """Return the elements; six queries at most."""
        found = elements_of(obj)
        return {"elements": found, "count": len(found.rows) - 1}
