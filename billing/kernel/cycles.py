"""Billing days and the cycles between them.

A billing day is 1..31; in a month that is shorter its last day is used, and the stored day is
kept, so that the 31st comes back: 31 January, 28 February, 31 March. Source: BillMax, billing
models.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from functools import lru_cache

from pricing.kernel.periods import Duration, Unit, add_months


@lru_cache(maxsize=65536)
def anchor_on_or_after(day: date, billing_day: int) -> date:
    """Return the first billing date that is not before `day`."""
    anchor = _anchor_in(day.year, day.month, billing_day)
    return anchor if anchor >= day else add_months(anchor, 1, billing_day)


def cycle_end(start: date, length: Duration, anchor_day: int) -> date:
    """Return the first day after the cycle of that length that begins on `start`."""
    return length.after(start, anchor_day=_kept_day(start, anchor_day))


def cycle_start_at(start: date, length: Duration, anchor_day: int, day: date) -> date:
    """Return the first day of the cycle that holds `day`, for equal cycles counted from `start`.

    Raises ValueError if `day` is before `start`.
    """
    if day < start:
        raise ValueError(f"{day} is before the first cycle, which begins on {start}")
    return _cycle_start_at(start, length.count, length.unit, _kept_day(start, anchor_day), day)


@lru_cache(maxsize=65536)
def _cycle_start_at(start: date, count: int, unit: Unit, anchor_day: int, day: date) -> date:
    length = Duration(count, unit)
    months = length.months
    if months is None:
        days = length.day_count or 1
        return date.fromordinal(day.toordinal() - (day - start).days % days)
    passed = (day.year - start.year) * 12 + day.month - start.month
    found = add_months(start, passed - passed % months, anchor_day)
    return found if found <= day else add_months(found, -months, anchor_day)


def _anchor_in(year: int, month: int, billing_day: int) -> date:
    if not 1 <= billing_day <= 31:
        raise ValueError(f"a billing day is 1 to 31, not {billing_day}")
    return date(year, month, min(billing_day, monthrange(year, month)[1]))


def _kept_day(start: date, anchor_day: int) -> int:
    """Return `anchor_day` if `start` stands on it (or its month is too short), else its own day."""
    if start.day == anchor_day:
        return anchor_day
    shortest = start.day < anchor_day and start.day == monthrange(start.year, start.month)[1]
    return anchor_day if shortest else start.day
