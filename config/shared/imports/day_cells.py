"""Cells that hold a day, a period of days, or an instant."""

import re
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.timezone import get_current_timezone, localtime

from config.shared.day_bounds import fault_of_day
from config.shared.db import days
from config.shared.imports.columns import Cell

_PERIOD: Final = re.compile(r"(\d{4}-\d\d-\d\d)?\s*\.\.\s*(\d{4}-\d\d-\d\d)?")
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d")
_ALWAYS: Final = "always"


class DayCell(Cell):
    """A day: 2026-07-01."""

    empty: Any = None

    def read(self, text: str) -> date:
        """Return the day."""
        try:
            day = date.fromisoformat(text.strip())
        except ValueError as error:
            raise ValueError(f"“{text}” is no day such as 2026-07-01.") from error
        if fault := fault_of_day(day, may_be_empty=True):
            raise ValueError(fault)
        return day

    def write(self, value: Any) -> str:
        """Return the day as text."""
        return str(value.isoformat())


_DAY: Final = DayCell()


class PeriodOfDaysCell(Cell):
    """One period of days, 2026-01-01..2026-03-31; either side may be left open.

    The value is a half-open range, or None for all days.
    """

    empty: Any = None

    def read(self, text: str) -> DateRange | None:
        """Return the period; the day that is written last is covered."""
        if text.casefold() == _ALWAYS:
            return None
        match = _PERIOD.fullmatch(text.strip())
        if match is None or not (match[1] or match[2]):
            raise ValueError(
                f"“{text}” is no period; write 2026-01-01..2026-03-31, or one of both days."
            )
        start, last = (_DAY.read(part) if part else None for part in match.groups())
        if start and last and last < start:
            raise ValueError("The last day is before the first.")
        return days(start, last + timedelta(days=1) if last else None)

    def write(self, value: Any) -> Any:
        """Return the period with its last day."""
        first = value.lower.isoformat() if value.lower else ""
        last = (value.upper - timedelta(days=1)).isoformat() if value.upper else ""
        return f"{first}..{last}" if first or last else ""

    def hints(self) -> str:
        """Return how it is written."""
        return "2026-01-01..2026-03-31; 2026-01-01.. has no end"


class InstantCell(Cell):
    """A day with its local time: 2026-05-01 20:00."""

    empty: Any = None

    def read(self, text: str) -> datetime:
        """Return the instant."""
        try:
            naive = datetime.fromisoformat(text.strip())
        except ValueError:
            naive = None
        if naive is None or not _INSTANT.fullmatch(text.strip()):
            raise ValueError(f"“{text}” is no day and time such as 2026-05-01 20:00.")
        if fault := fault_of_day(naive, may_be_empty=True):
            raise ValueError(fault)
        return naive.replace(tzinfo=get_current_timezone())

    def write(self, value: Any) -> Any:
        """Return the instant in local time."""
        return localtime(value).strftime("%Y-%m-%d %H:%M")


def plain_days(period: DateRange | None) -> DateRange | None:
    """Return a stored range as `PeriodOfDaysCell` reads it."""
    if period is None or (period.lower is None and period.upper is None):
        return None
    return days(period.lower, period.upper)
