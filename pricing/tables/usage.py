"""Tables of what prices usage: tier plans, voice plans and usage catalogues."""

import django_tables2 as tables

from config.shared.tables import NumberColumn, PeriodColumn, RatebookTable
from pricing.models import TierPlan, UsageCatalog, VoicePlan
from pricing.tables.columns import UsedAtColumn


class TierPlanTable(RatebookTable):
    """Tier plans; the code opens the plan."""

    code = tables.Column(linkify=True)
    tier_count = NumberColumn(verbose_name="Tiers")
    product_count = NumberColumn(verbose_name="Products")
    used_at = UsedAtColumn()

    class Meta(RatebookTable.Meta):
        model = TierPlan
        fields = [
            *("code", "name", "reduction", "direction", "units", "style", "currency"),
            *("tier_count", "product_count", "used_at"),
        ]


class VoicePlanTable(RatebookTable):
    """Voice plans; the code opens the plan."""

    code = tables.Column(linkify=True)
    deck = tables.Column(linkify=True)
    plan_minutes = NumberColumn()
    product_count = NumberColumn(verbose_name="Products")
    used_at = UsedAtColumn()

    class Meta(RatebookTable.Meta):
        model = VoicePlan
        fields = [
            *("code", "name", "deck", "plan_minutes", "covers", "pooled", "do_not_bill"),
            *("product_count", "used_at"),
        ]


class UsageCatalogTable(RatebookTable):
    """Usage catalogues; the code opens the catalogue."""

    code = tables.Column(linkify=True)
    validity = PeriodColumn(default="always")
    row_count = NumberColumn(verbose_name="Rates")
    used_at = UsedAtColumn()

    class Meta(RatebookTable.Meta):
        model = UsageCatalog
        fields = ["code", "name", "currency", "validity", "row_count", "used_at"]
