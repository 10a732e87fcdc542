"""Writing a planned act: subscription, terms, services, spells, expenses, and its record."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from config.shared.operations.numbers import new_number
from subscriptions.models import (
    ActionKind,
    ActionState,
    AddedExpense,
    ServiceState,
    SubscribedService,
    Subscription,
    SubscriptionAction,
)
from subscriptions.operations.requests import ActionRequest, Change, PlannedAction
from subscriptions.operations.spells import recut_spells
from subscriptions.operations.standing import Standing
from subscriptions.operations.transitions import CLOSED_STATES, rolled_up


@dataclass(frozen=True, slots=True)
class Effects:
    """What an act wrote; `expenses` without those that wait for their service to open."""

    subscription: Subscription
    changes: tuple[Change, ...]
    expenses: tuple[AddedExpense, ...]


def write_effects(planned: PlannedAction, standing: Standing) -> Effects:
    """Write what a planned act does, all but its record; the account is locked."""
    subscription = planned.subscription or _new_subscription(planned)
    if planned.terms_changed:
        planned.terms.subscription = subscription
        planned.terms.save()
    changes = _write_services(planned, subscription)
    recut_spells(changes, account_id=planned.account.pk)
    expenses = _write_expenses(planned, subscription, changes)
    _roll_up(planned.request.kind, subscription, standing, changes)
    return Effects(subscription, changes, expenses)


def record_act(
    planned: PlannedAction,
    effects: Effects,
    *,
    now: datetime,
    scheduled: SubscriptionAction | None,
) -> SubscriptionAction:
    """Record a performed act, on its `scheduled` record if there is one."""
    services = [change.service for change in effects.changes if change.service is not None]
    if scheduled is not None:
        scheduled.state = ActionState.EXECUTED
        scheduled.executed_at = now
        scheduled.save(update_fields=["state", "executed_at"])
        scheduled.services.set(services)
        action = scheduled
    else:
        action = _new_action(planned.request, effects.subscription)
        action.classification = planned.request.classification or _classification(planned)
        action.state = ActionState.EXECUTED
        action.executed_at = now
        action.save(force_insert=True)
        # An amendment is about its package, which does not change itself.
        action.services.add(*services, *planned.request.services)
    _drop_scheduled(effects, action)
    return action


def record_scheduled(request: ActionRequest, standing: Standing) -> SubscriptionAction:
    """Note down an act for a later day."""
    subscription = standing.subscription
    if subscription is None or request.scheduled_for is None:
        raise ValueError("an act on a subscription, with a day, is scheduled")
    action = _new_action(request, subscription)
    action.state = ActionState.SCHEDULED
    action.performed_on = request.scheduled_for
    action.scheduled_for = request.scheduled_for
    action.save(force_insert=True)
    action.services.add(*request.services)
    return action


def _new_subscription(planned: PlannedAction) -> Subscription:
    request = planned.request
    pk, number = new_number(Subscription, "S")
    subscription = Subscription(
        pk=pk,
        number=number,
        account=planned.account,
        user=request.account_user,
        type=request.subscription_type,
        created_on=request.performed_on,
    )
    subscription.save(force_insert=True)
    return subscription


def _write_services(planned: PlannedAction, subscription: Subscription) -> tuple[Change, ...]:
    """Insert new services and update older ones; return the changes with their services."""
    written: list[Change] = []
    new: list[SubscribedService] = []
    older: list[SubscribedService] = []
    for change in planned.changes:
        if change.service is None:
            service = _new_service(change, subscription, written)
            new.append(service)
        else:
            service = change.service
            _apply(change, service, planned.request)
            older.append(service)
        written.append(replace(change, service=service))
    SubscribedService.objects.bulk_create(new)
    SubscribedService.objects.bulk_update(older, _SERVICE_FIELDS)
    return tuple(written)


def _write_expenses(
    planned: PlannedAction, subscription: Subscription, changes: tuple[Change, ...]
) -> tuple[AddedExpense, ...]:
    """Insert new expenses, give those that waited their day, and drop those of removed drafts;
    return what is charged now.
    """
    new: list[AddedExpense] = []
    opened: list[AddedExpense] = []
    for each in planned.expenses:
        day = each.incurred_on or planned.request.performed_on
        if each.waiting is not None:
            each.waiting.incurred_on = day
            opened.append(each.waiting)
            continue
        new.append(
            AddedExpense(
                subscription=subscription,
                service=None if each.parent is None else changes[each.parent].service,
                product=each.product,
                quantity=each.quantity,
                price_override=each.price_override,
                incurred_on=None if each.waits else day,
            )
        )
    AddedExpense.objects.bulk_create(new)
    if opened:
        AddedExpense.objects.bulk_update(opened, ["incurred_on"])
    removed = [change.service for change in changes if change.new_state == ServiceState.REMOVED]
    if removed:
        AddedExpense.objects.filter(service__in=removed, incurred_on=None).delete()
    return tuple(each for each in (*new, *opened) if each.incurred_on is not None)


_SERVICE_FIELDS = ["state", "reason", "reopens_on", "ends_on", "first_activated_on"]


def _new_service(
    change: Change, subscription: Subscription, written: list[Change]
) -> SubscribedService:
    pk, number = new_number(SubscribedService, "V")
    effective = change.new_state == ServiceState.EFFECTIVE
    service = SubscribedService(
        pk=pk,
        number=number,
        subscription=subscription,
        product=change.product,
        state=change.new_state,
        reason=change.reason,
        quantity=change.quantity,
        price_override=change.price_override,
        free=change.free,
        is_fee=change.fee_of is not None,
        first_activated_on=change.from_day if effective else None,
    )
    service.parent = change.under
    if change.parent is not None:
        service.parent = written[change.parent].service
    addition = change.addition
    if addition is not None:
        service.sales_bundle = addition.sales_bundle
        service.override_reason = addition.override_reason
        service.starts_on = addition.starts_on
        service.ends_on = addition.ends_on
        service.provisioning_values = dict(addition.provisioning_values)
    return service


def _apply(change: Change, service: SubscribedService, request: ActionRequest) -> None:
    """Bring an older service to what its change says; dates that are done with are cleared."""
    service.state = change.new_state
    service.reason = change.reason
    head = service.parent_id is None
    if request.kind == ActionKind.SET_END_DATE:
        service.ends_on = request.ends_on if head else None
        return
    service.reopens_on = request.reopens_on if head else None
    if change.new_state == ServiceState.EFFECTIVE and service.first_activated_on is None:
        service.first_activated_on = change.from_day
    if change.new_state in CLOSED_STATES:
        day = change.from_day
        service.ends_on = min(service.ends_on or day, day)


def _roll_up(
    kind: str, subscription: Subscription, standing: Standing, changes: tuple[Change, ...]
) -> None:
    """Bring the subscription to the state of its services; an expense alone changes nothing."""
    services = {service.pk: service for service in standing.services}
    for change in changes:
        if change.service is not None:
            services[change.service.pk] = change.service
    heads = [services[pk] for pk in sorted(services) if services[pk].parent_id is None]
    state = rolled_up(ServiceState(service.state) for service in heads)
    if not heads and kind == ActionKind.CANCEL:
        state = ServiceState.CANCELLED
    alike = (service.reason for service in heads if service.state == state)
    subscription.state = state
    subscription.reason = next(alike, "")
    if subscription.first_activated_on is None:
        subscription.first_activated_on = _first_day(changes)
    subscription.save(update_fields=["state", "reason", "first_activated_on"])


def _first_day(changes: tuple[Change, ...]) -> date | None:
    starts = [each.from_day for each in changes if each.new_state == ServiceState.EFFECTIVE]
    return min(starts, default=None)


def _new_action(request: ActionRequest, subscription: Subscription) -> SubscriptionAction:
    pk, number = new_number(SubscriptionAction, "N")
    return SubscriptionAction(
        pk=pk,
        number=number,
        subscription=subscription,
        kind=request.kind,
        classification=request.classification,
        performed_on=request.performed_on,
        performed_by=request.by,
        source=request.source,
        details=_details(request),
        comment=request.comment,
        provision=request.provision,
    )


def _classification(planned: PlannedAction) -> str:
    """Return CRM.COM's business classification where nobody gave a reason."""
    effective = any(each.new_state == ServiceState.EFFECTIVE for each in planned.changes)
    if planned.request.kind == ActionKind.BECOME_SUBSCRIBER:
        return "CREATE_ACTIVATE_SUBSCRIPTION" if effective else "CREATE_DRAFT_SUBSCRIPTION"
    if planned.request.kind == ActionKind.ADD_SERVICE:
        return "ADD_SERVICE" if effective or not planned.changes else "ADD_SERVICE_AS_DRAFT"
    return ""


