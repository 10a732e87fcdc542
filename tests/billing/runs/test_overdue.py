"""Deactivation of overdue accounts, and activation once they have paid."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from billing.models import EntryKind, RatingMark
from billing.operations.ledger import book
from billing.queries.outstanding import outstanding
from catalog.models import AccountClassification
from config.shared.models import Run, RunDefinition, RunScope, RunState
from config.shared.operations.runs import NoActiveDefinition
from subscriptions.models import (
    ActionKind,
    SchemeProduct,
    ServiceState,
    StateReason,
    SubscribedService,
    Subscription,
)
from subscriptions.operations.actions import ActionRequest, Addition, perform
from tests.billing.factories import bill_run, definition, pay, run
from tests.catalog.factories import ProductFactory
from tests.subscriptions.factories import AccountFactory, act, noon, offer, subscribe

pytestmark = pytest.mark.django_db

SOLD = date(2026, 1, 1)
DUE = date(2026, 1, 16)
LATER = date(2026, 1, 20)


@pytest.fixture(autouse=True)
def definitions() -> None:
    """The definitions an installation starts with: a payment looks for that of activation."""
    definition("activation")


def overdue_service(**account: Any) -> SubscribedService:
    """Return a service of 31.00 a month whose first bill is due on the 16th and not paid."""
    service = subscribe(ProductFactory(), on=SOLD, price="31.00", account=AccountFactory(**account))
    bill_run(SOLD)
    return service


def second_service(service: SubscribedService, **addition: Any) -> SubscribedService:
    """Put one more product on the service's subscription, and return it."""
    product = ProductFactory()
    subscription = service.subscription
    offer(product, subscription_type=subscription.type, price="5.00")
    perform(
        ActionRequest(
            kind=ActionKind.ADD_SERVICE,
            performed_on=SOLD,
            subscription=subscription,
            additions=(Addition(product, **addition),),
        ),
        now=noon(SOLD),
    )
    return subscription.services.get(product=product)


def state_of(service: SubscribedService) -> tuple[str, str]:
    """Return state and reason as stored."""
    return SubscribedService.objects.values_list("state", "reason").get(pk=service.pk)


@pytest.mark.case("crmcom:K1")
def test_an_overdue_subscription_is_switched_off_with_all_its_services() -> None:
    service = overdue_service()
    other = second_service(service)

    done = run("deactivation", LATER)

    assert done.counts == {"accounts": 1, "subscriptions": 1, "services": 2}
    off = (ServiceState.NOT_EFFECTIVE, StateReason.OVERDUE)
    assert state_of(service) == state_of(other) == off
    subscription = Subscription.objects.get()
    assert (subscription.state, subscription.reason) == off
    action = subscription.actions.get(kind=ActionKind.DEACTIVATE)
    assert (action.performed_on, action.source) == (LATER, f"deactivation {done.number}")


@pytest.mark.case("crmcom:K2")
def test_a_subscription_without_an_effective_service_is_not_picked() -> None:
    service = overdue_service()
    act(ActionKind.DEACTIVATE, service.subscription, on=date(2026, 1, 10))

    done = run("deactivation", LATER)

    assert done.counts == {}
    assert state_of(service) == (ServiceState.NOT_EFFECTIVE, StateReason.CUSTOMER)


@pytest.mark.case("crmcom:K3")
def test_an_account_of_another_classification_is_not_picked() -> None:
    kept = AccountClassification.objects.create(code="staff", name="Staff")
    taken = AccountClassification.objects.create(code="home", name="Home")
    service = overdue_service(classification=kept)

    done = run("deactivation", LATER, criteria={"classifications": [taken.pk]})

    assert done.counts == {}
    assert state_of(service)[0] == ServiceState.EFFECTIVE


@pytest.mark.case("crmcom:K4")
def test_a_product_excluded_from_deactivation_stays_on() -> None:
    service = overdue_service()
    excluded = second_service(service)
    SchemeProduct.objects.filter(product=excluded.product).update(exclude_from_deactivation=True)

    run("deactivation", LATER)

    assert state_of(service)[0] == ServiceState.NOT_EFFECTIVE
    assert state_of(excluded)[0] == ServiceState.EFFECTIVE
    assert Subscription.objects.get().state == ServiceState.EFFECTIVE


@pytest.mark.case("crmcom:K5")
def test_a_free_service_stays_on() -> None:
    service = overdue_service()
    free = second_service(service, free=True)

    run("deactivation", LATER)

    assert state_of(service)[0] == ServiceState.NOT_EFFECTIVE
    assert state_of(free)[0] == ServiceState.EFFECTIVE


