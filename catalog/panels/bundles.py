"""Panels of the product page about what a bundle is made of."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from catalog.forms.bundles import ComponentsForm
from catalog.models import Product
from catalog.operations.bundles import set_components
from catalog.operations.errors import CatalogError
from catalog.panels.sections import SECTIONS, SectionPanel
from catalog.queries.products import components_of


class BundleComponents(SectionPanel):
    """What a bundle product is made of."""

    section = SECTIONS["components"]
    template_name = "catalog/partials/components_panel.html"
    form_class = ComponentsForm
    form_permission = "catalog.change_product"
    submit_label = "Save components"
    refusals = (CatalogError,)

    def context(self, obj: Product, request: HttpRequest) -> Mapping[str, Any]:
        """Return the components."""
        components = components_of([obj.pk]).get(obj.pk, [])
        return {"components": components, "count": len(components)}

    def form_kwargs(self, obj: Product, request: HttpRequest) -> dict[str, Any]:
        """Offer what the bundle may contain."""
        return {"bundle": obj, "components": components_of([obj.pk]).get(obj.pk, [])}

    def submit(self, obj: Product, request: HttpRequest, form: Any) -> str:
        """Set the components."""
        set_components(obj, form.component_rows())
        return f"The components of {obj} were saved."
