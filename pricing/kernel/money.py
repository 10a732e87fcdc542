"""Rounding and dividing amounts of money.

Amounts are in major currency units. A coin is the smallest amount a currency can pay: 0.01 for
EUR, 1 for JPY, 0.001 for BHD. Half up means away from zero, so a credit rounds as its debit did.
"""

from __future__ import annotations

from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache
from math import floor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pricing.kernel.periods import Period

_HALF = Fraction(1, 2)


@lru_cache(maxsize=16)
def coin(minor_digits: int) -> Decimal:
    """Return the smallest amount of a currency with that many minor digits (ISO 4217: 0, 2, 3)."""
    return Decimal(1).scaleb(-minor_digits)


def round_money(amount: Decimal | Fraction, coin: Decimal) -> Decimal:
    """Return `amount` rounded half up to whole coins."""
    if isinstance(amount, Decimal):
        return amount.quantize(coin, ROUND_HALF_UP)
    coins = floor(abs(amount) / Fraction(coin) + _HALF)
    return coin * (coins if amount >= 0 else -coins)


def split(
    price: Decimal, stretches: Sequence[Period], *, cycle: Period, coin: Decimal
) -> list[Decimal]:
    """Divide the `price` of a whole `cycle` over `stretches` of it, by days, in their order.

    When the stretches cover the whole cycle, the last takes the rounded price minus the others;
    otherwise each is rounded by itself. Source: README.

    Raises ValueError if a stretch is not inside the cycle.
    """
    days = cycle.days
    amounts: list[Decimal] = []
    covered = 0
    for stretch in stretches:
        if not cycle.covers(stretch):
            raise ValueError(f"{stretch} is not inside {cycle}")
        covered += stretch.days
        amounts.append((price * stretch.days / days).quantize(coin, ROUND_HALF_UP))
    if amounts and covered == days:
        amounts[-1] = price.quantize(coin, ROUND_HALF_UP) - sum(amounts[:-1], Decimal(0))
    return amounts


def round_together(parts: Sequence[Decimal | Fraction], coin: Decimal) -> list[Decimal]:
    """Round exact `parts` to coins so that they add up to their rounded sum (largest remainder).

    Ties go to the earlier part. A negative sum is divided as its positive twin.
    """
    decimals = [part for part in parts if isinstance(part, Decimal)]
    if len(decimals) == len(parts):
        return _decimals_together(decimals, coin)
    fractions = [Fraction(part) for part in parts]
    total = sum(fractions, Fraction(0))
    sign = -1 if total < 0 else 1
    unit = Fraction(coin) * sign
    exact = [part / unit for part in fractions]
    whole = [floor(each) for each in exact]
    missing = floor(abs(total) / Fraction(coin) + _HALF) - sum(whole)
    by_remainder = sorted(range(len(exact)), key=lambda i: (whole[i] - exact[i], i))
    for i in by_remainder[:missing]:
        whole[i] += 1
    return [coin * (sign * each) for each in whole]


def _decimals_together(parts: list[Decimal], coin: Decimal) -> list[Decimal]:
    """Do the same for decimals: several times faster, and what nearly every bill needs."""
    total = sum(parts, Decimal(0))
    if total < 0:
        return [-share for share in _decimals_together([-part for part in parts], coin)]
    if len(parts) == 1:
        return [total.quantize(coin, ROUND_HALF_UP)]
    whole = [part.quantize(coin, ROUND_FLOOR) for part in parts]
    missing = (total.quantize(coin, ROUND_HALF_UP) - sum(whole, Decimal(0))) // coin
    if missing:
        by_remainder = sorted(range(len(parts)), key=lambda i: (whole[i] - parts[i], i))
        for i in by_remainder[: int(missing)]:
            whole[i] += coin
    return whole
