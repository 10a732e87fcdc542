"""Taxes as pricing shows them on the pages of products and tax codes."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from catalog.models import Product
from catalog.panels.sections import SECTIONS, SectionPanel
from config.shared.day_text import day_text
from config.shared.operations.clock import today
from config.shared.panels import Panel
from pricing.forms.taxes import PercentageForm, ProductTaxForm, TaxRateForm
from pricing.kernel.tax_rules import WHOLE
from pricing.models import ProductTax, TaxCode
from pricing.operations.taxes import (
    add_tax_rate,
    remove_product_tax,
    set_percentage,
    set_product_tax,
)
from pricing.queries.errors import PricingError
from pricing.queries.taxes import rates_of_code, rates_to_add, taxes_of_product


class TaxRatesPanel(SectionPanel):
    """A product's page: its tax rates, and which of each code is applied."""

    section = SECTIONS["tax-rates"]
    template_name = "pricing/partials/product_taxes.html"
    permission = "pricing.view_producttax"
    form_class = ProductTaxForm
    form_permission = "pricing.change_producttax"
    refusals = (PricingError,)

    def context(self, obj: Product, request: HttpRequest) -> Mapping[str, Any]:
        """Return the product's rates with today's percentages."""
        taxes = taxes_of_product(obj, on=today())
        form = self.fresh_form(request, taxes=taxes, tax_rates=rates_to_add(obj))
        return {"taxes": taxes, "count": len(taxes), "form": form}

    def form_kwargs(self, obj: Product, request: HttpRequest) -> dict[str, Any]:
        """Offer the product's own rates to apply, and others to add."""
        return {"taxes": taxes_of_product(obj, on=today()), "tax_rates": rates_to_add(obj)}

    def submit(self, obj: Product, request: HttpRequest, form: ProductTaxForm) -> str:
        """Apply what was chosen, add a rate, or remove the one whose button was pressed."""
        removed: ProductTax | None = form.removed()
        if removed is not None:
            remove_product_tax(removed)
            return f"{removed.tax_rate} was taken off {obj}."
        for row in form.newly_applied():
            set_product_tax(obj, row.tax_rate, applied=True)
        added = form.cleaned_data["add"]
        if added is not None:
            set_product_tax(obj, added, applied=form.cleaned_data.get("apply_added", True))
            return f"{added} was added to {obj}."
        return f"The tax rates of {obj} were saved."


class TaxLevelsPanel(Panel):
    """A tax code's page: its rates with their percentages by date, and a new rate."""

    title = "Rates"
    slug = "rates"
    order = 10
    template_name = "pricing/partials/tax_levels.html"
    form_class = TaxRateForm
    form_permission = "pricing.add_taxrate"
    submit_label = "Add rate"
    refusals = (PricingError,)

    def context(self, obj: TaxCode, request: HttpRequest) -> Mapping[str, Any]:
        """Return the rates with their percentages."""
        rates = list(rates_of_code(obj))
        return {"rates": rates, "count": len(rates), "today": today()}

    def form_kwargs(self, obj: TaxCode, request: HttpRequest) -> dict[str, Any]:
        """Propose today."""
        return {"initial": {"starts_on": today()}}

    def submit(self, obj: TaxCode, request: HttpRequest, form: TaxRateForm) -> str:
        """Add the rate with its first percentage."""
        data = form.cleaned_data
        rate = add_tax_rate(
            obj,
            code=data["code"],
            name=data["name"],
            fraction=data["percentage"] / 100,
            rule=data["tax_rule"] or WHOLE,
            starts_on=data["starts_on"],
        )
        return f"{rate} was added."


class NewPercentagePanel(Panel):
    """A tax code's page: another percentage from a day on."""

    title = "Change a percentage"
    slug = "percentage"
    order = 20
    wide = False
    template_name = "components/panel_form.html"
    form_class = PercentageForm
    form_permission = "pricing.change_taxrate"
    submit_label = "Change from that day on"
    refusals = (PricingError,)

    def may_view(self, request: HttpRequest) -> bool:
        """Return whether the user may change percentages: the panel is nothing but that."""
        return self.may_submit(request)

    def suits(self, obj: TaxCode) -> bool:
        """Return whether the code has a rate."""
        return obj.rates.exists()

    def form_kwargs(self, obj: TaxCode, request: HttpRequest) -> dict[str, Any]:
        """Offer the rates of the code."""
        return {"tax_rates": obj.rates.order_by("name", "pk")}

    def submit(self, obj: TaxCode, request: HttpRequest, form: PercentageForm) -> str:
        """Let the new percentage follow."""
        data = form.cleaned_data
        set_percentage(
            data["tax_rate"],
            data["percentage"] / 100,
            rule=data["tax_rule"],
            starts_on=data["starts_on"],
            on=today(),
        )
        return f"{data['tax_rate']} changes on {day_text(data['starts_on'])}."
