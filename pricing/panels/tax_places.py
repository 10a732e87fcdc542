"""Tax classes and exemptions on the pages of products and types; groups on those of places."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest

from catalog.models import Product, ProductType
from config.shared.operations.clock import today
from config.shared.panels import Panel
from pricing.forms.tax_places import ProductExemptionForm, TaxClassOfForm
from pricing.models import ProductExemption, TaxClass, TaxRegion
from pricing.operations.tax_exemptions import end_product_exemption, exempt_product
from pricing.operations.tax_places import set_product_tax_class, set_type_tax_class
from pricing.queries.errors import PricingError
from pricing.queries.tax_places import (
    class_of_product,
    class_of_type,
    exemptions_of_product,
    groups_with_items,
    has_tax_classes,
    tax_codes_to_choose,
)


class TaxClassPanel(Panel):
    """A product's page: its tax class, by which tax regions tax it."""

    title = "Tax class"
    slug = "tax-class"
    tab = "pricing"
    order = 12
    wide = False
    template_name = "pricing/partials/tax_class.html"
    permission = "pricing.view_producttax"
    form_class = TaxClassOfForm
    form_permission = "pricing.change_producttaxclass"
    submit_label = "Save tax class"

    def suits(self, obj: Product) -> bool:
        """Return whether there are tax classes."""
        return has_tax_classes()

    def context(self, obj: Product, request: HttpRequest) -> Mapping[str, Any]:
        """Return the product's own class and that of its type."""
        own, inherited = class_of_product(obj)
        return {"tax_class": own or inherited, "is_inherited": own is None}

    def form_kwargs(self, obj: Product, request: HttpRequest) -> dict[str, Any]:
        """Start from the present class."""
        own, inherited = class_of_product(obj)
        return {"initial": {"tax_class": own}, "inherited": inherited}

    def submit(self, obj: Product, request: HttpRequest, form: Any) -> str:
        """Set it."""
        set_product_tax_class(obj, form.cleaned_data["tax_class"])
        return f"The tax class of {obj} was saved."


class TypeTaxClassPanel(Panel):
    """A type's page: the tax class of its products."""

    title = "Tax class"
    slug = "tax-class"
    order = 32
    wide = False
    template_name = "pricing/partials/tax_class.html"
    permission = "pricing.view_producttypetax"
    form_class = TaxClassOfForm
    form_permission = "pricing.change_typetaxclass"
    submit_label = "Save tax class"

    def suits(self, obj: ProductType) -> bool:
        """Return whether there are tax classes."""
        return has_tax_classes()

    def context(self, obj: ProductType, request: HttpRequest) -> Mapping[str, Any]:
        """Return the class."""
        return {"tax_class": class_of_type(obj), "is_inherited": False}

    def form_kwargs(self, obj: ProductType, request: HttpRequest) -> dict[str, Any]:
        """Start from the present class."""
        return {"initial": {"tax_class": class_of_type(obj)}}

    def submit(self, obj: ProductType, request: HttpRequest, form: Any) -> str:
        """Set it."""
        set_type_tax_class(obj, form.cleaned_data["tax_class"])
        return f"The tax class of {obj} was saved."


class ProductExemptionsPanel(Panel):
    """A product's page: the days on which it is not taxed."""

    title = "Tax exemptions"
    slug = "tax-exemptions"
    tab = "pricing"
    order = 14
    wide = False
    template_name = "pricing/partials/tax_exemptions.html"
    permission = "pricing.view_producttax"
    form_class = ProductExemptionForm
    form_permission = "pricing.add_productexemption"
    submit_label = "Add exemption"
    refusals = (PricingError,)

    def context(self, obj: Product, request: HttpRequest) -> Mapping[str, Any]:
        """Return the exemptions."""
        exemptions = exemptions_of_product(obj)
        form = self.fresh_form(request, **self._offers(exemptions))
        return {
            "exemptions": exemptions,
            "count": len(exemptions),
            "today": today(),
            "form": form,
        }

    def form_kwargs(self, obj: Product, request: HttpRequest) -> dict[str, Any]:
        """Propose today."""
        return self._offers(exemptions_of_product(obj))

    def _offers(self, exemptions: Sequence[ProductExemption]) -> dict[str, Any]:
        return {
            "initial": {"starts_on": today()},
            "exemptions": exemptions,
            "tax_codes": tax_codes_to_choose(),
        }

    def submit(self, obj: Product, request: HttpRequest, form: Any) -> str:
        """Add an exemption, or end the one whose button was pressed."""
        ended = form.ended()
        if ended is not None:
            end_product_exemption(ended, on=today())
            return "The exemption was ended."
        data = form.cleaned_data
        exempt_product(
            obj,
            tax_code=data["tax_code"],
            reason=data["reason"],
            starts_on=data["starts_on"],
            ends_on=data["ends_on"],
        )
        return "The exemption was added."


class GroupsPanel(Panel):
    """The page of a tax region or class: its groups by date."""

    title = "Tax groups"
    slug = "tax-groups"
    order = 10
    template_name = "pricing/partials/tax_groups.html"

    def context(self, obj: TaxRegion | TaxClass, request: HttpRequest) -> Mapping[str, Any]:
        """Return the groups with their items."""
        by = "tax_region" if isinstance(obj, TaxRegion) else "tax_class"
        groups = list(groups_with_items().filter(**{by: obj}))
        return {"groups": groups, "count": len(groups), "today": today()}
