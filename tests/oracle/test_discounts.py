"""Discounts of charges agree with a clerk who walks through the days, on random inputs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from hypothesis import event, given, settings
from hypothesis import strategies as st

from pricing.kernel.discount_days import (
    ONCE,
    ChargedDays,
    DatedDiscount,
    Recurrence,
    Renewal,
    acting_discounts,
)
from pricing.kernel.discounts import Discount, DiscountKind, apply_discounts
from pricing.kernel.periods import Duration, Period, Unit
from tests.oracle.calendar import plus
from tests.oracle.facts import Length
from tests.oracle.pricer import after_discounts

DAY = timedelta(days=1)
MARCH = [date(2026, 3, 1) + DAY * place for place in range(31)]


@dataclass(frozen=True)
class PlainDiscount:
    """A discount as a clerk notes it down."""

    kind: str
    value: Fraction
    first: date
    after: date | None
    renewal: str
    length: Length
    every: Length | None
    holds: tuple[tuple[date, date], ...] | None
    waits: bool


def days_of(discount: PlainDiscount, first_charged: date) -> list[date]:
    """Go through the days of March and ask of each whether it is discounted."""
    begins = discount.first
    if discount.waits and begins.day != 1:
        begins = plus(begins.replace(day=1), (1, "MONTH"), 1)
    if discount.waits and discount.renewal == "EVERY_CYCLE" and first_charged < discount.first:
        return []
    asked_on = first_charged if discount.waits else max(first_charged, discount.first)
    if discount.holds is not None and not any(
        start <= asked_on < end for start, end in discount.holds
    ):
        return []
    return [
        day
        for day in MARCH
        if (discount.waits or day >= discount.first)
        and (discount.after is None or day < discount.after)
        and in_stretch(discount, begins, day, first_charged)
    ]


def in_stretch(discount: PlainDiscount, begins: date, day: date, first_charged: date) -> bool:
    """Ask whether a day is one of those on which the discount comes."""
    if discount.renewal == "ONCE":
        return begins in MARCH and day >= begins
    if discount.renewal == "EVERY_CYCLE":
        start = max(first_charged, discount.first)
        return start <= day < plus(start, discount.length, start.day)
    return any(start <= day < end for start, end in stretches(discount, begins))


@lru_cache(maxsize=64)
def stretches(discount: PlainDiscount, begins: date) -> list[tuple[date, date]]:
    """Walk from the first day, stretch by stretch, until March is over."""
    found, start = [], begins
    while start <= MARCH[-1]:
        found.append((start, plus(start, discount.length, begins.day)))
        if discount.every is None:
            break
        start = plus(start, discount.every, begins.day)
    return found


def price_of_day(
    discounts: list[tuple[PlainDiscount, list[date]]], price: Fraction, day: date
) -> Fraction:
    """The share of a day in March's price, after what is taken off on that day."""
    here = [(each, days) for each, days in discounts if day in days]
    amounts = [
        each.value * 31 / len(days) if each.renewal == "ONCE" else each.value
        for each, days in here
        if each.kind == "AMOUNT"
    ]
    percentages = [each.value for each, _ in here if each.kind == "PERCENTAGE"]
    return after_discounts(price, percentages, amounts, Fraction(1)) / 31


LENGTHS = st.one_of(
    st.tuples(st.integers(1, 40), st.just("DAY")), st.tuples(st.integers(1, 2), st.just("MONTH"))
)


@st.composite
def plain_discounts(draw: st.DrawFn) -> PlainDiscount:
    kind = draw(st.sampled_from(["PERCENTAGE", "AMOUNT"]))
    most = Decimal(1) if kind == "PERCENTAGE" else Decimal(40)
    first = draw(st.dates(date(2026, 1, 1), date(2026, 4, 5)))
    waits = draw(st.booleans())
    after = draw(st.none() | st.dates(date(2026, 3, 2), date(2026, 4, 20)))
    renewal = draw(st.sampled_from(["ONCE", "NEVER", "EVERY", "EVERY_CYCLE"]))
    start = draw(st.dates(date(2026, 2, 1), date(2026, 3, 31)))
    return PlainDiscount(
        kind=kind,
        value=Fraction(draw(st.decimals(0, most, places=2))),
        first=first,
        after=None if after is None or after <= first or waits else after,
        renewal=renewal,
        length=draw(LENGTHS),
        every=draw(LENGTHS) if renewal == "EVERY" else None,
        holds=draw(st.sampled_from([None, ((start, start + 20 * DAY),)])),
        waits=waits,
    )


def dated(plain: PlainDiscount, number: int) -> DatedDiscount:
    """The same discount as the kernel's value."""
    value = Decimal(plain.value.numerator) / plain.value.denominator
    recurrence = ONCE
    if plain.renewal != "ONCE":
        recurrence = Recurrence(
            Renewal(plain.renewal), duration(plain.length), plain.every and duration(plain.every)
        )
    return DatedDiscount(
        Discount(number, DiscountKind(plain.kind), value),
        "",
        Period(date.min if plain.waits else plain.first, plain.after),
        plain.first,
        recurrence,
        holds=None if plain.holds is None else tuple(Period(*each) for each in plain.holds),
        aligned=plain.waits,
    )


def duration(length: Length) -> Duration:
    return Duration(length[0], Unit(length[1]))


def first_of_month(day: date) -> date:
    return day if day.day == 1 else plus(day.replace(day=1), (1, "MONTH"), 1)


@settings(max_examples=200)
@given(
    st.lists(plain_discounts(), max_size=3),
    st.decimals(0, 90, places=2),
    st.sampled_from([date(2026, 3, 1), date(2026, 3, 12)]),
)
def test_a_month_with_discounts(plain: list[PlainDiscount], price: Decimal, first: date) -> None:
    cycle = Period(MARCH[0], date(2026, 4, 1))
    charged = ChargedDays(
        1, cycle, cycle, Duration(1, Unit.MONTH), first=first, next_start=first_of_month
    )

    acting = acting_discounts([dated(each, place) for place, each in enumerate(plain)], charged)

    event(f"{len(acting)} stretches")
    walked = [(each, days_of(each, first)) for each in plain]
    for day in MARCH:
        expected = price_of_day(walked, Fraction(price), day)
        given_on = [each.discount for each in acting if each.days.contains(day)]
        found = Fraction(apply_discounts(price, given_on).amount) / 31
        assert abs(found - expected) < Fraction(1, 10**20), day
