"""Delivery: requests leave in the order of their lane, and are tried again until answered.

A lane is a subscription at a provider. It is held by a session lock of PostgreSQL while requests
of it are on their way, so nothing is sent twice at a time, no transaction is open meanwhile, and
a killed worker's lane is free at once. A repeat carries the same idempotency key.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from provisioning.models import BLOCKING_STATES, ProvisioningRequest, RequestState
from provisioning.providers import Connector, DeliveryFailed, Outgoing, connector_for
from provisioning.queries.requests import due_lanes

# After 1, 5, 15 and 60 minutes, then every 6 hours for 3 days; then it is given up.
RETRY_DELAYS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(minutes=60),
    *[timedelta(hours=6)] * 12,
)
LANES_A_TURN = 200


@dataclass(frozen=True, slots=True)
class Delivered:
    """What one turn of delivery did, in requests."""

    completed: int = 0
    rejected: int = 0
    failed: int = 0

    def __add__(self, other: "Delivered") -> "Delivered":
        return Delivered(
            self.completed + other.completed,
            self.rejected + other.rejected,
            self.failed + other.failed,
        )


def deliver_due(*, now: datetime, limit: int = LANES_A_TURN) -> Delivered:
    """Deliver what is due in up to `limit` lanes; lanes another worker holds are left to it."""
    total = Delivered()
    for subscription_id, provider_id in due_lanes(now=now, limit=limit):
        total += deliver_lane(subscription_id=subscription_id, provider_id=provider_id, now=now)
    return total


def deliver_lane(
    *, subscription_id: int, provider_id: int, now: datetime, connector: Connector | None = None
) -> Delivered:
    """Deliver a lane's requests in order until one is not answered or rejected.

    Does nothing if another session holds the lane. `connector` stands in for the provider's own.
    """
    total = Delivered()
    with _lane_held(subscription_id, provider_id) as held:
        while held:
            request = _head(subscription_id, provider_id)
            if (
                request is None
                or request.state != RequestState.PENDING
                or request.next_attempt_at > now
            ):
                break
            done = _deliver(request, connector or connector_for(request.provider), now)
            total += done
            if not done.completed:
                break
    return total


def _head(subscription_id: int, provider_id: int) -> ProvisioningRequest | None:
    return (
        ProvisioningRequest.objects.select_related("provider")
        .filter(
            subscription_id=subscription_id,
            provider_id=provider_id,
            state__in=BLOCKING_STATES,
        )
        .order_by("id")
        .first()
    )


def _deliver(request: ProvisioningRequest, connector: Connector, now: datetime) -> Delivered:
    attempts = request.attempts + 1
    try:
        answer = connector.send(
            Outgoing(
                number=request.number,
                idempotency_key=request.idempotency_key,
                payload=request.payload,
            )
        )
    except DeliveryFailed as failure:
        given_up = attempts > len(RETRY_DELAYS)
        delay = RETRY_DELAYS[min(attempts, len(RETRY_DELAYS)) - 1]
        _record(
            request,
            attempts=attempts,
            last_error=str(failure),
            state=RequestState.DEAD if given_up else RequestState.PENDING,
            next_attempt_at=now + delay,
        )
        return Delivered(failed=1)
    _record(
        request,
        attempts=attempts,
        response=answer.body,
        answered_at=now,
        state=RequestState.COMPLETED if answer.accepted else RequestState.REJECTED,
        last_error="" if answer.accepted else f"{answer.error_code}: {answer.error_text}",
    )
    return Delivered(completed=1) if answer.accepted else Delivered(rejected=1)


def _record(request: ProvisioningRequest, **values: object) -> None:
    ProvisioningRequest.objects.filter(pk=request.pk, state=RequestState.PENDING).update(**values)


@contextmanager
def _lane_held(subscription_id: int, provider_id: int) -> Iterator[bool]:
    lane = f"provisioning:{subscription_id}:{provider_id}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [lane])
        held = cursor.fetchone() == (True,)
    try:
        yield held
    finally:
        if held:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [lane])
