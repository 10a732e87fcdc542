"""Which accounts are overdue, and what is switched off or on because of it."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet, Sum

from billing.models import OpenItem
from billing.queries.due import accounts_taken, subscriptions_taken
from subscriptions.models import (
    Account,
    BillingTerms,
    SchemeKind,
    SchemeProduct,
    ServiceState,
    StateReason,
    SubscribedService,
    Subscription,
)


def accounts_to_deactivate(
    criteria: Mapping[str, Any], *, on: date, min_amount: Decimal, days_overdue: int
) -> QuerySet[Account]:
    """Return the accounts past due by so much for so long that have something to switch off.

    Immune accounts, and those whose days of grace are not over, are left out.
    """
    overdue = (
        OpenItem.objects.filter(debit=True, open_amount__gt=0, due_on__lt=on)
        .values("account_id")
        .annotate(total=Sum("open_amount"), oldest=Min("due_on"))
        .filter(total__gte=min_amount, oldest__lte=on - timedelta(days=days_overdue))
    )
    reach = services_to_deactivate(criteria, on=on).filter(subscription__account_id=OuterRef("pk"))
    return Account.objects.filter(
        accounts_taken(criteria),
        Q(grace_until=None) | Q(grace_until__lte=on),
        Exists(reach),
        pk__in=overdue.values("account_id"),
        immune=False,
    ).order_by("pk")


def services_to_deactivate(criteria: Mapping[str, Any], *, on: date) -> QuerySet[SubscribedService]:
    """Return effective services that a deactivation run may switch off, by subscription.

    Only services under normal billing terms; free ones, parts of packages and products that the
    scheme excludes from deactivation are left out. Source: CRM.COM, deactivation runs.
    """
    terms = BillingTerms.objects.filter(
        subscription=OuterRef("subscription"),
        period__contains=on,
        scheme__kind=SchemeKind.NORMAL,
    )
    excluded = SchemeProduct.objects.filter(
        exclude_from_deactivation=True,
        product=OuterRef("product"),
        scheme__terms__subscription=OuterRef("subscription"),
        scheme__terms__period__contains=on,
    )
    taken = Subscription.objects.filter(
        subscriptions_taken(criteria, as_of=on), state=ServiceState.EFFECTIVE
    )
    return SubscribedService.objects.filter(
        Exists(terms),
        ~Exists(excluded),
        subscription__in=taken,
        state=ServiceState.EFFECTIVE,
        parent=None,
        free=False,
    ).order_by("subscription_id", "pk")


def services_switched_off() -> QuerySet[SubscribedService]:
    """Return the services that are off because their account was overdue, by subscription."""
    return SubscribedService.objects.filter(
        state=ServiceState.NOT_EFFECTIVE, reason=StateReason.OVERDUE, parent=None
    ).order_by("subscription_id", "pk")


def services_off_as_overdue(account_id: int) -> QuerySet[SubscribedService]:
    """Return the services of an account that are off because it was overdue."""
    return services_switched_off().filter(subscription__account_id=account_id)


def accounts_to_activate(criteria: Mapping[str, Any], *, on: date) -> QuerySet[Account]:
    """Return the accounts with services off as overdue and nothing past due any more.

    An account over its credit limit stays off.
    """
    off = services_switched_off().filter(subscription__account_id=OuterRef("pk"))
    overdue = OpenItem.objects.filter(
        account_id=OuterRef("pk"), debit=True, open_amount__gt=0, due_on__lt=on
    )
    within_limit = (
        Q(credit_limit=None)
        | Q(account_balance=None)
        | Q(account_balance__balance__lte=F("credit_limit"))
    )
    return Account.objects.filter(
        accounts_taken(criteria), within_limit, Exists(off), ~Exists(overdue)
    ).order_by("pk")


def by_subscription(
    services: QuerySet[SubscribedService], account_ids: Sequence[int]
) -> dict[Subscription, list[SubscribedService]]:
    """Return these accounts' services by their subscription, in the order of the ids."""
    found: dict[Subscription, list[SubscribedService]] = {}
    rows = services.filter(subscription__account_id__in=account_ids)
    for service in rows.select_related("subscription"):
        found.setdefault(service.subscription, []).append(service)
    return found
