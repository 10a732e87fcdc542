"""Reads of the outbox: lanes that can move, and requests as pages show them."""

from datetime import datetime

from django.db import connection
from django.db.models import BigIntegerField, Count, F, Func, Prefetch, QuerySet

from config.shared.models import Run, RunChunk
from provisioning.models import BLOCKING_STATES, ProvisioningRequest, RequestState
from subscriptions.models import Account, Subscription, SubscriptionAction

# In these states a request waits for a person.
FAILED_STATES = (RequestState.REJECTED, RequestState.DEAD)


def provisioning_requests() -> QuerySet[ProvisioningRequest]:
    """Return all requests, newest first, with what a list shows of them."""
    return ProvisioningRequest.objects.select_related(
        "provider", "subscription__account", "action"
    ).order_by("-id")


def requests_of(subscription: Subscription) -> QuerySet[ProvisioningRequest]:
    """Return the requests of one subscription, newest first."""
    return provisioning_requests().filter(subscription=subscription)


def requests_of_account(account: Account) -> QuerySet[ProvisioningRequest]:
    """Return the requests of all subscriptions of an account, newest first."""
    return provisioning_requests().filter(subscription__account=account)


def ahead_in_lane(request: ProvisioningRequest) -> ProvisioningRequest | None:
    """Return the request that one has to wait for in its lane, if there is one."""
    return (
        ProvisioningRequest.objects.filter(
            subscription_id=request.subscription_id,
            provider_id=request.provider_id,
            state__in=BLOCKING_STATES,
            pk__lt=request.pk,
        )
        .order_by("pk")
        .first()
    )


def acts_of_run(run: Run) -> QuerySet[SubscriptionAction]:
    """Return what a run that works on accounts did to subscriptions, with its requests."""
    accounts = RunChunk.objects.filter(run=run).values_list(
        Func(F("keys"), function="unnest", output_field=BigIntegerField()), flat=True
    )
    requests = ProvisioningRequest.objects.select_related("provider").order_by("pk")
    return (
        SubscriptionAction.objects.filter(
            subscription__account_id__in=accounts, source=f"{run.kind} {run.number}"
        )
        .select_related("subscription__account")
        .annotate(service_count=Count("services"))
        .prefetch_related(Prefetch("provisioning_requests", requests))
        .order_by("pk")
    )


def request_states(acts: QuerySet[SubscriptionAction]) -> list[tuple[str, int]]:
    """Return how many requests of some acts are in each state; one query."""
    rows = ProvisioningRequest.objects.filter(action__in=acts.values("pk")).values_list("state")
    return list(rows.annotate(count=Count("pk")).order_by("state"))


def failed_requests() -> QuerySet[ProvisioningRequest]:
    """Return the requests that wait for a person: rejected or given up."""
    return provisioning_requests().filter(state__in=FAILED_STATES)


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
