"""The table of transitions, walked through."""

from datetime import date

import pytest

from subscriptions.models import (
    ActionKind,
    BillingTermScheme,
    BillMode,
    ServiceState,
    StateReason,
    SubscribedService,
)
from subscriptions.operations.actions import ActionRefused, Addition
from subscriptions.operations.refusals import WrongTransition
from subscriptions.operations.transitions import TRANSITIONS, bill_mode, rolled_up
from tests.catalog.factories import ProductFactory
from tests.subscriptions.factories import act, offer, subscribe

JAN_15 = date(2026, 1, 15)
FEB_10 = date(2026, 2, 10)
ON_SERVICES = [
    ActionKind.ACTIVATE,
    ActionKind.DEACTIVATE,
    ActionKind.CANCEL,
    ActionKind.SET_END_DATE,
]
REACHED = [
    ServiceState.DRAFT,
    ServiceState.EFFECTIVE,
    ServiceState.NOT_EFFECTIVE,
    ServiceState.CANCELLED,
    ServiceState.REMOVED,
]


TO_STATE = {
    ServiceState.NOT_EFFECTIVE: ActionKind.DEACTIVATE,
    ServiceState.CANCELLED: ActionKind.CANCEL,
    ServiceState.REMOVED: ActionKind.CANCEL,
}


def service_in(state: ServiceState) -> SubscribedService:
    """Return a service in the state, beside an effective one on the same subscription."""
    subscription = subscribe(ProductFactory(), on=JAN_15).subscription
    product = ProductFactory()
    offer(product, subscription_type=subscription.type)
    addition = Addition(product, draft=state in (ServiceState.DRAFT, ServiceState.REMOVED))
    action = act(ActionKind.ADD_SERVICE, subscription, on=JAN_15, additions=(addition,))
    service = action.services.get()
    if state in TO_STATE:
        act(TO_STATE[state], subscription, on=JAN_15, services=(service,))
        service.refresh_from_db()
    assert service.state == state
    return service


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ON_SERVICES)
@pytest.mark.parametrize("state", REACHED)
def test_every_act_leads_where_the_table_says_and_is_refused_elsewhere(
    kind: ActionKind, state: ServiceState
) -> None:
    service = service_in(state)
    expected = TRANSITIONS[kind].get(state)

    if expected is None:
        with pytest.raises(WrongTransition, match=service.number):
            act(kind, service.subscription, on=FEB_10, services=(service,))
        service.refresh_from_db()
        assert service.state == state
    else:
        act(kind, service.subscription, on=FEB_10, services=(service,))
        service.refresh_from_db()
        assert (service.state,) == expected


@pytest.mark.django_db
@pytest.mark.parametrize("draft", [False, True])
def test_adding_makes_an_effective_service_or_a_draft(*, draft: bool) -> None:
    service = subscribe(ProductFactory(), on=JAN_15, addition={"draft": draft})

    state = ServiceState.DRAFT if draft else ServiceState.EFFECTIVE
    assert service.state == state
    assert service.subscription.state == state
    assert state in TRANSITIONS[ActionKind.BECOME_SUBSCRIBER][None]


@pytest.mark.django_db
def test_no_service_that_can_be_deactivated_is_said_so() -> None:
    service = subscribe(ProductFactory(), on=JAN_15, addition={"draft": True})

    with pytest.raises(ActionRefused, match="no service that can be deactivated"):
        act(ActionKind.DEACTIVATE, service.subscription, on=FEB_10)


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        pytest.param([], "DRAFT", id="nothing yet"),
        pytest.param(["DRAFT", "EFFECTIVE", "CANCELLED"], "EFFECTIVE", id="one effective"),
        pytest.param(["DRAFT", "NOT_EFFECTIVE"], "NOT_EFFECTIVE", id="none effective"),
        pytest.param(["CANCELLED", "DRAFT"], "DRAFT", id="waiting for another"),
        pytest.param(["CANCELLED", "REMOVED"], "CANCELLED", id="all closed"),
        pytest.param(["REMOVED"], "CANCELLED", id="only drafts, removed"),
    ],
)
def test_a_subscription_stands_where_its_services_stand(states: list[str], expected: str) -> None:
    assert rolled_up(map(ServiceState, states)) == expected


@pytest.mark.parametrize(
    ("state", "reason", "flags", "free", "expected"),
    [
        ("EFFECTIVE", "", {}, False, BillMode.BILL),
        ("EFFECTIVE", "", {}, True, BillMode.NONE),
        ("NOT_EFFECTIVE", StateReason.CUSTOMER, {}, False, BillMode.KEEP),
        ("NOT_EFFECTIVE", StateReason.OVERDUE, {}, False, BillMode.KEEP),
        (
            "NOT_EFFECTIVE",
            StateReason.OVERDUE,
            {"bill_suspended": True, "credit_on_deactivation": True},
            False,
            BillMode.BILL,
        ),
        ("NOT_EFFECTIVE", StateReason.CUSTOMER, {"bill_suspended": True}, False, BillMode.KEEP),
        (
            "NOT_EFFECTIVE",
            StateReason.CUSTOMER,
            {"credit_on_deactivation": True},
            False,
            BillMode.NONE,
        ),
        ("DRAFT", "", {}, False, None),
        ("CANCELLED", "", {}, False, None),
    ],
)
def test_what_the_days_of_a_state_cost(
    *,
    state: str,
    reason: str,
    flags: dict[str, bool],
    free: bool,
    expected: BillMode | None,
) -> None:
    scheme = BillingTermScheme(**flags)

    assert bill_mode(ServiceState(state), reason, scheme=scheme, free=free) == expected
