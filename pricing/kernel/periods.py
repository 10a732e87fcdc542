"""Days, half-open periods and durations.

A period is `[start, end)`: the last day is not part of it. A duration is a count of calendar
units; months and years keep the day of the month they started from (31 January, 28 February,
31 March), because callers pass that day along as the anchor day.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `start` up to, and not including, `end`; None means it never ends.

    Raises ValueError if it would hold no day.
    """

    start: date
    end: date | None

    def __post_init__(self) -> None:
        if self.end is not None and self.end <= self.start:
            raise ValueError(f"[{self.start}, {self.end}) holds no day")

    def __str__(self) -> str:
        return f"[{self.start}, {'' if self.end is None else self.end})"

    @property
    def days(self) -> int:
        """The number of days; ValueError if the period is open."""
        return (self.until - self.start).days

    @property
    def until(self) -> date:
        """The first day after the last; ValueError if the period is open."""
        if self.end is None:
            raise ValueError(f"{self} has no end")
        return self.end

    def contains(self, day: date) -> bool:
        """Say whether `day` is one of the period's days."""
        return self.start <= day and (self.end is None or day < self.end)

    def covers(self, other: Period) -> bool:
        """Say whether every day of `other` is a day of this period."""
        if other.start < self.start:
            return False
        return self.end is None or (other.end is not None and other.end <= self.end)

    def intersection(self, other: Period) -> Period | None:
        """Return the days both have, None if they share none."""
        start = max(self.start, other.start)
        if self.end is None or other.end is None:
            end = other.end if self.end is None else self.end
        else:
            end = min(self.end, other.end)
        if end is not None and end <= start:
            return None
        return Period(start, end)


@lru_cache(maxsize=65536)
def shared_period(start: date, end: date | None) -> Period:
    """Return the period, the same object for the same days: many services share them."""
    return Period(start, end)


def merge(periods: Iterable[Period]) -> list[Period]:
    """Return the same days as few periods as possible, in order."""
    merged: list[Period] = []
    for period in sorted(periods, key=lambda each: each.start):
        last = merged[-1] if merged else None
        if last is None or (last.end is not None and last.end < period.start):
            merged.append(period)
        elif last.end is not None and (period.end is None or period.end > last.end):
            merged[-1] = Period(last.start, period.end)
    return merged


class Unit(StrEnum):
    """The calendar unit of a duration."""

    DAY = "DAY"
    WEEK = "WEEK"
    MONTH = "MONTH"
    YEAR = "YEAR"


_DAYS = {Unit.DAY: 1, Unit.WEEK: 7}
_MONTHS = {Unit.MONTH: 1, Unit.YEAR: 12}


@dataclass(frozen=True, slots=True)
class Duration:
    """A count of calendar units, at least one.

    Raises ValueError if `count` is below one.
    """

    count: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.count < 1:
            raise ValueError(f"a duration is at least one unit long, not {self.count}")

    def __str__(self) -> str:
        return f"{self.count} {self.unit.lower()}{'' if self.count == 1 else 's'}"

    @property
    def months(self) -> int | None:
        """The length in months, None if it is counted in days or weeks."""
        factor = _MONTHS.get(self.unit)
        return None if factor is None else self.count * factor

    @property
    def day_count(self) -> int | None:
        """The length in days, None if it is counted in months or years."""
        factor = _DAYS.get(self.unit)
        return None if factor is None else self.count * factor

    def after(self, start: date, *, anchor_day: int | None = None) -> date:
        """Return the first day after a period of this length that begins on `start`.

        Months end on `anchor_day` (default: the day of `start`) or on the month's last day if
        that is earlier. Source: BillMax, billing on the 29th, 30th and 31st.
        """
        months = self.months
        if months is None:
            return start + timedelta(days=self.day_count or 0)
        return add_months(start, months, anchor_day or start.day)

    def before(self, end: date, *, anchor_day: int | None = None) -> date:
        """Return the first day of a period of this length that ends before `end`."""
        months = self.months
        if months is None:
            return end - timedelta(days=self.day_count or 0)
        return add_months(end, -months, anchor_day or end.day)

    def ratio(self, other: Duration) -> Fraction | None:
        """Return how many times `other` fits, None between months and days (no fixed answer)."""
        return _ratio(self.count, self.unit, other.count, other.unit)


@lru_cache(maxsize=65536)
def add_months(start: date, months: int, anchor_day: int) -> date:
    """Return `anchor_day` of the month that is `months` away, or that month's last day."""
    index = start.year * 12 + start.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(anchor_day, monthrange(year, month + 1)[1]))


@lru_cache(maxsize=4096)
def _ratio(count: int, unit: Unit, other_count: int, other_unit: Unit) -> Fraction | None:
    for factors in (_MONTHS, _DAYS):
        if unit in factors and other_unit in factors:
            return Fraction(count * factors[unit], other_count * factors[other_unit])
    return None


def duration_from_billmax(value: int) -> Duration:
    """Read BillMax's one-number duration: positive counts months, negative counts days.

    Raises ValueError for 0. Source: BillMax, service table.
    """
    if value == 0:
        raise ValueError("a duration of 0 means no term at all")
    return Duration(value, Unit.MONTH) if value > 0 else Duration(-value, Unit.DAY)
