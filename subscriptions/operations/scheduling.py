"""What happens by itself on its day: starts, re-openings, end dates, scheduled actions.

Everything is performed as of the day it was due, so a late run leaves the same as a timely one.
Source: BillMax 2.4, automatic transitions; CRM.COM, subscription maintenance utilities.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum

from django.contrib.auth.models import User
from django.db import transaction

from subscriptions.models import (
    ActionKind,
    ActionState,
    ServiceState,
    StateReason,
    SubscribedService,
    Subscription,
    SubscriptionAction,
)
from subscriptions.operations.actions import ActionRequest, perform, perform_on
from subscriptions.operations.refusals import ActionRefused
from subscriptions.operations.standing import read_standing
from subscriptions.queries.due import (
    actions_due,
    of_accounts,
    services_to_end,
    services_to_reopen,
    services_to_start,
)


class NotScheduled(ActionRefused):
    """The action is not waiting for its day any more."""


class _What(IntEnum):
    """What falls due; on the same day in this order."""

    END = 0
    START = 1
    REOPEN = 2
    ACTION = 3


@dataclass(frozen=True, slots=True)
class _Event:
    day: date
    what: _What
    subscription: Subscription
    service_ids: tuple[int, ...] = ()
    action: SubscriptionAction | None = None


def carry_out_due(
    account_ids: Collection[int], *, on: date, now: datetime, source: str
) -> Mapping[str, int]:
    """Do what has fallen due by `on` for accounts that are locked; return counts.

    In the order of the days on which it was due; on one day ends come first. A scheduled action
    that is refused is marked rejected with the reason; any other refusal is raised, for the run
    to park the account.

    Raises ActionRefused.
    """
    counts: Counter[str] = Counter(started=0, reopened=0, ended=0, executed=0, rejected=0)
    for event in _events(account_ids, on):
        if event.action is not None:
            done = _execute(event.action, now=now, source=source)
            counts["executed" if done else "rejected"] += 1
        elif event.what is _What.END:
            counts["ended"] += _end(event, now=now, source=source)
        else:
            name = "started" if event.what is _What.START else "reopened"
            counts[name] += _open(event, now=now, source=source)
    return counts


@transaction.atomic
def cancel_scheduled(
    action: SubscriptionAction, *, by: User | None, now: datetime
) -> SubscriptionAction:
    """Take back a scheduled action.

    Raises NotScheduled.
    """
    action = SubscriptionAction.objects.select_for_update(of=("self",)).get(pk=action.pk)
    if action.state != ActionState.SCHEDULED:
        raise NotScheduled(f"{action.number} is {action.get_state_display().lower()}.")
    who = "" if by is None else f" by {by.get_username()}"
    action.state = ActionState.CANCELLED
    action.outcome = f"Taken back on {now:%-d %b %Y}{who}."
    action.save(update_fields=["state", "outcome"])
    return action


def _events(account_ids: Collection[int], on: date) -> list[_Event]:
    """Return what is due for the accounts, services of one subscription and day together."""
    due = (
        (_What.END, services_to_end(on), "ends_on"),
        (_What.START, services_to_start(on), "starts_on"),
        (_What.REOPEN, services_to_reopen(on), "reopens_on"),
    )
    grouped: dict[tuple[date, _What, int], list[SubscribedService]] = {}
    for what, services, field in due:
        for service in of_accounts(services, account_ids):
            key = (getattr(service, field), what, service.subscription_id)
            grouped.setdefault(key, []).append(service)
    events = [
        _Event(day, what, found[0].subscription, tuple(each.pk for each in found))
        for (day, what, _), found in grouped.items()
    ]
    actions = (
        actions_due(on)
        .filter(subscription__account_id__in=account_ids)
        .select_related("subscription", "performed_by")
        .order_by("pk")
    )
    for action in actions:
        day = action.scheduled_for or on
        events.append(_Event(day, _What.ACTION, action.subscription, action=action))
    return sorted(events, key=_place)


def _place(event: _Event) -> tuple[date, int, int, int]:
    action = event.action
    return event.day, event.what, event.subscription.pk, action.pk if action else 0


def _still(event: _Event, *states: ServiceState) -> tuple[SubscribedService, ...]:
    """Return those services of the event that are in one of the states now."""
    services = SubscribedService.objects.filter(pk__in=event.service_ids, state__in=states)
    return tuple(services.order_by("pk"))


def _open(event: _Event, *, now: datetime, source: str) -> int:
    state = ServiceState.DRAFT if event.what is _What.START else ServiceState.NOT_EFFECTIVE
    services = _still(event, state)
    if services:
        _perform(event, ActionKind.ACTIVATE, services, now=now, source=source)
    return len(services)


def _end(event: _Event, *, now: datetime, source: str) -> int:
    """Suspend what is effective, then close everything, in the same run."""
    effective = _still(event, ServiceState.EFFECTIVE)
    if effective:
        reason = StateReason.END_DATE
        _perform(event, ActionKind.DEACTIVATE, effective, now=now, source=source, reason=reason)
    rest = _still(event, ServiceState.DRAFT, ServiceState.NOT_EFFECTIVE)
    if rest:
        reason = StateReason.END_DATE
        _perform(event, ActionKind.CANCEL, rest, now=now, source=source, reason=reason)
    return len(rest)


def _perform(
    event: _Event,
    kind: ActionKind,
    services: tuple[SubscribedService, ...],
    *,
    now: datetime,
    source: str,
    reason: str = "",
) -> None:
    request = ActionRequest(
        kind=kind,
        performed_on=event.day,
        subscription=event.subscription,
        services=services,
        state_reason=reason,
        source=source,
    )
    perform(request, now=now)


def _execute(action: SubscriptionAction, *, now: datetime, source: str) -> bool:
    """Perform a scheduled action on its record; mark it rejected if it is refused."""
    action.refresh_from_db()
    if action.state != ActionState.SCHEDULED:
        return True
    try:
        with transaction.atomic():
            request = scheduled_request(action, source=source)
            standing = read_standing(request, lock=True)
            perform_on(request, standing, now=now, scheduled=action)
    except ActionRefused as refusal:
        action.refresh_from_db()
        action.state = ActionState.REJECTED
        action.outcome = str(refusal)
        action.save(update_fields=["state", "outcome"])
        return False
    return True


def scheduled_request(action: SubscriptionAction, *, source: str = "") -> ActionRequest:
    """Return the request that a scheduled action was noted down for, to perform on its day."""
    reopens_on = action.details.get("reopens_on")
    return ActionRequest(
        kind=ActionKind(action.kind),
        performed_on=action.scheduled_for or action.performed_on,
        by=action.performed_by,
        subscription=action.subscription,
        services=tuple(action.services.order_by("pk")),
        classification=action.classification,
        comment=action.comment,
        provision=action.provision,
        source=source,
        state_reason=action.details.get("state_reason", ""),
        reopens_on=date.fromisoformat(reopens_on) if reopens_on else None,
    )
