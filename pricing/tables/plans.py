"""The table of price plans."""

import django_tables2 as tables

from config.shared.tables import NumberColumn, PeriodColumn, RatebookTable, StateColumn
from pricing.models import PricePlan
from pricing.tables.columns import UsedAtColumn


class PricePlanTable(RatebookTable):
    """Price plans; the code opens the plan."""

    code = tables.Column(linkify=True)
    state = StateColumn()
    base = tables.Column(verbose_name="Conditional on", linkify=True, default="–")
    validity = PeriodColumn(default="always")
    rate_count = NumberColumn(verbose_name="Rates")
    used_at = UsedAtColumn()

    class Meta(RatebookTable.Meta):
        model = PricePlan
        fields = [
            *("code", "name", "state", "currency", "base", "validity", "rate_count", "used_at")
        ]
