"""What discounts make of set-up fees and of what else is paid once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from billing.kernel.history import BillMode, Charge, ChargeKind, ServiceHistory
from billing.kernel.reconcile import OneTime, Override, reconcile
from pricing.kernel.discount_days import ONCE, DatedDiscount, Recurrence, Renewal
from pricing.kernel.discounts import Discount, DiscountKind
from pricing.kernel.periods import Duration, Period, Unit
from pricing.kernel.rates import SetUpFee
from pricing.kernel.steps import Rule
from tests.billing.kernel.histories import (
    carried_out,
    history,
    live,
    monthly,
    period,
    spell,
    terms,
)

JAN_15, FEBRUARY, MARCH = date(2026, 1, 15), date(2026, 2, 1), date(2026, 3, 1)
FEE = replace(monthly("31.00"), setup_fee=Decimal("25.00"))


def off(value: str, kind: DiscountKind = DiscountKind.PERCENTAGE, **more: object) -> DatedDiscount:
    options: dict[str, object] = {"on_recurring": False, "on_setup": True, **more}
    days = options.pop("days", period("2026-01-01"))
    assert isinstance(days, Period)
    return DatedDiscount(
        Discount(options.pop("key", 1), kind, Decimal(value)),
        "Welcome",
        days,
        days.start,
        **options,
    )


def with_fee(*discounts: DatedDiscount, start: str = "2026-01-15") -> ServiceHistory:
    return replace(history(spell(start), rate=FEE), discounts=discounts)


def charges(given: ServiceHistory, on: date, kind: ChargeKind = ChargeKind.SETUP) -> list[Charge]:
    return [each for each in reconcile(given, horizon=on).charges if each.kind is kind]


def amounts(given: ServiceHistory, on: date, kind: ChargeKind = ChargeKind.SETUP) -> list[str]:
    return [f"{each.amount:.2f}" for each in charges(given, on, kind)]


def test_a_setup_fee_is_discounted_and_its_price_is_not() -> None:
    given = with_fee(off("0.5"), off("2.505", DiscountKind.AMOUNT, key=2))

    (fee,) = charges(given, JAN_15)

    assert (fee.rate_amount, fee.amount) == (Decimal("25.00"), Decimal("10.00"))
    assert [(step.rule, f"{step.amount:.3f}") for step in fee.steps or ()] == [
        (Rule.SETUP_FEE, "25.000"),
        (Rule.PERCENTAGE_DISCOUNT, "12.500"),
        (Rule.AMOUNT_DISCOUNT, "9.995"),
        (Rule.ROUNDING, "10.000"),
    ]
    assert amounts(given, JAN_15, ChargeKind.RECURRING) == ["17.00"]


def test_a_free_period_makes_it_free_and_one_for_prices_leaves_it() -> None:
    free = with_fee(off("1", DiscountKind.FREE_PERIOD))
    prices = with_fee(off("0.5", on_setup=False, on_recurring=True))

    assert amounts(free, JAN_15) == ["0.00"]
    (fee,) = charges(prices, JAN_15)
    assert (fee.amount, fee.steps) == (Decimal("25.00"), None)


def test_it_is_decided_by_the_facts_of_the_fees_day() -> None:
    before = with_fee(off("0.5", days=period("2026-01-01", "2026-01-15")))
    criteria = with_fee(off("0.5", holds=(period("2026-01-15", "2026-01-16"),)))
    on_open = history(
        spell("2026-01-15", "2026-02-01", BillMode.NONE),
        spell("2026-02-01"),
        rate=replace(FEE, setup=SetUpFee.ON_OPEN),
    )

    assert amounts(before, JAN_15) == ["25.00"]
    assert amounts(criteria, JAN_15) == ["12.50"]
    assert amounts(replace(on_open, discounts=criteria.discounts), FEBRUARY) == ["12.50"]


@pytest.mark.parametrize(
    ("frequency", "expected"),
    [(Duration(1, Unit.MONTH), "25.00"), (Duration(2, Unit.MONTH), "12.50")],
)
def test_a_billing_period_is_as_long_as_the_terms_of_the_day_say(
    frequency: Duration, expected: str
) -> None:
    until_february = terms("2020-01-01", "2026-02-01")
    given = history(
        spell("2026-02-01"),
        under=[until_february, terms("2026-02-01", frequency=frequency)],
        rate=FEE,
    )
    discount = off("0.5", recurrence=Recurrence(Renewal.NEVER), days=period("2026-01-01"))

    assert amounts(replace(given, discounts=(discount,)), FEBRUARY) == [expected]


def test_a_persons_decision_takes_the_place_of_discounts() -> None:
    given = with_fee(off("0.5"))
    always = period("2026-01-01", "2027-01-01")

    (decided,) = reconcile(
        given, overrides=[Override(always, ChargeKind.SETUP, Decimal(7))], horizon=JAN_15
    ).charges[:1]
    waived = reconcile(given, overrides=[Override(always, ChargeKind.SETUP, None)], horizon=JAN_15)

    assert (decided.kind, decided.amount) == (ChargeKind.SETUP, Decimal(7))
    assert decided.steps is not None
    assert [(each.rule, each.amount) for each in decided.steps] == [(Rule.DECIDED, Decimal(7))]
    assert [each.kind for each in waived.charges] == [ChargeKind.RECURRING]


def test_a_discount_that_reaches_back_to_the_fee_rates_it_again() -> None:
    billed = live(reconcile(with_fee(), horizon=FEBRUARY).charges)

    given = with_fee(off("0.5"))
    found = reconcile(given, rated=billed, horizon=FEBRUARY, since=JAN_15)
    after = carried_out(billed, found)

    assert [(each.kind, f"{each.amount:.2f}") for each in found.charges] == [
        (ChargeKind.SETUP, "12.50")
    ]
    assert len(found.reversals) == 1
    again = reconcile(given, rated=after, horizon=FEBRUARY)
    assert (again.charges, again.reversals) == ((), ())


def visit(key: str, on: str, amount: str = "40.00") -> OneTime:
    return OneTime(key, 12, Decimal(1), Decimal(amount), date.fromisoformat(on))


def visits(*once: OneTime, discount: DatedDiscount) -> ServiceHistory:
    given = history(spell("2026-01-01", "2026-04-01"), one_time=once)
    return replace(given, discounts=(discount,))


FIVE_ONCE = off(
    "5",
    DiscountKind.AMOUNT,
    recurrence=ONCE,
    on_setup=False,
    on_once=True,
    days=period("2026-01-15"),
)


def test_what_comes_once_is_taken_off_the_first_by_day_and_stays_there() -> None:
    first, second = visit("b", "2026-01-20"), visit("a", "2026-02-10")
    given = visits(second, visit("c", "2026-01-14"), first, discount=FIVE_ONCE)

    early = reconcile(given, horizon=FEBRUARY).charges
    late = reconcile(given, rated=live(early), horizon=MARCH)

    assert [(each.source_key, f"{each.amount:.2f}") for each in early[:2]] == [
        ("c", "40.00"),
        ("b", "35.00"),
    ]
    assert [(each.source_key, f"{each.amount:.2f}") for each in late.charges[:1]] == [
        ("a", "40.00")
    ]
    assert late.reversals == ()


def test_one_that_was_rated_ahead_leaves_the_discount_to_the_first() -> None:
    given = visits(visit("b", "2026-02-10"), visit("a", "2026-02-20"), discount=FIVE_ONCE)
    ahead = [each for each in reconcile(given, horizon=MARCH).charges if each.source_key == "a"]

    found = reconcile(given, rated=live(ahead), horizon=FEBRUARY)

    assert not [each for each in found.charges if each.kind is ChargeKind.ONE_TIME]
    assert found.reversals == ()


def test_of_one_day_the_key_decides_and_what_costs_nothing_takes_none() -> None:
    given = visits(
        visit("a", "2026-01-20", "0.00"),
        visit("c", "2026-01-20"),
        visit("b", "2026-01-20"),
        discount=FIVE_ONCE,
    )

    found = charges(given, FEBRUARY, ChargeKind.ONE_TIME)

    assert [(each.source_key, f"{each.amount:.2f}") for each in found] == [
        ("a", "0.00"),
        ("b", "35.00"),
        ("c", "40.00"),
    ]
    assert [step.rule for step in found[1].steps or ()] == [Rule.AMOUNT_DISCOUNT]


def test_one_that_comes_again_is_taken_off_each() -> None:
    each_time = replace(FIVE_ONCE, recurrence=Recurrence())
    given = visits(visit("a", "2026-01-20"), visit("b", "2026-02-01"), discount=each_time)

    assert amounts(given, MARCH, ChargeKind.ONE_TIME) == ["35.00", "35.00"]
