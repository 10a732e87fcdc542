"""Bills under a conditional plan: its rates where its conditions hold, else the base plan's."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing.models import InvoiceLine, RatedBillingItem
from billing.queries.histories import kernel_histories
from config.shared.db import days
from pricing.models import PlanKind, PricePlan
from pricing.operations.plans import add_condition, create_plan, make_effective
from subscriptions.models import Account, ActionKind, PastAccountClasses
from subscriptions.operations.accounts import update_account
from subscriptions.operations.actions import Addition
from subscriptions.operations.refusals import PlanRefused
from subscriptions.operations.requests import ExpenseAddition
from subscriptions.queries.timeline import histories
from tests.billing.factories import bill_run
from tests.catalog.factories import AccountClassFactory, ProductFactory
from tests.pricing.factories import CurrencyFactory, PricePlanFactory, RateFactory
from tests.subscriptions.factories import AccountFactory, SchemeFactory, act, offer, subscribe

pytestmark = pytest.mark.django_db
JANUARY, FEBRUARY, MARCH, APRIL = (date(2026, month, 1) for month in (1, 2, 3, 4))


@pytest.fixture
def base() -> PricePlan:
    return PricePlanFactory(name="Retail")


def plan_when(base: PricePlan, *, use: str = "RATES", **condition: Any) -> PricePlan:
    """Return an effective conditional plan with one condition."""
    plan = create_plan(
        code=f"conditional-{base.pk}-{PricePlan.objects.count()}",
        name="Staff prices",
        currency="EUR",
        kind=PlanKind.CONDITIONAL,
        base=base,
    )
    add_condition(plan, use=use, **condition)
    return make_effective(plan)


def staff_plan(base: PricePlan, *, use: str = "RATES") -> tuple[PricePlan, Any]:
    """Return a plan for the account class Staff, and that class."""
    staff = AccountClassFactory(name="Staff")
    values = [f"account_class:{staff.pk}"]
    return plan_when(base, use=use, kind="ACCOUNT_CLASS", values=values), staff


def rated(account: Account) -> list[tuple[date, Decimal]]:
    """Return the live items by their first day."""
    items = RatedBillingItem.objects.filter(account=account, reversed_at=None, reverses=None)
    return [(item.period.lower, item.amount) for item in items.order_by("period", "pk")]


def sold(plan: PricePlan, account: Account, *, on: date = JANUARY, **request: Any) -> Any:
    """Sell a service that costs 30.00 in the base plan and 12.00 in the plan itself."""
    product = ProductFactory()
    RateFactory(plan=plan.base, product=product, base_amount=Decimal("30.00"))
    RateFactory(plan=plan, product=product, base_amount=Decimal("12.00"))
    return subscribe(
        product,
        on=on,
        account=account,
        plan=plan,
        price=None,
        scheme=request.pop("scheme", None) or SchemeFactory(default_plan=plan),
        **request,
    )


@pytest.mark.case("crmcom:R6")
def test_where_the_conditions_hold_at_billing_the_conditional_rate_is_billed(
    base: PricePlan,
) -> None:
    plan, staff = staff_plan(base)
    account = AccountFactory(account_class=staff)
    sold(plan, account)

    bill_run(JANUARY)

    assert [line.net_amount for line in InvoiceLine.objects.all()] == [Decimal("12.00")]
    base.refresh_from_db()
    plan.refresh_from_db()
    assert base.used_at is not None
    assert plan.used_at is not None


@pytest.mark.case("crmcom:R7")
def test_where_the_conditions_fail_at_billing_the_base_plans_rate_is_billed(
    base: PricePlan,
) -> None:
    plan, _ = staff_plan(base)
    account = AccountFactory(account_class=AccountClassFactory(name="Residential"))
    sold(plan, account)

    bill_run(JANUARY)

    assert [line.net_amount for line in InvoiceLine.objects.all()] == [Decimal("30.00")]


def test_each_cycle_is_priced_by_the_class_on_its_first_day_then_and_when_rated_again(
    base: PricePlan,
) -> None:
    plan, staff = staff_plan(base)
    account = AccountFactory(account_class=staff)
    service = sold(plan, account)
    bill_run(JANUARY)
    update_account(account, by=None, on=date(2026, 1, 20), account_class=None)
    bill_run(FEBRUARY)
    update_account(account, by=None, on=date(2026, 2, 20), account_class=staff)
    bill_run(MARCH)

    act(ActionKind.CANCEL, service.subscription, on=date(2026, 3, 1), services=(service,))
    bill_run(date(2026, 3, 2))

    assert rated(account) == [(JANUARY, Decimal("12.00")), (FEBRUARY, Decimal("30.00"))]


def test_a_class_corrected_backwards_rates_the_cycles_since_again(base: PricePlan) -> None:
    plan, staff = staff_plan(base)
    account = AccountFactory()
    sold(plan, account)
    bill_run(JANUARY)
    bill_run(FEBRUARY)
    bill_run(MARCH)

    update_account(account, by=None, on=FEBRUARY, account_class=staff)
    bill_run(date(2026, 3, 2))

    assert rated(account) == [
        (JANUARY, Decimal("30.00")),
        (FEBRUARY, Decimal("12.00")),
        (MARCH, Decimal("12.00")),
    ]
    past = PastAccountClasses.objects.get(account=account)
    assert (past.period.lower, past.period.upper) == (None, FEBRUARY)


def test_what_the_conditional_plan_leaves_out_has_the_base_plans_rate(base: PricePlan) -> None:
    plan, staff = staff_plan(base)
    account = AccountFactory(account_class=staff)
    product = ProductFactory()
    RateFactory(plan=base, product=product, base_amount=Decimal("30.00"))
    subscribe(
        product,
        on=JANUARY,
        account=account,
        plan=plan,
        price=None,
        scheme=SchemeFactory(default_plan=plan),
    )

    bill_run(JANUARY)

    assert rated(account) == [(JANUARY, Decimal("30.00"))]


def test_a_second_service_makes_both_cheaper_from_the_next_cycle_on(base: PricePlan) -> None:
    product = ProductFactory()
    family_plan = plan_when(
        base, kind="SERVICES", values=[f"product:{product.pk}"], least=Decimal(2)
    )
    RateFactory(plan=base, product=product, base_amount=Decimal("30.00"))
    RateFactory(plan=family_plan, product=product, base_amount=Decimal("12.00"))
    account = AccountFactory()
    service = subscribe(
        product,
        on=JANUARY,
        account=account,
        plan=family_plan,
        price=None,
        scheme=SchemeFactory(default_plan=family_plan),
    )
    bill_run(JANUARY)
    act(
        ActionKind.ADD_SERVICE,
        service.subscription,
        on=date(2026, 1, 31),
        additions=(Addition(product),),
    )
    bill_run(FEBRUARY)

    assert rated(account) == [
        (JANUARY, Decimal("30.00")),
        (date(2026, 1, 31), Decimal("0.39")),
        (FEBRUARY, Decimal("12.00")),
        (FEBRUARY, Decimal("12.00")),
    ]


def test_a_promotion_ends_with_its_days(base: PricePlan) -> None:
    plan = plan_when(base, kind="DAYS", days=days(None, FEBRUARY))
    account = AccountFactory()
    sold(plan, account)

    bill_run(JANUARY)
    bill_run(FEBRUARY)

    assert rated(account) == [(JANUARY, Decimal("12.00")), (FEBRUARY, Decimal("30.00"))]


def test_an_expense_is_priced_by_the_conditions_of_its_day(base: PricePlan) -> None:
    plan, staff = staff_plan(base)
    account = AccountFactory(account_class=staff)
    service = sold(plan, account)
    visit = ProductFactory(expense=True)
    offer(visit, subscription_type=service.subscription.type, plan=base, price="25.00")
    offer(visit, subscription_type=service.subscription.type, plan=plan, price="5.00")

    for day in (date(2026, 1, 10), date(2026, 1, 12)):
        act(
            ActionKind.ADD_EXPENSE, service.subscription, on=day, expenses=(ExpenseAddition(visit),)
        )
        update_account(account, by=None, on=date(2026, 1, 11), account_class=None)

    assert rated(account) == [
        (date(2026, 1, 10), Decimal("5.00")),
        (date(2026, 1, 12), Decimal("25.00")),
    ]


def test_a_plan_whose_conditions_to_be_chosen_fail_is_refused_with_all_reasons(
    base: PricePlan,
) -> None:
    plan, _ = staff_plan(base, use="SELECTION")
    account = AccountFactory(account_class=AccountClassFactory(name="Business"))

    with pytest.raises(PlanRefused) as refusal:
        sold(plan, account)

    assert str(refusal.value) == (
        "Price plan Staff prices cannot be chosen: "
        "It asks that the account class is Staff; here it is Business."
    )


def test_a_chosen_plan_stays_when_its_conditions_to_be_chosen_do_not(base: PricePlan) -> None:
    plan, staff = staff_plan(base, use="SELECTION")
    account = AccountFactory(account_class=staff)
    sold(plan, account)
    update_account(account, by=None, on=JANUARY, account_class=None)

    bill_run(JANUARY)

    assert rated(account) == [(JANUARY, Decimal("12.00"))]


def test_a_plan_in_another_currency_than_the_accounts_is_refused(base: PricePlan) -> None:
    plan, staff = staff_plan(base)
    account = AccountFactory(account_class=staff, currency=CurrencyFactory(yen=True))

    with pytest.raises(PlanRefused, match="is in EUR, account"):
        sold(plan, account)


def test_a_chunk_makes_as_many_queries_for_three_conditional_subscriptions_as_for_one(
    base: PricePlan,
) -> None:
    plan, staff = staff_plan(base)
    scheme = SchemeFactory(default_plan=plan)
    accounts = [AccountFactory(account_class=staff) for _ in range(3)]
    product = ProductFactory()
    for each in (plan, base):
        RateFactory(plan=each, product=product)
    for account in accounts:
        subscribe(product, on=JANUARY, account=account, plan=plan, price=None, scheme=scheme)
    coins = {account.pk: Decimal("0.01") for account in accounts}
    ids = [account.pk for account in accounts]
    one, all_of_them = histories(ids[:1]), histories(ids)

    with CaptureQueriesContext(connection) as few:
        kernel_histories(one, coins)
    with CaptureQueriesContext(connection) as many:
        kernel_histories(all_of_them, coins)

    assert len(many) == len(few)
