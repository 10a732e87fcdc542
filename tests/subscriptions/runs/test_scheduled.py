"""The nightly run: what falls due by itself."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from config.shared.models import ParkedItem, Run, RunState
from config.shared.operations.chunks import run_here
from config.shared.operations.runs import create_run, ensure_definitions, get_active_definition
from subscriptions.models import (
    AccountStatus,
    ActionKind,
    ActionState,
    ServiceState,
    StateReason,
    SubscribedService,
)
from tests.catalog.factories import ProductFactory
from tests.subscriptions.factories import act, noon, subscribe

pytestmark = pytest.mark.django_db

Nightly = Callable[..., Run]


@pytest.fixture
def nightly() -> Nightly:
    """Do the nightly run of a day, in this process."""
    ensure_definitions()
    definition = get_active_definition("scheduled-actions")

    def do(on: date, **options: Any) -> Run:
        run = create_run(definition, as_of=on, by=None, now=noon(on), **options)
        return run_here(run, now=noon(on))

    return do


def state_of(service: SubscribedService) -> str:
    service.refresh_from_db()
    return service.state


def spells(service: SubscribedService) -> list[tuple[Any, ...]]:
    return [
        (spell.period.lower, spell.period.upper, spell.mode)
        for spell in service.spells.order_by("period")
    ]


@pytest.mark.case("billmax:R6")
def test_a_future_start_opens_on_its_day(nightly: Nightly) -> None:
    start = date(2026, 3, 10)
    service = subscribe(ProductFactory(), on=date(2026, 3, 1), addition={"starts_on": start})

    nightly(date(2026, 3, 9))
    before = state_of(service)
    run = nightly(start)

    assert before == ServiceState.DRAFT
    assert state_of(service) == ServiceState.EFFECTIVE
    assert spells(service) == [(start, None, "BILL")]
    assert (run.state, run.counts["started"]) == (RunState.COMPLETED, 1)
    assert service.actions.latest("pk").source == f"scheduled-actions {run.number}"


@pytest.mark.case("billmax:R7")
def test_a_suspended_service_re_opens_on_its_day(nightly: Nightly) -> None:
    service = subscribe(ProductFactory(), on=date(2026, 3, 1))
    reopens = date(2026, 4, 1)
    act(ActionKind.DEACTIVATE, service.subscription, on=date(2026, 3, 10), reopens_on=reopens)

    nightly(date(2026, 3, 31))
    before = state_of(service)
    run = nightly(reopens)

    assert before == ServiceState.NOT_EFFECTIVE
    assert state_of(service) == ServiceState.EFFECTIVE
    assert spells(service)[-1] == (reopens, None, "BILL")
    assert (service.reopens_on, run.counts["reopened"]) == (None, 1)


@pytest.mark.case("billmax:R8")
def test_an_end_date_suspends_and_closes_in_one_night(nightly: Nightly) -> None:
    end = date(2026, 5, 1)
    service = subscribe(ProductFactory(), on=date(2026, 3, 1), addition={"ends_on": end})

    nightly(date(2026, 4, 30))
    before = state_of(service)
    run = nightly(end)

    assert before == ServiceState.EFFECTIVE
    assert state_of(service) == ServiceState.CANCELLED
    assert spells(service) == [(date(2026, 3, 1), end, "BILL")]
    acts = list(service.actions.order_by("pk").values_list("kind", "performed_on"))
    assert acts[1:] == [("DEACTIVATE", end), ("CANCEL", end)]
    assert (service.reason, run.counts["ended"]) == (StateReason.END_DATE, 1)


def test_a_late_run_leaves_the_same_as_a_timely_one(nightly: Nightly) -> None:
    addition = {"starts_on": date(2026, 3, 10), "ends_on": date(2026, 3, 20)}
    service = subscribe(ProductFactory(), on=date(2026, 3, 1), addition=addition)

    nightly(date(2026, 4, 15))

    assert state_of(service) == ServiceState.CANCELLED
    assert spells(service) == [(date(2026, 3, 10), date(2026, 3, 20), "BILL")]


def test_running_again_does_nothing(nightly: Nightly) -> None:
    start = date(2026, 3, 10)
    service = subscribe(ProductFactory(), on=date(2026, 3, 1), addition={"starts_on": start})
    nightly(start)

    nightly(start)

    assert service.actions.count() == 2


def test_a_scheduled_act_is_executed_on_its_own_record(nightly: Nightly) -> None:
    service = subscribe(ProductFactory(), on=date(2026, 3, 1))
    waiting = act(
        ActionKind.DEACTIVATE,
        service.subscription,
        on=date(2026, 3, 5),
        scheduled_for=date(2026, 3, 10),
        state_reason=StateReason.OPERATOR,
    )

    run = nightly(date(2026, 3, 11))

    waiting.refresh_from_db()
    assert (waiting.state, waiting.executed_at) == (ActionState.EXECUTED, noon(date(2026, 3, 11)))
    assert state_of(service) == ServiceState.NOT_EFFECTIVE
    assert service.reason == StateReason.OPERATOR
    assert spells(service)[-1][0] == date(2026, 3, 10)
    assert (service.actions.count(), run.counts["executed"]) == (2, 1)


def test_a_scheduled_act_that_is_refused_is_rejected_with_the_reason(nightly: Nightly) -> None:
    service = subscribe(ProductFactory(), on=date(2026, 3, 1))
    waiting = act(
        ActionKind.ACTIVATE,
        service.subscription,
        on=date(2026, 3, 5),
        scheduled_for=date(2026, 3, 10),
        services=(service,),
    )

    run = nightly(date(2026, 3, 10))

    waiting.refresh_from_db()
    assert waiting.state == ActionState.REJECTED
    assert waiting.outcome == f"{service} is effective: it cannot be activated."
    assert (run.state, run.counts["rejected"]) == (RunState.COMPLETED, 1)


def test_a_closed_account_is_left_alone(nightly: Nightly) -> None:
    start = date(2026, 3, 10)
    service = subscribe(ProductFactory(), on=date(2026, 3, 1), addition={"starts_on": start})
    account = service.subscription.account
    account.status = AccountStatus.CLOSED
    account.save(update_fields=["status"])

    nightly(start)

    assert state_of(service) == ServiceState.DRAFT
    assert not ParkedItem.objects.exists()


def test_an_account_whose_act_is_refused_is_parked_and_others_go_on(
    nightly: Nightly, settings: Any
) -> None:
    start = date(2026, 3, 10)
    refused = subscribe(
        ProductFactory(name="Refused"), on=date(2026, 3, 1), addition={"starts_on": start}
    )
    opened = subscribe(ProductFactory(), on=date(2026, 3, 1), addition={"starts_on": start})
    settings.SUBSCRIPTION_ACTION_HANDLERS = ["tests.subscriptions.recorder.RefuseByName"]

    run = nightly(start)

    parked = ParkedItem.objects.get()
    assert (state_of(refused), state_of(opened)) == ("DRAFT", "EFFECTIVE")
    assert (parked.label, parked.reason) == (
        refused.subscription.account.number,
        "Refused is refused.",
    )
    assert run.state == RunState.COMPLETED_WITH_ERRORS


def test_a_run_of_named_accounts_leaves_others_alone(nightly: Nightly) -> None:
    start = date(2026, 3, 10)
    named, other = (
        subscribe(ProductFactory(), on=date(2026, 3, 1), addition={"starts_on": start})
        for _ in range(2)
    )

    nightly(start, criteria={"accounts": [named.subscription.account.number]})

    assert (state_of(named), state_of(other)) == ("EFFECTIVE", "DRAFT")
