"""What pricing asks for a new product: its tax, and a price in a plan."""

from django import forms

from config.shared.forms import RatebookForm
from pricing.forms.prices import PriceFields
from pricing.models import PricePlan, TaxRate

AS_TYPE = ""
NO_TAX = "none"


class NewTaxForm(RatebookForm):
    """Which tax a new product takes: that of its type, another one, or none."""

    tax = forms.ChoiceField(required=False, label="Tax rate")

    def __init__(self, *args, tax_rates=(), of_type=(), **kwargs):
        super().__init__(*args, **kwargs)
        rates = list(tax_rates)
        applied = ", ".join(f"{row.tax_code} – {row.tax_rate}" for row in of_type if row.applied)
        self.rates = {str(rate.pk): rate for rate in rates}
        self.fields["tax"].choices = [
            (AS_TYPE, f"As its type: {applied}" if applied else "None: its type has none"),
            *((key, f"{rate.tax_code} – {rate}") for key, rate in self.rates.items()),
            *([(NO_TAX, "None")] if applied else []),
        ]

    def chosen_rate(self) -> TaxRate | None:
        """Return the rate chosen, None where it is the type's or none."""
        return self.rates.get(self.cleaned_data["tax"])

    def is_untaxed(self) -> bool:
        """Return whether the type's taxes are not wanted."""
        return self.cleaned_data["tax"] == NO_TAX


class NewPriceForm(PriceFields):
    """A price of a new product in a plan; all of it may be left empty."""

    plan = forms.ModelChoiceField(
        PricePlan.objects.none(), required=False, empty_label="No price yet", label="Price plan"
    )
    field_order = ("plan", "base_amount")

    def __init__(self, *args, plans, is_once, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["plan"].queryset = plans
        for name in ("per_count", "per_unit", "setup_fee") if is_once else ():
            del self.fields[name]

    def clean(self):
        """Ask for a plan and an amount together."""
        cleaned = super().clean()
        plan, amount = cleaned.get("plan"), cleaned.get("base_amount")
        if plan and amount is None and "base_amount" not in self.errors:
            self.add_error("base_amount", "Give an amount; 0 is one.")
        is_priced = amount is not None or bool(cleaned.get("setup_fee"))
        if plan is None and is_priced and "plan" not in self.errors:
            self.add_error("plan", "Choose the plan that holds this price.")
        return cleaned