@pytest.mark.parametrize(
    ("account", "day", "parameters", "picked"),
    [
        ({}, DUE, {}, False),
        ({}, date(2026, 1, 17), {}, True),
        ({}, LATER, {"days_overdue": 5}, False),
        ({}, LATER, {"days_overdue": 4}, True),
        ({}, LATER, {"min_amount": "31.01"}, False),
        ({}, LATER, {"min_amount": "31.00"}, True),
        ({"immune": True}, LATER, {}, False),
        ({"grace_until": date(2026, 1, 21)}, LATER, {}, False),
        ({"grace_until": LATER}, LATER, {}, True),
    ],
)
def test_what_makes_an_account_overdue(
    *, account: dict[str, Any], day: date, parameters: dict[str, Any], picked: bool
) -> None:
    service = overdue_service(**account)

    run("deactivation", day, parameters=parameters)

    assert (state_of(service)[0] == ServiceState.NOT_EFFECTIVE) is picked


def test_a_payment_that_settles_switches_on_what_was_off_as_overdue() -> None:
    service = overdue_service()
    account = service.subscription.account
    run("deactivation", LATER)

    pay(account, "30.99", on=date(2026, 1, 22))
    assert state_of(service)[0] == ServiceState.NOT_EFFECTIVE
    assert outstanding([account.pk], on=date(2026, 1, 22)) == {account.pk: Decimal("0.01")}
    pay(account, "0.01", on=date(2026, 1, 23))

    assert state_of(service) == (ServiceState.EFFECTIVE, "")
    activation = Run.objects.get(kind="activation")
    assert (activation.scope, activation.state) == (RunScope.INDIVIDUAL, RunState.COMPLETED)
    assert activation.counts == {"accounts": 1, "subscriptions": 1, "services": 1}


@pytest.mark.case("crmcom:K6")
def test_a_definition_that_is_not_active_makes_no_run() -> None:
    service = overdue_service()
    definition("deactivation")
    RunDefinition.objects.filter(kind="deactivation").update(state="INACTIVE")

    with pytest.raises(NoActiveDefinition, match="not active"):
        run("deactivation", LATER)

    assert state_of(service)[0] == ServiceState.EFFECTIVE


def test_a_payment_does_not_switch_on_what_the_customer_switched_off() -> None:
    service = overdue_service()
    act(ActionKind.DEACTIVATE, service.subscription, on=date(2026, 1, 10))

    pay(service.subscription.account, "31.00", on=LATER)

    assert state_of(service)[0] == ServiceState.NOT_EFFECTIVE
    assert not Run.objects.filter(kind="activation").exists()


@pytest.mark.case("crmcom:K7")
def test_the_activation_run_switches_on_the_rest() -> None:
    service = overdue_service(credit_limit=Decimal(100))
    run("deactivation", LATER)
    RunDefinition.objects.filter(kind="activation").update(state="INACTIVE")
    pay(service.subscription.account, "31.00", on=date(2026, 1, 22))
    assert state_of(service)[0] == ServiceState.NOT_EFFECTIVE
    RunDefinition.objects.filter(kind="activation").update(state="ACTIVE")

    done = run("activation", date(2026, 1, 23))

    assert done.counts == {"accounts": 1, "subscriptions": 1, "services": 1}
    assert state_of(service)[0] == ServiceState.EFFECTIVE


@pytest.mark.case("crmcom:K8")
def test_an_account_over_its_credit_limit_stays_off() -> None:
    service = overdue_service(credit_limit=Decimal(10))
    account = service.subscription.account
    run("deactivation", LATER)
    book(
        account,
        EntryKind.INVOICE,
        Decimal(40),
        number="I-OTHER",
        posted_on=LATER,
        due_on=date(2026, 2, 10),
    )

    pay(account, "31.00", on=date(2026, 1, 22))
    run("activation", date(2026, 1, 23))

    assert state_of(service)[0] == ServiceState.NOT_EFFECTIVE


def test_the_charge_of_the_month_of_a_deactivation_is_kept_and_the_next_not_made() -> None:
    service = overdue_service()
    run("deactivation", LATER)

    done = bill_run(date(2026, 2, 1))

    assert done.counts.get("bills", 0) == 0
    assert RatingMark.objects.get(service=service).rated_up_to == date(2026, 2, 1)


def test_a_month_billed_on_the_day_of_deactivation_is_kept() -> None:
    service = overdue_service()
    bill_run(date(2026, 2, 1))
    run("deactivation", date(2026, 2, 1))

    again = bill_run(date(2026, 2, 1))

    service.refresh_from_db()
    assert service.state == ServiceState.NOT_EFFECTIVE
    assert again.counts.get("bills", 0) == 0
    assert service.rated_items.filter(reversed_at=None).count() == 2
