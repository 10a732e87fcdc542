"""Usage that is measured: reducing samples to one number, and pricing that number.

Source: BillMax, usage tier plans (two stages: the usage based computation result, then its price).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from pricing.kernel.tiers import ZERO, Tier, TierRule, TierShare, tiered_price

if TYPE_CHECKING:
    from collections.abc import Sequence


class Reduction(StrEnum):
    """How samples become one number."""

    SUM = "SUM"
    PERCENTILE = "PERCENTILE"
    MAXIMUM = "MAXIMUM"
    AVERAGE = "AVERAGE"


class Direction(StrEnum):
    """Which values of a sample count: what came in, what went out, both together, or the larger of
    the two results.
    """

    IN = "IN"
    OUT = "OUT"
    BOTH = "BOTH"
    LARGER = "LARGER"


class Style(StrEnum):
    """How the number is priced."""

    LINEAR = "LINEAR"
    STEP_RATE = "STEP_RATE"
    STEP_FIXED = "STEP_FIXED"
    MARGINAL = "MARGINAL"


_RULES = {
    Style.STEP_RATE: TierRule.VOLUME,
    Style.STEP_FIXED: TierRule.STEP,
    Style.MARGINAL: TierRule.GRADUATED,
}


class Sample(NamedTuple):
    """One measurement: units in and units out."""

    units_in: Decimal
    units_out: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class UsagePlan:
    """A usage tier plan. `unit_price` and LINEAR go together, `tiers` and the other styles.

    `free_units` are taken off before anything is priced. With `can_go_down` off, a service is
    never priced in a lower tier than it has reached (STEP_RATE and STEP_FIXED).
    """

    style: Style
    unit_price: Decimal = ZERO
    free_units: Decimal = ZERO
    tiers: tuple[Tier, ...] = ()
    can_go_down: bool = True


@dataclass(frozen=True, slots=True)
class UsagePrice:
    """What a period's usage costs, unrounded; `tier` is the one it was priced in (None: LINEAR)."""

    amount: Decimal
    charged_units: Decimal
    tier: int | None
    shares: tuple[TierShare, ...] = ()


def reduce_samples(
    samples: Sequence[Sample],
    reduction: Reduction,
    direction: Direction,
    *,
    percentile: Decimal = Decimal(95),
) -> Decimal:
    """Return the one number that a period's samples come to; 0 without samples.

    A percentile is that of the nearest rank: the value that so many per cent of the samples do
    not exceed.

    Raises ValueError for a percentile outside (0, 100].
    """
    if not 0 < percentile <= 100:
        raise ValueError(f"a percentile is above 0 and at most 100, not {percentile}")
    if direction is Direction.LARGER:
        return max(
            reduce_samples(samples, reduction, each, percentile=percentile)
            for each in (Direction.IN, Direction.OUT)
        )
    values = [_value(sample, direction) for sample in samples]
    if not values:
        return ZERO
    if reduction is Reduction.SUM:
        return sum(values, ZERO)
    if reduction is Reduction.MAXIMUM:
        return max(values)
    if reduction is Reduction.AVERAGE:
        return sum(values, ZERO) / len(values)
    rank = ceil(percentile * len(values) / 100)
    return sorted(values)[rank - 1]


def price_usage(plan: UsagePlan, units: Decimal, *, highest_tier: int = 0) -> UsagePrice:
    """Return what `units` of one period cost.

    `highest_tier` is the highest one that the service has been priced in before.

    Raises ValueError for units below 0.
    """
    if units < 0:
        raise ValueError(f"usage is 0 or more, not {units}")
    charged = max(units - plan.free_units, ZERO)
    if plan.style is Style.LINEAR:
        return UsagePrice(charged * plan.unit_price, charged, None)
    price = tiered_price(
        plan.tiers,
        _RULES[plan.style],
        charged,
        lowest_tier=0 if plan.can_go_down else highest_tier,
    )
    return UsagePrice(price.amount, charged, price.tier, price.shares)


def tier_rule_of(style: Style) -> TierRule:
    """Return how the tiers of a style make a price; LINEAR has none (KeyError)."""
    return _RULES[style]


def _value(sample: Sample, direction: Direction) -> Decimal:
    if direction is Direction.IN:
        return sample.units_in
    if direction is Direction.OUT:
        return sample.units_out
    return sample.units_in + sample.units_out
