"""Escaping for markup that is written in Python, many times on a page."""

import re
from html import escape
from typing import Any

from django.utils.functional import Promise

_SPECIAL = re.compile(r"[&<>\"']")


def escaped(value: Any) -> str:
    """Return a value as text for markup, escaped unless it is markup already.

    Says what Django's `conditional_escape` says, for a fraction of its time.
    """
    if type(value) is str:
        return escape(value) if _SPECIAL.search(value) else value
    if isinstance(value, Promise):
        value = str(value)
    if hasattr(value, "__html__"):
        return str(value.__html__())
    return escape(str(value))
