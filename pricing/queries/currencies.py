"""Currencies and their smallest units."""

from decimal import Decimal

from django.db.models import QuerySet

from pricing.kernel.money import coin
from pricing.models import Currency
from pricing.queries.errors import PricingError


class UnknownCurrency(PricingError):
    """The currency is not on the list."""

    field = "currency"


def currencies() -> QuerySet[Currency]:
    """Return the currencies the operator may bill in, by code."""
    return Currency.objects.order_by("code")


def coin_of(code: str) -> Decimal:
    """Return the smallest unit of a currency (0.01 for EUR, 1 for JPY); one query.

    Raises UnknownCurrency.
    """
    digits = Currency.objects.filter(code=code).values_list("minor_digits", flat=True).first()
    if digits is None:
        raise UnknownCurrency(f"{code or 'An empty code'} is not a currency on the list.")
    return coin(digits)
