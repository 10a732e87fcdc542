"""What a product costs for a billing cycle or a part of it, and every step that led there.

One order for billing, previews and explanations: the plan's price (tiers, phases, quantity), what
a conditional plan takes off its base plan's, additive discounts on the whole cycle, the part of
the cycle, rounding, once. Tax follows on the document. Source: README, How amounts are computed.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from pricing.kernel.discounts import Discount, DiscountKind, apply_discounts
from pricing.kernel.money import round_money
from pricing.kernel.rate_steps import cycle_steps, once_steps
from pricing.kernel.rates import cycle_amount, price_at
from pricing.kernel.steps import Rule, Step

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from pricing.kernel.periods import Duration, Period
    from pricing.kernel.rates import PricedCycle, Rate
    from pricing.kernel.versions import CycleRate

ZERO = Decimal(0)
Given = tuple[Discount, str]
"""A discount and its name."""


class CyclePrice(NamedTuple):  # made several times faster than a frozen dataclass
    """The price of a whole cycle, unrounded: `plan_amount` by the price plan, `amount` after
    discounts, with the steps to it.
    """

    plan_amount: Decimal
    amount: Decimal
    steps: tuple[Step, ...]


def cycle_price(
    found: CycleRate,
    quantity: Decimal,
    *,
    override: Decimal | None = None,
    discounts: tuple[Given, ...] = (),
    against: Decimal | None = None,
) -> CyclePrice:
    """Return what a whole cycle costs for a quantity.

    `override` is a price agreed for one unit and rate period; `discounts` are those given on it,
    amounts per cycle; `against` is what the base plan asks for the same cycle, see `base_amount`.
    Remembered: many services ask the same.
    """
    chosen = None if found.conditional is None else int(found.holds)
    if override is not None:
        chosen, against = None, None
    return _cycle_price(found.rate, found.priced, quantity, override, discounts, chosen, against)


def base_amount(
    found: CycleRate, quantity: Decimal, day: date, *, maturity: date, frequency: Duration
) -> Decimal | None:
    """Return what the base plan asks for the cycle that a conditional rate prices.

    None where it has no rate, or one for another length of cycle: then they do not compare.
    """
    conditional = found.conditional
    if conditional is None or not found.holds or conditional.base is None:
        return None
    priced = price_at(conditional.base, day, maturity_start=maturity, frequency=frequency)
    if priced is None or priced.length != found.priced.length:
        return None
    return cycle_amount(conditional.base, priced, quantity)


@lru_cache(maxsize=16384)
def _cycle_price(
    rate: Rate,
    priced: PricedCycle,
    quantity: Decimal,
    override: Decimal | None,
    discounts: tuple[Given, ...],
    chosen: int | None,
    against: Decimal | None,
) -> CyclePrice:
    plan_amount, found = cycle_steps(rate, priced, quantity, override=override)
    steps = list(found)
    if chosen is not None:
        steps.insert(0, Step(Rule.PLAN_CONDITION, ZERO, (("holds", chosen),)))
    if against is not None and against != plan_amount:
        figures = (("base", against), ("less", against - plan_amount))
        steps.append(Step(Rule.PLAN_DISCOUNT, plan_amount, figures))
    amount, taken = discounted(plan_amount, discounts)
    return CyclePrice(plan_amount, amount, (*steps, *taken))


def forget_prices() -> None:
    """Forget the prices that are remembered, to measure what that is worth."""
    _cycle_price.cache_clear()


def discounted(amount: Decimal, discounts: Sequence[Given]) -> tuple[Decimal, tuple[Step, ...]]:
    """Return what discounts leave of an amount, and their steps; free usage takes nothing off."""
    if not discounts or amount <= 0:
        return amount, ()
    price = apply_discounts(amount, [discount for discount, _ in discounts])
    taken = [share.amount for share in price.shares]
    given = [each for each in discounts if each[0].kind in _ORDER]
    steps: list[Step] = []
    left = amount
    for place in sorted(range(len(given)), key=lambda place: _ORDER[given[place][0].kind]):
        left -= taken[place]
        steps.append(_discount_step(given[place], amount, taken[place], left))
    return price.amount, tuple(steps)


_ORDER = {DiscountKind.FREE_PERIOD: 0, DiscountKind.PERCENTAGE: 1, DiscountKind.AMOUNT: 2}
"""Which discounts are taken off a price, and in what order."""


def _discount_step(given: Given, of: Decimal, taken: Decimal, left: Decimal) -> Step:
    discount, name = given
    figures = (("name", name), ("discount", str(discount.key)), ("taken", taken))
    if discount.kind is DiscountKind.FREE_PERIOD:
        return Step(Rule.FREE_PERIOD, left, figures)
    if discount.kind is DiscountKind.PERCENTAGE:
        percent = (("percent", discount.value * 100), ("of", of))
        return Step(Rule.PERCENTAGE_DISCOUNT, left, (*figures, *percent))
    return Step(Rule.AMOUNT_DISCOUNT, left, (*figures, ("value", discount.value)))


def part_steps(
    price: CyclePrice, amount: Decimal, *, part: Period, cycle: Period, coin: Decimal
) -> tuple[Step, ...]:
    """Return all steps to `amount`, the rounded price of `part` of the cycle.

    Where the parts cover a whole cycle, the last takes the rest, which may be a coin more or less
    than its own days say.
    """
    steps = list(price.steps)
    exact = price.amount
    if part != cycle:
        exact = price.amount * part.days / cycle.days
        figures = (("days", part.days), ("cycle_days", cycle.days))
        steps.append(Step(Rule.PRORATION, exact, figures))
    rounded = round_money(exact, coin)
    if rounded != exact:
        steps.append(Step(Rule.ROUNDING, rounded, (("exact", exact), ("coin", coin))))
    if amount != rounded:
        steps.append(Step(Rule.REST, amount, (("difference", amount - rounded),)))
    return tuple(steps)


def once_price(
    rate: Rate | None,
    quantity: Decimal,
    *,
    override: Decimal | None = None,
    discounts: Sequence[Given] = (),
) -> CyclePrice:
    """Return what a quantity costs that is paid once: goods, expenses, one-time services.

    Raises ValueError without a rate, where no price was agreed.
    """
    if override is None:
        if rate is None:
            raise ValueError("a price needs a rate, or an agreed price")
        plan_amount, found = once_steps(rate, quantity)
        steps = list(found)
    else:
        plan_amount = override * quantity
        steps = [Step(Rule.PRICE_OVERRIDE, override, (("price", override),))]
        if quantity != 1:
            steps.append(Step(Rule.QUANTITY, plan_amount, (("quantity", quantity),)))
    amount, taken = discounted(plan_amount, discounts)
    return CyclePrice(plan_amount, amount, (*steps, *taken))
