"""On which days of a charging cycle a discount acts.

A discount acts in stretches of days. The first begins on its first day; how long each is and when
the next begins is its recurrence. Stretches are counted by the calendar, so a stretch of one
billing period that begins in the middle of a cycle ends in the middle of the next. What comes once
is taken off the one charge that holds its first day.

Prices that are paid once, set-up fees among them, have a day and no cycle: a discount is taken off
them in full or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from pricing.kernel.discounts import Discount, DiscountKind
from pricing.kernel.periods import Duration, Period, add_months, merge


class Renewal(StrEnum):
    """When the next stretch of a discount begins (CRM.COM: renew)."""

    NEVER = "NEVER"
    EVERY = "EVERY"  # every so many units of time, counted from the first day
    EVERY_CYCLE = "EVERY_CYCLE"


@dataclass(frozen=True, slots=True)
class Recurrence:
    """`length` is how long each stretch is, None for one billing period; `every` goes with
    Renewal.EVERY alone. `once` is for what is taken off a single charge, and has neither.

    Raises ValueError for other combinations.
    """

    renewal: Renewal = Renewal.EVERY_CYCLE
    length: Duration | None = None
    every: Duration | None = None
    once: bool = False

    def __post_init__(self) -> None:
        if (self.every is not None) != (self.renewal is Renewal.EVERY):
            raise ValueError("a discount that is renewed every so often says how often")
        if self.once and (self.renewal is not Renewal.NEVER or self.length is not None):
            raise ValueError("what is given once is neither renewed nor lasts")


ALWAYS = Recurrence()
ONCE = Recurrence(Renewal.NEVER, once=True)


@dataclass(frozen=True, slots=True)
class DatedDiscount:
    """A discount for one service.

    It acts on days of `period` only: a charge is cut there. `since` is the day its recurrence
    counts from; where `aligned`, the next first day of a charge after it. `holds` are the days on
    which its criteria hold: a charge whose first day is none of them goes without; None means
    always. It acts on `product_ids`, None for all. `name` is what steps call it.

    It is taken off prices for each period (an amount once in full, one per period from each whole
    cycle), set-up fees, what else is paid once, or several of them.

    Raises ValueError for one that comes once and is taken off more than one of them: it would come
    twice.
    """

    discount: Discount
    name: str
    period: Period
    since: date
    recurrence: Recurrence = ALWAYS
    product_ids: frozenset[int] | None = None
    holds: tuple[Period, ...] | None = None
    aligned: bool = False
    on_recurring: bool = True
    on_setup: bool = False
    on_once: bool = False

    def __post_init__(self) -> None:
        if self.recurrence.once and self.on_recurring + self.on_setup + self.on_once > 1:
            raise ValueError("what is given once is taken off one kind of price")


@dataclass(frozen=True, slots=True)
class ChargedDays:
    """Days that are charged together: `days` of a `cycle` that lasts `length`.

    `first` is the first of them on which the service is charged. `next_start` returns the first
    day of such days on or after a day.
    """

    product_id: int
    days: Period
    cycle: Period
    length: Duration
    first: date
    next_start: Callable[[date], date]


@dataclass(frozen=True, slots=True)
class ChargedOnce:
    """A price that is paid once, on a day: a set-up fee, or that of an expense, goods or a
    one-time service. `length` is how long a billing period is on that day.
    """

    product_id: int
    on: date
    length: Duration
    is_setup: bool = False


Taken = tuple[Hashable, date]
"""The key of a discount that comes once, and the day of the price it was taken off."""


class ActingDiscount(NamedTuple):
    """A discount on some days of a cycle; its value is meant for the whole of the cycle."""

    days: Period
    discount: Discount
    name: str


def acting_discounts(
    discounts: Iterable[DatedDiscount], charged: ChargedDays
) -> tuple[ActingDiscount, ...]:
    """Return which discounts act on which of the charged days, in the order given.

    Charges are cut at the bounds of `days`. An amount that comes once is made the amount of the
    whole cycle that leaves it on these days.
    """
    found: list[ActingDiscount] = []
    for dated in discounts:
        if not dated.on_recurring or dated.discount.kind is DiscountKind.FREE_USAGE:
            continue
        for days in days_of(dated, charged):
            discount = dated.discount
            if dated.recurrence.once and discount.kind is DiscountKind.AMOUNT:
                whole = discount.value * charged.cycle.days / days.days
                discount = Discount(discount.key, discount.kind, whole)
            found.append(ActingDiscount(days, discount, dated.name))
    return tuple(found)


def days_of(dated: DatedDiscount, charged: ChargedDays) -> list[Period]:
    """Return the charged days on which a discount acts, in order."""
    if dated.product_ids is not None and charged.product_id not in dated.product_ids:
        return []
    asked = charged.days.intersection(dated.period)
    if asked is None or not _holds(dated, max(charged.first, dated.period.start)):
        return []
    recurrence = dated.recurrence
    if recurrence.renewal is Renewal.EVERY_CYCLE:
        if dated.aligned and charged.first < dated.since:
            return []
        if recurrence.length is None:
            return [asked]
        start = max(charged.first, dated.since)
        stretches: Iterable[Period] = [Period(start, recurrence.length.after(start))]
    else:
        since = charged.next_start(dated.since) if dated.aligned else dated.since
        if recurrence.once:
            stretches = [charged.days] if charged.days.contains(since) else []
            stretches = [Period(since, charged.days.end) for _ in stretches]
        else:
            length = recurrence.length or charged.length
            stretches = _stretches(recurrence, since, length, charged.days)
    cut = (asked.intersection(each) for each in stretches)
    return merge(each for each in cut if each is not None)


def once_discounts(
    discounts: Iterable[DatedDiscount], charged: ChargedOnce, taken: Collection[Taken] = ()
) -> tuple[DatedDiscount, ...]:
    """Return which discounts are taken off a price that is paid once, in the order given.

    One that applies by itself acts where its criteria hold on the day: its stretches would begin
    with this very price. One given by hand acts on the days of its own stretches. `taken` are those
    that come once and have come.
    """
    return tuple(
        dated
        for dated in discounts
        if (dated.on_setup if charged.is_setup else dated.on_once)
        and dated.discount.kind is not DiscountKind.FREE_USAGE
        and _acts_on(dated, charged)
        and not (dated.recurrence.once and _has_come(dated, taken))
    )


def _acts_on(dated: DatedDiscount, charged: ChargedOnce) -> bool:
    day, recurrence = charged.on, dated.recurrence
    if dated.product_ids is not None and charged.product_id not in dated.product_ids:
        return False
    if not dated.period.contains(day) or not _holds(dated, day):
        return False
    if dated.aligned or recurrence.renewal is Renewal.EVERY_CYCLE:
        return True
    if recurrence.once:
        return day >= dated.since
    days = Period(day, day + timedelta(days=1))
    length = recurrence.length or charged.length
    found = _stretches(recurrence, dated.since, length, days)
    return any(each.contains(day) for each in found)


def _has_come(dated: DatedDiscount, taken: Iterable[Taken]) -> bool:
    """Say whether a discount was taken on its days: given again by hand, it comes again."""
    return any(key == dated.discount.key and dated.period.contains(day) for key, day in taken)


def free_unit_discounts(
    discounts: Iterable[DatedDiscount], charged: ChargedDays
) -> tuple[Discount, ...]:
    """Return the discounts of free usage that act on any of the charged days."""
    return tuple(
        dated.discount
        for dated in discounts
        if dated.discount.kind is DiscountKind.FREE_USAGE and days_of(dated, charged)
    )


def common_periods(conditions: Sequence[Sequence[Period]]) -> tuple[Period, ...]:
    """Return the days that all have; those of one are in order and do not overlap."""
    if not conditions:
        return ()
    found = list(conditions[0])
    for other in conditions[1:]:
        both = (one.intersection(two) for one in found for two in other)
        found = [each for each in both if each is not None]
    return tuple(sorted(found, key=lambda each: each.start))


def _holds(dated: DatedDiscount, day: date) -> bool:
    return dated.holds is None or any(each.contains(day) for each in dated.holds)


def _stretches(
    recurrence: Recurrence, since: date, length: Duration, days: Period
) -> Iterable[Period]:
    """Yield the stretches that may reach into the days, from the first that can."""
    end = days.end or date.max
    number = 0
    if recurrence.every is not None:
        earliest = length.before(days.start) - timedelta(days=4)  # months differ in length
        number = max(0, _passed(recurrence.every, since, earliest))
    while True:
        start = _start(recurrence.every, since, number)
        if start >= end:
            return
        yield Period(start, length.after(start, anchor_day=since.day))
        if recurrence.every is None:
            return
        number += 1


def _start(every: Duration | None, since: date, number: int) -> date:
    if every is None:
        return since
    if every.months is not None:
        return add_months(since, number * every.months, since.day)
    return since + timedelta(days=number * (every.day_count or 1))


def _passed(every: Duration, since: date, day: date) -> int:
    """Return the number of a stretch that begins on or before `day`, perhaps not the last."""
    if every.months is not None:
        months = (day.year - since.year) * 12 + day.month - since.month - 1
        return months // every.months
    return (day - since).days // (every.day_count or 1)
