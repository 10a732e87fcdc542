"""Filter bars of provisioning's lists."""

import django_filters

from config.shared.filters import NumberFilter, RatebookFilterSet, SearchFilter
from provisioning.models import Provider, ProvisioningRequest, RequestKind, RequestState
from provisioning.queries.distributions import providers
from provisioning.queries.requests import FAILED_STATES
from subscriptions.models import Subscription

# Stands for the states that wait for somebody.
FAILED = "FAILED"


def _providers(request):
    return providers()


class RequestFilter(RatebookFilterSet):
    """By number, state, provider, kind, account, days."""

    advanced = ("account", "created_from", "created_to")

    q = NumberFilter(
        label="Request or subscription",
        fields=("number",),
        owners=(("subscription", Subscription),),
    )
    state = django_filters.ChoiceFilter(
        choices=[*RequestState.choices, (FAILED, "Rejected or given up")],
        empty_label="Any state",
        method="in_state",
    )
    provider = django_filters.ModelChoiceFilter(queryset=_providers, empty_label="Any provider")
    kind = django_filters.ChoiceFilter(choices=RequestKind, empty_label="Any kind")
    account = NumberFilter(label="Account number", fields=("subscription__account__number",))
    created_from = django_filters.DateFilter("created_at", "date__gte", label="Made from")
    created_to = django_filters.DateFilter("created_at", "date__lte", label="Made to")

    class Meta:
        model = ProvisioningRequest
        fields = ()

    def in_state(self, queryset, name, value):
        """Narrow to one state, or to all that wait for somebody."""
        return queryset.filter(state__in=FAILED_STATES if value == FAILED else [value])


class ProviderFilter(RatebookFilterSet):
    """By words, and whether it is in use."""

    q = SearchFilter(lookups=("code__icontains", "name__icontains"), label="Code or name")
    effective = django_filters.ChoiceFilter(
        choices=[("True", "Effective"), ("False", "Not effective")], empty_label="All"
    )

    class Meta:
        model = Provider
        fields = ()
