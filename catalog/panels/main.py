"""Panels of the product page's first tab: which product it is, and when it may be sold."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.http import HttpRequest

from catalog.forms.products import ProductForm, ValidityForm
from catalog.models import GoodType, Product
from catalog.operations.errors import CatalogError
from catalog.operations.products import set_validity, update_product
from catalog.panels.sections import SECTIONS, SectionPanel
from catalog.queries.bundles import kind_of
from catalog.queries.products import is_valid_on
from config.shared.operations.clock import today


class MainInformation(SectionPanel):
    """Code, type, brand, family and what else says which product it is."""

    section = SECTIONS["main-information"]
    template_name = "catalog/partials/main_information_panel.html"
    form_class = ProductForm
    form_permission = "catalog.change_product"
    submit_label = "Save main information"
    refusals = (CatalogError,)

    def context(self, obj: Product, request: HttpRequest) -> Mapping[str, Any]:
        """Return the lists for those who may only look."""
        if self.may_submit(request):
            return {}
        return {
            "classes": obj.account_classes.order_by("name", "id"),
            "technologies": obj.technologies.order_by("name", "id"),
        }

    def form_kwargs(self, obj: Product, request: HttpRequest) -> dict[str, Any]:
        """Edit the product."""
        return {"instance": obj}

    def submit(self, obj: Product, request: HttpRequest, form: Any) -> str:
        """Change the product."""
        update_product(obj, **form.cleaned_data)
        obj.refresh_from_db()
        return f"{obj} was saved."


class TypeCharacteristics(SectionPanel):
    """What the product inherits from its type."""

    section = SECTIONS["type-characteristics"]
    template_name = "catalog/partials/type_characteristics_panel.html"

    def context(self, obj: Product, request: HttpRequest) -> Mapping[str, Any]:
        """Return the type and what follows from it."""
        return characteristics(obj)


class Validity(SectionPanel):
    """When the product may be used for new business."""

    section = SECTIONS["validity"]
    template_name = "catalog/partials/validity_panel.html"
    form_class = ValidityForm
    form_permission = "catalog.change_product"
    submit_label = "Save validity"
    refusals = (CatalogError,)

    def context(self, obj: Product, request: HttpRequest) -> Mapping[str, Any]:
        """Return the periods and whether the product is valid today."""
        on = today()
        return {
            "periods": [row.period for row in obj.validities.all()],
            "is_valid": is_valid_on(obj, on),
            "on": on,
        }

    def form_kwargs(self, obj: Product, request: HttpRequest) -> dict[str, Any]:
        """Say the stored periods with their last day covered."""
        return {
            "rows_initial": [
                {
                    "first_day": row.period.lower,
                    "last_day": row.period.upper and row.period.upper - timedelta(days=1),
                }
                for row in obj.validities.all()
            ]
        }

    def submit(self, obj: Product, request: HttpRequest, form: Any) -> str:
        """Set the periods."""
        set_validity(obj, form.periods())
        obj.refresh_from_db(fields=["validities"])
        return f"The validity of {obj} was saved."


def characteristics(product: Product) -> dict[str, Any]:
    """Return what the template of the type's characteristics shows."""
    product_type = product.type
    is_good = bool(product_type.good_type)
    return {
        "type": product_type,
        "kind_label": "Physical good type" if is_good else "Service type",
        "kind": product_type.get_good_type_display()
        if is_good
        else product_type.get_service_type_display(),
        "is_traceable": kind_of(product_type) == GoodType.TRACEABLE,
    }
