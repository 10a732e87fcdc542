"""Prices for businesses: a conditional plan beside the standard one."""

from decimal import Decimal

from catalog.models import AccountClass, Product
from pricing.kernel.conditions import ConditionKind, ConditionUse
from pricing.models import PlanKind, PricePlan
from pricing.operations.plan_records import create_plan
from pricing.operations.plans import add_condition, add_rate, make_effective


def business_prices(
    base: PricePlan, products: dict[str, Product], business: AccountClass
) -> PricePlan:
    """Make a plan that businesses may choose, cheaper from the second fibre line on."""
    plan = create_plan(
        code="rt-business",
        name="Business prices",
        currency=base.currency,
        kind=PlanKind.CONDITIONAL,
        base=base,
        description="What it does not name costs what the standard prices say.",
    )
    add_condition(
        plan,
        use=ConditionUse.SELECTION,
        kind=ConditionKind.ACCOUNT_CLASS,
        values=[f"account_class:{business.pk}"],
    )
    lines = [products[code] for code in ("fibre-100", "fibre-300", "fibre-1000")]
    add_condition(
        plan,
        use=ConditionUse.RATES,
        kind=ConditionKind.SERVICES,
        values=[f"product:{line.pk}" for line in lines],
        least=Decimal(2),
    )
    for line, amount in zip(lines, ("22.40", "29.60", "44.90"), strict=True):
        add_rate(plan, product=line, basis="MATURITY", base_amount=Decimal(amount))
    return make_effective(plan)
