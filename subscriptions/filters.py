"""Filter bars of the lists of accounts, subscriptions and set-up."""

import django_filters
from django import forms

from catalog.models import AccountClass, AccountClassification, Technology
from config.shared.filters import LONGEST_SEARCH, SHORTEST_SEARCH, RatebookFilterSet, SearchFilter
from subscriptions.models import (
    Account,
    AccountStatus,
    BillingTermScheme,
    GivenDiscount,
    GivenState,
    SchemeKind,
    SchemeState,
    Seller,
    ServiceState,
    Subscription,
    SubscriptionType,
)
from subscriptions.queries.account_lists import search_accounts


class AccountSearch(django_filters.CharFilter):
    """Accounts by number or phone number; else by words of the name."""

    def __init__(self, **kwargs):
        widget = forms.TextInput(attrs={"type": "search", "placeholder": "Number, name or phone"})
        super().__init__(
            label="Search",
            widget=widget,
            max_length=LONGEST_SEARCH,
            min_length=SHORTEST_SEARCH,
            **kwargs,
        )

    def filter(self, queryset, value):
        """Narrow the accounts."""
        return search_accounts(queryset, value) if value else queryset


class AccountFilter(RatebookFilterSet):
    """Accounts by words, state, class and where they are."""

    q = AccountSearch()
    status = django_filters.ChoiceFilter(
        choices=AccountStatus, label="State", empty_label="Any state"
    )
    account_class = django_filters.ModelChoiceFilter(
        queryset=AccountClass.objects.order_by("name", "pk"), label="Class", empty_label="Any class"
    )
    city = django_filters.CharFilter(lookup_expr="icontains", max_length=80)
    classification = django_filters.ModelChoiceFilter(
        queryset=AccountClassification.objects.order_by("name", "pk"),
        empty_label="Any classification",
    )
    technology = django_filters.ModelChoiceFilter(
        queryset=Technology.objects.order_by("name", "pk"),
        method="with_technology",
        label="Technology",
        empty_label="Any technology",
    )
    seller = django_filters.ModelChoiceFilter(
        queryset=Seller.objects.order_by("name", "pk"), empty_label="Any seller"
    )
    billing_day = django_filters.NumberFilter(min_value=1, max_value=31)
    immune = django_filters.BooleanFilter(
        label="Never deactivated",
        widget=forms.Select(choices=[("", "Either"), ("true", "Yes"), ("false", "No")]),
    )
    advanced = ("classification", "technology", "seller", "billing_day", "immune")

    class Meta:
        model = Account
        fields = ["q", "status", "account_class", "city"]

    def with_technology(self, queryset, name, value):
        """Keep accounts with a user of the technology."""
        return queryset.filter(pk__in=value.users.values("account_id"))


class SubscriptionFilter(RatebookFilterSet):
    """Subscriptions by words, state and type."""

    q = SearchFilter(lookups=("number__iexact", "account__number__iexact", "user__number__iexact"))
    state = django_filters.ChoiceFilter(choices=ServiceState, empty_label="Any state")
    type = django_filters.ModelChoiceFilter(
        queryset=SubscriptionType.objects.order_by("name", "pk"), empty_label="Any type"
    )

    class Meta:
        model = Subscription
        fields = ["q", "state", "type"]


class SchemeFilter(RatebookFilterSet):
    """Billing term schemes by words, kind and state."""

    q = SearchFilter(lookups=("code__icontains", "name__icontains"))
    kind = django_filters.ChoiceFilter(choices=SchemeKind, empty_label="Any kind")
    state = django_filters.ChoiceFilter(choices=SchemeState, empty_label="Any state")

    class Meta:
        model = BillingTermScheme
        fields = ["q", "kind", "state"]


class SubscriptionTypeFilter(RatebookFilterSet):
    """Subscription types by words."""

    q = SearchFilter(lookups=("code__icontains", "name__icontains"))
    active = django_filters.BooleanFilter(
        widget=forms.Select(choices=[("", "Active or not"), ("true", "Yes"), ("false", "No")])
    )

    class Meta:
        model = SubscriptionType
        fields = ["q", "active"]


class SellerFilter(RatebookFilterSet):
    """Sellers by words."""

    q = SearchFilter(lookups=("code__icontains", "name__icontains"))

    class Meta:
        model = Seller
        fields = ["q"]


class GivenDiscountFilter(RatebookFilterSet):
    """Discounts given by hand, by words and state."""

    q = SearchFilter(
        lookups=(
            "number__iexact",
            "subscription__number__iexact",
            "subscription__account__number__iexact",
            "discount__name__icontains",
        )
    )
    state = django_filters.ChoiceFilter(choices=GivenState, empty_label="Any state")

    class Meta:
        model = GivenDiscount
        fields = ("q", "state")
