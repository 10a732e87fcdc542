"""Planning another choice for a flexible bundle that is there (CRM.COM: Amend bundle services)."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from catalog.models import Composition, Product
from subscriptions.models import ActionKind, ServiceState, StateReason, SubscribedService
from subscriptions.operations.components import chosen_parts
from subscriptions.operations.refusals import (
    IncompleteRequest,
    NothingToChange,
    WrongDay,
    WrongTransition,
)
from subscriptions.operations.requests import ActionRequest, Change
from subscriptions.operations.standing import Standing, terms_on
from subscriptions.operations.transitions import CLOSED_STATES, bill_mode, next_state
from subscriptions.queries.acts import added_days
from subscriptions.queries.timeline import last_spell_starts


def open_components(
    services: Iterable[SubscribedService], bundle: SubscribedService
) -> list[SubscribedService]:
    """Return those of the services that are components of a bundle and not closed."""
    return [
        each
        for each in services
        if each.parent_id == bundle.pk and not each.is_fee and each.state not in CLOSED_STATES
    ]


def pieces_chosen(
    bundle: SubscribedService, components: Iterable[SubscribedService]
) -> dict[int, int]:
    """Return what is chosen now: how many of each product are in one of the bundle."""
    return {each.product_id: max(int(each.quantity / bundle.quantity), 1) for each in components}


def planned_amendment(request: ActionRequest, standing: Standing) -> tuple[Change, ...]:
    """Return what another choice does: what it leaves out goes, what it adds comes, in the state
    of its package; what stays is not touched.

    The choice is checked against the bundle as it is now; only what comes must be on sale.

    Raises WrongTransition, WrongDay, NothingToChange, IncompleteRequest, ChoiceRefused or
    ProductRefused.
    """
    head = _head(request, standing)
    there = {each.product_id: each for each in open_components(standing.services, head)}
    parts = chosen_parts(
        head.product, request.choices, on=request.performed_on, kept=frozenset(there)
    )
    wanted = {product.pk: (product, head.quantity * quantity) for product, quantity in parts}
    gone = [
        each for pk, each in there.items() if pk not in wanted or wanted[pk][1] != each.quantity
    ]
    staying = there.keys() - {each.product_id for each in gone}
    come = [part for pk, part in wanted.items() if pk not in staying]
    if not gone and not come:
        raise NothingToChange(f"{head} has just these services.")
    _check_day(request.performed_on, head, gone)
    return (
        *(_going(each, head, request.performed_on) for each in gone),
        *_coming(come, head, request, standing),
    )


def _head(request: ActionRequest, standing: Standing) -> SubscribedService:
    wanted = {service.pk for service in request.services}
    found = [service for service in standing.services if service.pk in wanted]
    if len(wanted) != 1 or not found:
        raise IncompleteRequest(f"Choose one bundle of subscription {standing.subscription}.")
    (head,) = found
    if head.product.type.composition != Composition.FLEXIBLE_BUNDLE:
        raise WrongTransition(f"{head} is no flexible bundle: nothing is chosen for it.")
    if next_state(ActionKind.AMEND_BUNDLE, ServiceState(head.state)) is None:
        state = head.get_state_display().lower()
        raise WrongTransition(f"{head} is {state}: it cannot be amended.")
    return head


def _check_day(on: date, head: SubscribedService, gone: Sequence[SubscribedService]) -> None:
    """Refuse a day before the package came to its state, or outside the days of what changes."""
    services = [head, *gone]
    added = added_days([each.pk for each in services])
    stands = last_spell_starts([each.pk for each in services])
    for service in services:
        first = max(
            filter(None, (added.get(service.pk), stands.get(service.pk))),
            default=on,
        )
        if head.state == ServiceState.DRAFT:
            first = added.get(service.pk, on)
        if on < first:
            raise WrongDay(
                f"{service} stands as it does since {first:%-d %b %Y}; choose that day or later."
            )
    if head.ends_on is not None and on >= head.ends_on:
        raise WrongDay(f"{head} ends on {head.ends_on:%-d %b %Y}; set another end date first.")


def _going(service: SubscribedService, head: SubscribedService, on: date) -> Change:
    old = ServiceState(service.state)
    return Change(
        product=service.product,
        quantity=service.quantity,
        old_state=old,
        new_state=next_state(ActionKind.AMEND_BUNDLE, old) or old,
        from_day=on,
        until_day=head.ends_on,
        service=service,
        price_override=service.price_override,
        free=service.free,
        bundle=head.product,
    )


def _coming(
    parts: Iterable[tuple[Product, Decimal]],
    head: SubscribedService,
    request: ActionRequest,
    standing: Standing,
) -> Iterable[Change]:
    """Yield new components, in the state of their package.

    Those of a package that is not effective have no days before it is activated again.
    """
    on, state = request.performed_on, ServiceState(head.state)
    effective = state == ServiceState.EFFECTIVE
    scheme = terms_on(standing.terms, on).scheme
    for product, quantity in parts:
        yield Change(
            product=product,
            quantity=quantity,
            old_state=None,
            new_state=state,
            from_day=on,
            until_day=head.ends_on,
            reason=StateReason.NONE if effective else head.reason,
            mode=bill_mode(state, "", scheme=scheme, free=head.free) if effective else None,
            free=head.free,
            bundle=head.product,
            under=head,
        )
