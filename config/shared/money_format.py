"""How amounts are written: digits by currency, groups, a real minus. No arithmetic."""

from decimal import Decimal
from functools import lru_cache

from babel.core import UnknownLocaleError
from babel.numbers import format_decimal, get_currency_precision
from django.utils.translation import get_language, to_locale

MINUS = "\N{MINUS SIGN}"
FALLBACK_LOCALE = "en_GB"


def figure_text(amount: Decimal | int, currency: str = "") -> str:
    """Write `amount` with the digits of `currency` in the user's language: −1,234.50.

    More digits than the currency has are kept, so that a rate of 0.0375 is not shown as 0.04.
    Without a currency, two digits.
    """
    return _figure_text(Decimal(amount) or Decimal(0), currency, _locale())


@lru_cache(maxsize=4_000)
def _figure_text(value: Decimal, currency: str, locale: str) -> str:
    exponent = value.normalize().as_tuple().exponent
    digits = max(minor_digits(currency), -exponent if isinstance(exponent, int) else 0)
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return format_decimal(value, format=pattern, locale=locale).replace("-", MINUS)


@lru_cache(maxsize=256)
def minor_digits(currency: str) -> int:
    """Return the decimals of a currency's smallest unit (ISO 4217): EUR 2, JPY 0, BHD 3."""
    return get_currency_precision(currency) if currency else 2


def _locale() -> str:
    locale = to_locale(get_language() or FALLBACK_LOCALE)
    return locale if _is_known(locale) else FALLBACK_LOCALE


@lru_cache(maxsize=64)
def _is_known(locale: str) -> bool:
    try:
        format_decimal(1, locale=locale)
    except (UnknownLocaleError, ValueError):
        return False
    return True
