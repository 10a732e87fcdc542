"""The steps from a rate to the price of a whole cycle: base, phase, quantity, tiers, minimum."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from pricing.kernel.rates import asks_quantity, least_amount, tiers_of
from pricing.kernel.steps import Rule, Step
from pricing.kernel.tiers import Tier, TierRule, tiered_price

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pricing.kernel.periods import Duration
    from pricing.kernel.rates import PricedCycle, Rate
    from pricing.kernel.tiers import TierShare

Priced = tuple[Decimal, tuple[Step, ...]]
"""An amount, unrounded, and the steps that lead to it."""


def cycle_steps(
    rate: Rate, priced: PricedCycle, quantity: Decimal, *, override: Decimal | None = None
) -> Priced:
    """Return the price of a whole cycle as `cycle_amount` does, with the steps to it.

    Base price, phase or agreed price; then quantity or tiers, the minimum charge, and how many
    of the rate's periods the cycle holds.
    """
    if override is not None:
        steps = [Step(Rule.PRICE_OVERRIDE, override, (("price", override),))]
        steps += _times_quantity(rate, override, quantity)
    else:
        steps = [_first_step(rate, priced)]
        steps += quantity_steps(rate, priced.unit_amount, quantity, phase=priced.phase)[1]
    amount = steps[-1].amount
    if priced.multiple != 1:
        amount *= priced.multiple
        periods = (("periods", priced.multiple), ("per", _duration(priced.length)))
        steps.append(Step(Rule.MULTIPLE, amount, periods))
    return amount, tuple(steps)


def once_steps(rate: Rate, quantity: Decimal) -> Priced:
    """Return what a quantity costs once, as `quantity_amount` of the base amount does."""
    base = () if rate.tiers else (Step(Rule.BASE_PRICE, rate.base_amount, _asked_once(rate)),)
    amount, steps = quantity_steps(rate, rate.base_amount, quantity)
    return amount, (*base, *steps)


def quantity_steps(
    rate: Rate, unit_amount: Decimal, quantity: Decimal, *, phase: int | None = None
) -> Priced:
    """Return the price of `quantity` units in one period as `quantity_amount` does, with the
    steps that follow the base price: none where one unit at the unit amount is asked.
    """
    tiers = tiers_of(rate, phase)
    if tiers:
        found = tiered_price(tiers, rate.tier_rule, quantity, minimum=rate.minimum)
        steps = tier_steps(tiers, rate.tier_rule, found.shares)
        if not steps:
            steps.append(Step(Rule.QUANTITY, Decimal(0), (("quantity", quantity),)))
        if found.raised:
            steps.append(_minimum(rate, found.amount))
        return found.amount, tuple(steps)
    steps = _times_quantity(rate, unit_amount, quantity)
    amount = steps[-1].amount if steps else unit_amount
    least = least_amount(rate, phase)
    if amount < least:
        amount = least
        steps.append(_minimum(rate, amount))
    return amount, tuple(steps)


def _first_step(rate: Rate, priced: PricedCycle) -> Step:
    if priced.phase is None:
        if rate.tiers:
            return Step(Rule.BASE_PRICE, Decimal(0), (("tiers", len(rate.tiers)),))
        figures = (("price", rate.base_amount), ("per", _duration(rate.per)))
        return Step(Rule.BASE_PRICE, rate.base_amount, figures)
    phase = rate.phases[priced.phase]
    amount = Decimal(0) if phase.tiers else phase.amount
    numbers = (("phase", priced.phase + 1), ("phases", len(rate.phases)))
    price = ("tiers", len(phase.tiers)) if phase.tiers else ("price", amount)
    return Step(Rule.PHASE, amount, (*numbers, price, ("per", _duration(phase.duration))))


def _asked_once(rate: Rate) -> tuple[tuple[str, str | Decimal], ...]:
    return (("price", rate.base_amount), ("per", "once"))


def _times_quantity(rate: Rate, unit_amount: Decimal, quantity: Decimal) -> list[Step]:
    if quantity == 1 or not asks_quantity(rate):
        return []
    return [Step(Rule.QUANTITY, unit_amount * quantity, (("quantity", quantity),))]


def tier_steps(tiers: Sequence[Tier], rule: TierRule, shares: Sequence[TierShare]) -> list[Step]:
    """Return a step for each tier that adds to the price; the amounts run up."""
    steps: list[Step] = []
    amount = Decimal(0)
    for share in shares:
        amount += share.amount
        tier = tiers[share.tier]
        figures: list[tuple[str, str | int | Decimal | None]] = [
            ("rule", rule.value),
            ("tier", share.tier + 1),
            ("above", tiers[share.tier - 1].up_to if share.tier else Decimal(0)),
            ("up_to", tier.up_to),
            ("units", share.units),
        ]
        if rule is not TierRule.STEP:
            figures.append(("rate", share.rate))
        if rule is TierRule.PACKAGE:
            figures.append(("block", tier.block))
        if share.fixed:
            figures.append(("fixed", share.fixed))
        steps.append(Step(Rule.TIER, amount, tuple(figures)))
    return steps


def _minimum(rate: Rate, amount: Decimal) -> Step:
    return Step(Rule.MINIMUM, amount, (("minimum", rate.minimum),))


def _duration(duration: Duration) -> str:
    """Return a duration as text: 1 MONTH, 3 MONTH."""
    return f"{duration.count} {duration.unit.value}"
