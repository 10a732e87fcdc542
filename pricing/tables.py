"""Tables of the pricing lists, and the columns that pricing adds to lists of products."""

from decimal import Decimal

import django_tables2 as tables
from django.db.models import CharField, OuterRef, Subquery
from django.db.models.functions import Cast, Coalesce, JSONObject
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime

from config.shared.money_format import figure_text
from config.shared.tables import (
    DayColumn,
    ListColumn,
    NumberColumn,
    PeriodColumn,
    RatebookTable,
    StateColumn,
    right_aligned,
)
from pricing.models import Currency, PlanState, PricePlan, PricePlanRate, RatePhase, TaxCode
from pricing.templatetags.pricing_tags import period_text


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


class FirstPriceColumn(tables.Column):
    """An amount of a product's first rate, which the rows have as `first_rate`."""

    def __init__(self, *args, amount, **kwargs):
        super().__init__(*args, accessor="first_rate", orderable=False, **right_aligned(kwargs))
        self.amount = amount

    def render(self, value):
        """Write the amount with its currency, and for a price what it pays for."""
        amount = Decimal(value[self.amount])
        if self.amount == "setup_fee" and not amount:
            return "–"
        shown = figure_text(amount, value["currency"])
        per = ""
        if self.amount == "price":
            per = "once"
            if value["basis"] != "FLAT_FEE":
                per = f"per {period_text(value['per_count'], value['per_unit'])}"
        return format_html(
            '<span class="nowrap" title="{}">{}\N{NO-BREAK SPACE}{}</span> '
            '<span class="quiet nowrap">{}</span>',
            value["plan"],
            shown,
            value["currency"],
            per,
        )

    def value(self, value):
        """Give the bare number to exports."""
        return Decimal(value[self.amount])


class PriceColumn(ListColumn):
    """Lists of products: what each costs alone, in its first effective price plan."""

    name = "price"

    def column(self):
        """Return the price, per what it pays for."""
        return FirstPriceColumn(amount="price", verbose_name="Price")

    def annotate(self, queryset):
        """Add the rate: of a base plan before a conditional one, of the oldest plan first."""
        phase = RatePhase.objects.filter(rate=OuterRef("pk")).order_by("position")
        rate = (
            PricePlanRate.objects.filter(
                product=OuterRef("pk"), bundle=None, plan__state=PlanState.EFFECTIVE
            )
            .order_by("plan__kind", "plan_id")
            .values(
                found=JSONObject(
                    price=_text(Coalesce(Subquery(phase.values("amount")[:1]), "base_amount")),
                    setup_fee=_text("setup_fee"),
                    per_count=Coalesce(Subquery(phase.values("count")[:1]), "per_count"),
                    per_unit=Coalesce(Subquery(phase.values("unit")[:1]), "per_unit"),
                    basis="basis",
                    currency="plan__currency",
                    plan="plan__name",
                )
            )
        )
        return queryset.annotate(first_rate=Subquery(rate[:1]))


class SetupFeeColumn(ListColumn):
    """Lists of products: the set-up fee of the rate that `PriceColumn` shows."""

    name = "setup_fee"

    def column(self):
        """Return the set-up fee."""
        return FirstPriceColumn(amount="setup_fee", verbose_name="Set-up fee")


def _text(number):
    """Return a number as text: JSON would make it a float."""
    return Cast(number, CharField())
