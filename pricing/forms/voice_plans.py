"""Forms of voice plans: the plan with its classes, and a call to try."""

import re
from decimal import Decimal

from django import forms

from catalog.forms.rows import RowForm
from config.shared.choosing import ChosenField
from config.shared.db import choices_of
from config.shared.forms import RatebookForm
from pricing.forms.decks import MinuteField
from pricing.forms.usage_records import (
    FREE_FIELDS,
    NumberField,
    UsageRowsForm,
    digits_of,
    plain_decimal,
    rate_cell,
    seconds_cell,
)
from pricing.kernel.voice_plans import Treatment
from pricing.models import CallClass, RateDeck, VoicePlan
from pricing.operations.voice_plans import ClassRow


class PrefixesField(forms.CharField):
    """Prefixes between commas; its value is a list. Blanks within one are left out."""

    def clean(self, value):
        """Return the prefixes as they are typed; the operation says what is one."""
        return [
            digits_of(part) for part in re.split(r"[,;\n]+", super().clean(value)) if part.strip()
        ]


class ClassForm(RowForm):
    """A class of numbers."""

    call_class = forms.ChoiceField(choices=[("", "Choose …"), *CallClass.choices], label="Class")
    name = forms.CharField(max_length=60)
    prefixes = PrefixesField(max_length=1000, label="Prefixes, with commas (911$: that number)")
    treatment = forms.ChoiceField(choices=choices_of(Treatment), initial=Treatment.PLAN_CALL.value)
    rate = rate_cell(required=False, label="Own rate")
    minimum_seconds = seconds_cell(required=False, label="At least (s)")
    increment_seconds = seconds_cell(required=False, label="Steps (s)")
    connect_fee = rate_cell(required=False)

    def row(self):
        """Return the row for the operation."""
        data = self.cleaned_data
        return ClassRow(
            data["call_class"],
            data["name"],
            data["prefixes"],
            data["treatment"],
            data["rate"] or Decimal(0),
            data["minimum_seconds"] or 0,
            1 if data["increment_seconds"] is None else data["increment_seconds"],
            data["connect_fee"] or Decimal(0),
        )


class VoicePlanForm(UsageRowsForm):
    """A voice plan with its classes."""

    row_form_class = ClassForm
    rows_label = "Classes of numbers"
    free_fields = (*FREE_FIELDS, "do_not_bill")
    deck = ChosenField(
        RateDeck.objects.all(),
        search="pricing:choose_deck",
        label="Rate deck",
        help_text="Rates what is neither a plan call nor of a class; gives the currency.",
    )
    form_sections = [
        ("Main information", ["name", "code", "deck", "do_not_bill"]),
        (
            "Plan minutes",
            ["plan_minutes", "covers", "pooled", "overage_rate"],
        ),
        (
            "Calls",
            ["minimum_seconds", "increment_seconds", "long_distance_minimum", "inbound_rate"],
        ),
        ("Notes", ["description"]),
    ]

    class Meta:
        model = VoicePlan
        fields = [
            *("name", "code", "deck", "plan_minutes", "covers", "pooled", "overage_rate"),
            *("minimum_seconds", "increment_seconds", "long_distance_minimum", "inbound_rate"),
            *("do_not_bill", "description"),
        ]

    def __init__(self, *args, classes=(), **kwargs):
        rows = [
            {
                "call_class": row.call_class,
                "name": row.name,
                "prefixes": ", ".join(row.prefixes),
                "treatment": row.treatment,
                "rate": plain_decimal(row.rate) or None,
                "minimum_seconds": row.minimum_seconds or None,
                "increment_seconds": row.increment_seconds,
                "connect_fee": plain_decimal(row.connect_fee) or None,
            }
            for row in classes
        ]
        super().__init__(*args, rows_initial=rows, **kwargs)
        for name in ("overage_rate", "inbound_rate"):
            if name in self.initial:
                self.initial[name] = plain_decimal(self.initial[name])


class TryCallForm(RatebookForm):
    """A call."""

    number = NumberField(label="Number")
    seconds = seconds_cell(label="Answered seconds", initial=60)
    minutes_used = forms.DecimalField(
        required=False,
        min_value=0,
        max_digits=9,
        decimal_places=2,
        label="Plan minutes used before",
        initial=0,
    )
    inbound = forms.BooleanField(required=False, label="Inbound: the number is the caller's")
    on = forms.DateField(required=False, label="Day", help_text="Empty: today.")
    at = MinuteField(
        required=False, max_length=5, label="Time", help_text="As 18:30.", initial="12:00"
    )
