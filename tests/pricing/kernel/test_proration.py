"""A part of a cycle costs its days' share of the full price."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from pricing.kernel.periods import Period
from pricing.kernel.proration import prorate

CENT = Decimal("0.01")
APRIL = Period(date(2025, 4, 1), date(2025, 5, 1))


@pytest.mark.parametrize(
    ("first_day", "expected"),
    [
        pytest.param(date(2025, 4, 1), "30.00", id="whole cycle"),
        pytest.param(date(2025, 4, 30), "1.00", id="last day only"),
        pytest.param(date(2025, 4, 11), "20.00", id="joined on the eleventh"),
    ],
)
def test_prorate_charges_the_days_used(first_day: date, expected: str) -> None:
    used = Period(first_day, APRIL.end)

    assert prorate(Decimal(30), used=used, cycle=APRIL, coin=CENT) == Decimal(expected)


@pytest.mark.parametrize(
    "used",
    [
        Period(date(2025, 3, 31), date(2025, 4, 2)),
        Period(date(2025, 4, 30), date(2025, 5, 2)),
        Period(date(2025, 4, 30), None),
    ],
)
def test_days_outside_the_cycle_are_refused(used: Period) -> None:
    with pytest.raises(ValueError, match="is not inside"):
        prorate(Decimal(30), used=used, cycle=APRIL, coin=CENT)


def test_half_a_coin_is_a_coin() -> None:
    used = Period(date(2025, 4, 30), APRIL.end)

    assert prorate(Decimal("0.15"), used=used, cycle=APRIL, coin=CENT) == Decimal("0.01")


def test_a_currency_without_minor_unit_is_rounded_to_whole_units() -> None:
    used = Period(date(2025, 4, 11), APRIL.end)

    assert prorate(Decimal(1000), used=used, cycle=APRIL, coin=Decimal(1)) == Decimal(667)
