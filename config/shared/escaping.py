"""Escaping for markup that is written in Python, many times on a page."""

from html import escape
from typing import Any

from django.utils.functional import Promise


def escaped(value: Any) -> str:
    """Return a value as text for markup, escaped unless it is markup already.

    Says what Django's `conditional_escape` says, for a fraction of its time.
    """
    if isinstance(value, Promise):
        value = str(value)
    if hasattr(value, "__html__"):
        return str(value.__html__())
    return escape(str(value))
