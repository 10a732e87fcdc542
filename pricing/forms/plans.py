"""Forms of price plans."""

from datetime import timedelta

from django import forms

from config.shared.choosing import ChosenField
from config.shared.db import days
from config.shared.forms import RatebookForm, RatebookModelForm
from pricing.models import PlanKind, PricePlan
from pricing.queries.currencies import currencies
from pricing.queries.plans import base_plans, price_plans


def currency_choices():
    """Return the currencies as choices, without one chosen."""
    return [("", "Choose a currency")] + [
        (currency.code, f"{currency.code} – {currency.name}") for currency in currencies()
    ]


class PlanForm(RatebookModelForm):
    """A price plan's own fields."""

    currency = forms.ChoiceField(choices=currency_choices)
    kind = forms.ChoiceField(
        choices=PlanKind,
        initial=PlanKind.BASE,
        required=False,
        help_text="A conditional plan gets conditions on its page; its rates hold where they do.",
    )
    base = ChosenField(
        base_plans(),
        search="pricing:choose_plan",
        query="for=base",
        required=False,
        label="Base plan",
        help_text="Of a conditional plan: its rates hold where the conditions fail.",
    )
    valid_from = forms.DateField(required=False, help_text="Empty: from ever on.")
    valid_until = forms.DateField(
        required=False, label="Valid until", help_text="The last day. Empty: without end."
    )
    form_sections = [
        ("Main information", ["name", "code", "currency"]),
        ("Kind", ["kind", "base"]),
        ("Validity", ["valid_from", "valid_until"]),
        ("Notes", ["description"]),
    ]

    class Meta:
        model = PricePlan
        fields = ["name", "code", "currency", "kind", "base", "description"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        validity = self.instance.validity
        if validity is not None:
            self.initial["valid_from"] = validity.lower
            if validity.upper is not None:
                self.initial["valid_until"] = validity.upper - timedelta(days=1)
        if self.instance.pk and self.instance.base is not None:
            self.initial["base"] = self.instance.base
        self.fields[
            "kind"
        ].help_text = (
            "A conditional plan gets conditions on its page; its rates hold only where they do."
        )
        if self.instance.used_at is not None:
            for name, label in (("currency", "currency"), ("kind", "kind"), ("base", "base plan")):
                self.fields[name].disabled = True
                self.fields[name].help_text = f"A plan that has been used keeps its {label}."

    def clean_kind(self):
        """Take a plan of no kind for a base plan."""
        return self.cleaned_data["kind"] or PlanKind.BASE

    def clean(self):
        """Refuse an end before the start, and a base that is missing or too much."""
        cleaned = super().clean()
        kind, base = cleaned.get("kind"), cleaned.get("base")
        if kind == PlanKind.CONDITIONAL and base is None and "base" not in self.errors:
            self.add_error("base", "Choose the base plan of the conditional plan.")
        if kind == PlanKind.BASE and base is not None:
            self.add_error("base", "A base plan has no base plan itself: leave this empty.")
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


class NewPlanForm(RatebookForm):
    """Code and name of a plan that is copied from another."""

    name = forms.CharField(max_length=120)
    code = forms.SlugField(max_length=40)


class ComparePlansForm(RatebookForm):
    """Which two plans are compared, and which of their rates are shown."""

    old = ChosenField(price_plans(), search="pricing:choose_plan", label="Plan")
    new = ChosenField(price_plans(), search="pricing:choose_plan", label="Compared with")
    every = forms.BooleanField(required=False, label="Rates that do not differ too")
