"""Deactivate, activate, cancel, end dates: states, and the spells that billing reads."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from subscriptions.models import (
    ActionKind,
    ActionState,
    ServiceState,
    StateReason,
    SubscribedService,
)
from subscriptions.operations.actions import Addition
from subscriptions.operations.refusals import IncompleteRequest, WrongDay
from subscriptions.operations.scheduling import NotScheduled, cancel_scheduled
from tests.catalog.factories import ProductFactory
from tests.subscriptions.factories import SchemeFactory, act, noon, offer, subscribe

pytestmark = pytest.mark.django_db

JAN_1 = date(2026, 1, 1)
JAN_10 = date(2026, 1, 10)
JAN_20 = date(2026, 1, 20)
FEB_1 = date(2026, 2, 1)
FEB_10 = date(2026, 2, 10)


def spells(service: SubscribedService) -> list[tuple[Any, ...]]:
    return [
        (spell.period.lower, spell.period.upper, spell.mode)
        for spell in service.spells.order_by("period")
    ]


def test_deactivating_keeps_the_charge_and_activating_bills_again() -> None:
    service = subscribe(ProductFactory(), on=JAN_1)

    act(ActionKind.DEACTIVATE, service.subscription, on=JAN_10)
    act(ActionKind.ACTIVATE, service.subscription, on=JAN_20)

    assert spells(service) == [
        (JAN_1, JAN_10, "BILL"),
        (JAN_10, JAN_20, "KEEP"),
        (JAN_20, None, "BILL"),
    ]


@pytest.mark.parametrize(
    ("flags", "reason", "expected"),
    [
        pytest.param({"credit_on_deactivation": True}, StateReason.CUSTOMER, "NONE", id="credited"),
        pytest.param({}, StateReason.OVERDUE, "KEEP", id="overdue"),
    ],
)
def test_the_scheme_says_what_deactivated_days_cost(
    flags: dict[str, bool], reason: str, expected: str
) -> None:
    service = subscribe(ProductFactory(), on=JAN_1, scheme=SchemeFactory(**flags))

    act(ActionKind.DEACTIVATE, service.subscription, on=JAN_10, state_reason=reason)

    service.refresh_from_db()
    assert (service.state, service.reason) == (ServiceState.NOT_EFFECTIVE, reason)
    assert (service.subscription.state, service.subscription.reason) == ("NOT_EFFECTIVE", reason)
    assert spells(service) == [(JAN_1, JAN_10, "BILL"), (JAN_10, None, expected)]


def test_overdue_days_are_billed_on_where_the_scheme_says_so() -> None:
    scheme = SchemeFactory(bill_suspended=True)
    service = subscribe(ProductFactory(), on=JAN_1, scheme=scheme)

    act(ActionKind.DEACTIVATE, service.subscription, on=JAN_10, state_reason=StateReason.OVERDUE)

    states = list(service.spells.order_by("period").values_list("state", "mode"))
    assert states == [("EFFECTIVE", "BILL"), ("NOT_EFFECTIVE", "BILL")]


def test_chosen_services_are_deactivated_and_the_subscription_stays_effective() -> None:
    kept = subscribe(ProductFactory(), on=JAN_1)
    product = ProductFactory()
    offer(product, subscription_type=kept.subscription.type)
    added = act(
        ActionKind.ADD_SERVICE, kept.subscription, on=JAN_1, additions=(Addition(product),)
    ).services.get()

    act(ActionKind.DEACTIVATE, kept.subscription, on=JAN_10, services=(added,))

    kept.refresh_from_db()
    added.refresh_from_db()
    kept.subscription.refresh_from_db()
    assert (kept.state, added.state) == ("EFFECTIVE", "NOT_EFFECTIVE")
    assert kept.subscription.state == "EFFECTIVE"


def test_services_of_another_subscription_are_refused() -> None:
    service = subscribe(ProductFactory(), on=JAN_1)
    other = subscribe(ProductFactory(), on=JAN_1)

    with pytest.raises(IncompleteRequest, match="Choose services of subscription"):
        act(ActionKind.CANCEL, service.subscription, on=JAN_10, services=(other,))


def test_cancelling_ends_the_days_to_bill_for_good() -> None:
    service = subscribe(ProductFactory(), on=JAN_1)

    act(ActionKind.CANCEL, service.subscription, on=JAN_20)

    service.refresh_from_db()
    assert (service.state, service.ends_on) == (ServiceState.CANCELLED, JAN_20)
    assert service.subscription.state == ServiceState.CANCELLED
    assert spells(service) == [(JAN_1, JAN_20, "BILL")]


def test_cancelling_from_the_first_day_leaves_nothing_to_bill() -> None:
    service = subscribe(ProductFactory(), on=JAN_1)

    act(ActionKind.CANCEL, service.subscription, on=JAN_1)

    assert spells(service) == []


def test_a_back_dated_cancellation_cuts_all_that_came_after() -> None:
    service = subscribe(ProductFactory(), on=JAN_1)
    act(ActionKind.DEACTIVATE, service.subscription, on=JAN_20)
    act(ActionKind.ACTIVATE, service.subscription, on=FEB_1)

    act(ActionKind.CANCEL, service.subscription, on=JAN_10)

    assert spells(service) == [(JAN_1, JAN_10, "BILL")]


def test_a_back_dated_activation_undoes_the_days_off() -> None:
    service = subscribe(ProductFactory(), on=JAN_1)
    act(ActionKind.DEACTIVATE, service.subscription, on=JAN_10)

    act(ActionKind.ACTIVATE, service.subscription, on=JAN_10)

    assert spells(service) == [(JAN_1, None, "BILL")]


def test_a_draft_is_not_activated_before_it_was_added() -> None:
    service = subscribe(ProductFactory(), on=JAN_10, addition={"draft": True})

    with pytest.raises(WrongDay, match="was added on 10 Jan 2026"):
        act(ActionKind.ACTIVATE, service.subscription, on=JAN_1)


def test_nothing_is_done_to_a_service_before_its_first_day() -> None:
    service = subscribe(ProductFactory(), on=JAN_10)

    with pytest.raises(WrongDay, match="was activated first on 10 Jan 2026"):
        act(ActionKind.CANCEL, service.subscription, on=JAN_1)


def test_a_draft_bills_from_its_activation() -> None:
    service = subscribe(ProductFactory(), on=JAN_1, addition={"draft": True})

    act(ActionKind.ACTIVATE, service.subscription, on=JAN_20)

    service.refresh_from_db()
    assert (service.first_activated_on, service.reason) == (JAN_20, "")
    assert service.subscription.first_activated_on == JAN_20
    assert spells(service) == [(JAN_20, None, "BILL")]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(None, FEB_1, [(JAN_1, FEB_1, "BILL")], id="set"),
        pytest.param(FEB_10, FEB_1, [(JAN_1, FEB_1, "BILL")], id="earlier"),
        pytest.param(FEB_1, FEB_10, [(JAN_1, FEB_10, "BILL")], id="later"),
        pytest.param(FEB_1, None, [(JAN_1, None, "BILL")], id="taken away"),
    ],
)
def test_an_end_date_moves_the_end_of_the_days_to_bill(
    before: date | None, after: date | None, expected: list[tuple[Any, ...]]
) -> None:
    service = subscribe(ProductFactory(), on=JAN_1, addition={"ends_on": before})

    act(ActionKind.SET_END_DATE, service.subscription, on=JAN_10, ends_on=after)

    service.refresh_from_db()
    assert (service.state, service.ends_on) == ("EFFECTIVE", after)
    assert spells(service) == expected


def test_an_end_date_is_after_the_day_it_is_set() -> None:
    service = subscribe(ProductFactory(), on=JAN_1)

    with pytest.raises(WrongDay, match="ends is after 10 Jan 2026"):
        act(ActionKind.SET_END_DATE, service.subscription, on=JAN_10, ends_on=JAN_10)


def test_a_day_of_re_opening_is_after_the_deactivation() -> None:
    service = subscribe(ProductFactory(), on=JAN_1)

    with pytest.raises(WrongDay, match="opens again is after 10 Jan 2026"):
        act(ActionKind.DEACTIVATE, service.subscription, on=JAN_10, reopens_on=JAN_10)


def test_activating_by_hand_forgets_the_day_of_re_opening() -> None:
    service = subscribe(ProductFactory(), on=JAN_1)
    act(ActionKind.DEACTIVATE, service.subscription, on=JAN_10, reopens_on=FEB_1)

    act(ActionKind.ACTIVATE, service.subscription, on=JAN_20)

    service.refresh_from_db()
    assert service.reopens_on is None


def test_a_service_is_not_activated_after_its_end() -> None:
    service = subscribe(ProductFactory(), on=JAN_1, addition={"ends_on": FEB_1})
    act(ActionKind.DEACTIVATE, service.subscription, on=JAN_10)

    with pytest.raises(WrongDay, match="set another end date first"):
        act(ActionKind.ACTIVATE, service.subscription, on=FEB_1)


def test_quantity_and_price_stay_on_later_spells() -> None:
    addition = {
        "quantity": Decimal(2),
        "price_override": Decimal("9.90"),
        "override_reason": "Loyal customer",
    }
    service = subscribe(ProductFactory(), on=JAN_1, addition=addition)

    act(ActionKind.DEACTIVATE, service.subscription, on=JAN_10)

    kept = service.spells.get(mode="KEEP")
    assert (kept.quantity, kept.price_override) == (2, Decimal("9.90"))
    assert kept.account == service.subscription.account


def test_a_scheduled_act_is_noted_down_and_changes_nothing_yet() -> None:
    service = subscribe(ProductFactory(), on=JAN_1)

    action = act(ActionKind.CANCEL, service.subscription, on=JAN_10, scheduled_for=FEB_1)

    service.refresh_from_db()
    assert (action.state, action.performed_on) == (ActionState.SCHEDULED, FEB_1)
    assert service.state == ServiceState.EFFECTIVE


@pytest.mark.parametrize(
    ("kind", "day", "message"),
    [
        (ActionKind.CANCEL, JAN_10, "a day after 10 Jan 2026"),
        (ActionKind.SET_END_DATE, FEB_1, "cannot be scheduled"),
    ],
)
def test_what_cannot_be_scheduled(kind: ActionKind, day: date, message: str) -> None:
    service = subscribe(ProductFactory(), on=JAN_1)

    with pytest.raises((WrongDay, IncompleteRequest), match=message):
        act(kind, service.subscription, on=JAN_10, scheduled_for=day)


def test_cancelling_takes_back_what_is_scheduled_for_it() -> None:
    service = subscribe(ProductFactory(), on=JAN_1)
    waiting = act(ActionKind.DEACTIVATE, service.subscription, on=JAN_10, scheduled_for=FEB_10)

    done = act(ActionKind.CANCEL, service.subscription, on=JAN_20)

    waiting.refresh_from_db()
    assert waiting.state == ActionState.CANCELLED
    assert waiting.outcome == f"{done.number} closed what it was for."


def test_a_scheduled_act_is_taken_back_once() -> None:
    service = subscribe(ProductFactory(), on=JAN_1)
    waiting = act(ActionKind.CANCEL, service.subscription, on=JAN_10, scheduled_for=FEB_1)

    taken_back = cancel_scheduled(waiting, by=None, now=noon(JAN_20))

    assert taken_back.state == ActionState.CANCELLED
    with pytest.raises(NotScheduled, match="is cancelled"):
        cancel_scheduled(waiting, by=None, now=noon(JAN_20))
