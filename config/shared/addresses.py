"""Addresses of records' pages: a list has hundreds, which differ in one argument."""

import re
from functools import lru_cache

from django.conf import settings
from django.urls import get_script_prefix, get_urlconf, reverse

_PLACEHOLDER = "a-placeholder"
# What every converter of text takes as it is and no address quotes.
_PLAIN = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)


def address_of(view_name: str, code: str) -> str:
    """Return what `reverse(view_name, args=[code])` returns; the pattern is looked up once."""
    if not _PLAIN.fullmatch(code):
        return reverse(view_name, args=[code])
    before, after = _pattern(view_name, get_urlconf() or settings.ROOT_URLCONF, get_script_prefix())
    return f"{before}{code}{after}"


def fixed_address(view_name: str) -> str:
    """Return what `reverse(view_name)` returns, looked up once."""
    return _fixed(view_name, get_urlconf() or settings.ROOT_URLCONF, get_script_prefix())


@lru_cache(maxsize=1_000)
def _fixed(view_name: str, urlconf: str, prefix: str) -> str:
    """Return the address of a page without arguments; it hangs on `prefix` too."""
    return reverse(view_name, urlconf)


@lru_cache(maxsize=1_000)
def _pattern(view_name: str, urlconf: str, prefix: str) -> tuple[str, str]:
    """Return what stands before and after the argument; it hangs on `prefix` too."""
    before, _, after = reverse(view_name, urlconf, args=[_PLACEHOLDER]).partition(_PLACEHOLDER)
    return before, after
