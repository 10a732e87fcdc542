"""The conditions of conditional price plans as the kernel's values, with those on terms."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from catalog.models import Product, ProductFamily
from pricing.kernel.conditions import Condition, ConditionKind, ConditionUse, Value
from pricing.kernel.periods import Period
from pricing.models import PlanCondition, PlanConditionValue
from subscriptions.models import PlanConditionTerm


def plan_conditions(
    plan_ids: Collection[int], use: ConditionUse
) -> dict[int, tuple[Condition, ...]]:
    """Return the conditions of plans for a use, in their order, by plan; five queries at most.

    A family stands for the products that are in it and below it now.
    """
    rows = PlanCondition.objects.filter(plan_id__in=plan_ids, use=use.value)
    found = list(rows.order_by("plan_id", "position"))
    values = condition_values([row.pk for row in found])
    conditions: dict[int, list[Condition]] = {plan_id: [] for plan_id in plan_ids}
    for row in found:
        conditions[row.plan_id].append(
            Condition(
                kind=ConditionKind(row.kind),
                values=frozenset(values.get(row.pk, ())),
                least=row.least,
                most=row.most,
                days=Period(row.days.lower or date.min, row.days.upper) if row.days else None,
                condition_id=row.pk,
            )
        )
    return {plan_id: tuple(each) for plan_id, each in conditions.items()}


def condition_values(condition_ids: Collection[int]) -> dict[int, set[Value]]:
    """Return what each condition's fact has to be among; four queries at most."""
    values: dict[int, set[Value]] = defaultdict(set)
    families: dict[int, list[int]] = defaultdict(list)
    if not condition_ids:
        return values
    for pk, account_class, classification, product, family in PlanConditionValue.objects.filter(
        condition_id__in=condition_ids
    ).values_list("condition_id", "account_class", "classification", "product", "family"):
        if family is not None:
            families[family].append(pk)
        else:
            values[pk].add(account_class or classification or product)
    for pk, subscription_type, scheme, frequency in PlanConditionTerm.objects.filter(
        condition_id__in=condition_ids
    ).values_list("condition_id", "subscription_type", "scheme", "frequency"):
        values[pk].add(subscription_type or scheme or frequency)
    if families:
        for family, products in _products_of(families).items():
            for pk in families[family]:
                values[pk] |= products
    return values


def _products_of(family_ids: Collection[int]) -> dict[int, set[int]]:
    """Return the products of each family and of those below it; two queries."""
    parents = dict(ProductFamily.objects.values_list("pk", "parent_id"))
    above: dict[int, set[int]] = defaultdict(set)
    for family in parents:
        branch: int | None = family
        while branch is not None:
            if branch in family_ids:
                above[family].add(branch)
            branch = parents[branch]
    found: dict[int, set[int]] = {family: set() for family in family_ids}
    for product, family in Product.objects.filter(family_id__in=above).values_list(
        "pk", "family_id"
    ):
        for branch in above[family]:
            found[branch].add(product)
    return found
