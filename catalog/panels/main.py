"""Panels of the product page's first tab: which product it is, and when it may be sold."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from catalog.forms.categories import CategoriesForm
from catalog.forms.characteristics import ValuesForm
from catalog.forms.products import ProductForm, ValidityForm
from catalog.models import GoodType, Product
from catalog.operations.errors import CatalogError
from catalog.operations.products import set_validity, update_product
from catalog.operations.values import set_values
from catalog.panels.sections import SECTIONS, SectionPanel
from catalog.queries.bundles import kind_of
from catalog.queries.categories import categories_of
from catalog.queries.characteristics import values_of
from catalog.queries.products import hold_audience, is_valid_on
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
        """Edit the product; two queries."""
        hold_audience(obj)
        return {"instance": obj}

    def submit(self, obj: Product, request: HttpRequest, form: Any) -> str:
        """Change the product."""
        update_product(obj, **form.cleaned_data)
        obj.refresh_from_db()
        return f"{obj} was saved."


class TypeCharacteristics(SectionPanel):
    """What the product inherits from its type, and what it answers to the type's questions."""

    section = SECTIONS["type-characteristics"]
    template_name = "catalog/partials/type_characteristics_panel.html"
    form_class = ValuesForm
    form_permission = "catalog.change_product"
    submit_label = "Save characteristics"
    refusals = (CatalogError,)

    def context(self, obj: Product, request: HttpRequest) -> Mapping[str, Any]:
        """Return the type, what follows from it, and the product's answers; one query."""
        answers = values_of(obj)
        return {
            **characteristics(obj),
            "answers": answers,
            "count": len(answers) or None,
            "form": self.fresh_form(request, answers=answers),
        }

    def form_kwargs(self, obj: Product, request: HttpRequest) -> dict[str, Any]:
        """Ask what the type asks."""
        return {"answers": values_of(obj)}

    def submit(self, obj: Product, request: HttpRequest, form: Any) -> str:
        """Set the answers."""
        set_values(obj, form.cleaned_values())
        return f"The characteristics of {obj} were saved."


class Categories(SectionPanel):
    """The categories that the product is in."""

    section = SECTIONS["categories"]
    template_name = "catalog/partials/categories_panel.html"
    form_class = CategoriesForm
    form_permission = "catalog.change_product"
    submit_label = "Save categories"
    refusals = (CatalogError,)

    def context(self, obj: Product, request: HttpRequest) -> Mapping[str, Any]:
        """Return the categories; one query, two with the form."""
        chosen = categories_of(obj)
        form = self.fresh_form(request, chosen=chosen)
        return {"categories": chosen, "count": len(chosen), "form": form}

    def form_kwargs(self, obj: Product, request: HttpRequest) -> dict[str, Any]:
        """Tick those that it is in."""
        return {"chosen": categories_of(obj)}

    def submit(self, obj: Product, request: HttpRequest, form: Any) -> str:
        """Put the product into the categories chosen, and out of the others."""
        update_product(obj, categories=form.chosen_categories())
        return f"The categories of {obj} were saved."


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
        return {"periods": [row.period for row in obj.validities.all()]}

    def submit(self, obj: Product, request: HttpRequest, form: Any) -> str:
        """Set the periods."""
        set_validity(obj, form.chosen_periods())
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
