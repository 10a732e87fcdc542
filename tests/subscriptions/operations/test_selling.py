"""Become subscriber, add service, add expense: what they make."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from catalog.operations.bundles import ComponentRow, set_components
from subscriptions.models import (
    ActionKind,
    ActionState,
    AddedExpense,
    BillingMethod,
    ServiceState,
    StateReason,
    SubscribedService,
    Subscription,
)
from subscriptions.operations.actions import (
    Addition,
    ExpenseAddition,
    perform,
    preview,
)
from subscriptions.operations.refusals import (
    ProductRefused,
)
from tests.catalog.factories import (
    ProductFactory,
    SalesBundleFactory,
    SalesBundleItemFactory,
)
from tests.subscriptions.factories import (
    AccountFactory,
    SchemeFactory,
    act,
    noon,
    offer,
    subscribe,
)
from tests.subscriptions.recorder import SEEN
from tests.subscriptions.requests import request_to_become

pytestmark = pytest.mark.django_db

JAN_15 = date(2026, 1, 15)
FEB_1 = date(2026, 2, 1)


def spells(service: SubscribedService) -> list[tuple[Any, ...]]:
    return [
        (spell.period.lower, spell.period.upper, spell.mode)
        for spell in service.spells.order_by("period")
    ]


def test_becoming_a_subscriber_makes_subscription_terms_service_spell_and_record() -> None:
    account = AccountFactory(billing_day=5)
    product = ProductFactory()

    service = subscribe(product, on=JAN_15, account=account)

    subscription = service.subscription
    terms = subscription.terms.get()
    action = subscription.actions.get()
    assert subscription.number == f"S-{subscription.pk:06d}"
    assert (subscription.state, subscription.first_activated_on) == ("EFFECTIVE", JAN_15)
    assert (terms.period.lower, terms.period.upper) == (JAN_15, None)
    assert (terms.plan, terms.frequency) == (terms.scheme.default_plan, "MONTHLY")
    assert (terms.billing_day, terms.agreed_on) == (5, JAN_15)
    assert spells(service) == [(JAN_15, None, "BILL")]
    assert (action.kind, action.state) == ("BECOME_SUBSCRIBER", ActionState.EXECUTED)
    assert action.classification == "CREATE_ACTIVATE_SUBSCRIPTION"
    assert list(action.services.all()) == [service]


def test_the_first_use_of_a_price_plan_marks_it_used() -> None:
    scheme = SchemeFactory()

    subscribe(ProductFactory(), on=JAN_15, scheme=scheme)

    scheme.default_plan.refresh_from_db()
    assert scheme.default_plan.used_at == noon(JAN_15)


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        pytest.param(BillingMethod.PERIOD, 5, id="fixed day of the account"),
        pytest.param(BillingMethod.ANNIVERSARY, 12, id="day of the first effective start"),
    ],
)
def test_the_scheme_says_where_the_billing_day_comes_from(method: str, expected: int) -> None:
    account = AccountFactory(billing_day=5)
    scheme = SchemeFactory(method=method)

    service = subscribe(
        ProductFactory(),
        on=JAN_15,
        account=account,
        scheme=scheme,
        addition={"starts_on": date(2026, 1, 12)},
    )

    assert service.subscription.terms.get().billing_day == expected


def test_an_anniversary_waits_for_the_first_activation() -> None:
    scheme = SchemeFactory(method=BillingMethod.ANNIVERSARY)
    service = subscribe(ProductFactory(), on=JAN_15, scheme=scheme, addition={"draft": True})

    act(ActionKind.ACTIVATE, service.subscription, on=date(2026, 1, 20))

    assert service.subscription.terms.get().billing_day == 20


def test_an_anniversary_that_was_asked_for_stays() -> None:
    scheme = SchemeFactory(method=BillingMethod.ANNIVERSARY)
    service = subscribe(
        ProductFactory(), on=JAN_15, scheme=scheme, billing_day=28, addition={"draft": True}
    )

    act(ActionKind.ACTIVATE, service.subscription, on=date(2026, 1, 20))

    assert service.subscription.terms.get().billing_day == 28


def test_a_back_dated_start_is_billed_from_that_day_and_terms_reach_back_to_it() -> None:
    first = subscribe(ProductFactory(), on=JAN_15)
    product = ProductFactory()
    offer(product, subscription_type=first.subscription.type)

    action = act(
        ActionKind.ADD_SERVICE,
        first.subscription,
        on=JAN_15,
        additions=(Addition(product, starts_on=date(2026, 1, 10)),),
    )

    service = action.services.get()
    assert spells(service) == [(date(2026, 1, 10), None, "BILL")]
    assert first.subscription.terms.get().period.lower == date(2026, 1, 10)


def test_a_future_start_makes_a_draft_that_says_so() -> None:
    service = subscribe(ProductFactory(), on=JAN_15, addition={"starts_on": FEB_1})

    assert (service.state, service.reason) == (ServiceState.DRAFT, StateReason.FUTURE_START)
    assert spells(service) == []
    assert service.subscription.actions.get().classification == "CREATE_DRAFT_SUBSCRIPTION"


def test_a_known_end_date_ends_the_days_to_bill() -> None:
    service = subscribe(ProductFactory(), on=JAN_15, addition={"ends_on": FEB_1})

    assert spells(service) == [(JAN_15, FEB_1, "BILL")]


def test_a_free_service_is_not_billed_and_needs_no_rate() -> None:
    service = subscribe(ProductFactory(), on=JAN_15, price=None, addition={"free": True})

    assert spells(service) == [(JAN_15, None, "NONE")]


def fixed_bundle(*members):
    bundle = ProductFactory(fixed_bundle=True)
    rows = [ComponentRow(product=product, quantity=quantity) for product, quantity in members]
    set_components(bundle, rows)
    return bundle


def test_a_fixed_bundle_brings_its_components_as_parts() -> None:
    sports, movies = ProductFactory(name="Sports"), ProductFactory(name="Movies")
    bundle = fixed_bundle((sports, Decimal(1)), (movies, Decimal(2)))

    service = subscribe(bundle, on=JAN_15, addition={"quantity": Decimal(3)})

    parts = list(service.components.order_by("pk"))
    assert [(part.product, part.quantity) for part in parts] == [(sports, 3), (movies, 6)]
    assert [spells(part) for part in parts] == [[(JAN_15, None, "BILL")]] * 2
    assert service.subscription.actions.get().services.count() == 3


def test_parts_follow_their_package_and_are_not_acted_on_alone() -> None:
    bundle = fixed_bundle((ProductFactory(), Decimal(1)))
    service = subscribe(bundle, on=JAN_15)
    part = service.components.get()

    with pytest.raises(Exception, match="choose the package"):
        act(ActionKind.DEACTIVATE, service.subscription, on=FEB_1, services=(part,))
    act(ActionKind.DEACTIVATE, service.subscription, on=FEB_1, services=(service,))

    part.refresh_from_db()
    assert part.state == ServiceState.NOT_EFFECTIVE
    assert spells(part) == [(JAN_15, FEB_1, "BILL"), (FEB_1, None, "KEEP")]


def test_a_sales_bundle_expands_to_its_members_in_one_act() -> None:
    channel, fee = ProductFactory(), ProductFactory(expense=True)
    preset = SalesBundleFactory()
    SalesBundleItemFactory(bundle=preset, product=channel, quantity=2)
    SalesBundleItemFactory(bundle=preset, product=fee)
    first = subscribe(ProductFactory(), on=JAN_15)
    for product in (channel, fee):
        offer(product, subscription_type=first.subscription.type)

    action = act(
        ActionKind.ADD_SERVICE,
        first.subscription,
        on=FEB_1,
        additions=(Addition(sales_bundle=preset),),
    )

    service = action.services.get()
    assert (service.product, service.quantity, service.sales_bundle) == (channel, 2, preset)
    assert first.subscription.expenses.get().product == fee


def test_a_sales_bundle_is_added_all_or_nothing() -> None:
    channel, unknown = ProductFactory(), ProductFactory(name="Elsewhere")
    preset = SalesBundleFactory()
    SalesBundleItemFactory(bundle=preset, product=channel)
    SalesBundleItemFactory(bundle=preset, product=unknown)
    first = subscribe(ProductFactory(), on=JAN_15)
    offer(channel, subscription_type=first.subscription.type)

    with pytest.raises(ProductRefused, match="Elsewhere cannot be on a"):
        act(
            ActionKind.ADD_SERVICE,
            first.subscription,
            on=FEB_1,
            additions=(Addition(sales_bundle=preset),),
        )

    assert first.subscription.services.count() == 1
    assert first.subscription.actions.count() == 1


def test_an_expense_is_put_on_the_subscription_once() -> None:
    service = subscribe(ProductFactory(), on=JAN_15)
    fee = ProductFactory(expense=True)
    offer(fee, subscription_type=service.subscription.type)

    act(
        ActionKind.ADD_EXPENSE,
        service.subscription,
        on=FEB_1,
        expenses=(ExpenseAddition(fee, Decimal(2)),),
    )

    expense = AddedExpense.objects.get()
    assert (expense.product, expense.quantity, expense.incurred_on) == (fee, 2, FEB_1)
    assert expense.subscription.state == ServiceState.EFFECTIVE


def test_a_price_of_its_own_with_a_reason_is_on_the_service_and_its_spell() -> None:
    addition = {"price_override": Decimal("12.50"), "override_reason": "Loyal customer"}

    service = subscribe(ProductFactory(), on=JAN_15, addition=addition)

    assert (service.price_override, service.override_reason) == (Decimal("12.50"), "Loyal customer")
    assert service.spells.get().price_override == Decimal("12.50")


def test_the_preview_says_what_happens_in_words_and_writes_nothing() -> None:
    product = ProductFactory(name="Sports")
    request = request_to_become(product, addition={"quantity": Decimal(2)})

    shown = preview(request)

    assert [line.text for line in shown.lines][:1] == ["Add 2 × Sports from 15 Jan 2026."]
    assert not Subscription.objects.exists()


@pytest.fixture
def recording_handler(settings) -> Callable[[], list[str]]:
    settings.SUBSCRIPTION_ACTION_HANDLERS = ["tests.subscriptions.recorder.Recorder"]
    SEEN.clear()
    return lambda: list(SEEN)


def test_handlers_are_asked_shown_and_told(recording_handler: Callable[[], list[str]]) -> None:
    request = request_to_become(ProductFactory(name="Sports"))

    lines = preview(request).lines
    perform(request, now=noon(JAN_15))

    assert [line.text for line in lines] == ["Add Sports from 15 Jan 2026.", "Recorded: Sports."]
    assert recording_handler() == ["check", "preview", "check", "apply V"]
