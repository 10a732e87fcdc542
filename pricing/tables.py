"""Tables of the pricing lists, and the columns that pricing adds to lists of products."""

from decimal import Decimal
from functools import cached_property

import django_tables2 as tables
from django.db.models import Case, CharField, Exists, F, OuterRef, Subquery, Value, When
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
from pricing.kernel.rates import RECURRING_BASES
from pricing.kernel.tiers import TierRule
from pricing.models import (
    AdditiveDiscount,
    Currency,
    LocationRule,
    PlanState,
    PricePlan,
    PricePlanRate,
    RateDeck,
    RateDeckRow,
    RatePhase,
    RateTier,
    RejectedDeckRow,
    TaxClass,
    TaxCode,
    TaxRegion,
    TierPlan,
    UsageCatalog,
    VoicePlan,
)
from pricing.queries.discount_words import what_text, when_text
from pricing.templatetags.pricing_tags import period_text


class PricePlanTable(RatebookTable):
    """Price plans; the code opens the plan."""

    code = tables.Column(linkify=True)
    state = StateColumn()
    base = tables.Column(verbose_name="Conditional on", linkify=True, default="–")
    validity = PeriodColumn(default="always")
    rate_count = NumberColumn(verbose_name="Rates")
    used_at = DayColumn(verbose_name="Used since", default="–")

    class Meta(RatebookTable.Meta):
        model = PricePlan
        fields = [
            *("code", "name", "state", "currency", "base", "validity", "rate_count", "used_at")
        ]

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


class TaxRegionTable(RatebookTable):
    """Tax regions; the name opens one."""

    name = tables.Column(linkify=True)
    class_count = NumberColumn(verbose_name="Classes with a group")

    class Meta(RatebookTable.Meta):
        model = TaxRegion
        fields = ["name", "code", "class_count"]


class TaxClassTable(RatebookTable):
    """Tax classes; the name opens one."""

    name = tables.Column(linkify=True)
    product_count = NumberColumn(verbose_name="Products")
    type_count = NumberColumn(verbose_name="Types")

    class Meta(RatebookTable.Meta):
        model = TaxClass
        fields = ["name", "code", "product_count", "type_count"]


class LocationRuleTable(RatebookTable):
    """Location rules in the order in which they are asked; the name opens one."""

    position = NumberColumn()
    name = tables.Column(linkify=True)
    country = tables.Column(default="any", empty_values=("", None))
    postal_prefix = tables.Column(
        verbose_name="Postal code begins with", default="any", empty_values=("", None)
    )
    tax_region = tables.Column(default="any")
    taxes = tables.Column(accessor="codes", orderable=False)
    period = PeriodColumn(verbose_name="Days")

    class Meta(RatebookTable.Meta):
        model = LocationRule
        fields = ["position", "name", "country", "postal_prefix", "tax_region", "taxes", "period"]

    def render_taxes(self, value):
        """Name the codes."""
        return ", ".join(str(code) for code in value.all())


class CurrencyTable(RatebookTable):
    """Currencies with the digits of their minor units."""

    minor_digits = NumberColumn(verbose_name="Digits after the point")

    class Meta(RatebookTable.Meta):
        model = Currency
        fields = ["code", "name", "minor_digits"]


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

    def annotate(self, queryset):
        """Add the rate: of a base plan before a conditional one, of the oldest plan first."""
        return queryset.annotate(first_rate=self._first_rate)

    @cached_property
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


class UsedAtColumn(DayColumn):
    """The day of the first use, where the operator is."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"verbose_name": "Used since", "default": "–", **kwargs})

    def render(self, value):
        """Write the day."""
        return date_format(localtime(value))


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


class UsageCatalogTable(RatebookTable):
    """Usage catalogues; the code opens the catalogue."""

    code = tables.Column(linkify=True)
    validity = PeriodColumn(default="always")
    row_count = NumberColumn(verbose_name="Rates")
    used_at = UsedAtColumn()

    class Meta(RatebookTable.Meta):
        model = UsageCatalog
        fields = ["code", "name", "currency", "validity", "row_count", "used_at"]


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
        return what_text(record)

    def render_renewal(self, record):
        """Write when."""
        return when_text(record)

    def render_product_count(self, value):
        """Say where all products are meant."""
        return value or "all"
