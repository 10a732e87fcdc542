"""What a price consists of, for the forms of rates."""

from decimal import Decimal
from typing import Any

from django import forms

from config.shared.db import choices_of
from config.shared.forms import RatebookForm
from pricing.kernel.periods import Duration, Unit
from pricing.models import PricePlanRate
from pricing.operations.lengths import fault_of_length

MOST_PERIODS = 999


def amount_field(**options):
    """Return a field for a price: not below 0, at most 10 digits after the point."""
    return forms.DecimalField(min_value=0, max_digits=24, decimal_places=10, **options)


def plain(amount: Decimal) -> Decimal:
    """Return an amount for typing: two digits, more only where they are not 0."""
    cents = amount.quantize(Decimal("0.01"))
    return cents if cents == amount else amount.normalize()


class PriceFields(RatebookForm):
    """What a price consists of, but its phases."""

    base_amount = amount_field(label="Amount", required=False)
    per_count = forms.IntegerField(
        label="Per", min_value=1, max_value=MOST_PERIODS, initial=1, required=False
    )
    per_unit = forms.ChoiceField(
        label="Unit", choices=choices_of(Unit), initial=Unit.MONTH.value, required=False
    )
    setup_fee = amount_field(label="Set-up fee", required=False)
    tax_inclusive = forms.BooleanField(label="Tax inclusive", required=False)

    def clean(self) -> dict[str, Any]:
        """Refuse a period that leaves the calendar."""
        cleaned = super().clean() or self.cleaned_data
        count, unit = cleaned.get("per_count"), cleaned.get("per_unit")
        if count and unit and (fault := fault_of_length(count, unit)):
            self.add_error("per_count", fault)
        return cleaned

    def price(self) -> dict[str, Any]:
        """Return the prices for `add_rate` and `change_rate`."""
        data = self.cleaned_data
        return {
            "base_amount": data["base_amount"] or Decimal(0),
            "setup_fee": data.get("setup_fee") or Decimal(0),
            "per": Duration(data.get("per_count") or 1, Unit(data.get("per_unit") or Unit.MONTH)),
            "tax_inclusive": data["tax_inclusive"],
        }


def price_initial(rate: PricePlanRate) -> dict:
    """Return a rate's prices as the initial values of PriceFields."""
    return {
        "base_amount": plain(rate.base_amount),
        "per_count": rate.per_count,
        "per_unit": rate.per_unit,
        "setup_fee": plain(rate.setup_fee),
        "tax_inclusive": rate.tax_inclusive,
    }
