"""Taxes as pricing shows them on the page of a product type."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from catalog.models import ProductType
from config.shared.panels import Panel
from config.shared.views.access import user_of
from pricing.forms.type_taxes import TypeTaxesForm
from pricing.operations.type_taxes import give_type_taxes, set_type_taxes
from pricing.queries.errors import PricingError
from pricing.queries.taxes import rates_with_percentage, taxes_of_type


class DefaultTaxes(Panel):
    """The tax rates that new products of the type get."""

    title = "Default taxes"
    slug = "default-taxes"
    template_name = "pricing/partials/type_taxes.html"
    permission = "pricing.view_producttypetax"
    order = 30
    form_class = TypeTaxesForm
    form_permission = "pricing.change_producttypetax"
    submit_label = "Save default taxes"
    refusals = (PricingError,)

    def context(self, obj: ProductType, request: HttpRequest) -> Mapping[str, Any]:
        """Return the rates, and how many products have none."""
        taxes = list(taxes_of_type(obj))
        untaxed = obj.products.filter(taxes=None).count() if taxes else 0
        return {"taxes": taxes, "count": len(taxes), "untaxed": untaxed}

    def form_kwargs(self, obj: ProductType, request: HttpRequest) -> dict[str, Any]:
        """Offer the rates that have a percentage."""
        return {"taxes": taxes_of_type(obj), "tax_rates": rates_with_percentage()}

    def submit(self, obj: ProductType, request: HttpRequest, form: Any) -> str:
        """Set the rates, or give those of the type to products without any."""
        set_type_taxes(obj, form.tax_rows())
        if "give" not in request.POST:
            return f"The default taxes of {obj} were saved."
        count = give_type_taxes(obj, by=user_of(request))
        products = "1 product" if count == 1 else f"{count:,} products"
        return f"{products} of {obj} got the default taxes."
