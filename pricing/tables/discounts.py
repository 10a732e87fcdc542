"""The table of discounts."""

import django_tables2 as tables

from config.shared.tables import NumberColumn, PeriodColumn, RatebookTable, StateColumn
from pricing.models import AdditiveDiscount
from pricing.queries.discount_words import taken_text, when_text
from pricing.tables.columns import UsedAtColumn


class DiscountTable(RatebookTable):
    """Discounts; the code opens one."""

    code = tables.Column(linkify=True)
    state = StateColumn()
    value = tables.Column(verbose_name="Takes off", empty_values=())
    renewal = tables.Column(verbose_name="When", orderable=False, empty_values=())
    application = tables.Column(verbose_name="Given")
    validity = PeriodColumn(default="always")
    product_count = NumberColumn(verbose_name="Products")
    used_at = UsedAtColumn(verbose_name="Given since")

    class Meta(RatebookTable.Meta):
        model = AdditiveDiscount
        fields = [
            *("code", "name", "state", "value", "renewal", "application", "needs_approval"),
            *("validity", "product_count", "sort_order", "used_at"),
        ]

    def render_value(self, record):
        """Write what is taken off."""
        return taken_text(record)

    def render_renewal(self, record):
        """Write when."""
        return when_text(record)

    def render_product_count(self, value):
        """Say where all products are meant."""
        return value or "all"
