"""What a rate asks for a quantity: by item or once, by tiers, at least its minimum; and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.kernel.periods import Duration, Unit
from pricing.kernel.rate_steps import cycle_steps, once_steps, quantity_steps
from pricing.kernel.rates import (
    BasePer,
    Basis,
    Phase,
    Rate,
    cycle_amount,
    price_at,
    quantity_amount,
)
from pricing.kernel.steps import Rule
from pricing.kernel.tiers import Tier, TierRule

D = Decimal
NEW_YEAR = date(2025, 1, 1)
MONTH, QUARTER = Duration(1, Unit.MONTH), Duration(3, Unit.MONTH)
SET_TOP_BOX = (Tier(D(3), D(99)), Tier(D(6), D(89)), Tier(None, D(59)))
SEATS = Rate(1, Basis.QUANTITY_AND_MATURITY, MONTH, D(10), tiers=SET_TOP_BOX)


def of_month(rate: Rate, quantity: str, *, frequency: Duration = MONTH) -> Decimal:
    priced = price_at(rate, NEW_YEAR, maturity_start=NEW_YEAR, frequency=frequency)
    assert priced is not None
    return cycle_amount(rate, priced, D(quantity))


@pytest.mark.parametrize(
    ("basis", "expected"),
    [
        (Basis.FLAT_FEE, D(10)),
        (Basis.QUANTITY, D(25)),
        (Basis.MATURITY, D(25)),
        (Basis.QUANTITY_AND_MATURITY, D(25)),
        (Basis.DURATION, D(25)),
        (Basis.USAGE, D(25)),
    ],
)
def test_only_a_flat_fee_does_not_ask_how_many(basis: Basis, expected: Decimal) -> None:
    rate = Rate(1, basis, MONTH, D(10))

    assert quantity_amount(rate, D(10), D("2.5")) == expected


def test_a_base_per_period_is_asked_once_however_many_there_are() -> None:
    rate = replace(SEATS, tiers=(), base_per=BasePer.PERIOD)

    assert (
        of_month(rate, "7"),
        of_month(replace(rate, base_per=BasePer.PERIOD_AND_ITEM), "7"),
    ) == (
        D(10),
        D(70),
    )


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (TierRule.GRADUATED, D(475)),
        (TierRule.VOLUME, D(445)),
        (TierRule.STEP, D(0)),
        (TierRule.PACKAGE, D(445)),
    ],
)
def test_tiers_take_the_place_of_the_base_amount(rule: TierRule, expected: Decimal) -> None:
    assert of_month(replace(SEATS, tier_rule=rule), "5") == expected


def test_tiers_price_the_quantity_of_each_period_of_a_longer_cycle() -> None:
    assert of_month(SEATS, "5", frequency=Duration(2, Unit.MONTH)) == D(950)
    assert of_month(SEATS, "5", frequency=QUARTER) == D(1425)


def test_a_phase_has_tiers_of_its_own_or_its_amount() -> None:
    phases = (Phase(MONTH, 3, D(0)), Phase(MONTH, 0, D(0), SET_TOP_BOX))
    rate = replace(SEATS, tiers=(), phases=phases, minimum=D(500))
    prices = []
    for month in (3, 4):
        priced = price_at(rate, date(2025, month, 1), maturity_start=NEW_YEAR, frequency=MONTH)
        assert priced is not None
        prices.append(cycle_amount(rate, priced, D(5)))

    assert prices == [D(0), D(500)]


@pytest.mark.parametrize(
    ("rate", "expected"),
    [
        pytest.param(replace(SEATS, minimum=D(500)), D(500), id="tiers"),
        pytest.param(replace(SEATS, tiers=(), minimum=D(60)), D(60), id="amount by item"),
        pytest.param(
            replace(SEATS, tiers=(), minimum=D(60), base_per=BasePer.PERIOD),
            D(10),
            id="amount of the period",
        ),
    ],
)
def test_the_minimum_charge_holds_for_what_is_asked_by_quantity(
    rate: Rate, expected: Decimal
) -> None:
    assert of_month(rate, "5") == expected


def test_the_minimum_charge_is_asked_for_each_period() -> None:
    assert of_month(replace(SEATS, tiers=(), minimum=D(60)), "5", frequency=QUARTER) == D(180)


def test_an_agreed_price_takes_the_place_of_tiers_and_minimum() -> None:
    rate = replace(SEATS, minimum=D(500))
    priced = price_at(rate, NEW_YEAR, maturity_start=NEW_YEAR, frequency=QUARTER)
    assert priced is not None

    assert cycle_amount(rate, priced, D(5), override=D(20)) == D(300)


def test_the_steps_name_each_tier_the_minimum_and_the_periods_of_the_cycle() -> None:
    rate = replace(SEATS, minimum=D(500))
    priced = price_at(rate, NEW_YEAR, maturity_start=NEW_YEAR, frequency=QUARTER)
    assert priced is not None

    amount, steps = cycle_steps(rate, priced, D(5))

    assert amount == D(1500)
    assert [(step.rule, step.amount) for step in steps] == [
        (Rule.BASE_PRICE, D(0)),
        (Rule.TIER, D(297)),
        (Rule.TIER, D(475)),
        (Rule.MINIMUM, D(500)),
        (Rule.MULTIPLE, D(1500)),
    ]
    assert steps[2].figures == (
        ("rule", "GRADUATED"),
        ("tier", 2),
        ("above", D(3)),
        ("up_to", D(6)),
        ("units", D(2)),
        ("rate", D(89)),
    )


def test_one_unit_needs_no_step_of_its_own() -> None:
    rate = Rate(1, Basis.QUANTITY, MONTH, D(20))

    assert quantity_steps(rate, D(20), D(1)) == (D(20), ())
    amount, steps = once_steps(rate, D(2))
    assert (amount, [step.rule for step in steps]) == (D(40), [Rule.BASE_PRICE, Rule.QUANTITY])


def test_nothing_used_costs_nothing_and_says_so() -> None:
    amount, steps = quantity_steps(SEATS, D(10), D(0))

    assert (amount, [step.rule for step in steps]) == (D(0), [Rule.QUANTITY])


@st.composite
def rates(draw: st.DrawFn) -> Rate:
    """Return a rate of any basis, with or without tiers, phases and a minimum."""
    amounts = st.decimals(min_value=0, max_value=500, places=10)
    bounds = sorted(draw(st.sets(st.integers(1, 30), max_size=3)))
    tiers = tuple(
        Tier(None if bound is None else D(bound), draw(amounts), draw(amounts), D(3))
        for bound in [*bounds, None]
    )
    basis = draw(st.sampled_from(Basis))
    has_tiers = draw(st.booleans())
    phases: tuple[Phase, ...] = ()
    if basis in {Basis.MATURITY, Basis.QUANTITY_AND_MATURITY} and draw(st.booleans()):
        by_phase = tiers if has_tiers and basis is Basis.QUANTITY_AND_MATURITY else ()
        phases = (Phase(MONTH, 2, draw(amounts)), Phase(MONTH, 0, draw(amounts), by_phase))
    return Rate(
        1,
        basis,
        MONTH,
        draw(amounts),
        phases,
        tiers=() if phases or not has_tiers else tiers,
        tier_rule=draw(st.sampled_from(TierRule)),
        minimum=draw(st.sampled_from([D(0), D("99.5")])),
        base_per=draw(st.sampled_from(BasePer)),
    )


QUANTITIES = st.decimals(min_value=0, max_value=40, places=4)


@given(rates(), st.integers(1, 6), QUANTITIES, st.sampled_from([MONTH, QUARTER]))
def test_the_steps_lead_to_the_amount_that_is_charged(
    rate: Rate, month: int, quantity: Decimal, frequency: Duration
) -> None:
    priced = price_at(rate, date(2025, month, 1), maturity_start=NEW_YEAR, frequency=frequency)
    assert priced is not None

    amount, steps = cycle_steps(rate, priced, quantity)

    assert amount == cycle_amount(rate, priced, quantity) == steps[-1].amount
    assert isinstance(amount, Decimal)


@given(rates(), QUANTITIES, QUANTITIES)
def test_more_never_costs_less_when_each_slab_has_its_price(
    rate: Rate, one: Decimal, other: Decimal
) -> None:
    rate = replace(rate, tier_rule=TierRule.GRADUATED)
    priced = price_at(rate, NEW_YEAR, maturity_start=NEW_YEAR, frequency=MONTH)
    assert priced is not None

    less, more = sorted((one, other))

    assert cycle_amount(rate, priced, less) <= cycle_amount(rate, priced, more)
