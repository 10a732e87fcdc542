"""What falls due on a day: starts, re-openings, ends and scheduled actions."""

from collections.abc import Collection
from datetime import date

from django.db.models import F, Q, QuerySet

from subscriptions.models import (
    Account,
    AccountStatus,
    ActionState,
    ServiceState,
    StateReason,
    SubscribedService,
    Subscription,
    SubscriptionAction,
)

_OPEN = (ServiceState.DRAFT, ServiceState.EFFECTIVE, ServiceState.NOT_EFFECTIVE)


def services_to_start(on: date) -> QuerySet[SubscribedService]:
    """Return drafts whose start date has come, unless their end date has come before it."""
    return SubscribedService.objects.filter(
        state=ServiceState.DRAFT,
        reason=StateReason.FUTURE_START,
        starts_on__lte=on,
        parent=None,
    )


def services_to_reopen(on: date) -> QuerySet[SubscribedService]:
    """Return deactivated services whose day of re-opening has come before any end date."""
    return SubscribedService.objects.filter(
        Q(ends_on=None) | Q(ends_on__gt=F("reopens_on")),
        state=ServiceState.NOT_EFFECTIVE,
        reopens_on__lte=on,
        parent=None,
    )


def services_to_end(on: date) -> QuerySet[SubscribedService]:
    """Return open services whose end date has come; its day is the first without service."""
    return SubscribedService.objects.filter(state__in=_OPEN, ends_on__lte=on, parent=None)


def actions_due(on: date) -> QuerySet[SubscriptionAction]:
    """Return scheduled actions whose day has come."""
    return SubscriptionAction.objects.filter(state=ActionState.SCHEDULED, scheduled_for__lte=on)


def accounts_with_something_due(on: date) -> QuerySet[Account]:
    """Return the accounts, but closed ones, that the nightly run has something to do for."""
    subscriptions = Subscription.objects.filter(
        Q(pk__in=services_to_start(on).values("subscription_id"))
        | Q(pk__in=services_to_reopen(on).values("subscription_id"))
        | Q(pk__in=services_to_end(on).values("subscription_id"))
        | Q(pk__in=actions_due(on).values("subscription_id"))
    )
    return (
        Account.objects.filter(pk__in=subscriptions.values("account_id"))
        .exclude(status=AccountStatus.CLOSED)
        .order_by("pk")
    )


def of_accounts(
    services: QuerySet[SubscribedService], account_ids: Collection[int]
) -> QuerySet[SubscribedService]:
    """Return those of the services that belong to the accounts, with their subscriptions."""
    return (
        services.filter(subscription__account_id__in=account_ids)
        .select_related("subscription")
        .order_by("pk")
    )
