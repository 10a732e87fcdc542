"""Forms of usage catalogues, their rows, and the usage plan of a product."""

from decimal import Decimal
from typing import Any

from django import forms
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from catalog.models import Product
from config.shared.choosing import ChosenField
from config.shared.forms import RatebookForm
from pricing.forms.usage_records import (
    FREE_FIELDS,
    CurrencyField,
    UsageRecordForm,
    ValidityMixin,
    first_day_field,
    last_day_field,
    plain_decimal,
    rate_cell,
)
from pricing.models import TierPlan, UsageCatalog, VoicePlan


class InstantField(forms.DateTimeField):
    """A day and time, typed or picked."""

    def __init__(self, **options):
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, required=False, **options)


class UsageCatalogForm(ValidityMixin, UsageRecordForm):
    """A catalogue's own fields."""

    free_fields = (*FREE_FIELDS, "valid_from", "valid_until")
    currency = CurrencyField()
    valid_from = first_day_field()
    valid_until = last_day_field()
    form_sections = [
        ("Main information", ["name", "code", "currency"]),
        ("Validity", ["valid_from", "valid_until"]),
        ("Notes", ["description"]),
    ]

    class Meta:
        model = UsageCatalog
        fields = ["name", "code", "currency", "description"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.set_validity(self.instance.validity)

    def record_fields(self) -> dict:
        """Return the fields for the operation; no days mean always."""
        days = self.validity()
        is_bound = days.lower is not None or days.upper is not None
        return {**super().record_fields(), "validity": days if is_bound else None}


class UsageRateForm(ValidityMixin, RatebookForm):
    """A row of a catalogue."""

    rate = rate_cell(label="Rate per unit")
    valid_from = first_day_field()
    valid_until = last_day_field()
    event_from = InstantField(label="Event from", help_text="When it is on air, for example.")
    event_until = InstantField(label="Event until")
    provisioning_id = forms.CharField(max_length=60, required=False, label="Provisioning ID")
    pre_rated = forms.BooleanField(
        required=False, label="Pre-rated: usage comes with its amount", initial=False
    )

    def __init__(self, *args, row=None, **kwargs):
        super().__init__(*args, **kwargs)
        if row is not None:
            self.set_validity(row.validity)
            self.initial |= {
                "rate": plain_decimal(row.rate),
                "provisioning_id": row.provisioning_id,
                "pre_rated": row.pre_rated,
                "event_from": row.event.lower if row.event else None,
                "event_until": row.event.upper if row.event else None,
            }

    def clean(self):
        """Refuse an event that ends before it begins."""
        cleaned = super().clean()
        start, end = cleaned.get("event_from"), cleaned.get("event_until")
        if start and end and end <= start:
            self.add_error("event_until", "The event ends before it begins.")
        return cleaned

    def values(self) -> dict[str, Any]:
        """Return the values for the operation."""
        data = self.cleaned_data
        start, end = data["event_from"], data["event_until"]
        return {
            "rate": data["rate"] or Decimal(0),
            "provisioning_id": data["provisioning_id"],
            "pre_rated": data["pre_rated"],
            "validity": self.validity(),
            "event": DateTimeTZRange(start, end) if start or end else None,
        }


class AddToCatalogForm(UsageRateForm):
    """A usage service for a catalogue."""

    product = ChosenField(
        Product.objects.select_related("type"), search="pricing:choose_usage_service"
    )
    field_order = ["product"]


class AddCatalogForm(UsageRateForm):
    """A catalogue for a usage service."""

    catalog = ChosenField(
        UsageCatalog.objects.all(), search="pricing:choose_catalog", label="Usage catalogue"
    )
    field_order = ["catalog"]


class ProductUsagePlanForm(RatebookForm):
    """How the usage of a product is billed: by one plan, or not."""

    tier_plan = ChosenField(
        TierPlan.objects.all(), search="pricing:choose_tier_plan", required=False
    )
    voice_plan = ChosenField(
        VoicePlan.objects.all(), search="pricing:choose_voice_plan", required=False
    )

    def clean(self):
        """Refuse two plans."""
        cleaned = super().clean()
        if cleaned.get("tier_plan") and cleaned.get("voice_plan"):
            self.add_error("voice_plan", "Choose a tier plan or a voice plan, not both.")
        return cleaned

    def plan(self) -> TierPlan | VoicePlan | None:
        """Return the plan chosen, or None."""
        return self.cleaned_data["tier_plan"] or self.cleaned_data["voice_plan"]
