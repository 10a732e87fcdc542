"""What discounts leave of a price.

All percentages act on the price after the plan's own discount and add up; then fixed amounts are
taken off; a price never falls below zero. When a discount acts is in `discount_days`. Source:
README.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

ZERO = Decimal(0)


class DiscountKind(StrEnum):
    """What a discount takes off: all, a share of the price, an amount, or units of usage."""

    FREE_PERIOD = "FREE_PERIOD"
    PERCENTAGE = "PERCENTAGE"
    AMOUNT = "AMOUNT"
    FREE_USAGE = "FREE_USAGE"


@dataclass(frozen=True, slots=True)
class Discount:
    """A discount given. `value` is a fraction (0.2 is 20 %; 1 for a free period), an amount in
    major currency units, or a number of units, by its kind.
    """

    key: Hashable
    kind: DiscountKind
    value: Decimal

    def __post_init__(self) -> None:
        if self.value < 0:
            raise ValueError(f"a discount is 0 or more, not {self.value}")
        if self.kind is DiscountKind.PERCENTAGE and self.value > 1:
            raise ValueError(f"a percentage is at most 100, not {self.value * 100}")
        if self.kind is DiscountKind.FREE_PERIOD and self.value != 1:
            raise ValueError(f"a free period takes off all, not {self.value}")


@dataclass(frozen=True, slots=True)
class DiscountShare:
    """What one discount took off, unrounded; less than asked where nothing was left."""

    key: Hashable
    amount: Decimal


@dataclass(frozen=True, slots=True)
class DiscountedPrice:
    """A price after discounts: `amount` + all shares = the price before."""

    amount: Decimal
    shares: tuple[DiscountShare, ...]


def apply_discounts(
    price: Decimal, discounts: Sequence[Discount], *, part: Decimal = Decimal(1)
) -> DiscountedPrice:
    """Return what is left of `price`, which is 0 or more and that of `part` of a cycle.

    Free periods first, then percentages, in their order, then amounts in theirs; an amount per
    cycle is taken off in `part`, as the price was. Free usage is not applied here but to the
    units, before they are priced: `free_units`.

    Raises ValueError for a price below 0.
    """
    if price < 0:
        raise ValueError(f"discounts apply to a price of 0 or more, not {price}")
    left = price
    taken: dict[int, Decimal] = {}
    for wanted in (DiscountKind.FREE_PERIOD, DiscountKind.PERCENTAGE, DiscountKind.AMOUNT):
        of_price = wanted is not DiscountKind.AMOUNT
        for place, discount in enumerate(discounts):
            if discount.kind is not wanted:
                continue
            asked = discount.value * (price if of_price else part)
            taken[place] = min(asked, left)
            left -= taken[place]
    shares = tuple(DiscountShare(discounts[place].key, taken[place]) for place in sorted(taken))
    return DiscountedPrice(left, shares)


def free_units(units: Decimal, discounts: Sequence[Discount]) -> tuple[Decimal, Decimal]:
    """Return the units still to be priced and those that free-usage discounts give away."""
    given = sum(
        (each.value for each in discounts if each.kind is DiscountKind.FREE_USAGE), start=ZERO
    )
    free = min(units, given)
    return units - free, free
