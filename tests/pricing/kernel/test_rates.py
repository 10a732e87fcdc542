"""A cycle is priced by the phase its start lies in; phases run by the calendar."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from pricing.kernel.periods import Duration, Period, Unit
from pricing.kernel.rates import (
    AfterLast,
    Basis,
    Phase,
    PricedCycle,
    Rate,
    cycle_price,
    price_at,
)

NEW_YEAR = date(2025, 1, 1)
DAY, MONTH = Duration(1, Unit.DAY), Duration(1, Unit.MONTH)
QUARTER, YEAR = Duration(3, Unit.MONTH), Duration(1, Unit.YEAR)


def rate(
    *phases: Phase,
    base: str = "10.00",
    per: Duration = MONTH,
    after_last: AfterLast = AfterLast.KEEP,
    basis: Basis = Basis.MATURITY,
) -> Rate:
    return Rate(1, basis, per, Decimal(base), phases, after_last)


def monthly_prices(given: Rate, months: int) -> list[str]:
    """Return what the months from January 2025 cost, "-" for one that is not charged."""
    prices = []
    for month in range(1, months + 1):
        start = date(2025, month, 1)
        priced = cycle_price(
            given,
            cycle=Period(start, MONTH.after(start)),
            maturity_start=NEW_YEAR,
            frequency=MONTH,
        )
        prices.append("-" if priced is None else str(priced.amount))
    return prices


@pytest.mark.parametrize(
    ("after_last", "expected"),
    [
        pytest.param(
            AfterLast.STOP,
            ["10.00", "10.00", "20.00", "30.00", "-", "-", "-", "-"],
            id="stop",
            marks=pytest.mark.case("billmax:T3"),
        ),
        pytest.param(
            AfterLast.KEEP,
            ["10.00", "10.00", "20.00", "30.00", "30.00", "30.00", "30.00", "30.00"],
            id="keep",
            marks=pytest.mark.case("billmax:T4"),
        ),
        pytest.param(
            AfterLast.REPEAT,
            ["10.00", "10.00", "20.00", "30.00", "10.00", "10.00", "20.00", "30.00"],
            id="repeat",
            marks=pytest.mark.case("billmax:T5"),
        ),
    ],
)
def test_what_follows_the_last_phase(after_last: AfterLast, expected: list[str]) -> None:
    given = rate(
        Phase(MONTH, 2, Decimal("10.00")),
        Phase(MONTH, 1, Decimal("20.00")),
        Phase(MONTH, 1, Decimal("30.00")),
        after_last=after_last,
    )

    assert monthly_prices(given, 8) == expected


@pytest.mark.case("crmcom:R13")
def test_maturity_tiers_change_the_price_with_the_fourth_month() -> None:
    given = rate(Phase(MONTH, 3, Decimal("10.00")), Phase(MONTH, 0, Decimal("20.00")))

    assert monthly_prices(given, 5) == ["10.00", "10.00", "10.00", "20.00", "20.00"]


@pytest.mark.parametrize(
    ("frequency", "per", "amount", "length"),
    [
        pytest.param(MONTH, MONTH, "10.00", MONTH, id="as long as the rate's period"),
        pytest.param(QUARTER, MONTH, "30.00", QUARTER, id="three periods at once"),
        pytest.param(YEAR, MONTH, "120.00", YEAR, id="a year of months"),
        pytest.param(MONTH, YEAR, "10.00", YEAR, id="shorter than the rate's period"),
        pytest.param(Duration(2, Unit.MONTH), QUARTER, "10.00", QUARTER, id="does not fit"),
        pytest.param(MONTH, DAY, "10.00", DAY, id="months do not count days"),
    ],
)
def test_the_frequency_counts_if_it_is_a_whole_multiple(
    frequency: Duration, per: Duration, amount: str, length: Duration
) -> None:
    priced = price_at(rate(per=per), NEW_YEAR, maturity_start=NEW_YEAR, frequency=frequency)

    assert priced is not None
    assert (priced.amount, priced.length) == (Decimal(amount), length)


def test_a_cycle_of_several_periods_has_the_phase_and_its_end() -> None:
    given = rate(
        Phase(MONTH, 2, Decimal(5)), Phase(MONTH, 4, Decimal(10)), after_last=AfterLast.STOP
    )

    priced = price_at(given, date(2025, 3, 1), maturity_start=NEW_YEAR, frequency=QUARTER)

    assert priced == PricedCycle(Decimal(30), Decimal(10), 3, QUARTER, 1, date(2025, 7, 1))


def test_a_part_before_maturity_costs_the_first_phase() -> None:
    given = rate(Phase(MONTH, 1, Decimal("5.00")), Phase(MONTH, 0, Decimal("20.00")))

    priced = cycle_price(
        given,
        cycle=Period(date(2024, 12, 1), NEW_YEAR),
        maturity_start=NEW_YEAR,
        frequency=MONTH,
    )

    assert priced is not None
    assert priced.amount == Decimal("5.00")


def test_a_phase_of_days_may_precede_one_of_months() -> None:
    given = rate(
        Phase(Duration(1, Unit.WEEK), 2, Decimal("1.00")), Phase(MONTH, 1, Decimal("20.00"))
    )

    weeks = price_at(given, date(2025, 1, 14), maturity_start=NEW_YEAR, frequency=MONTH)
    month = price_at(given, date(2025, 1, 15), maturity_start=NEW_YEAR, frequency=MONTH)

    assert weeks is not None
    assert (weeks.amount, weeks.phase, weeks.until) == (Decimal("1.00"), 0, date(2025, 1, 15))
    assert month is not None
    assert (month.amount, month.phase, month.until) == (Decimal("20.00"), 1, None)


def test_months_are_counted_from_the_day_the_weeks_before_them_end() -> None:
    week, month = Phase(Duration(1, Unit.WEEK), 1, Decimal(1)), Phase(MONTH, 1, Decimal(2))
    given = rate(week, month, month, month)

    found = [
        price_at(given, day, maturity_start=date(2025, 1, 24), frequency=MONTH)
        for day in (date(2025, 1, 30), date(2025, 1, 31), date(2025, 2, 28))
    ]

    assert [each and (each.phase, each.until) for each in found] == [
        (0, date(2025, 1, 31)),
        (1, date(2025, 2, 28)),
        (2, date(2025, 3, 31)),
    ]


def test_a_phase_cannot_be_repeated_less_than_never() -> None:
    with pytest.raises(ValueError, match="-1 times"):
        Phase(MONTH, -1, Decimal(1))


@pytest.mark.parametrize("basis", list(Basis))
def test_only_rates_by_maturity_are_asked_for_each_period(basis: Basis) -> None:
    by_maturity = basis in {Basis.MATURITY, Basis.QUANTITY_AND_MATURITY}

    assert rate(basis=basis).is_once is not by_maturity
