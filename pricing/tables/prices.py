"""What a product costs: columns that pricing adds to lists of products."""

from decimal import Decimal
from functools import cached_property

import django_tables2 as tables
from django.db.models import Case, CharField, Exists, F, OuterRef, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce, JSONObject
from django.utils.html import format_html

from catalog.models import Product
from config.shared.db import array_of
from config.shared.money_format import figure_text
from config.shared.statements import Statement, among_given
from config.shared.tables import ListColumn, right_aligned
from pricing.kernel.rates import RECURRING_BASES
from pricing.kernel.tiers import TierRule
from pricing.models import PlanState, PricePlanRate, RatePhase, RateTier
from pricing.templatetags.pricing_tags import period_text


class FirstPriceColumn(tables.Column):
    """An amount of a product's first rate, which the rows have as `first_rate`."""

    def __init__(self, *args, amount, **kwargs):
        if amount == "price":
            kwargs["attrs"] = {"th": {"class": "num in-sight"}, "td": {"class": "num in-sight"}}
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
            if value["basis"] in RECURRING_BASES:
                per = f"per {period_text(value['per_count'], value['per_unit'])}"
            if value["by_tiers"]:
                per += " for one"
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

    def read_more(self, records):
        """Read the rates: of a base plan before a conditional one, of the oldest plan first."""
        found = dict(self._first_rates.ask(products=array_of(each.pk for each in records)))
        for product in records:
            product.first_rate = found[product.pk]

    @cached_property
    def _first_rates(self):
        return Statement(
            lambda: (
                Product.objects.filter(among_given("pk", "products"))
                .order_by()
                .values_list("pk", self._first_rate())
            )
        )

    def _first_rate(self):
        phase = RatePhase.objects.filter(rate=OuterRef("pk")).order_by("position")
        tier = (
            RateTier.objects.filter(rate=OuterRef("pk"), phase__lte=1)
            .annotate(
                for_one=F("fixed")
                + Case(
                    When(rate__tier_rule=TierRule.STEP, then=Value(Decimal(0))), default="unit_rate"
                )
            )
            .order_by("phase", "position")
        )
        rate = (
            PricePlanRate.objects.filter(
                product=OuterRef("pk"), bundle=None, plan__state=PlanState.EFFECTIVE
            )
            .order_by("plan__kind", "plan_id")
            .values(
                found=JSONObject(
                    price=_text(
                        Coalesce(
                            Subquery(tier.values("for_one")[:1]),
                            Subquery(phase.values("amount")[:1]),
                            "base_amount",
                        )
                    ),
                    by_tiers=Exists(tier),
                    setup_fee=_text("setup_fee"),
                    per_count=Coalesce(Subquery(phase.values("count")[:1]), "per_count"),
                    per_unit=Coalesce(Subquery(phase.values("unit")[:1]), "per_unit"),
                    basis="basis",
                    currency="plan__currency",
                    plan="plan__name",
                )
            )
        )
        return Subquery(rate[:1])


class SetupFeeColumn(ListColumn):
    """Lists of products: the set-up fee of the rate that `PriceColumn` shows."""

    name = "setup_fee"

    def column(self):
        """Return the set-up fee."""
        return FirstPriceColumn(amount="setup_fee", verbose_name="Set-up fee")


def _text(number):
    """Return a number as text: JSON would make it a float."""
    return Cast(number, CharField())
