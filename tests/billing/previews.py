"""What previews are asked about: a conditional plan with tiers over a base plan, and discounts."""

from datetime import date
from decimal import Decimal

from catalog.models import Product
from config.shared.db import days
from pricing.kernel.conditions import ConditionUse
from pricing.kernel.rates import Basis
from pricing.kernel.tiers import Tier
from pricing.models import PlanKind, PricePlan
from pricing.operations.plans import add_condition, add_rate, create_plan, make_effective
from tests.pricing.factories import PricePlanFactory

TIERS = (Tier(Decimal(2), Decimal(10)), Tier(None, Decimal(8)))


def plan_with_tiers(seats: Product, *, holds_from: date, inclusive: bool = True) -> PricePlan:
    """Return a plan, effective: 10.00 for each of two seats and 8.00 for more, from a day on;
    before, its base plan asks 12.00 for each.
    """
    terms = {"basis": Basis.QUANTITY_AND_MATURITY, "tax_inclusive": inclusive}
    base = PricePlanFactory(code="standard", name="Standard")
    add_rate(base, product=seats, base_amount=Decimal(12), **terms)
    plan = create_plan(
        code="summer", name="Summer", currency="EUR", kind=PlanKind.CONDITIONAL, base=base
    )
    add_rate(plan, product=seats, base_amount=Decimal(0), tiers=TIERS, **terms)
    add_condition(plan, use=ConditionUse.RATES, kind="DAYS", days=days(holds_from, None))
    return make_effective(plan)
