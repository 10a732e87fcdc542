"""Reads of the outbox: lanes that can move, and requests as pages show them."""

from datetime import datetime

from django.db import connection
from django.db.models import QuerySet

from provisioning.models import ProvisioningRequest, RequestState
from subscriptions.models import Subscription


def provisioning_requests() -> QuerySet[ProvisioningRequest]:
    """Return all requests, newest first, with what a list shows of them."""
    return ProvisioningRequest.objects.select_related(
        "provider", "subscription__account", "action"
    ).order_by("-id")


def requests_of(subscription: Subscription) -> QuerySet[ProvisioningRequest]:
    """Return the requests of one subscription, newest first."""
    return provisioning_requests().filter(subscription=subscription)


def failed_requests() -> QuerySet[ProvisioningRequest]:
    """Return the requests that wait for a person: rejected or given up."""
    return provisioning_requests().filter(state__in=[RequestState.REJECTED, RequestState.DEAD])


def due_lanes(*, now: datetime, limit: int) -> list[tuple[int, int]]:
    """Return lanes (subscription id, provider id) whose first open request is due, oldest first.

    A lane whose first open request was rejected or given up is blocked and not returned.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT subscription_id, provider_id
            FROM provisioning_provisioningrequest AS request
            WHERE state = 'PENDING' AND next_attempt_at <= %s AND NOT EXISTS (
                SELECT FROM provisioning_provisioningrequest AS earlier
                WHERE earlier.subscription_id = request.subscription_id
                  AND earlier.provider_id = request.provider_id
                  AND earlier.state IN ('PENDING', 'REJECTED', 'DEAD')
                  AND earlier.id < request.id
            )
            ORDER BY next_attempt_at, id
            LIMIT %s
            """,
            [now, limit],
        )
        return [(row[0], row[1]) for row in cursor.fetchall()]
