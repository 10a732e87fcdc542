"""Billing days fall back to the last day of a short month and never drift."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from billing.kernel.cycles import (
    anchor_on_or_after,
    cycle_end,
    cycle_start_at,
)
from pricing.kernel.periods import Duration, Period, Unit

MONTH = Duration(1, Unit.MONTH)


def cycles_from(start: date, length: Duration, anchor_day: int, *, count: int) -> list[Period]:
    """Return the cycles that follow each other from a day, counted one by one."""
    cycles: list[Period] = []
    while len(cycles) < count:
        cycles.append(Period(start, cycle_end(start, length, anchor_day)))
        start = cycles[-1].end
    return cycles


def billing_dates(year: int, billing_day: int) -> list[int]:
    """Return the days of January to June on which the cycles begin."""
    first = anchor_on_or_after(date(year, 1, 1), billing_day)
    return [cycle.start.day for cycle in cycles_from(first, MONTH, billing_day, count=6)]


@pytest.mark.case("billmax:B2")
@pytest.mark.case("crmcom:M10")
@pytest.mark.parametrize(
    ("year", "billing_day", "expected"),
    [
        (2025, 29, [29, 28, 29, 29, 29, 29]),
        (2024, 29, [29, 29, 29, 29, 29, 29]),
        (2025, 30, [30, 28, 30, 30, 30, 30]),
        (2024, 30, [30, 29, 30, 30, 30, 30]),
        (2025, 31, [31, 28, 31, 30, 31, 30]),
        (2024, 31, [31, 29, 31, 30, 31, 30]),
    ],
)
def test_a_short_month_bills_on_its_last_day(
    year: int, billing_day: int, expected: list[int]
) -> None:
    assert billing_dates(year, billing_day) == expected


def test_the_next_billing_date_may_be_the_day_itself() -> None:
    day = date(2025, 2, 28)

    assert anchor_on_or_after(day, 31) == day
    assert anchor_on_or_after(day, 15) == date(2025, 3, 15)


@pytest.mark.parametrize("billing_day", [0, 32])
def test_a_billing_day_is_a_day_of_a_month(billing_day: int) -> None:
    with pytest.raises(ValueError, match="1 to 31"):
        anchor_on_or_after(date(2025, 1, 1), billing_day)


@pytest.mark.parametrize(
    "length",
    [MONTH, Duration(3, Unit.MONTH), Duration(1, Unit.YEAR), Duration(10, Unit.DAY)],
    ids=str,
)
@pytest.mark.parametrize("start", [date(2024, 2, 29), date(2025, 1, 31), date(2025, 4, 1)])
def test_jumping_to_a_cycle_finds_the_one_that_counting_finds(
    start: date, length: Duration
) -> None:
    cycles = cycles_from(start, length, start.day, count=30)
    days = [start + timedelta(days=offset) for offset in range(0, 290, 7)]

    for day in days:
        counted = next(cycle for cycle in cycles if cycle.contains(day))
        assert cycle_start_at(start, length, start.day, day) == counted.start


@pytest.mark.parametrize("anchor_day", [1, 31])
def test_a_cycle_that_begins_beside_the_billing_day_keeps_its_own(anchor_day: int) -> None:
    assert cycle_end(date(2025, 1, 8), MONTH, anchor_day) == date(2025, 2, 8)
    assert cycle_start_at(date(2025, 1, 8), MONTH, anchor_day, date(2025, 4, 7)) == date(2025, 3, 8)


def test_no_cycle_holds_a_day_before_the_first() -> None:
    with pytest.raises(ValueError, match="before the first cycle"):
        cycle_start_at(date(2025, 1, 2), MONTH, 2, date(2025, 1, 1))