def _details(request: ActionRequest) -> dict[str, Any]:
    """Return what was asked, as JSON: what is empty is left out."""
    details: dict[str, Any] = {
        "scheme": request.scheme.code if request.scheme else None,
        "plan": request.plan.code if request.plan else None,
        "frequency": request.frequency,
        "billing_day": request.billing_day,
        "state_reason": request.state_reason,
        "reopens_on": _day(request.reopens_on),
        "ends_on": _day(request.ends_on),
        "choices": {product.code: count for product, count in request.choices},
        "additions": [
            {
                "product": each.product.code if each.product else None,
                "sales_bundle": each.sales_bundle.code if each.sales_bundle else None,
                "quantity": str(each.quantity),
                "price_override": None if each.price_override is None else str(each.price_override),
                "override_reason": each.override_reason,
                "starts_on": _day(each.starts_on),
                "ends_on": _day(each.ends_on),
                "draft": each.draft,
                "choices": {product.code: count for product, count in each.choices},
            }
            for each in request.additions
        ],
        "expenses": [
            {
                "product": each.product.code,
                "quantity": str(each.quantity),
                "price_override": None if each.price_override is None else str(each.price_override),
            }
            for each in request.expenses
        ],
    }
    return {name: value for name, value in details.items() if value}


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _drop_scheduled(effects: Effects, action: SubscriptionAction) -> None:
    """Cancel what is scheduled for services that the act closed (CRM.COM: cancel service)."""
    if not any(change.new_state in CLOSED_STATES for change in effects.changes):
        return
    subscription = effects.subscription
    waiting = SubscriptionAction.objects.filter(
        subscription=subscription, state=ActionState.SCHEDULED
    ).prefetch_related("services")
    for each in waiting.order_by("pk"):
        services = each.services.all()
        over = subscription.state in CLOSED_STATES or (
            services and all(service.state in CLOSED_STATES for service in services)
        )
        if over:
            each.state = ActionState.CANCELLED
            each.outcome = f"{action.number} closed what it was for."
            each.save(update_fields=["state", "outcome"])
