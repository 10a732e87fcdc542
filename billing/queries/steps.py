"""How a rated item came to its amount: the steps it keeps, or, where they are plain, made again."""

from decimal import Decimal

from billing.models import ItemKind, RatedBillingItem
from pricing.kernel.periods import Duration, Period
from pricing.kernel.pricer import CyclePrice, once_price, part_steps
from pricing.kernel.rate_steps import cycle_steps
from pricing.kernel.rates import PricedCycle, Rate, cycle_amount
from pricing.kernel.steps import Rule, Step, steps_of_rows
from pricing.queries.currencies import coin_of
from pricing.queries.rates import kernel_rates

AS_STORED = Decimal("1e-9")
"""Prices of whole cycles are stored with ten decimals."""


def steps_of(item: RatedBillingItem) -> tuple[Step, ...]:
    """Return the steps to an item's amount; those of a reversal lead to what it gives back.

    Three queries at most where the item keeps no steps.
    """
    if item.reverses is not None:
        item = item.reverses
    if item.steps is not None:
        return steps_of_rows(item.steps)
    coin = coin_of(item.currency)
    day = Period(item.period.lower, item.period.upper)
    cycle = Period(item.cycle.lower, item.cycle.upper)
    return part_steps(_whole_price(item), item.amount, part=day, cycle=cycle, coin=coin)


def _whole_price(item: RatedBillingItem) -> CyclePrice:
    rate = _rate_of(item)
    amount = item.rate_amount
    if item.kind == ItemKind.SETUP:
        return CyclePrice(amount, amount, (Step(Rule.SETUP_FEE, amount),))
    found = None if rate is None else _by_rate(item, rate)
    if found is not None and abs(found.amount - amount) < AS_STORED:
        return found
    unit = amount / item.quantity if item.quantity else amount
    steps = [Step(Rule.PRICE_OVERRIDE, unit, (("price", unit),))]
    if item.quantity != 1:
        steps.append(Step(Rule.QUANTITY, amount, (("quantity", item.quantity),)))
    return CyclePrice(amount, amount, tuple(steps))


def _by_rate(item: RatedBillingItem, rate: Rate) -> CyclePrice:
    if item.kind == ItemKind.ONE_TIME:
        return once_price(rate, item.quantity)
    one = PricedCycle(rate.base_amount, rate.base_amount, 1, rate.per, None, None)
    whole = cycle_amount(rate, one, item.quantity)
    periods = int(item.rate_amount / whole) if whole else 1
    unit = rate.base_amount
    length = Duration(rate.per.count * max(periods, 1), rate.per.unit)
    priced = PricedCycle(unit * periods, unit, periods, length, None, None)
    amount, steps = cycle_steps(rate, priced, item.quantity)
    return CyclePrice(amount, amount, steps)


def _rate_of(item: RatedBillingItem) -> Rate | None:
    if item.rate is None:
        return None
    found = kernel_rates([item.rate.plan_id], product_ids=[item.rate.product_id])
    key = (item.rate.plan_id, item.rate.product_id, item.rate.bundle_id)
    if item.rate.bundle_id is not None:
        found = kernel_rates([item.rate.plan_id], product_ids=[item.rate.bundle_id])
    return found.get(key)
