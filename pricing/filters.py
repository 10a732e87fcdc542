"""Filter bars of the pricing lists."""

import django_filters
from django import forms

from config.shared.db import choices_of
from config.shared.filters import RatebookFilterSet, SearchFilter
from pricing.kernel.usage import Style
from pricing.models import (
    AdditiveDiscount,
    Currency,
    DiscountApplication,
    DiscountOption,
    DiscountState,
    LocationRule,
    PlanKind,
    PlanState,
    PricePlan,
    RateDeck,
    RateDeckRow,
    RejectedDeckRow,
    TaxClass,
    TaxCode,
    TaxKind,
    TaxRegion,
    TierPlan,
    UsageCatalog,
    VoicePlan,
)


class PricePlanFilter(RatebookFilterSet):
    """Plans by words, state, currency and use."""

    q = SearchFilter(lookups=("code__icontains", "name__icontains"))
    state = django_filters.ChoiceFilter(choices=PlanState, empty_label="Any state")
    kind = django_filters.ChoiceFilter(choices=PlanKind, empty_label="Any kind")
    currency = django_filters.CharFilter(lookup_expr="iexact", max_length=3)
    used = django_filters.BooleanFilter(
        field_name="used_at",
        lookup_expr="isnull",
        exclude=True,
        label="Used",
        widget=forms.Select(choices=[("", "Used or not"), ("true", "Yes"), ("false", "No")]),
    )

    class Meta:
        model = PricePlan
        fields = ["q", "state", "kind", "currency", "used"]


class TaxCodeFilter(RatebookFilterSet):
    """Tax codes by words and kind."""

    q = SearchFilter(lookups=("code__icontains", "name__icontains"))
    kind = django_filters.ChoiceFilter(choices=TaxKind, empty_label="Any kind")

    class Meta:
        model = TaxCode
        fields = ["q", "kind"]


class TaxRegionFilter(RatebookFilterSet):
    """Tax regions by words."""

    q = SearchFilter(lookups=("code__icontains", "name__icontains"))

    class Meta:
        model = TaxRegion
        fields = ["q"]


class TaxClassFilter(RatebookFilterSet):
    """Tax classes by words."""

    q = SearchFilter(lookups=("code__icontains", "name__icontains"))

    class Meta:
        model = TaxClass
        fields = ["q"]


class LocationRuleFilter(RatebookFilterSet):
    """Location rules by words and country."""

    q = SearchFilter(lookups=("name__icontains",))
    country = django_filters.CharFilter(lookup_expr="iexact", max_length=2)

    class Meta:
        model = LocationRule
        fields = ["q", "country"]


class CurrencyFilter(RatebookFilterSet):
    """Currencies by words."""

    q = SearchFilter(lookups=("code__iexact", "name__icontains"))

    class Meta:
        model = Currency
        fields = ["q"]


def used_filter() -> django_filters.BooleanFilter:
    """Return the filter of what has been used."""
    return django_filters.BooleanFilter(
        field_name="used_at",
        lookup_expr="isnull",
        exclude=True,
        label="Used",
        widget=forms.Select(choices=[("", "Used or not"), ("true", "Yes"), ("false", "No")]),
    )


class TierPlanFilter(RatebookFilterSet):
    """Tier plans by words, style and use."""

    q = SearchFilter(lookups=("code__icontains", "name__icontains"))
    style = django_filters.ChoiceFilter(choices=choices_of(Style), empty_label="Any style")
    used = used_filter()

    class Meta:
        model = TierPlan
        fields = ["q", "style", "used"]


class VoicePlanFilter(RatebookFilterSet):
    """Voice plans by words (also of the deck) and use."""

    q = SearchFilter(lookups=("code__icontains", "name__icontains", "deck__name__icontains"))
    used = used_filter()

    class Meta:
        model = VoicePlan
        fields = ["q", "used"]


class RateDeckFilter(RatebookFilterSet):
    """Rate decks by words and currency."""

    q = SearchFilter(lookups=("code__icontains", "name__icontains"))
    currency = django_filters.CharFilter(lookup_expr="iexact", max_length=3)

    class Meta:
        model = RateDeck
        fields = ["q", "currency"]


class DeckRowFilter(RatebookFilterSet):
    """Rows of a deck by the beginning of their prefix, or by description."""

    prefix = django_filters.CharFilter(
        lookup_expr="startswith", max_length=18, label="Prefix begins with"
    )
    description = django_filters.CharFilter(lookup_expr="icontains", max_length=100)

    class Meta:
        model = RateDeckRow
        fields = ["prefix", "description"]


class RejectedRowFilter(RatebookFilterSet):
    """Rejected rows by line."""

    line = django_filters.NumberFilter(label="Line")

    class Meta:
        model = RejectedDeckRow
        fields = ["line"]


class UsageCatalogFilter(RatebookFilterSet):
    """Usage catalogues by words, currency and use."""

    q = SearchFilter(lookups=("code__icontains", "name__icontains"))
    currency = django_filters.CharFilter(lookup_expr="iexact", max_length=3)
    used = used_filter()

    class Meta:
        model = UsageCatalog
        fields = ["q", "currency", "used"]


class DiscountFilter(RatebookFilterSet):
    """Discounts by words, state, how they are given, what they give, and use."""

    q = SearchFilter(lookups=("code__icontains", "name__icontains", "alternative_code__iexact"))
    state = django_filters.ChoiceFilter(choices=DiscountState, empty_label="Any state")
    application = django_filters.ChoiceFilter(
        choices=DiscountApplication, empty_label="Given in any way", label="Given"
    )
    option = django_filters.ChoiceFilter(choices=DiscountOption, empty_label="Any option")
    used = used_filter()

    class Meta:
        model = AdditiveDiscount
        fields = ["q", "state", "application", "option", "used"]
