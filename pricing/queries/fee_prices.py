"""Dependent fees that have no price where what they come with has one: it cannot be sold there."""

from django.db.models import Q

from catalog.models import DependentFee, FeeGroupRow, Product
from catalog.queries.fees import may_be_fee
from config.shared.statements import Given, Statement
from pricing.models import PlanKind, PlanState, PricePlanRate

MOST_NAMED = 20
_NAMED = ("parent__name", "sort_order", "pk", "parent", "fee", "fee__name")
_PICKED = (*_NAMED[:4], "group__rows__fee", "group__rows__fee__name")
_USES_OF_FEE = Statement(
    lambda: (
        DependentFee.objects.filter(fee=Given("fee"))
        .order_by()
        .values_list("pk")
        .union(FeeGroupRow.objects.filter(fee=Given("fee")).order_by().values_list("pk"))[:1]
    )
)


def fees_without_price(product: Product) -> list[str]:
    """Return what keeps a product from being sold with its fees, in words; two queries at most."""
    return _missing(
        Q(parent=product, fee__isnull=False), Q(parent=product, group__rows__isnull=False)
    )


def parents_without_price(fee: Product) -> list[str]:
    """Return what a fee keeps from being sold, in words; one query where it is no fee."""
    if not may_be_fee(fee.type):
        return []
    is_fee = bool(_USES_OF_FEE.ask(fee=fee.pk))
    return _missing(Q(fee=fee), Q(group__rows__fee=fee)) if is_fee else []


def _missing(named: Q, picked: Q) -> list[str]:
    """Return at most 20, by plan, parent and fee, for fees that are named or picked by a group.

    Plans that have expired sell nothing, and conditional ones leave what they do not price to their
    base plan.
    """
    rows = DependentFee.objects.order_by().filter
    pairs = rows(named).values_list(*_NAMED).union(rows(picked).values_list(*_PICKED))
    comes = [
        (parent, parent_name, fee, fee_name)
        for parent_name, _, _, parent, fee, fee_name in sorted(pairs)
    ]
    if not comes:
        return []
    rates = PricePlanRate.objects.filter(
        product__in={pk for parent, _, fee, _ in comes for pk in (parent, fee)},
        bundle=None,
        plan__kind=PlanKind.BASE,
    ).exclude(plan__state=PlanState.EXPIRED)
    priced: dict[tuple[str, int], set[int]] = {}
    for name, plan, product in rates.values_list("plan__name", "plan", "product"):
        priced.setdefault((name, plan), set()).add(product)
    missing = [
        f"{fee_name} has no price in {plan_name}: {parent_name} cannot be sold there."
        for plan_name, plan in sorted(priced)
        for parent, parent_name, fee, fee_name in comes
        if parent in priced[plan_name, plan] and fee not in priced[plan_name, plan]
    ]
    return missing[:MOST_NAMED]
