"""Which days may be typed or stand in files: those with which Ratebook can go on counting.

Without bounds the day after 9999-12-31 is asked for, and there is none.
"""

from datetime import date
from typing import Final

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2999
TOO_EARLY: Final = f"Enter a day of {FIRST_YEAR} or later."
TOO_LATE: Final = f"Enter a day before the year {LAST_YEAR + 1}."
NO_LAST_DAY: Final = "Leave the last day empty if there is none."


def fault_of_day(day: date, *, may_be_empty: bool) -> str:
    """Return why a day, or an instant, cannot be taken, or ""."""
    if day.year < FIRST_YEAR:
        return TOO_EARLY
    if day.year > LAST_YEAR:
        return f"{TOO_LATE} {NO_LAST_DAY}" if may_be_empty else TOO_LATE
    return ""
