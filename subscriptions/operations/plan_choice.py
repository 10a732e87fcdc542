"""Whether a conditional price plan may be put on billing terms."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from pricing.kernel.conditions import (
    Condition,
    ConditionUse,
    Facts,
    HeldService,
    conditions_hold,
    months_of,
)
from pricing.kernel.periods import Period
from pricing.models import PlanCondition, PlanKind, PricePlan
from pricing.operations.condition_texts import failure_text
from subscriptions.models import Account, BillingTerms, SubscriptionType
from subscriptions.operations.refusals import PlanRefused
from subscriptions.queries.plan_conditions import plan_conditions


def check_choice(plan: PricePlan, facts: Facts) -> None:
    """Refuse a plan whose conditions to be chosen do not hold; three queries, none for a base plan.

    Raises PlanRefused, with all that fails.
    """
    failures = choice_failures(plan, facts)
    if failures:
        raise PlanRefused(f"Price plan {plan} cannot be chosen: {' '.join(failures)}")


def choice_failures(plan: PricePlan, facts: Facts) -> list[str]:
    """Return why a plan cannot be chosen, in sentences; none: it can."""
    if plan.kind != PlanKind.CONDITIONAL:
        return []
    return failures_in_words(plan_conditions([plan.pk], ConditionUse.SELECTION)[plan.pk], facts)


def failures_in_words(conditions: Iterable[Condition], facts: Facts) -> list[str]:
    """Return the conditions that fail on the day of the facts, in sentences."""
    failures = conditions_hold(conditions, facts)
    rows = PlanCondition.objects.in_bulk([one.condition.condition_id for one in failures])
    return [failure_text(rows[one.condition.condition_id], one.found) for one in failures]


def facts_of_choice(
    account: Account,
    terms: BillingTerms,
    *,
    subscription_type: SubscriptionType | None,
    on: date,
    products: Iterable[tuple[int, Decimal]] = (),
) -> Facts:
    """Return what the plan of a new subscription is judged by.

    `products` are the ids of those it begins with, with their quantities.
    """
    binding = terms.binding
    return Facts(
        day=on,
        account_class=account.account_class_id,
        classification=account.classification_id,
        subscription_type=subscription_type.pk if subscription_type else None,
        scheme=terms.scheme_id,
        frequency=terms.frequency,
        binding_months=months_of(Period(binding.lower, binding.upper)) if binding else 0,
        services=tuple(
            HeldService(Period(on, None), product_id, quantity) for product_id, quantity in products
        ),
    )
