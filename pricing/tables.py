"""Tables of the pricing lists."""

import django_tables2 as tables
from django.utils.formats import date_format
from django.utils.timezone import localtime

from config.shared.tables import (
    DayColumn,
    NumberColumn,
    PeriodColumn,
    RatebookTable,
    StateColumn,
)
from pricing.models import Currency, PricePlan, TaxCode


class PricePlanTable(RatebookTable):
    """Price plans; the code opens the plan."""

    code = tables.Column(linkify=True)
    state = StateColumn()
    validity = PeriodColumn(default="always")
    rate_count = NumberColumn(verbose_name="Rates")
    used_at = DayColumn(verbose_name="Used since", default="–")

    class Meta(RatebookTable.Meta):
        model = PricePlan
        fields = ["code", "name", "state", "currency", "validity", "rate_count", "used_at"]

    def render_used_at(self, value):
        """Show the day of the first use where the operator is."""
        return date_format(localtime(value))


class TaxCodeTable(RatebookTable):
    """Tax codes; the code opens it."""

    code = tables.Column(linkify=True)
    rate_count = NumberColumn(verbose_name="Rates")

    class Meta(RatebookTable.Meta):
        model = TaxCode
        fields = ["code", "name", "kind", "rate_date", "rate_count"]


class CurrencyTable(RatebookTable):
    """Currencies with the digits of their minor units."""

    minor_digits = NumberColumn(verbose_name="Digits after the point")

    class Meta(RatebookTable.Meta):
        model = Currency
        fields = ["code", "name", "minor_digits"]
