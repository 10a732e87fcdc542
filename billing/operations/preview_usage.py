"""What an amount of usage would cost: by a usage catalogue, a tier plan or a voice plan."""

from collections.abc import Sequence
from decimal import Decimal

from pricing.kernel.discounts import Discount, DiscountKind, free_units
from pricing.kernel.pricer import CyclePrice, Given, discounted
from pricing.kernel.rate_steps import tier_steps
from pricing.kernel.steps import Rule, Step
from pricing.kernel.usage import Style, price_usage, tier_rule_of
from pricing.models import TierPlan, UsageCatalogRow, VoicePlan
from pricing.queries.usage_plans import usage_plan_of

ZERO = Decimal(0)


def catalog_usage(row: UsageCatalogRow, units: Decimal, given: Sequence[Given]) -> CyclePrice:
    """Return what units of a usage service cost at its catalogue's rate, less discounts."""
    charged, free, steps = _charged(units, ZERO, given)
    steps.append(_units(units, free, charged))
    return _times(row.rate, charged, steps, given)


def tier_plan_usage(plan: TierPlan, units: Decimal, given: Sequence[Given]) -> CyclePrice:
    """Return what units cost under a tier plan, beside the price of the service."""
    usage = usage_plan_of(plan)
    left, _, steps = _charged(units, ZERO, given)
    price = price_usage(usage, left)
    steps.append(_units(units, units - price.charged_units, price.charged_units))
    if usage.style is Style.LINEAR:
        return _times(usage.unit_price, price.charged_units, steps, given)
    steps += tier_steps(usage.tiers, tier_rule_of(usage.style), price.shares)
    return _less(price.amount, steps, given)


def voice_plan_usage(plan: VoicePlan, minutes: Decimal, given: Sequence[Given]) -> CyclePrice:
    """Return what plan minutes cost that are used beyond those included."""
    charged, free, steps = _charged(minutes, Decimal(plan.plan_minutes), given)
    steps.append(_units(minutes, free, charged))
    return _times(plan.overage_rate, charged, steps, given)


def _charged(
    units: Decimal, included: Decimal, given: Sequence[Given]
) -> tuple[Decimal, Decimal, list[Step]]:
    """Return the units to be priced, the free ones, and the steps of free-usage discounts."""
    left = max(units - included, ZERO)
    discounts: list[Discount] = [each for each, _ in given]
    charged, _ = free_units(left, discounts)
    steps = [
        Step(
            Rule.FREE_USAGE,
            ZERO,
            (("name", name), ("discount", str(each.key)), ("value", each.value)),
        )
        for each, name in given
        if each.kind is DiscountKind.FREE_USAGE
    ]
    return charged, units - charged, steps


def _units(used: Decimal, free: Decimal, priced: Decimal) -> Step:
    return Step(Rule.UNITS, ZERO, (("used", used), ("free", free), ("priced", priced)))


def _times(rate: Decimal, units: Decimal, steps: list[Step], given: Sequence[Given]) -> CyclePrice:
    steps.append(Step(Rule.BASE_PRICE, rate, (("price", rate), ("per", "unit"))))
    steps.append(Step(Rule.QUANTITY, rate * units, (("quantity", units),)))
    return _less(rate * units, steps, given)


def _less(amount: Decimal, steps: list[Step], given: Sequence[Given]) -> CyclePrice:
    left, taken = discounted(amount, given)
    return CyclePrice(amount, left, (*steps, *taken))
