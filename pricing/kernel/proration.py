"""The price of a part of a billing cycle."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pricing.kernel.periods import Period


def prorate(rate: Decimal, *, used: Period, cycle: Period, coin: Decimal) -> Decimal:
    """Return the part of a full-cycle `rate` that falls on the days of `used`.

    `rate` is net of tax, in major currency units, for all of `cycle`. Every day of a
    cycle weighs the same. Rounded half up to `coin`, the currency's smallest unit
    (0.01 for EUR, 1 for JPY), here and nowhere later. Source: README.

    Raises ValueError if `used` is not inside `cycle`.
    """
    if used.intersection(cycle) != used:
        raise ValueError(f"{used} is not inside {cycle}")
    return (rate * used.days / cycle.days).quantize(coin, ROUND_HALF_UP)
