"""Amounts are rounded half up, once, and parts add up to the whole."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.kernel.money import coin, round_money, round_together, split
from pricing.kernel.periods import Period

CENT = Decimal("0.01")
APRIL = Period(date(2025, 4, 1), date(2025, 5, 1))


@pytest.mark.parametrize(("digits", "expected"), [(0, "1"), (2, "0.01"), (3, "0.001")])
def test_a_coin_is_the_smallest_amount(digits: int, expected: str) -> None:
    assert coin(digits) == Decimal(expected)


@pytest.mark.parametrize(
    ("amount", "expected"),
    [("0.005", "0.01"), ("0.0049", "0.00"), ("-0.005", "-0.01"), ("2.5", "2.50")],
)
def test_money_rounds_half_up_away_from_zero(amount: str, expected: str) -> None:
    assert round_money(Decimal(amount), CENT) == Decimal(expected)
    assert round_money(Fraction(amount), CENT) == Decimal(expected)


def test_yen_have_no_decimals() -> None:
    assert round_money(Decimal("99.5"), coin(0)) == Decimal(100)


def test_the_last_stretch_of_a_covered_cycle_takes_the_rest() -> None:
    stretches = [
        Period(date(2025, 4, 1), date(2025, 4, 11)),
        Period(date(2025, 4, 11), date(2025, 4, 21)),
        Period(date(2025, 4, 21), date(2025, 5, 1)),
    ]

    amounts = split(Decimal("10.00"), stretches, cycle=APRIL, coin=CENT)

    assert amounts == [Decimal("3.33"), Decimal("3.33"), Decimal("3.34")]


def test_the_price_of_a_covered_cycle_is_rounded_half_up() -> None:
    stretches = [
        Period(date(2025, 4, 1), date(2025, 4, 16)),
        Period(date(2025, 4, 16), date(2025, 5, 1)),
    ]

    amounts = split(Decimal("10.005"), stretches, cycle=APRIL, coin=CENT)

    assert amounts == [Decimal("5.00"), Decimal("5.01")]


def test_a_stretch_that_stands_alone_is_rounded_by_itself() -> None:
    stretches = [Period(date(2025, 4, 1), date(2025, 4, 11))]

    assert split(Decimal("10.00"), stretches, cycle=APRIL, coin=CENT) == [Decimal("3.33")]


def test_a_stretch_outside_the_cycle_is_refused() -> None:
    outside = Period(date(2025, 4, 30), date(2025, 5, 2))

    with pytest.raises(ValueError, match="is not inside"):
        split(Decimal(10), [outside], cycle=APRIL, coin=CENT)


@given(
    price=st.decimals(0, 100_000, places=4),
    lengths=st.lists(st.integers(1, 40), min_size=1, max_size=8),
)
def test_stretches_that_cover_a_cycle_add_up_to_its_price(
    price: Decimal, lengths: list[int]
) -> None:
    stretches, day = [], date(2025, 1, 1)
    for length in lengths:
        stretches.append(Period(day, day + timedelta(days=length)))
        day += timedelta(days=length)
    cycle = Period(date(2025, 1, 1), day)

    assert sum(split(price, stretches, cycle=cycle, coin=CENT)) == round_money(price, CENT)


def test_the_odd_coins_go_to_the_largest_remainders_and_then_to_the_first() -> None:
    thirds, uneven = [Fraction(1, 3)] * 3, [Fraction(5, 300), Fraction(10, 300)]

    assert round_together(thirds, CENT) == [Decimal("0.34"), Decimal("0.33"), Decimal("0.33")]
    assert round_together(uneven, CENT) == [Decimal("0.02"), Decimal("0.03")]


def test_a_credit_is_shared_as_its_debit_was() -> None:
    assert round_together([Fraction(-1, 3)] * 3, CENT) == [
        Decimal("-0.34"),
        Decimal("-0.33"),
        Decimal("-0.33"),
    ]


@pytest.mark.parametrize("number", [Decimal, Fraction])
def test_of_parts_that_cancel_out_the_first_takes_the_coin(
    number: type[Decimal] | type[Fraction],
) -> None:
    halves = [number("0.005"), number("-0.005")]

    assert round_together(halves, CENT) == [Decimal("0.01"), Decimal("-0.01")]


@given(st.lists(st.fractions(-1000, 1000, max_denominator=997), max_size=12))
def test_parts_rounded_together_add_up_and_stay_within_a_coin(parts: list[Fraction]) -> None:
    rounded = round_together(parts, CENT)

    assert sum(rounded, Decimal(0)) == round_money(sum(parts, Fraction(0)), CENT)
    assert all(
        abs(Fraction(each) - part) < Fraction(CENT)
        for each, part in zip(rounded, parts, strict=True)
    )


@given(st.lists(st.decimals(-1000, 1000, places=5), max_size=12))
def test_decimals_are_rounded_together_as_fractions_are(parts: list[Decimal]) -> None:
    as_fractions = round_together([Fraction(part) for part in parts], CENT)

    assert round_together(parts, CENT) == as_fractions
