"""Whose rate a cycle is priced by under a conditional plan: its own, or the base plan's."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from pricing.kernel.periods import Duration, Period, Unit
from pricing.kernel.rates import AfterLast, Basis, Phase, Rate
from pricing.kernel.versions import ConditionalRate, CycleRate, MissingRate, rate_at

JANUARY, MARCH = date(2026, 1, 1), date(2026, 3, 1)
MONTH = Duration(1, Unit.MONTH)
HOLDS = (
    Period(JANUARY, date(2026, 2, 1)),
    Period(date(2026, 5, 1), date(2026, 6, 1)),
)
OWN = Rate(1, Basis.MATURITY, MONTH, Decimal(20))
BASE = Rate(2, Basis.MATURITY, MONTH, Decimal(31))
# 9 for a month, from the first day that the phases count from; then nothing.
A_MONTH_ONLY = Rate(
    3, Basis.MATURITY, MONTH, Decimal(0), (Phase(MONTH, 1, Decimal(9)),), AfterLast.STOP
)
COUNTS_FROM = {1: JANUARY, 2: JANUARY, 3: JANUARY, 4: MARCH}


def found(rate: Rate | ConditionalRate, day: date) -> CycleRate | None:
    return rate_at(rate, day, maturity=lambda each: COUNTS_FROM[each.rate_id], frequency=MONTH)


@pytest.mark.parametrize(
    ("day", "rate_id", "amount", "holds"),
    [
        (JANUARY, 1, 20, True),
        (date(2026, 1, 31), 1, 20, True),
        (date(2026, 2, 1), 2, 31, False),
        (date(2026, 5, 1), 1, 20, True),
        (date(2026, 6, 1), 2, 31, False),
    ],
)
def test_the_plans_own_rate_holds_on_the_days_of_its_conditions(
    day: date, rate_id: int, amount: int, *, holds: bool
) -> None:
    rate = ConditionalRate(OWN, BASE, HOLDS)

    cycle = found(rate, day)

    assert cycle is not None
    assert (cycle.rate.rate_id, cycle.priced.amount) == (rate_id, amount)
    assert (cycle.conditional, cycle.holds, rate.holds_on(day)) == (rate, holds, holds)
    assert rate.on(day) is cycle.rate


def test_a_plain_rate_is_priced_as_it_is_from_its_own_maturity() -> None:
    cycle = found(A_MONTH_ONLY, JANUARY)

    assert cycle is not None
    assert (cycle.rate, cycle.priced.amount) == (A_MONTH_ONLY, 9)
    assert (cycle.conditional, cycle.holds) == (None, True)
    assert found(A_MONTH_ONLY, MARCH) is None


def test_a_plan_whose_phases_are_over_leaves_the_product_to_its_base() -> None:
    cycle = found(ConditionalRate(A_MONTH_ONLY, BASE, (Period(JANUARY, None),)), MARCH)

    assert cycle is not None
    assert (cycle.rate, cycle.holds, cycle.priced.amount) == (BASE, False, 31)


def test_the_phases_of_each_rate_count_from_its_own_maturity() -> None:
    later = replace(A_MONTH_ONLY, rate_id=4)

    cycle = found(ConditionalRate(A_MONTH_ONLY, later, (Period(JANUARY, None),)), MARCH)

    assert cycle is not None
    assert (cycle.rate.rate_id, cycle.priced.until) == (4, date(2026, 4, 1))


def test_nothing_is_asked_where_the_phases_of_both_are_over() -> None:
    assert found(ConditionalRate(A_MONTH_ONLY, A_MONTH_ONLY, HOLDS), date(2026, 5, 1)) is None


def test_a_plan_without_a_rate_of_its_own_asks_its_base() -> None:
    rate = ConditionalRate(None, BASE, HOLDS)

    cycle = found(rate, JANUARY)

    assert rate.on(JANUARY) is BASE
    assert cycle is not None
    assert (cycle.rate, cycle.holds) == (BASE, False)


def test_a_day_without_any_rate_is_told_unless_a_package_covers_it() -> None:
    with pytest.raises(MissingRate, match=r"^neither .* has a rate on 2026-03-01$"):
        found(ConditionalRate(OWN, None, HOLDS), MARCH)

    assert found(ConditionalRate(OWN, None, HOLDS, is_covered=True), MARCH) is None
    assert found(ConditionalRate(OWN, None, HOLDS), JANUARY) is not None


def test_after_the_last_bound_the_conditions_never_change() -> None:
    assert ConditionalRate(OWN, BASE, HOLDS).settled_from() == date(2026, 6, 1)
    assert ConditionalRate(OWN, BASE, (Period(MARCH, None),)).settled_from() == MARCH
    assert ConditionalRate(OWN, BASE, ()).settled_from() == date.min
