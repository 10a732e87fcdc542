"""How a day is written: 15 Jan 2026."""

from datetime import date
from functools import lru_cache

from django.utils.formats import date_format
from django.utils.translation import get_language


def day_text(day: date) -> str:
    """Write a day in the user's language; lists say the same few days many times."""
    return _day_text(day, get_language())


@lru_cache(maxsize=4_000, typed=True)
def _day_text(day: date, language: str | None) -> str:
    """Write the day; the formats follow the language that is active."""
    return date_format(day)
