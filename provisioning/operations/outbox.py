"""Writing the outbox: which requests an act on a subscription causes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from catalog.models import Composition, Product
from config.shared.operations.numbers import new_number
from provisioning.models import ProvisioningRequest, RequestKind, RequestState
from provisioning.queries.distributions import Distribution, distributions_of
from subscriptions.models import Account, ServiceState, Subscription, SubscriptionAction
from subscriptions.operations.requests import Change

ON_STATES = frozenset({ServiceState.EFFECTIVE, ServiceState.SHORT_TERM_EFFECTIVE})
DO_NOT_PROVISION = "Do not provision was set on the action."


@dataclass(frozen=True, slots=True)
class Wish:
    """A request to make: what to ask of one provider for some changes of services."""

    provider_id: int
    provider_name: str
    kind: RequestKind
    parts: tuple[tuple[Change, Distribution], ...]


def wishes(changes: Iterable[Change]) -> list[Wish]:
    """Return the requests that `changes` cause, by provider, in the order of the changes.

    A service that goes on or off asks each effective provider that carries its product. A fixed
    package that is carried itself asks once; its components are left out there. What was chosen
    for a flexible one is asked for by itself.
    """
    switched = [(change, on) for change in changes if (on := _switch(change)) is not None]
    products = {change.product.pk for change, _ in switched}
    products |= {change.bundle.pk for change, _ in switched if change.bundle is not None}
    carried = distributions_of(products)
    found: list[Wish] = []
    whole: dict[tuple[int, bool], list[tuple[Change, Distribution]]] = {}
    for change, on in switched:
        by_package = set()
        if change.bundle is not None and _is_fixed(change.bundle):
            by_package = {each.provider_id for each in carried.get(change.bundle.pk, [])}
        for distribution in carried.get(change.product.pk, []):
            if distribution.provider_id in by_package:
                continue
            if distribution.whole_subscription:
                key = (distribution.provider_id, on)
                whole.setdefault(key, []).append((change, distribution))
            else:
                found.append(_wish([(change, distribution)], on=on, whole_subscription=False))
    found.extend(_wish(parts, on=on, whole_subscription=True) for (_, on), parts in whole.items())
    return found


def write_requests(
    action: SubscriptionAction,
    *,
    account: Account,
    subscription: Subscription,
    changes: Iterable[Change],
    now: datetime,
) -> list[ProvisioningRequest]:
    """Write the requests an executed action causes, in its transaction.

    With "do not provision" on the action they are recorded as skipped and never sent.
    """
    requests = []
    for wish in wishes(changes):
        pk, number = new_number(ProvisioningRequest, "Q")
        requests.append(
            ProvisioningRequest(
                pk=pk,
                number=number,
                provider_id=wish.provider_id,
                subscription=subscription,
                action=action,
                kind=wish.kind,
                payload=_payload(number, wish, account, subscription),
                state=RequestState.PENDING if action.provision else RequestState.SKIPPED,
                skip_reason="" if action.provision else DO_NOT_PROVISION,
                next_attempt_at=now,
                created_at=now,
                answered_at=None if action.provision else now,
            )
        )
    return ProvisioningRequest.objects.bulk_create(requests)


def _is_fixed(bundle: Product) -> bool:
    return bundle.type.composition == Composition.FIXED_BUNDLE


def _switch(change: Change) -> bool | None:
    """Return whether the change switches its service on (True), off (False), or neither."""
    was_on, is_on = change.old_state in ON_STATES, change.new_state in ON_STATES
    return None if was_on == is_on else is_on


def _wish(parts: list[tuple[Change, Distribution]], *, on: bool, whole_subscription: bool) -> Wish:
    if whole_subscription:
        kind = RequestKind.ACTIVATE_SUBSCRIBER if on else RequestKind.DEACTIVATE_SUBSCRIBER
    else:
        kind = RequestKind.ACTIVATE_SERVICE if on else RequestKind.DEACTIVATE_SERVICE
    distribution = parts[0][1]
    return Wish(distribution.provider_id, distribution.provider_name, kind, tuple(parts))


def _payload(
    number: str, wish: Wish, account: Account, subscription: Subscription
) -> dict[str, Any]:
    return {
        "request": number,
        "type": wish.kind,
        "account": account.number,
        "subscription": subscription.number,
        "services": [
            {
                "number": change.service.number if change.service is not None else "",
                "product": distribution.external_id,
                "distributors": list(distribution.distributors),
                "values": change.service.provisioning_values if change.service is not None else {},
            }
            for change, distribution in wish.parts
        ],
    }
