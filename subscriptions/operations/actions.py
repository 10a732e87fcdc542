"""Acts on subscriptions: asked for, previewed, performed. Every change of one goes through here."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from catalog.models import Composition
from pricing.operations.plans import mark_used
from subscriptions.models import ActionKind, ServiceState, SubscriptionAction
from subscriptions.operations.additions import check_products, expanded, planned_additions
from subscriptions.operations.amending import planned_amendment
from subscriptions.operations.changes import planned_changes
from subscriptions.operations.fees import opened_expenses, planned_fees
from subscriptions.operations.plan_choice import check_choice, facts_of_choice
from subscriptions.operations.reactions import ActionHandler, action_handlers
from subscriptions.operations.recording import record_act, record_scheduled, write_effects
from subscriptions.operations.refusals import ActionRefused, IncompleteRequest, WrongDay
from subscriptions.operations.requests import (
    ActionRequest,
    Addition,
    Change,
    ExpenseAddition,
    PerformedAction,
    PlannedAction,
    Preview,
    PreviewLine,
)
from subscriptions.operations.standing import Standing, read_standing
from subscriptions.operations.terms import fit_terms, terms_of, type_of

__all__ = [
    "ActionHandler",
    "ActionRefused",
    "ActionRequest",
    "Addition",
    "Change",
    "ExpenseAddition",
    "PerformedAction",
    "PlannedAction",
    "Preview",
    "PreviewLine",
    "check",
    "perform",
    "preview",
]

_ADDING = (ActionKind.BECOME_SUBSCRIBER, ActionKind.ADD_SERVICE, ActionKind.ADD_EXPENSE)
# Acts that can be noted down for a later day; an addition has a start date instead.
_SCHEDULABLE = (ActionKind.ACTIVATE, ActionKind.DEACTIVATE, ActionKind.CANCEL)


def check(request: ActionRequest) -> PlannedAction:
    """Return what performing the request would do, or refuse it; nothing is written or locked.

    Raises ActionRefused.
    """
    planned = _plan(request, read_standing(request, lock=False))
    for handler in action_handlers():
        handler.check(planned)
    return planned


def preview(request: ActionRequest) -> Preview:
    """Return what performing the request would do, as lines for the person who confirms it.

    Raises ActionRefused, as performing it would.
    """
    planned = check(request)
    amends = planned.request.kind == ActionKind.AMEND_BUNDLE
    lines = [
        _line(change, planned) for change in planned.changes if amends or change.bundle is None
    ]
    lines += _choice_lines(planned)
    lines.extend(_expense_line(each, planned) for each in planned.expenses)
    for handler in action_handlers():
        lines.extend(handler.preview(planned))
    return Preview(tuple(lines))


@transaction.atomic
def perform(request: ActionRequest, *, now: datetime) -> SubscriptionAction:
    """Do what is asked, all or nothing, and return the act's record.

    Locks the account, then the subscription, then its services; everything is checked again
    under these locks. With `scheduled_for` the act is only noted down. A person's act is not
    dated after `now`'s business day; runs and programs (`source`) work on their own day.

    Raises ActionRefused.
    """
    _check_today(request, now)
    standing = read_standing(request, lock=True)
    if request.scheduled_for is not None:
        _check_schedule(request)
        return record_scheduled(request, standing)
    return perform_on(request, standing, now=now)


def perform_on(
    request: ActionRequest,
    standing: Standing,
    *,
    now: datetime,
    scheduled: SubscriptionAction | None = None,
) -> SubscriptionAction:
    """Perform a request whose `standing` is locked; `scheduled` is its record if there is one.

    Raises ActionRefused.
    """
    planned = _plan(request, standing)
    handlers = action_handlers()
    for handler in handlers:
        handler.check(planned)
    effects = write_effects(planned, standing)
    action = record_act(planned, effects, now=now, scheduled=scheduled)
    if planned.terms.plan.used_at is None:
        mark_used([planned.terms.plan_id], now=now)
    performed = PerformedAction(
        request=request,
        action=action,
        account=planned.account,
        subscription=effects.subscription,
        terms=planned.terms,
        changes=effects.changes,
        expenses=effects.expenses,
        now=now,
    )
    for handler in handlers:
        handler.apply(performed)
    return action


def _plan(request: ActionRequest, standing: Standing) -> PlannedAction:
    """Check a request against where things stand and return what it does."""
    _check_shape(request)
    terms = terms_of(request, standing)
    on = request.performed_on
    expenses: tuple[ExpenseAddition, ...] = ()
    if request.kind in _ADDING:
        added = expanded(request, standing.user)
        accepted = type_of(request, standing)
        check_products(added, subscription_type=accepted, terms=terms, on=on)
        changes = planned_additions(added.additions, terms=terms, on=on)
        recurring, once = planned_fees(changes, added.fees)
        changes += recurring
        expenses = added.expenses + once
    elif request.kind == ActionKind.AMEND_BUNDLE:
        changes = planned_amendment(request, standing)
    else:
        changes = planned_changes(request, standing)
        expenses = opened_expenses(changes)
    if standing.subscription is None:
        facts = facts_of_choice(
            standing.account,
            terms,
            subscription_type=request.subscription_type,
            on=on,
            products=[(change.product.pk, change.quantity) for change in changes],
        )
        check_choice(terms.plan, facts)
    fitted = fit_terms(request, standing, changes, terms)
    return PlannedAction(
        request=request,
        account=standing.account,
        subscription=standing.subscription,
        terms=fitted.terms,
        terms_changed=fitted.changed,
        changes=changes,
        expenses=expenses,
    )


def _check_shape(request: ActionRequest) -> None:
    """Refuse a request that asks for what its kind has not."""
    kind = ActionKind(request.kind)
    if kind not in _ADDING and (request.additions or request.expenses):
        raise IncompleteRequest(f"“{kind.label}” adds nothing.")
    if kind in _ADDING and request.services:
        raise IncompleteRequest(f"“{kind.label}” is not about services that are there.")
    if request.choices and kind != ActionKind.AMEND_BUNDLE:
        raise IncompleteRequest(f"“{kind.label}” does not amend what was chosen for a bundle.")
    if kind == ActionKind.ADD_SERVICE and not request.additions:
        raise IncompleteRequest("Choose what to add.")
    if kind == ActionKind.ADD_EXPENSE:
        if request.additions:
            raise IncompleteRequest("Only expenses are added by “Add expense”.")
        if not request.expenses:
            raise IncompleteRequest("Choose an expense to add.")


def _check_today(request: ActionRequest, now: datetime) -> None:
    if request.source:
        return
    today = timezone.localdate(now, ZoneInfo(settings.OPERATOR_TIME_ZONE))
    if request.performed_on > today:
        raise WrongDay(
            f"{request.performed_on:%-d %b %Y} is still to come: schedule the action, or give "
            "what is added a start date."
        )


def _check_schedule(request: ActionRequest) -> None:
    _check_shape(request)
    kind = ActionKind(request.kind)
    if kind not in _SCHEDULABLE:
        raise IncompleteRequest(f"“{kind.label}” cannot be scheduled.")
    if request.scheduled_for is not None and request.scheduled_for <= request.performed_on:
        raise WrongDay(f"Schedule it for a day after {request.performed_on:%-d %b %Y}.")


def _line(change: Change, planned: PlannedAction) -> PreviewLine:
    """Return what happens to one service, in words."""
    what = _times(change.product.name, change)
    day, old, new = f"{change.from_day:%-d %b %Y}", change.old_state, change.new_state
    if planned.request.kind == ActionKind.SET_END_DATE:
        if change.until_day is None:
            return PreviewLine(f"{what} has no end.")
        last = change.until_day - timedelta(days=1)
        return PreviewLine(f"{what}: the last day of service is {last:%-d %b %Y}.")
    if old is None and new == ServiceState.DRAFT:
        waits = "opens by itself" if change.reason == "FUTURE_START" else "waits as a draft"
        return PreviewLine(f"Add {what}: {waits} from {day}.")
    if old is None and new == ServiceState.NOT_EFFECTIVE:
        return PreviewLine(f"Add {what}: opens with {change.bundle}.")
    if old is None:
        return PreviewLine(f"Add {what} from {day}.")
    return PreviewLine(f"{what}: {old.label} → {new.label} from {day}.")


def _choice_lines(planned: PlannedAction) -> list[PreviewLine]:
    """Return what each flexible bundle that is added consists of, in words."""
    lines: list[PreviewLine] = []
    for place, head in enumerate(planned.changes):
        if head.addition is None or head.product.type.composition != Composition.FLEXIBLE_BUNDLE:
            continue
        parts = [each for each in planned.changes if each.parent == place and each.bundle]
        names = ", ".join(_times(each.product.name, each) for each in parts)
        lines.append(PreviewLine(f"{head.product} with {names}." if names else f"{head.product}."))
    return lines


def _expense_line(expense: ExpenseAddition, planned: PlannedAction) -> PreviewLine:
    """Return what is charged once, in words."""
    what = _times(expense.product.name, expense)
    if expense.parent is None:
        return PreviewLine(f"Add {what}.")
    parent = planned.changes[expense.parent].product.name
    if expense.waits:
        return PreviewLine(f"Add {what}, charged when {parent} opens.")
    return PreviewLine(f"Add {what}, charged once with {parent}.")


def _times(name: str, each: Change | ExpenseAddition) -> str:
    return name if each.quantity == 1 else f"{each.quantity.normalize():f} × {name}"
