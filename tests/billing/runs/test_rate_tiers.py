"""Quantity tiers, the minimum charge and the set-up answer, billed by the normal run."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from billing.models import Bill, ItemKind, RatedBillingItem
from catalog.models import Product
from pricing.kernel.periods import Duration, Unit
from pricing.kernel.rates import Basis, Phase, SetUpFee
from pricing.kernel.tiers import Tier, TierRule
from pricing.models import PricePlan
from subscriptions.models import ActionKind
from subscriptions.operations.requests import ExpenseAddition
from tests.billing.factories import bill_run
from tests.catalog.factories import ProductFactory
from tests.pricing.factories import PricePlanFactory, RateFactory
from tests.subscriptions.factories import SchemeFactory, act, offer, subscribe

pytestmark = pytest.mark.django_db
JANUARY, FEBRUARY, MARCH = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)
MONTH = Duration(1, Unit.MONTH)
SET_TOP_BOX = (
    Tier(Decimal(3), Decimal(99)),
    Tier(Decimal(6), Decimal(89)),
    Tier(None, Decimal(59)),
)


def plan_with(product: Product, **terms: Any) -> PricePlan:
    """Return a plan that prices the product by quantity and maturity."""
    plan = PricePlanFactory()
    RateFactory(plan=plan, product=product, basis=Basis.QUANTITY_AND_MATURITY, **terms)
    return plan


def amounts(kind: ItemKind = ItemKind.RECURRING) -> list[tuple[date, Decimal]]:
    """Return first day and amount of each live item, in order of days."""
    found = RatedBillingItem.objects.filter(kind=kind, reversed_at=None, reverses=None)
    rows = found.order_by("period").values_list("period", "amount")
    return [(period.lower, amount) for period, amount in rows]


def sell(on: date, quantity: int, **terms: Any) -> None:
    product = ProductFactory()
    plan = plan_with(product, **terms)
    subscribe(
        product,
        on=on,
        price=None,
        plan=plan,
        scheme=SchemeFactory(plans=[plan]),
        addition={"quantity": Decimal(quantity)},
        billing_day=1,
    )


@pytest.mark.parametrize(
    ("rule", "month", "first_part"),
    [(TierRule.GRADUATED, "475.00", "260.48"), (TierRule.VOLUME, "445.00", "244.03")],
)
def test_a_quantity_is_billed_by_its_tiers(rule: TierRule, month: str, first_part: str) -> None:
    sell(date(2026, 1, 15), 5, tiers=SET_TOP_BOX, tier_rule=rule)

    bill_run(FEBRUARY)

    # 17 of January's 31 days, then all of February.
    assert amounts() == [
        (date(2026, 1, 15), Decimal(first_part)),
        (FEBRUARY, Decimal(month)),
    ]


def test_a_phase_without_tiers_comes_before_one_with_a_minimum_charge() -> None:
    phases = (Phase(MONTH, 1, Decimal(1)), Phase(MONTH, 0, Decimal(0), SET_TOP_BOX))
    sell(JANUARY, 2, phases=phases, minimum=Decimal(200))

    bill_run(JANUARY)
    bill_run(FEBRUARY)

    assert amounts() == [(JANUARY, Decimal("2.00")), (FEBRUARY, Decimal("200.00"))]


@pytest.mark.parametrize(
    ("setup", "expected"),
    [(SetUpFee.CHARGE, [(JANUARY, Decimal("25.00"))]), (SetUpFee.WAIVE, [])],
)
def test_a_waived_set_up_fee_is_not_billed(
    setup: SetUpFee, expected: list[tuple[date, Decimal]]
) -> None:
    sell(JANUARY, 1, base_amount=Decimal(10), setup_fee=Decimal(25), setup=setup)

    bill_run(JANUARY)

    assert amounts(ItemKind.SETUP) == expected
    assert Bill.objects.get().total_billed == 10 + sum(amount for _, amount in expected)


def test_cables_by_the_piece_are_billed_by_tiers_once() -> None:
    product, cable = ProductFactory(), ProductFactory(expense=True)
    plan = plan_with(product, base_amount=Decimal(10))
    RateFactory(plan=plan, product=cable, basis=Basis.QUANTITY, tiers=SET_TOP_BOX)
    service = subscribe(
        product, on=JANUARY, price=None, plan=plan, scheme=SchemeFactory(plans=[plan])
    )

    offer(cable, subscription_type=service.subscription.type, plan=plan, price=None)
    act(
        ActionKind.ADD_EXPENSE,
        service.subscription,
        on=JANUARY,
        expenses=(ExpenseAddition(cable, quantity=Decimal(10)),),
    )

    assert amounts(ItemKind.ONE_TIME) == [(JANUARY, Decimal("800.00"))]
