"""The figures that each step names, so that a person can redo it on paper."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from pricing.kernel.periods import Duration, Unit
from pricing.kernel.rate_steps import cycle_steps, once_steps, quantity_steps
from pricing.kernel.rates import BasePer, Basis, Phase, Rate, price_at
from pricing.kernel.steps import Rule, Step
from pricing.kernel.tiers import Tier, TierRule

D = Decimal
JANUARY, FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)
MONTH, QUARTER = Duration(1, Unit.MONTH), Duration(3, Unit.MONTH)
TIERS = (Tier(D(2), D(10)), Tier(None, D(8), D(4), D(5)))
LAST = (("tier", 2), ("above", D(2)), ("up_to", None))


def seats(
    price: str = "10",
    *phases: Phase,
    tiers: tuple[Tier, ...] = (),
    minimum: str = "0",
    base_per: BasePer = BasePer.PERIOD_AND_ITEM,
) -> Rate:
    return Rate(
        1,
        Basis.QUANTITY_AND_MATURITY,
        MONTH,
        D(price),
        phases,
        tiers=tiers,
        minimum=D(minimum),
        base_per=base_per,
    )


def steps(
    rate: Rate,
    quantity: str,
    *,
    day: date = JANUARY,
    frequency: Duration = MONTH,
    override: Decimal | None = None,
) -> tuple[Step, ...]:
    priced = price_at(rate, day, maturity_start=JANUARY, frequency=frequency)
    assert priced is not None
    amount, found = cycle_steps(rate, priced, D(quantity), override=override)
    assert amount == found[-1].amount
    return found


def test_price_quantity_minimum_and_periods() -> None:
    assert steps(seats(minimum="25"), "2", frequency=QUARTER) == (
        Step(Rule.BASE_PRICE, D(10), (("price", D(10)), ("per", "1 MONTH"))),
        Step(Rule.QUANTITY, D(20), (("quantity", D(2)),)),
        Step(Rule.MINIMUM, D(25), (("minimum", D(25)),)),
        Step(Rule.MULTIPLE, D(75), (("periods", 3), ("per", "3 MONTH"))),
    )


def test_a_minimum_that_is_reached_is_no_step() -> None:
    assert [step.rule for step in steps(seats(minimum="20"), "2")] == [
        Rule.BASE_PRICE,
        Rule.QUANTITY,
    ]


def test_an_agreed_price_of_one_unit_and_period() -> None:
    assert steps(seats(minimum="25"), "2", frequency=QUARTER, override=D(7)) == (
        Step(Rule.PRICE_OVERRIDE, D(7), (("price", D(7)),)),
        Step(Rule.QUANTITY, D(14), (("quantity", D(2)),)),
        Step(Rule.MULTIPLE, D(42), (("periods", 3), ("per", "3 MONTH"))),
    )


def test_a_base_per_period_takes_no_quantity() -> None:
    assert [step.rule for step in steps(seats(base_per=BasePer.PERIOD), "2")] == [Rule.BASE_PRICE]


def test_phases_are_counted_from_one() -> None:
    rate = seats("0", Phase(MONTH, 1, D(6)), Phase(QUARTER, 0, D(6), TIERS))

    assert steps(rate, "1") == (
        Step(Rule.PHASE, D(6), (("phase", 1), ("phases", 2), ("price", D(6)), ("per", "1 MONTH"))),
    )
    phase, *tiers = steps(rate, "7", day=FEBRUARY)
    assert phase == Step(
        Rule.PHASE, D(0), (("phase", 2), ("phases", 2), ("tiers", 2), ("per", "3 MONTH"))
    )
    assert [(step.rule, step.amount) for step in tiers] == [(Rule.TIER, D(20)), (Rule.TIER, D(64))]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (
            TierRule.GRADUATED,
            [
                Step(
                    Rule.TIER,
                    D(20),
                    (
                        *(("rule", "GRADUATED"), ("tier", 1), ("above", D(0)), ("up_to", D(2))),
                        *(("units", D(2)), ("rate", D(10))),
                    ),
                ),
                Step(
                    Rule.TIER,
                    D(64),
                    (
                        *(("rule", "GRADUATED"), *LAST),
                        *(("units", D(5)), ("rate", D(8)), ("fixed", D(4))),
                    ),
                ),
            ],
        ),
        (
            TierRule.VOLUME,
            [
                Step(
                    Rule.TIER,
                    D(60),
                    (
                        *(("rule", "VOLUME"), *LAST),
                        *(("units", D(7)), ("rate", D(8)), ("fixed", D(4))),
                    ),
                )
            ],
        ),
        (
            TierRule.STEP,
            [Step(Rule.TIER, D(4), (("rule", "STEP"), *LAST, ("units", D(7)), ("fixed", D(4))))],
        ),
        (
            TierRule.PACKAGE,
            [
                Step(
                    Rule.TIER,
                    D(20),
                    (
                        *(("rule", "PACKAGE"), *LAST),
                        *(("units", D(2)), ("rate", D(8)), ("block", D(5)), ("fixed", D(4))),
                    ),
                )
            ],
        ),
    ],
)
def test_a_tier_names_its_bounds_and_what_its_rule_takes(
    rule: TierRule, expected: list[Step]
) -> None:
    rate = Rate(1, Basis.QUANTITY, MONTH, D(0), tiers=TIERS, tier_rule=rule, minimum=D(100))

    amount, found = quantity_steps(rate, D(0), D(7))

    assert amount == 100
    assert found == (*expected, Step(Rule.MINIMUM, D(100), (("minimum", D(100)),)))


def test_the_base_of_a_tiered_rate_says_how_many_tiers_follow() -> None:
    found = steps(seats(tiers=TIERS), "2")

    assert found[0] == Step(Rule.BASE_PRICE, D(0), (("tiers", 2),))


def test_no_units_are_a_step_of_their_own_under_tiers() -> None:
    assert quantity_steps(seats(tiers=TIERS), D(10), D(0)) == (
        D(0),
        (Step(Rule.QUANTITY, D(0), (("quantity", D(0)),)),),
    )


def test_what_is_paid_once_has_a_price_and_no_period() -> None:
    price = Step(Rule.BASE_PRICE, D(40), (("price", D(40)), ("per", "once")))
    goods = Rate(1, Basis.QUANTITY, MONTH, D(40))
    tiered = Rate(1, Basis.QUANTITY, MONTH, D(40), tiers=TIERS)

    assert once_steps(goods, D(1)) == (D(40), (price,))
    assert [step.rule for step in once_steps(tiered, D(1))[1]] == [Rule.TIER]
