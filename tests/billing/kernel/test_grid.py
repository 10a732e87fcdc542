"""The cycles under one set of billing terms, from any day on, and the day phases count from."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import islice

import pytest

from billing.kernel.grid import Cell, cells, settled_maturity
from billing.kernel.history import Terms
from pricing.kernel.periods import Duration, Unit
from pricing.kernel.rates import AfterLast, Basis, Phase, Rate
from tests.billing.kernel.histories import MONTH, day, monthly, period, terms

FORTNIGHT = Duration(2, Unit.WEEK)
PLAIN = monthly("31.00")
PHASED = Rate(
    3,
    Basis.MATURITY,
    MONTH,
    Decimal(0),
    (
        Phase(MONTH, 2, Decimal(10)),
        Phase(Duration(2, Unit.MONTH), 1, Decimal(15)),
        Phase(MONTH, 1, Decimal(20)),
    ),
    AfterLast.KEEP,
)


def found(given: Terms, rate: Rate, first: str, floor: date, count: int = 7) -> list[Cell]:
    start = day(first)
    return list(
        islice(cells(given, rate, first=start, maturity=lambda _: start, floor=floor), count)
    )


def test_a_part_of_a_cycle_comes_first_and_then_whole_ones() -> None:
    (part, first, second, third) = found(terms(), PLAIN, "2025-01-15", date.min, count=4)

    assert (part.start, part.end, part.rank) == (day("2025-01-15"), day("2025-02-01"), 0)
    assert part.cycle == period("2025-01-01", "2025-02-01")
    assert [each.rank for each in (first, second, third)] == [1, 2, 2]
    assert [each.cycle for each in (first, second)] == [
        period("2025-02-01", "2025-03-01"),
        period("2025-03-01", "2025-04-01"),
    ]


def test_the_cycle_of_a_part_begins_on_the_billing_day() -> None:
    (part,) = found(terms(billing_day=31), PLAIN, "2025-02-10", date.min, count=1)

    assert part.cycle == period("2025-01-31", "2025-02-28")


@pytest.mark.parametrize("rate", [PLAIN, PHASED], ids=["plain", "phased"])
@pytest.mark.parametrize("first", ["2025-01-01", "2025-01-15"])
def test_a_look_from_a_later_day_finds_the_cycles_that_end_after_it(rate: Rate, first: str) -> None:
    given = terms(end="2026-01-01")
    everything = found(given, rate, first, date.min, count=20)

    for days in range(366):
        floor = day("2025-01-01") + timedelta(days=days)
        expected = [cell for cell in everything if cell.end > floor]
        assert found(given, rate, first, floor, count=20) == expected


def test_phases_wait_for_the_first_whole_cycle() -> None:
    starts = [(terms(), day("2025-01-15"))]

    assert settled_maturity(PHASED, starts, day("2025-01-15")) == day("2025-02-01")
    assert settled_maturity(PHASED, starts, day("2025-02-01")) == day("2025-02-01")
    assert settled_maturity(PHASED, starts, day("2025-03-10")) == day("2025-03-10")
    assert settled_maturity(PHASED, starts, day("2025-01-10")) == day("2025-01-10")
    assert settled_maturity(PLAIN, starts, day("2025-01-15")) == day("2025-01-15")


def test_a_phase_of_days_begins_on_the_first_day_itself() -> None:
    short = Rate(
        3,
        Basis.MATURITY,
        MONTH,
        Decimal(0),
        (Phase(FORTNIGHT, 1, Decimal(5)), Phase(MONTH, 0, Decimal(20))),
    )

    assert settled_maturity(short, [(terms(), day("2025-01-15"))], day("2025-01-15")) == day(
        "2025-01-15"
    )
