"""The price of a cycle, of a part of it and of what is paid once, with the steps to each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest

from pricing.kernel.discounts import Discount, DiscountKind
from pricing.kernel.periods import Duration, Period, Unit
from pricing.kernel.pricer import (
    CyclePrice,
    base_amount,
    cycle_price,
    discounted,
    once_price,
    part_steps,
)
from pricing.kernel.rates import AfterLast, Basis, Phase, Rate, price_at
from pricing.kernel.steps import Rule, Step
from pricing.kernel.tiers import Tier
from pricing.kernel.versions import ConditionalRate, CycleRate

D = Decimal
CENT = D("0.01")
JANUARY = date(2026, 1, 1)
MONTH, QUARTER = Duration(1, Unit.MONTH), Duration(3, Unit.MONTH)
EVER = (Period(JANUARY, None),)
OWN = Rate(1, Basis.MATURITY, MONTH, D(24))
BASE = Rate(2, Basis.MATURITY, MONTH, D(30))
FREE = (Discount(1, DiscountKind.FREE_PERIOD, D(1)), "Welcome")
TENTH = (Discount(2, DiscountKind.PERCENTAGE, D("0.1")), "Loyal")
FIVE = (Discount(3, DiscountKind.AMOUNT, D(5)), "Voucher")
TWO_UNITS = (Discount(4, DiscountKind.FREE_USAGE, D(2)), "Minutes")


def cycle_of(rate: Rate, *, frequency: Duration = MONTH) -> CycleRate:
    priced = price_at(rate, JANUARY, maturity_start=JANUARY, frequency=frequency)
    assert priced is not None
    return CycleRate(rate, priced)


def under_conditions(base: Rate | None, *, holds: bool = True) -> CycleRate:
    return cycle_of(OWN)._replace(conditional=ConditionalRate(OWN, base, EVER), holds=holds)


def amounts(steps: Sequence[Step]) -> list[tuple[str, str]]:
    return [(step.rule.value, str(step.amount)) for step in steps]


def test_discounts_follow_the_plans_price_each_with_what_it_took() -> None:
    price = cycle_price(cycle_of(OWN), D(2), discounts=(FIVE, TENTH))

    assert (price.plan_amount, price.amount) == (D(48), D("38.2"))
    assert price.steps == (
        Step(Rule.BASE_PRICE, D(24), (("price", D(24)), ("per", "1 MONTH"))),
        Step(Rule.QUANTITY, D(48), (("quantity", D(2)),)),
        Step(
            Rule.PERCENTAGE_DISCOUNT,
            D("43.2"),
            (
                *(("name", "Loyal"), ("discount", "2"), ("taken", D("4.8"))),
                *(("percent", D(10)), ("of", D(48))),
            ),
        ),
        Step(
            Rule.AMOUNT_DISCOUNT,
            D("38.2"),
            (("name", "Voucher"), ("discount", "3"), ("taken", D(5)), ("value", D(5))),
        ),
    )


def test_a_conditional_plan_says_whether_it_holds_and_what_it_takes_off_its_base() -> None:
    price = cycle_price(under_conditions(BASE), D(1), against=D(30))

    assert price.steps == (
        Step(Rule.PLAN_CONDITION, D(0), (("holds", 1),)),
        Step(Rule.BASE_PRICE, D(24), (("price", D(24)), ("per", "1 MONTH"))),
        Step(Rule.PLAN_DISCOUNT, D(24), (("base", D(30)), ("less", D(6)))),
    )


def test_a_base_plan_that_asks_the_same_is_not_compared() -> None:
    price = cycle_price(under_conditions(BASE, holds=False), D(1), against=D(24))

    assert price.steps[0].figures == (("holds", 0),)
    assert [step.rule for step in price.steps] == [Rule.PLAN_CONDITION, Rule.BASE_PRICE]


def test_an_agreed_price_asks_no_plan_but_takes_discounts() -> None:
    price = cycle_price(
        under_conditions(BASE), D(2), override=D(10), discounts=(TENTH,), against=D(60)
    )

    assert (price.plan_amount, price.amount) == (D(20), D(18))
    assert amounts(price.steps) == [
        ("PRICE_OVERRIDE", "10"),
        ("QUANTITY", "20"),
        ("PERCENTAGE_DISCOUNT", "18.0"),
    ]


def test_the_base_plan_asks_its_own_phase_for_the_quantity() -> None:
    phased = Rate(3, Basis.MATURITY, MONTH, D(0), (Phase(MONTH, 1, D(40)), Phase(MONTH, 0, D(50))))
    asked = [
        base_amount(under_conditions(phased), D(2), day, maturity=JANUARY, frequency=MONTH)
        for day in (JANUARY, date(2026, 2, 1))
    ]

    assert asked == [D(80), D(100)]


@pytest.mark.parametrize(
    "found",
    [
        pytest.param(cycle_of(OWN), id="plain plan"),
        pytest.param(under_conditions(BASE, holds=False), id="the base plan's rate is used"),
        pytest.param(under_conditions(None), id="no rate in the base plan"),
        pytest.param(
            under_conditions(
                Rate(3, Basis.MATURITY, MONTH, D(0), (Phase(MONTH, 1, D(9)),), AfterLast.STOP)
            ),
            id="phases of the base plan are over",
        ),
        pytest.param(
            under_conditions(Rate(3, Basis.MATURITY, QUARTER, D(90))), id="cycle of another length"
        ),
    ],
)
def test_what_does_not_compare_has_no_base_amount(found: CycleRate) -> None:
    day = date(2026, 2, 1)

    assert base_amount(found, D(1), day, maturity=JANUARY, frequency=MONTH) is None


def test_free_periods_come_first_then_percentages_then_amounts_whatever_their_order() -> None:
    amount, steps = discounted(D(30), [TWO_UNITS, FIVE, TENTH, FREE])

    assert amount == 0
    assert [(step.rule, step.amount, dict(step.figures)["taken"]) for step in steps] == [
        (Rule.FREE_PERIOD, D(0), D(30)),
        (Rule.PERCENTAGE_DISCOUNT, D(0), D(0)),
        (Rule.AMOUNT_DISCOUNT, D(0), D(0)),
    ]
    assert steps[0].figures == (("name", "Welcome"), ("discount", "1"), ("taken", D(30)))


def test_nothing_is_taken_off_nothing_nor_off_a_credit() -> None:
    assert discounted(D(0), [FIVE]) == (D(0), ())
    assert discounted(D(-3), [FIVE]) == (D(-3), ())
    assert discounted(D("0.5"), [FIVE])[0] == 0
    assert discounted(D(30), []) == (D(30), ())


CYCLE = Period(JANUARY, date(2026, 2, 1))
TEN_DAYS = Period(JANUARY, date(2026, 1, 11))
FIRST = Step(Rule.BASE_PRICE, D(24))


def steps_to(amount: str, part: Period, *, exact: str = "24", coin: Decimal = CENT) -> list[Step]:
    price = CyclePrice(D(24), D(exact), (FIRST,))
    found = part_steps(price, D(amount), part=part, cycle=CYCLE, coin=coin)
    assert found[0] == FIRST
    return list(found[1:])


def test_a_whole_cycle_of_whole_coins_has_no_further_steps() -> None:
    assert steps_to("24.00", CYCLE) == []


def test_a_part_is_prorated_by_days_and_rounded_once() -> None:
    exact = D(24) * 10 / 31

    assert steps_to("7.74", TEN_DAYS) == [
        Step(Rule.PRORATION, exact, (("days", 10), ("cycle_days", 31))),
        Step(Rule.ROUNDING, D("7.74"), (("exact", exact), ("coin", CENT))),
    ]


def test_the_last_part_says_what_it_takes_of_the_rest() -> None:
    found = steps_to("7.75", TEN_DAYS)

    assert found[-1] == Step(Rule.REST, D("7.75"), (("difference", D("0.01")),))


def test_rounding_is_to_the_coins_of_the_currency() -> None:
    assert steps_to("25", CYCLE, exact="24.5", coin=D(1)) == [
        Step(Rule.ROUNDING, D(25), (("exact", D("24.5")), ("coin", D(1))))
    ]


def test_what_is_paid_once_takes_quantity_and_discounts() -> None:
    goods = Rate(5, Basis.QUANTITY, MONTH, D(40))

    price = once_price(goods, D(3), discounts=[TENTH])

    assert (price.plan_amount, price.amount) == (D(120), D(108))
    assert price.steps[0] == Step(Rule.BASE_PRICE, D(40), (("price", D(40)), ("per", "once")))
    assert amounts(price.steps) == [
        ("BASE_PRICE", "40"),
        ("QUANTITY", "120"),
        ("PERCENTAGE_DISCOUNT", "108.0"),
    ]


def test_tiers_of_what_is_paid_once_take_the_place_of_its_price() -> None:
    goods = Rate(5, Basis.QUANTITY, MONTH, D(40), tiers=(Tier(D(1), D(50)), Tier(None, D(45))))

    assert amounts(once_price(goods, D(3)).steps) == [("TIER", "50"), ("TIER", "140")]


def test_an_agreed_price_of_what_is_paid_once() -> None:
    goods = Rate(5, Basis.QUANTITY, MONTH, D(40))

    one = once_price(goods, D(1), override=D(35), discounts=[FIVE])
    three = once_price(goods, D(3), override=D(35))

    assert (one.plan_amount, one.amount, three.amount) == (D(35), D(30), D(105))
    assert amounts(one.steps) == [("PRICE_OVERRIDE", "35"), ("AMOUNT_DISCOUNT", "30")]
    assert three.steps == (
        Step(Rule.PRICE_OVERRIDE, D(35), (("price", D(35)),)),
        Step(Rule.QUANTITY, D(105), (("quantity", D(3)),)),
    )
