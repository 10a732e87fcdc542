"""Switching services off and on for a run, with its evidence."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from config.shared.models import Run
from config.shared.runs.counts import Counts
from subscriptions.models import ActionKind, SubscribedService, Subscription
from subscriptions.operations.actions import ActionRequest, perform


def switch(
    run: Run,
    found: Mapping[Subscription, Sequence[SubscribedService]],
    kind: ActionKind,
    *,
    now: datetime,
    state_reason: str = "",
) -> Counts:
    """Perform an act on the services of each subscription, as of the run's day; count them.

    Raises ActionRefused.
    """
    for subscription, services in found.items():
        perform(
            ActionRequest(
                kind=kind,
                performed_on=run.as_of,
                by=run.requested_by,
                subscription=subscription,
                services=tuple(services),
                state_reason=state_reason,
                source=f"{run.kind} {run.number}",
            ),
            now=now,
        )
    return {
        "accounts": len({subscription.account_id for subscription in found}),
        "subscriptions": len(found),
        "services": sum(len(services) for services in found.values()),
    }
