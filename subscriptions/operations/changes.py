"""Planning what happens to services that are there: whole subscriptions or chosen services."""

from collections.abc import Iterable
from datetime import date

from subscriptions.models import ActionKind, ServiceState, StateReason, SubscribedService
from subscriptions.operations.refusals import IncompleteRequest, WrongDay, WrongTransition
from subscriptions.operations.requests import ActionRequest, Change
from subscriptions.operations.standing import Standing, terms_on
from subscriptions.operations.transitions import bill_mode, next_state
from subscriptions.queries.acts import added_days

_DONE = {
    ActionKind.ACTIVATE: "activated",
    ActionKind.DEACTIVATE: "deactivated",
    ActionKind.CANCEL: "cancelled",
    ActionKind.SET_END_DATE: "given an end date",
}


def planned_changes(request: ActionRequest, standing: Standing) -> tuple[Change, ...]:
    """Return what Activate, Deactivate, Cancel or Set end date does, by the table of transitions.

    Without chosen services, all that the act leads on from; components go with their package,
    as far as the table lets them.

    Raises WrongTransition, WrongDay or IncompleteRequest.
    """
    chosen = _chosen(request, standing)
    _check_days(request, chosen)
    heads = {service.pk: service for service in chosen}
    changes: list[Change] = []
    for service in standing.services:
        head = heads.get(service.parent_id or service.pk)
        if head is not None and next_state(request.kind, _state(service)) is not None:
            changes.append(_change(request, standing, service, head))
    return tuple(changes)


def _state(service: SubscribedService) -> ServiceState:
    return ServiceState(service.state)


def _chosen(request: ActionRequest, standing: Standing) -> list[SubscribedService]:
    """Return the services, without components, that the act is about."""
    kind = request.kind
    heads = [service for service in standing.services if service.parent_id is None]
    if not request.services:
        chosen = [service for service in heads if next_state(kind, _state(service)) is not None]
        if not chosen and (heads or kind != ActionKind.CANCEL):
            raise WrongTransition(
                f"Subscription {standing.subscription} has no service that can be {_DONE[kind]}."
            )
        return chosen
    wanted = {service.pk for service in request.services}
    by_pk = {service.pk: service for service in standing.services}
    if not wanted <= by_pk.keys():
        raise IncompleteRequest(f"Choose services of subscription {standing.subscription}.")
    for pk in sorted(wanted):
        service = by_pk[pk]
        if service.is_fee:
            raise WrongTransition(f"{service} is a fee of {service.parent}: choose that instead.")
        if service.parent_id is not None:
            raise WrongTransition(
                f"{service} is a part of {service.parent}: choose the package instead."
            )
        if next_state(kind, _state(service)) is None:
            state = service.get_state_display().lower()
            raise WrongTransition(f"{service} is {state}: it cannot be {_DONE[kind]}.")
    return [by_pk[pk] for pk in sorted(wanted)]


def _check_days(request: ActionRequest, chosen: Iterable[SubscribedService]) -> None:
    on = request.performed_on
    drafts = [service.pk for service in chosen if service.state == ServiceState.DRAFT]
    added = added_days(drafts) if drafts else {}
    for service in chosen:
        first = added.get(service.pk) or service.first_activated_on
        if first is not None and on < first:
            act = "added" if service.pk in added else "activated first"
            raise WrongDay(f"{service} was {act} on {first:%-d %b %Y}; choose that day or later.")
        if request.kind == ActionKind.ACTIVATE and service.ends_on and on >= service.ends_on:
            raise WrongDay(
                f"{service} ends on {service.ends_on:%-d %b %Y}; set another end date first."
            )
    if request.kind == ActionKind.DEACTIVATE and request.reopens_on is not None:
        _check_later(request.reopens_on, on, "opens again")
    if request.kind == ActionKind.SET_END_DATE and request.ends_on is not None:
        for service in chosen:
            first = max(on, service.starts_on or on)
            _check_later(request.ends_on, first, "ends")


def _check_later(day: date, on: date, what: str) -> None:
    if day <= on:
        raise WrongDay(f"The day on which it {what} is after {on:%-d %b %Y}.")


def _change(
    request: ActionRequest,
    standing: Standing,
    service: SubscribedService,
    head: SubscribedService,
) -> Change:
    """Return the change of one service; its package, if it has one, is `head`."""
    kind, on = request.kind, request.performed_on
    old = _state(service)
    new = next_state(kind, old) or old
    reason = _reason(request, service)
    scheme = terms_on(standing.terms, on).scheme
    from_day, until_day = on, head.ends_on
    if kind == ActionKind.SET_END_DATE:
        until_day = request.ends_on
        ends = [day for day in (head.ends_on, request.ends_on) if day is not None]
        from_day = max(on, min(ends, default=on))
    return Change(
        product=service.product,
        quantity=service.quantity,
        old_state=old,
        new_state=new,
        from_day=from_day,
        until_day=until_day,
        service=service,
        reason=reason,
        mode=bill_mode(new, reason, scheme=scheme, free=service.free),
        price_override=service.price_override,
        free=service.free,
        bundle=None if service.parent_id is None or service.is_fee else head.product,
        fee_of=head.product if service.is_fee else None,
    )


def _reason(request: ActionRequest, service: SubscribedService) -> str:
    if request.kind == ActionKind.SET_END_DATE:
        return service.reason
    if request.kind == ActionKind.DEACTIVATE:
        return request.state_reason or StateReason.CUSTOMER
    if request.kind == ActionKind.CANCEL:
        return request.state_reason
    return StateReason.NONE
