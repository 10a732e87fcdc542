"""What a quantity costs by tiers.

A tier's upper bound belongs to it; above the last bound the last tier holds. Four rules, by the
names that current billing systems use: GRADUATED (each slab at its own price), VOLUME (one tier's
price for everything), STEP (one tier's fixed amount), PACKAGE (per started block). Source: README;
CRM.COM, tiered and volume pricing; BillMax, stepped and marginal tier plans.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

ZERO = Decimal(0)


class TierRule(StrEnum):
    """How tiers make a price."""

    GRADUATED = "GRADUATED"
    VOLUME = "VOLUME"
    STEP = "STEP"
    PACKAGE = "PACKAGE"


@dataclass(frozen=True, slots=True)
class Tier:
    """Units up to and including `up_to` (None: without end) at `rate` per unit or per block.

    `fixed` is asked once when the tier is reached; under STEP it is the whole price. `block` is
    the size of a package, read under PACKAGE only.
    """

    up_to: Decimal | None
    rate: Decimal = ZERO
    fixed: Decimal = ZERO
    block: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class TierShare:
    """What one tier adds to a price: `units` (or started blocks) × `rate` + `fixed` = `amount`."""

    tier: int
    units: Decimal
    rate: Decimal
    fixed: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class TieredPrice:
    """The price of a quantity, unrounded, and the shares it is made of.

    `tier` is where the quantity lies, counted from 0; None where it reaches none. `raised` is what
    the minimum charge adds to the shares.
    """

    amount: Decimal
    tier: int | None
    shares: tuple[TierShare, ...]
    raised: Decimal = ZERO


class TiersNotPossible(ValueError):
    """Tiers leave a gap, overlap or are priced below zero; `row` is the tier at fault."""

    def __init__(self, message: str, *, row: int) -> None:
        super().__init__(message)
        self.row = row


def check_tiers(tiers: Sequence[Tier]) -> None:
    """Refuse tiers that cannot price every quantity. Raises TiersNotPossible."""
    if not tiers:
        raise TiersNotPossible("Give at least one tier.", row=0)
    for row, tier in enumerate(tiers):
        if tier.rate < 0 or tier.fixed < 0:
            raise TiersNotPossible("A price is 0 or more.", row=row)
        if tier.block <= 0:
            raise TiersNotPossible("A block holds more than 0 units.", row=row)
        if tier.up_to is None and row < len(tiers) - 1:
            raise TiersNotPossible("Only the last tier is without end.", row=row)
    if tiers[0].up_to is not None and tiers[0].up_to <= 0:
        raise TiersNotPossible("A tier ends above 0.", row=0)
    for row, (lower, upper) in enumerate(pairwise(tiers), start=1):
        if upper.up_to is not None and lower.up_to is not None and upper.up_to <= lower.up_to:
            raise TiersNotPossible("A tier ends above the one before it.", row=row)


def tier_of(tiers: Sequence[Tier], quantity: Decimal) -> int:
    """Return the tier a quantity lies in, counted from 0."""
    for place, tier in enumerate(tiers):
        if tier.up_to is None or quantity <= tier.up_to:
            return place
    return len(tiers) - 1


def tiered_price(
    tiers: Sequence[Tier],
    rule: TierRule,
    quantity: Decimal,
    *,
    minimum: Decimal = ZERO,
    lowest_tier: int = 0,
) -> TieredPrice:
    """Return what `quantity` units cost, in major currency units.

    `minimum` is the least that is asked, whatever the quantity. `lowest_tier` keeps VOLUME, STEP
    and PACKAGE from going below a tier that was reached before; slabs do not ask for it. Nothing
    used reaches no tier, except under STEP, whose first tier is its base price.

    Raises ValueError for a quantity below 0.
    """
    if quantity < 0:
        raise ValueError(f"a quantity is 0 or more, not {quantity}")
    shares = _shares(tiers, rule, quantity, lowest_tier)
    amount = sum((share.amount for share in shares), ZERO)
    raised = max(minimum - amount, ZERO)
    return TieredPrice(amount + raised, shares[-1].tier if shares else None, shares, raised)


def _shares(
    tiers: Sequence[Tier], rule: TierRule, quantity: Decimal, lowest_tier: int
) -> tuple[TierShare, ...]:
    if rule is TierRule.GRADUATED:
        return _slabs(tiers, quantity)
    if quantity == 0 and rule is not TierRule.STEP:
        return ()
    place = max(tier_of(tiers, quantity), min(lowest_tier, len(tiers) - 1))
    tier = tiers[place]
    if rule is TierRule.STEP:
        return (TierShare(place, quantity, ZERO, tier.fixed, tier.fixed),)
    units = quantity if rule is TierRule.VOLUME else started_blocks(quantity, tier.block)
    return (_share(place, tier, units),)


def _slabs(tiers: Sequence[Tier], quantity: Decimal) -> tuple[TierShare, ...]:
    shares: list[TierShare] = []
    below = ZERO
    for place, tier in enumerate(tiers):
        if quantity <= below:
            break
        is_last = place == len(tiers) - 1
        top = quantity if is_last or tier.up_to is None else min(quantity, tier.up_to)
        shares.append(_share(place, tier, top - below))
        below = top
    return tuple(shares)


def _share(place: int, tier: Tier, units: Decimal) -> TierShare:
    return TierShare(place, units, tier.rate, tier.fixed, units * tier.rate + tier.fixed)


def started_blocks(quantity: Decimal, block: Decimal) -> Decimal:
    """Return how many blocks of that size are started by a quantity."""
    whole, rest = divmod(quantity, block)
    return whole + (1 if rest else 0)
