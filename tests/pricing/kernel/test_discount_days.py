"""When discounts act: once, for a while, again and again; and what charges are cut by."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.kernel.discount_days import (
    ONCE,
    ChargedDays,
    DatedDiscount,
    Recurrence,
    Renewal,
    acting_discounts,
    common_periods,
    days_of,
    free_unit_discounts,
)
from pricing.kernel.discounts import Discount, DiscountKind, apply_discounts
from pricing.kernel.periods import Duration, Period, Unit, add_months

D = Decimal
MONTH = Duration(1, Unit.MONTH)
FIVE = Discount(1, DiscountKind.AMOUNT, D(5))
TEN_PERCENT = Discount(2, DiscountKind.PERCENTAGE, D("0.1"))
SPORTS = 7


def day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


def days(start: str, end: str) -> Period:
    return Period(day(start), day(end))


def first_of_month(wanted: date) -> date:
    return wanted if wanted.day == 1 else add_months(wanted, 1, 1)


def month(number: int, first: str | None = None) -> ChargedDays:
    """Return a month of 2026, charged from `first` on (default: all of it)."""
    cycle = Period(date(2026, number, 1), add_months(date(2026, number, 1), 1, 1))
    begins = day(first) if first else cycle.start
    return ChargedDays(
        SPORTS,
        days=cycle,
        cycle=cycle,
        length=MONTH,
        first=begins,
        next_start=first_of_month,
    )


def dated(
    since: str, *, discount: Discount = TEN_PERCENT, until: str | None = None, **more: Any
) -> DatedDiscount:
    period = Period(day(since), day(until) if until else None)
    return DatedDiscount(discount, "Loyal", period, day(since), **more)


def test_without_a_recurrence_it_acts_on_every_day_of_its_period() -> None:
    given_discount = dated("03-10", until="05-15")

    assert days_of(given_discount, month(2)) == []
    assert days_of(given_discount, month(3)) == [days("03-10", "04-01")]
    assert days_of(given_discount, month(4)) == [days("04-01", "05-01")]
    assert days_of(given_discount, month(5)) == [days("05-01", "05-15")]


def test_an_amount_that_comes_once_is_taken_off_in_full_however_few_days_are_left() -> None:
    (found,) = acting_discounts([dated("03-10", discount=FIVE, recurrence=ONCE)], month(3))

    assert (found.days, found.discount.key) == (days("03-10", "04-01"), FIVE.key)
    left = apply_discounts(D(31), [found.discount]).amount * 22 / 31
    assert round(left, 2) == D("17.00")
    assert days_of(dated("03-10", discount=FIVE, recurrence=ONCE), month(4)) == []


def test_an_amount_per_period_is_that_of_a_whole_cycle() -> None:
    (found,) = acting_discounts([dated("03-10", discount=FIVE)], month(3))

    assert found == (days("03-10", "04-01"), FIVE, "Loyal")


@pytest.mark.parametrize(
    ("recurrence", "expected"),
    [
        pytest.param(
            Recurrence(Renewal.NEVER), ["03-10/04-01", "04-01/04-10"], id="one billing period"
        ),
        pytest.param(
            Recurrence(Renewal.NEVER, Duration(10, Unit.DAY)), ["03-10/03-20"], id="ten days"
        ),
        pytest.param(
            Recurrence(Renewal.EVERY, Duration(5, Unit.DAY), Duration(2, Unit.MONTH)),
            ["03-10/03-15", "05-10/05-15"],
            id="five days every two months",
        ),
        pytest.param(
            Recurrence(Renewal.EVERY, None, Duration(30, Unit.DAY)),
            ["03-10/04-01", "04-01/05-01", "05-01/06-01"],
            id="stretches that overlap are one",
        ),
        pytest.param(
            Recurrence(Renewal.EVERY_CYCLE, Duration(1, Unit.WEEK)),
            ["03-10/03-17", "04-01/04-08", "05-01/05-08"],
            id="a week of every cycle",
        ),
    ],
)
def test_stretches_are_counted_by_the_calendar(recurrence: Recurrence, expected: list[str]) -> None:
    given_discount = dated("03-10", recurrence=recurrence)

    found = [each for number in (2, 3, 4, 5) for each in days_of(given_discount, month(number))]

    assert [f"{each.start:%m-%d}/{each.end:%m-%d}" for each in found] == expected


@pytest.mark.parametrize(
    ("since", "length", "every", "expected"),
    [
        pytest.param(
            date(2024, 1, 25),
            Duration(10, Unit.DAY),
            MONTH,
            ["03-01/03-07", "03-25/04-01"],
            id="ten days every month for years",
        ),
        pytest.param(
            day("02-28"),
            Duration(2, Unit.DAY),
            Duration(3, Unit.DAY),
            [
                *("03-01/03-02", "03-03/03-05", "03-06/03-08", "03-09/03-11", "03-12/03-14"),
                *("03-15/03-17", "03-18/03-20", "03-21/03-23", "03-24/03-26", "03-27/03-29"),
                "03-30/04-01",
            ],
            id="two days of three",
        ),
    ],
)
def test_a_stretch_that_began_before_the_month_reaches_into_it(
    since: date, length: Duration, every: Duration, expected: list[str]
) -> None:
    recurrence = Recurrence(Renewal.EVERY, length, every)
    given_discount = DatedDiscount(TEN_PERCENT, "Loyal", Period(since, None), since, recurrence)

    found = days_of(given_discount, month(3))

    assert [f"{each.start:%m-%d}/{each.end:%m-%d}" for each in found] == expected


def test_months_are_counted_from_the_thirty_first_without_drift() -> None:
    every = Recurrence(Renewal.EVERY, Duration(1, Unit.DAY), MONTH)

    found = [days_of(dated("01-31", recurrence=every), month(number)) for number in (1, 2, 3)]

    assert [each.start for (each,) in found] == [day("01-31"), day("02-28"), day("03-31")]


def test_an_aligned_discount_waits_for_the_next_charge() -> None:
    once = dated("03-10", recurrence=ONCE, aligned=True)
    for_a_period = dated("03-10", recurrence=Recurrence(Renewal.NEVER), aligned=True)

    assert [bool(days_of(once, month(number))) for number in (3, 4, 5)] == [False, True, False]
    assert days_of(for_a_period, month(4)) == [days("04-01", "05-01")]
    for_ever = dated("03-01", aligned=True)
    assert days_of(for_ever, month(3)) == [days("03-01", "04-01")]
    assert days_of(dated("03-02", aligned=True), month(3)) == []


def test_the_first_day_of_a_charge_decides_whether_the_criteria_hold() -> None:
    given_discount = dated("01-01", holds=(days("03-10", "04-20"),))

    assert days_of(given_discount, month(3)) == []
    assert days_of(given_discount, month(3, first="03-12")) == [days("03-01", "04-01")]
    assert days_of(given_discount, month(4)) == [days("04-01", "05-01")]
    assert days_of(given_discount, month(5)) == []


def test_one_given_within_a_charge_is_decided_on_its_own_first_day() -> None:
    given_discount = dated("03-12", holds=(days("03-10", "04-20"),))

    assert days_of(given_discount, month(3)) == [days("03-12", "04-01")]


def test_other_products_go_without() -> None:
    assert days_of(dated("01-01", product_ids=frozenset({8})), month(3)) == []
    assert days_of(dated("01-01", product_ids=frozenset({SPORTS, 8})), month(3))


def test_free_usage_is_no_discount_of_the_price() -> None:
    free = dated("01-01", discount=Discount(3, DiscountKind.FREE_USAGE, D(2)))

    assert acting_discounts([free], month(3)) == ()
    (other,) = acting_discounts([free, dated("01-01")], month(3))
    assert other.discount == TEN_PERCENT
    assert free_unit_discounts([free, dated("01-01")], month(3)) == (free.discount,)


def test_a_free_period_leaves_nothing_to_the_others() -> None:
    free = Discount(3, DiscountKind.FREE_PERIOD, D(1))

    found = apply_discounts(D(30), [FIVE, TEN_PERCENT, free])

    assert found.amount == 0
    assert {share.key: share.amount for share in found.shares} == {1: D(0), 2: D(0), 3: D(30)}


def test_recurrences_that_make_no_sense() -> None:
    with pytest.raises(ValueError, match=r"^a discount .* every so often says how often$"):
        Recurrence(Renewal.EVERY)
    with pytest.raises(ValueError, match="says how often"):
        Recurrence(Renewal.NEVER, every=MONTH)
    with pytest.raises(ValueError, match=r"^what is given once is neither renewed nor lasts$"):
        Recurrence(Renewal.NEVER, MONTH, once=True)
    with pytest.raises(ValueError, match="neither renewed nor lasts"):
        Recurrence(once=True)
    assert Recurrence(Renewal.NEVER, once=True) == ONCE
    with pytest.raises(ValueError, match="takes off all"):
        Discount(1, DiscountKind.FREE_PERIOD, D("0.5"))


def test_days_that_all_conditions_have() -> None:
    found = common_periods(
        [
            [days("01-01", "03-01"), days("04-01", "06-01")],
            [days("02-01", "05-01")],
        ]
    )

    assert found == (days("02-01", "03-01"), days("04-01", "05-01"))
    assert common_periods([]) == ()


LENGTHS = st.builds(Duration, st.integers(1, 40), st.just(Unit.DAY)) | st.builds(
    Duration, st.integers(1, 3), st.just(Unit.MONTH)
)


@given(
    since=st.dates(date(2025, 11, 1), date(2026, 8, 1)),
    length=st.none() | LENGTHS,
    every=LENGTHS,
    number=st.integers(1, 12),
)
def test_stretches_found_from_any_cycle_are_those_counted_from_the_first_day(
    since: date, length: Duration | None, every: Duration, number: int
) -> None:
    charged = month(number)
    given_discount = DatedDiscount(
        TEN_PERCENT,
        "Loyal",
        Period(since, None),
        since,
        Recurrence(Renewal.EVERY, length, every),
    )
    wanted = set()
    for count in range(800):
        if every.months:
            start = add_months(since, count * every.months, since.day)
        else:
            start = since + timedelta(days=count * every.count)
        if start >= date(2027, 2, 1):
            break
        end = (length or MONTH).after(start, anchor_day=since.day)
        wanted |= {start + timedelta(days=each) for each in range((end - start).days)}

    found = days_of(given_discount, charged)

    assert {each.start + timedelta(days=place) for each in found for place in range(each.days)} == {
        each for each in wanted if charged.days.contains(each)
    }


@given(since=st.dates(date(2026, 3, 1), date(2026, 3, 31)), cents=st.integers(0, 900))
def test_an_amount_once_comes_to_itself(since: date, cents: int) -> None:
    amount = D(cents) / 100
    once = Discount(1, DiscountKind.AMOUNT, amount)
    charged = month(3)
    given_discount = DatedDiscount(once, "", Period(since, None), since, ONCE)

    (found,) = acting_discounts([given_discount], charged)

    taken = Fraction(found.discount.value) * found.days.days / charged.cycle.days
    assert abs(taken - Fraction(amount)) < Fraction(1, 10**20)
