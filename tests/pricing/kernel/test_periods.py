"""Periods are half-open; months keep the day they started from."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from pricing.kernel.periods import (
    Duration,
    Period,
    Unit,
    duration_from_billmax,
    merge,
)

JANUARY = Period(date(2025, 1, 1), date(2025, 2, 1))
FROM_JUNE = Period(date(2025, 6, 1), None)


def test_a_period_counts_its_days_without_the_end() -> None:
    assert JANUARY.days == 31


def test_an_open_period_has_no_day_count() -> None:
    with pytest.raises(ValueError, match="no end"):
        _ = FROM_JUNE.days


@pytest.mark.parametrize("end", [date(2025, 1, 1), date(2024, 12, 31)])
def test_a_period_holds_at_least_one_day(end: date) -> None:
    with pytest.raises(ValueError, match="holds no day"):
        Period(date(2025, 1, 1), end)


def test_a_period_contains_its_first_day_but_not_its_end() -> None:
    assert JANUARY.contains(date(2025, 1, 1))
    assert JANUARY.contains(date(2025, 1, 31))
    assert not JANUARY.contains(date(2025, 2, 1))
    assert FROM_JUNE.contains(date(2099, 1, 1))


def test_neighbours_share_no_day() -> None:
    february = Period(date(2025, 2, 1), date(2025, 3, 1))

    assert JANUARY.intersection(february) is None


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        pytest.param(
            JANUARY,
            Period(date(2025, 1, 15), None),
            Period(date(2025, 1, 15), date(2025, 2, 1)),
            id="open and closed",
        ),
        pytest.param(
            FROM_JUNE,
            Period(date(2025, 1, 1), None),
            FROM_JUNE,
            id="both open",
        ),
        pytest.param(
            JANUARY,
            Period(date(2024, 12, 1), date(2025, 1, 2)),
            Period(date(2025, 1, 1), date(2025, 1, 2)),
            id="both closed",
        ),
    ],
)
def test_the_intersection_is_the_shared_days(one: Period, other: Period, expected: Period) -> None:
    assert one.intersection(other) == expected
    assert other.intersection(one) == expected


def test_covers_asks_for_every_day() -> None:
    assert JANUARY.covers(Period(date(2025, 1, 1), date(2025, 1, 31)))
    assert not JANUARY.covers(Period(date(2025, 1, 31), date(2025, 2, 2)))
    assert not JANUARY.covers(Period(date(2024, 12, 31), date(2025, 1, 2)))
    assert not JANUARY.covers(Period(date(2025, 1, 2), None))
    assert FROM_JUNE.covers(Period(date(2025, 7, 1), None))


def test_a_period_prints_as_half_open() -> None:
    assert str(JANUARY) == "[2025-01-01, 2025-02-01)"
    assert str(FROM_JUNE) == "[2025-06-01, )"


def test_merge_joins_neighbours_and_overlaps() -> None:
    february = Period(date(2025, 2, 1), date(2025, 3, 1))
    inside = Period(date(2025, 1, 5), date(2025, 1, 6))

    assert merge([FROM_JUNE, february, inside, JANUARY]) == [
        Period(date(2025, 1, 1), date(2025, 3, 1)),
        FROM_JUNE,
    ]


@pytest.mark.case("billmax:T6")
@pytest.mark.parametrize(
    ("billmax", "start", "next_bill"),
    [
        (1, date(2025, 1, 31), date(2025, 2, 28)),
        (12, date(2025, 3, 15), date(2026, 3, 15)),
        (-7, date(2025, 3, 15), date(2025, 3, 22)),
        (-10, date(2025, 2, 24), date(2025, 3, 6)),
        (-1, date(2025, 2, 28), date(2025, 3, 1)),
        (18, date(2025, 1, 1), date(2026, 7, 1)),
    ],
)
def test_positive_durations_are_months_and_negative_ones_days(
    billmax: int, start: date, next_bill: date
) -> None:
    assert duration_from_billmax(billmax).after(start) == next_bill


def test_a_duration_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^a duration of 0 means no term at all$"):
        duration_from_billmax(0)
    with pytest.raises(ValueError, match="at least one"):
        Duration(0, Unit.MONTH)


def test_months_return_to_the_anchor_day() -> None:
    month = Duration(1, Unit.MONTH)

    february = month.after(date(2025, 1, 31))
    march = month.after(february, anchor_day=31)

    assert (february, march) == (date(2025, 2, 28), date(2025, 3, 31))
    assert month.before(march, anchor_day=31) == february


def test_days_and_weeks_are_counted_in_days_and_months_are_not() -> None:
    fortnight = Duration(2, Unit.WEEK)

    assert (fortnight.day_count, fortnight.months) == (14, None)
    assert (Duration(2, Unit.YEAR).day_count, Duration(2, Unit.YEAR).months) == (None, 24)
    assert fortnight.before(date(2025, 3, 15)) == date(2025, 3, 1)


def test_a_leap_day_is_kept_over_the_years() -> None:
    year = Duration(1, Unit.YEAR)

    assert year.after(date(2024, 2, 29)) == date(2025, 2, 28)
    assert Duration(4, Unit.YEAR).after(date(2024, 2, 29)) == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("one", "other", "times"),
    [
        (Duration(1, Unit.YEAR), Duration(1, Unit.MONTH), Fraction(12)),
        (Duration(1, Unit.MONTH), Duration(2, Unit.MONTH), Fraction(1, 2)),
        (Duration(2, Unit.WEEK), Duration(7, Unit.DAY), Fraction(2)),
        (Duration(1, Unit.MONTH), Duration(30, Unit.DAY), None),
    ],
)
def test_ratio_says_how_often_one_fits_the_other(
    one: Duration, other: Duration, times: Fraction | None
) -> None:
    assert one.ratio(other) == times


def test_a_duration_reads_as_words() -> None:
    assert str(Duration(1, Unit.MONTH)) == "1 month"
    assert str(Duration(7, Unit.DAY)) == "7 days"
