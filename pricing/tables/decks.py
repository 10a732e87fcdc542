"""Tables of rate decks, their rows, and the rows of a file that were rejected."""

from decimal import Decimal

import django_tables2 as tables

from config.shared.money_format import figure_text
from config.shared.tables import DayColumn, NumberColumn, RatebookTable
from pricing.models import RateDeck, RateDeckRow, RejectedDeckRow
from pricing.tables.columns import UsedAtColumn


class RateDeckTable(RatebookTable):
    """Rate decks; the code opens the deck."""

    code = tables.Column(linkify=True)
    version_count = NumberColumn(verbose_name="Versions")
    newest = DayColumn(verbose_name="Newest from", default="–")
    used_at = UsedAtColumn()

    class Meta(RatebookTable.Meta):
        model = RateDeck
        fields = ["code", "name", "currency", "version_count", "newest", "used_at"]


class BandRateColumn(NumberColumn):
    """The rate of a row in a time band; its head is what imports expect."""

    def __init__(self, code):
        super().__init__(accessor="band_rates", verbose_name=f"Rate {code}", orderable=False)
        self.code = code

    def render(self, value):
        """Write the rate, or a dash where the row has none."""
        return figure_text(Decimal(value[self.code])) if self.code in value else "–"

    def value(self, value):
        """Give the bare number to exports."""
        return value.get(self.code, "")


class DeckRowTable(RatebookTable):
    """Rows of a version. Their export can be read in again."""

    rate = NumberColumn(verbose_name="Rate")
    minimum_seconds = NumberColumn()
    increment_seconds = NumberColumn()
    connect_fee = NumberColumn()

    class Meta(RatebookTable.Meta):
        model = RateDeckRow
        fields = [
            *("prefix", "description", "rate", "minimum_seconds", "increment_seconds"),
            "connect_fee",
        ]

    def render_rate(self, value):
        """Write the digits the rate has."""
        return figure_text(value)

    def render_connect_fee(self, value):
        """Write the digits the fee has."""
        return figure_text(value)

    def value_rate(self, value):
        """Give the bare number to exports."""
        return f"{value.normalize():f}"

    def value_connect_fee(self, value):
        """Give the bare number to exports."""
        return f"{value.normalize():f}"


class RejectedRowTable(RatebookTable):
    """Rows of a file that were not taken."""

    line = NumberColumn()
    values = tables.Column(orderable=False, verbose_name="Row")
    reasons = tables.Column(orderable=False)

    class Meta(RatebookTable.Meta):
        model = RejectedDeckRow
        fields = ["line", "values", "reasons"]

    def render_values(self, value):
        """Write the cells as the file has them."""
        return " | ".join(value)

    def render_reasons(self, value):
        """Write all reasons."""
        return " ".join(value)
