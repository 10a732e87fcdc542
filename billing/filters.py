"""Filter bars of billing's lists."""

import django_filters
from django.db.models import Exists, OuterRef

from billing.models import (
    Bill,
    Directive,
    ItemKind,
    OpenItem,
    Payment,
    PaymentMethod,
    PaymentState,
    RatedBillingItem,
)
from billing.queries.bills import Settlement
from catalog.models import Product
from config.shared.filters import ChosenFilter, NumberFilter, RatebookFilterSet
from config.shared.operations.clock import today
from subscriptions.models import Account, SubscribedService, Subscription

OF_ACCOUNT = (("account", Account),)


class BillFilter(RatebookFilterSet):
    """By number, how far paid, overdue, run, days."""

    advanced = ("run", "issued_from", "issued_to", "currency")

    q = NumberFilter(label="Bill or account number", fields=("number",), owners=OF_ACCOUNT)
    settlement = django_filters.ChoiceFilter(
        label="State", choices=Settlement, empty_label="Any state"
    )
    overdue = django_filters.ChoiceFilter(
        label="Due",
        choices=[("yes", "Overdue"), ("no", "Not overdue")],
        empty_label="All",
        method="is_overdue",
    )
    run = NumberFilter(label="Run", fields=("run__number",))
    issued_from = django_filters.DateFilter("issued_on", "gte", label="Issued from")
    issued_to = django_filters.DateFilter("issued_on", "lte", label="Issued to")
    currency = django_filters.CharFilter(lookup_expr="iexact", max_length=3)

    class Meta:
        model = Bill
        fields = ()

    def is_overdue(self, queryset, name, value):
        """Narrow to bills with something past due, or to the others."""
        past_due = Exists(
            OpenItem.objects.filter(
                entry__invoice__bill=OuterRef("pk"), open_amount__gt=0, due_on__lt=today()
            )
        )
        return queryset.filter(past_due if value == "yes" else ~past_due)


class PaymentFilter(RatebookFilterSet):
    """By number, state, method, days, reference."""

    advanced = ("received_from", "received_to", "reference")

    q = NumberFilter(label="Payment or account number", fields=("number",), owners=OF_ACCOUNT)
    state = django_filters.ChoiceFilter(choices=PaymentState, empty_label="Any state")
    method = django_filters.ChoiceFilter(choices=PaymentMethod, empty_label="Any method")
    received_from = django_filters.DateFilter("received_on", "gte", label="Received from")
    received_to = django_filters.DateFilter("received_on", "lte", label="Received to")
    reference = django_filters.CharFilter(lookup_expr="icontains", max_length=80)

    class Meta:
        model = Payment
        fields = ()


class RatedItemFilter(RatebookFilterSet):
    """By account, what billing does with it, kind, product, days."""

    advanced = ("service", "run", "from_day", "to_day")

    q = NumberFilter(label="Account number", owners=OF_ACCOUNT)
    directive = django_filters.ChoiceFilter(choices=Directive, empty_label="Any directive")
    kind = django_filters.ChoiceFilter(choices=ItemKind, empty_label="Any kind")
    product = ChosenFilter(queryset=Product.objects.all(), search="catalog:choose_product")
    service = NumberFilter(
        label="Service or subscription",
        owners=(("service", SubscribedService), ("subscription", Subscription)),
    )
    run = NumberFilter(label="Run", fields=("run__number",))
    from_day = django_filters.DateFilter("period__endswith", "gt", label="Days from")
    to_day = django_filters.DateFilter("period__startswith", "lte", label="Days to")

    class Meta:
        model = RatedBillingItem
        fields = ()
