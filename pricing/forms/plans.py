"""Forms of price plans."""

from datetime import timedelta

from django import forms

from config.shared.db import days
from config.shared.forms import RatebookForm, RatebookModelForm
from pricing.models import PricePlan
from pricing.queries.currencies import currencies


def currency_choices():
    """Return the currencies as choices, without one chosen."""
    return [("", "Choose a currency")] + [
        (currency.code, f"{currency.code} – {currency.name}") for currency in currencies()
    ]


class PlanForm(RatebookModelForm):
    """A price plan's own fields."""

    currency = forms.ChoiceField(choices=currency_choices)
    valid_from = forms.DateField(required=False, help_text="Empty: from ever on.")
    valid_until = forms.DateField(
        required=False, label="Valid until", help_text="The last day. Empty: without end."
    )
    form_sections = [
        ("Main information", ["name", "code", "currency"]),
        ("Validity", ["valid_from", "valid_until"]),
        ("Notes", ["description"]),
    ]

    class Meta:
        model = PricePlan
        fields = ["name", "code", "currency", "description"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        validity = self.instance.validity
        if validity is not None:
            self.initial["valid_from"] = validity.lower
            if validity.upper is not None:
                self.initial["valid_until"] = validity.upper - timedelta(days=1)
        if self.instance.used_at is not None:
            self.fields["currency"].disabled = True
            self.fields["currency"].help_text = "A plan that has been used keeps its currency."

    def clean(self):
        """Refuse an end before the start."""
        cleaned = super().clean()
        start, end = cleaned.get("valid_from"), cleaned.get("valid_until")
        if start and end and end < start:
            self.add_error("valid_until", "The last day is before the first.")
        return cleaned

    def plan_fields(self) -> dict:
        """Return the fields for `create_plan` and `update_plan`."""
        start, end = self.cleaned_data["valid_from"], self.cleaned_data["valid_until"]
        validity = None
        if start or end:
            validity = days(start, end + timedelta(days=1) if end else None)
        named = {name: self.cleaned_data[name] for name in self.Meta.fields}
        return {**named, "validity": validity}


class ReplaceForm(RatebookForm):
    """Code and name of the plan that is to take over."""

    name = forms.CharField(max_length=120)
    code = forms.SlugField(max_length=40)
