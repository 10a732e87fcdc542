"""Reads about the acts of subscriptions."""

from collections.abc import Collection
from datetime import date

from django.db.models import Min

from subscriptions.models import ActionKind, SubscribedService, SubscriptionAction


def asked_for_billing_day(subscription_id: int) -> int | None:
    """Return the billing day that was asked for when the subscription was made, if one was."""
    act = SubscriptionAction.objects.filter(
        subscription_id=subscription_id, kind=ActionKind.BECOME_SUBSCRIBER
    )
    return act.values_list("details__billing_day", flat=True).order_by("pk").first()


def added_days(service_ids: Collection[int]) -> dict[int, date]:
    """Return the day on which each service was put on its subscription: that of its first act."""
    rows = (
        SubscribedService.objects.filter(pk__in=service_ids, actions__state="EXECUTED")
        .annotate(added_on=Min("actions__performed_on"))
        .values_list("pk", "added_on")
    )
    return dict(rows)
