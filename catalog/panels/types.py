"""Panels of the page of a product type."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest

from catalog.forms.characteristics import CharacteristicsForm
from catalog.forms.types import ProductTypeForm
from catalog.models import ProductType
from catalog.operations.characteristics import set_characteristics
from catalog.operations.errors import CatalogError
from catalog.operations.types import update_type
from catalog.panels.records import RecordMain
from catalog.queries.characteristics import characteristics_of, value_text
from config.shared.panels import Panel


class TypeMain(RecordMain):
    """Name, classification, kind and composition."""

    template_name = "catalog/partials/type_main_panel.html"
    form_class = ProductTypeForm
    form_permission = "catalog.change_producttype"

    def details(self, obj: Any) -> Iterable[tuple[str, Any]]:
        """Leave out the kind that a type of this classification does not have."""
        unasked = "Service type" if obj.good_type else "Physical good type"
        return [(label, value) for label, value in super().details(obj) if label != unasked]

    def submit(self, obj: ProductType, request: HttpRequest, form: Any) -> str:
        """Change the type."""
        update_type(obj, **form.values())
        obj.refresh_from_db()
        return f"{obj} was saved."


class TypeCharacteristics(Panel):
    """What the type asks of its products."""

    title = "Characteristics"
    slug = "characteristics"
    template_name = "catalog/partials/characteristics_panel.html"
    order = 20
    form_class = CharacteristicsForm
    form_permission = "catalog.change_producttype"
    submit_label = "Save characteristics"
    refusals = (CatalogError,)

    def context(self, obj: ProductType, request: HttpRequest) -> Mapping[str, Any]:
        """Return the characteristics with their defaults as people read them."""
        rows = list(characteristics_of(obj))
        asked = [(row, value_text(row, row.default)) for row in rows]
        return {"asked": asked, "count": len(rows)}

    def form_kwargs(self, obj: ProductType, request: HttpRequest) -> dict[str, Any]:
        """Offer the stored ones."""
        return {"stored": list(characteristics_of(obj))}

    def submit(self, obj: ProductType, request: HttpRequest, form: Any) -> str:
        """Set them."""
        set_characteristics(obj, form.characteristic_rows())
        return f"The characteristics of {obj} were saved."
