"""Forms of usage tier plans: the plan with its tiers, and trying it."""

import re
from decimal import Decimal, InvalidOperation

from django import forms

from catalog.forms.rows import RowForm
from config.shared.forms import RatebookForm
from pricing.forms.usage_records import CurrencyField, UsageRowsForm, plain_decimal, rate_cell
from pricing.kernel.usage import Sample, Style
from pricing.models import TierPlan
from pricing.operations.tier_plans import TierRow

MOST_SAMPLES = 10_000
_BETWEEN = re.compile(r"[;,\t ]+")


class TierForm(RowForm):
    """A tier."""

    above = forms.DecimalField(
        required=False, max_digits=24, decimal_places=8, min_value=0, label="From"
    )
    up_to = forms.DecimalField(
        required=False, max_digits=24, decimal_places=8, label="Up to (empty: no end)"
    )
    rate = rate_cell(required=False, label="Rate per unit")
    fixed = rate_cell(required=False, label="Fixed price")

    def row(self):
        """Return the row for the operation."""
        data = self.cleaned_data
        return TierRow(
            data["up_to"], data["rate"] or Decimal(0), data["fixed"] or Decimal(0), data["above"]
        )


class TierPlanForm(UsageRowsForm):
    """A tier plan with its tiers."""

    row_form_class = TierForm
    rows_label = "Tiers"
    blank_rows = 2
    currency = CurrencyField()
    form_sections = [
        ("Main information", ["name", "code", "currency"]),
        ("From samples to one number", ["reduction", "percentile", "direction", "units"]),
        ("Price", ["style", "unit_price", "free_units", "can_go_down"]),
        ("Notes", ["description"]),
    ]

    class Meta:
        model = TierPlan
        fields = [
            *("name", "code", "currency", "reduction", "percentile", "direction", "units"),
            *("style", "unit_price", "free_units", "can_go_down", "description"),
        ]

    def __init__(self, *args, tiers=(), **kwargs):
        rows, above = [], Decimal(0)
        for tier in tiers:
            values = {
                "above": above,
                "up_to": tier.up_to,
                "rate": tier.rate or None,
                "fixed": tier.fixed or None,
            }
            rows.append({name: plain_decimal(value) for name, value in values.items()})
            above = tier.up_to
        super().__init__(*args, rows_initial=rows, **kwargs)
        for name in ("percentile", "unit_price", "free_units"):
            if name in self.initial:
                self.initial[name] = plain_decimal(self.initial[name])

    def clean_unit_price(self):
        """Read an empty price as 0."""
        return self.cleaned_data["unit_price"] or Decimal(0)

    def filled_rows(self):
        """Leave out the rows of a plan that is linear now."""
        if self.cleaned_data.get("style") == Style.LINEAR and not self.changed_rows():
            return []
        return super().filled_rows()

    def changed_rows(self):
        """Return whether somebody has typed into a row."""
        return any(row.has_changed() for row in self.rows.forms)


class TryTiersForm(RatebookForm):
    """An amount of usage, or samples."""

    amount = forms.DecimalField(
        required=False, max_digits=24, decimal_places=8, min_value=0, label="Amount used"
    )
    highest_tier = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=200,
        label="Highest tier reached before",
        help_text="Heeded by plans that cannot go down.",
    )
    samples = forms.CharField(
        required=False,
        widget=forms.Textarea,
        help_text="In place of an amount: a sample a line, units in and units out, as pasted "
        "from a spreadsheet.",
    )

    def clean_samples(self):
        """Return the samples as the kernel's values."""
        samples = []
        lines = self.cleaned_data["samples"].splitlines()
        for number, line in enumerate(lines, start=1):
            cells = [cell for cell in _BETWEEN.split(line.strip()) if cell]
            if not cells:
                continue
            if len(samples) >= MOST_SAMPLES:
                raise forms.ValidationError(f"At most {MOST_SAMPLES:,} samples can be tried.")
            samples.append(_sample(cells, number))
        return samples

    def clean(self):
        """Ask for one of the two."""
        cleaned = super().clean()
        has_amount = cleaned.get("amount") is not None
        if not self.errors and has_amount == bool(cleaned.get("samples")):
            self.add_error("amount", "Type an amount or paste samples.")
        return cleaned


def _sample(cells: list[str], number: int) -> Sample:
    try:
        values = [Decimal(cell) for cell in cells]
    except InvalidOperation:
        values = []
    if not 1 <= len(values) <= 2 or not all(
        value.is_finite() and 0 <= value < 10**16 for value in values
    ):
        raise forms.ValidationError(f"Line {number} is not one or two numbers of 0 or more.")
    return Sample(*values)
