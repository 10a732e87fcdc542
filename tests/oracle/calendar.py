"""Days and months, counted one by one."""

from __future__ import annotations

from datetime import date, timedelta

from tests.oracle.facts import Length

DAY = timedelta(days=1)


def month_length(day: date) -> int:
    number = 28
    while number < 31 and is_date(day.year, day.month, number + 1):
        number += 1
    return number


def is_date(year: int, month: int, number: int) -> bool:
    try:
        date(year, month, number)
    except ValueError:
        return False
    return True


def plus(day: date, length: Length, kept: int) -> date:
    """Go `length` on (or back), a day or a month at a time."""
    count, unit = length
    step = 1 if count > 0 else -1
    if unit in ("DAY", "WEEK"):
        for _ in range(abs(count) * (7 if unit == "WEEK" else 1)):
            day += step * DAY
        return day
    for _ in range(abs(count) * (12 if unit == "YEAR" else 1)):
        first = day.replace(day=1)
        first = first + timedelta(days=31) if step > 0 else first - DAY
        first = first.replace(day=1)
        day = first.replace(day=min(kept, month_length(first)))
    return day


def size(length: Length) -> tuple[str, int]:
    count, unit = length
    sizes = {
        "DAY": ("days", 1),
        "WEEK": ("days", 7),
        "MONTH": ("months", 1),
        "YEAR": ("months", 12),
    }
    kind, factor = sizes[unit]
    return kind, count * factor
