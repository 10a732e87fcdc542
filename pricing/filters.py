"""Filter bars of the pricing lists."""

import django_filters
from django import forms

from config.shared.filters import RatebookFilterSet, SearchFilter
from pricing.models import Currency, PlanState, PricePlan, TaxCode, TaxKind


class PricePlanFilter(RatebookFilterSet):
    """Plans by words, state, currency and use."""

    q = SearchFilter(lookups=("code__icontains", "name__icontains"))
    state = django_filters.ChoiceFilter(choices=PlanState, empty_label="Any state")
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
        fields = ["q", "state", "currency", "used"]


class TaxCodeFilter(RatebookFilterSet):
    """Tax codes by words and kind."""

    q = SearchFilter(lookups=("code__icontains", "name__icontains"))
    kind = django_filters.ChoiceFilter(choices=TaxKind, empty_label="Any kind")

    class Meta:
        model = TaxCode
        fields = ["q", "kind"]


class CurrencyFilter(RatebookFilterSet):
    """Currencies by words."""

    q = SearchFilter(lookups=("code__iexact", "name__icontains"))

    class Meta:
        model = Currency
        fields = ["q"]
