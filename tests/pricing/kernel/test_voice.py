"""Calls: prefixes, billed seconds, time bands, included minutes, classes."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.kernel.money import round_money
from pricing.kernel.voice import (
    DeckEntry,
    PrefixIndex,
    TimeBand,
    beyond_allowance,
    billed_seconds,
    call_class,
    minutes_price,
    price_call,
)

D = Decimal
CENT = D("0.01")
WEEKDAYS = frozenset(range(5))


def entry(cents: str, minimum: int = 0, increment: int = 1, fee: str = "0", **more: object):
    return DeckEntry("1", "", D(cents) / 100, minimum, increment, D(fee), **more)


@pytest.mark.case("billmax:C1")
def test_a_short_call_is_billed_the_minimum() -> None:
    assert billed_seconds(10, minimum=30, increment=1) == 30


@pytest.mark.case("billmax:C2")
def test_seconds_are_rounded_up_to_whole_increments() -> None:
    assert billed_seconds(53, minimum=0, increment=5) == 55


@pytest.mark.case("billmax:C3")
def test_a_deck_without_a_minimum_takes_the_plans() -> None:
    assert price_call(entry("3"), 10, plan_minimum=45).seconds == 45
    assert price_call(entry("3", minimum=30), 10, plan_minimum=45).seconds == 30


def case(number: int, *values: object) -> object:
    return pytest.param(*values, marks=pytest.mark.case(f"billmax:C{number}"), id=f"C{number}")


@pytest.mark.parametrize(
    ("seconds", "minimum", "increment", "rate", "fee", "billed", "cents", "amount"),
    [
        case(4, 53, 60, 6, "3", "0.00", 60, "3.000", "0.03"),
        case(5, 61, 60, 6, "3", "0.00", 66, "3.300", "0.03"),
        case(6, 66, 60, 6, "3", "0.00", 66, "3.300", "0.03"),
        case(7, 67, 60, 6, "3", "0.00", 72, "3.600", "0.04"),
        case(8, 125, 60, 6, "3", "0.00", 126, "6.300", "0.06"),
        case(9, 59, 60, 60, "3", "0.00", 60, "3.000", "0.03"),
        case(10, 61, 60, 60, "3", "0.00", 120, "6.000", "0.06"),
        case(11, 1, 1, 1, "3", "0.00", 1, "0.050", "0.00"),
        case(12, 33, 30, 6, "1.2345", "0.05", 36, "0.7407", "0.06"),
        case(13, 3600, 60, 6, "0.9", "0.00", 3600, "54.000", "0.54"),
    ],
)
def test_what_a_call_costs(
    seconds: int,
    minimum: int,
    increment: int,
    rate: str,
    fee: str,
    billed: int,
    cents: str,
    amount: str,
) -> None:
    found = price_call(entry(rate, minimum, increment, fee), seconds)
    assert found.seconds == billed
    assert found.shares[0].amount * 100 == Fraction(cents)
    assert round_money(found.amount, CENT) == D(amount)


def test_calls_are_rounded_once_together() -> None:
    three = [
        price_call(entry("3", 60, 6), 61),
        price_call(entry("3", 60, 6), 66),
        price_call(entry("3", 1, 1), 1),
    ]
    assert round_money(sum((call.amount for call in three), Fraction(0)), CENT) == D("0.07")


def test_a_call_that_nobody_answered_costs_nothing() -> None:
    found = price_call(entry("3", 60, 6, fee="0.05"), 0)
    assert (found.seconds, found.amount) == (0, 0)


def deck() -> PrefixIndex[str]:
    return PrefixIndex(
        [
            ("1", "North America"),
            ("1817", "Fort Worth, Texas"),
            ("1817446", "Fort Worth, finer"),
            ("1905", "Ontario, Canada"),
        ]
    )


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        case(14, "18174461234", "Fort Worth, finer"),
        case(15, "18175551234", "Fort Worth, Texas"),
        case(16, "19055551234", "Ontario, Canada"),
        case(17, "12125551234", "North America"),
        case(18, "442071234567", None),
    ],
)
def test_the_longest_prefix_wins(number: str, expected: str | None) -> None:
    index = deck()
    assert index.find(number) == expected
    assert index.find(number) == expected


DIGITS = st.text("0123", min_size=1, max_size=6)


@given(st.dictionaries(DIGITS, st.integers(), max_size=30), st.lists(DIGITS, max_size=20))
def test_the_index_agrees_with_walking_down_the_number(
    entries: dict[str, int], numbers: list[str]
) -> None:
    index = PrefixIndex(entries.items())
    assert len(index) == len(entries)
    for number in numbers:
        heads = [number[:length] for length in range(len(number), 0, -1)]
        assert index.find(number) == next(
            (entries[head] for head in heads if head in entries), None
        )


@pytest.mark.parametrize(
    ("lines", "pool", "overage_minutes", "amount"),
    [
        case(24, [480], "shared", 0, "0.00"),
        case(25, [512], "shared", 12, "0.36"),
        case(26, [300, 150, 100], "shared", 50, "1.50"),
        case(27, [300, 150, 100], "own", 0, "0.00"),
    ],
)
def test_included_minutes(
    lines: list[int],
    pool: str,
    overage_minutes: int,
    amount: str,
) -> None:
    allowance = 500 * 60
    calls = [minutes * 60 for minutes in lines]
    pools = [calls] if pool == "shared" else [[each] for each in calls]
    over = sum(sum(beyond_allowance(each, allowance)) for each in pools)
    assert over == overage_minutes * 60
    assert round_money(minutes_price(over, D("0.03")), CENT) == D(amount)


def test_the_call_that_uses_up_the_allowance_is_covered_in_part() -> None:
    assert beyond_allowance([60, 100, 30], 120) == [0, 40, 30]


def local(text: str) -> datetime:
    """Return a time of the clock where the call began."""
    return datetime.fromisoformat(text)


PEAK = TimeBand("peak", WEEKDAYS, 8 * 60, 18 * 60)
BY_BAND = entry("6", band_rates=(("peak", D("0.12")),))


@pytest.mark.parametrize(
    ("started_at", "shares"),
    [
        (local("2026-03-02 07:59"), [(None, 60), ("peak", 120)]),
        (local("2026-03-02 17:58"), [("peak", 120), (None, 60)]),
        (local("2026-03-01 12:00"), [(None, 180)]),
        (local("2026-03-02 09:00:00.000500"), [("peak", 180)]),
        (local("2026-03-01 23:59"), [(None, 180)]),
    ],
)
def test_a_call_that_crosses_a_band_is_priced_in_each(
    started_at: datetime, shares: list[tuple[str | None, int]]
) -> None:
    found = price_call(BY_BAND, 180, started_at=started_at, bands=[PEAK])
    assert [(share.band, share.seconds) for share in found.shares] == shares
    rates = {"peak": Fraction(12, 100), None: Fraction(6, 100)}
    assert found.amount == sum(rates[band] * seconds / 60 for band, seconds in shares)


def test_a_band_that_reaches_midnight_goes_on_the_next_day() -> None:
    night = TimeBand("night", frozenset(range(7)), 22 * 60, 1440)
    early = TimeBand("night", frozenset(range(7)), 0, 6 * 60)
    started = local("2026-03-01 23:59")
    by_night = entry("6", band_rates=(("night", D("0.01")),))
    found = price_call(by_night, 120, started_at=started, bands=[night, early])
    assert [(share.band, share.seconds) for share in found.shares] == [("night", 120)]


def test_a_day_ends_at_midnight_where_no_band_does() -> None:
    tuesday = TimeBand("early", frozenset({1}), 0, 6 * 60)
    early = entry("6", band_rates=(("early", D("0.01")),))

    found = price_call(early, 120, started_at=local("2026-03-02 23:59"), bands=[tuesday])

    assert [(share.band, share.seconds) for share in found.shares] == [(None, 60), ("early", 60)]


CLASSES = {
    "toll free": ["1800", "1844", "1855", "1866", "1877", "1888"],
    "premium": ["1900", "1976"],
    "service code": ["211$", "311$", "411$"],
    "Great Britain": ["44"],
}


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        case(19, "18445551234", "toll free"),
        case(20, "19005551234", "premium"),
        case(21, "311", "service code"),
        pytest.param("3115551234", "long distance", id="longer than a service code"),
        pytest.param("442071234567", "Great Britain", id="country"),
    ],
)
def test_classes_of_calls(number: str, expected: str) -> None:
    assert call_class(number, CLASSES, otherwise="long distance") == expected


def test_a_class_is_that_of_the_longest_prefix_and_the_first_of_two_alike() -> None:
    prefixes = {"country": ["4"], "city": ["44"], "twin": ["44"]}
    assert call_class("441", prefixes, otherwise="none") == "city"
    assert call_class("45", prefixes, otherwise="none") == "country"
    assert call_class("5", prefixes, otherwise="none") == "none"
    assert call_class("5", {"everything": [""]}, otherwise="none") == "everything"


def test_without_a_minimum_anywhere_the_seconds_are_billed() -> None:
    assert price_call(entry("3"), 1).seconds == 1
    assert price_call(entry("3"), 1).shares[0].rate == D("0.03")


def test_bands_ask_for_rates_and_a_start() -> None:
    monday_noon = local("2026-03-02 12:00")
    plain = price_call(entry("6"), 60, started_at=monday_noon, bands=[PEAK])
    without_start = price_call(BY_BAND, 60, bands=[PEAK])
    without_bands = price_call(BY_BAND, 60, started_at=monday_noon)
    assert [call.shares[0].band for call in (plain, without_start, without_bands)] == [None] * 3


def test_the_last_second_before_a_band_is_outside_it() -> None:
    second_before = local("2026-03-02 07:59:59.900000")
    found = price_call(BY_BAND, 2, started_at=second_before, bands=[PEAK])
    assert [(share.band, share.seconds) for share in found.shares] == [(None, 1), ("peak", 1)]


def test_values_that_make_no_sense() -> None:
    with pytest.raises(ValueError, match="0 seconds or more"):
        billed_seconds(-1, minimum=0, increment=1)
    with pytest.raises(ValueError, match="at least one second"):
        billed_seconds(1, minimum=0, increment=0)
    for start, end in ((600, 600), (-1, 600), (600, 1441)):
        with pytest.raises(ValueError, match=r"^a time band begins and ends within one day$"):
            TimeBand("x", WEEKDAYS, start, end)
