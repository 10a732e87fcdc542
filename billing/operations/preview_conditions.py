"""Whether a conditional plan's own rates hold for a price that is only asked about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pricing.kernel.conditions import (
    ConditionKind,
    ConditionUse,
    Facts,
    HeldService,
    conditions_hold,
)
from pricing.kernel.periods import Period
from pricing.models import PlanCondition, PricePlan
from pricing.operations.condition_texts import condition_texts, failure_text
from subscriptions.models import Account
from subscriptions.queries.account_facts import classes_of
from subscriptions.queries.plan_conditions import plan_conditions

_OF_ACCOUNTS = frozenset({ConditionKind.ACCOUNT_CLASS, ConditionKind.CLASSIFICATION})
_OF_TERMS = frozenset(
    {ConditionKind.SUBSCRIPTION_TYPE, ConditionKind.SCHEME, ConditionKind.BINDING}
)


@dataclass(frozen=True, slots=True)
class PlanAnswer:
    """Whether a plan's own rates hold; `notes` say why not, and what was taken to hold."""

    holds: bool
    notes: tuple[str, ...] = ()


def plan_answer(
    plan: PricePlan,
    *,
    account: Account | None,
    held: Sequence[tuple[int, Decimal]],
    frequency: str,
    on: date,
) -> PlanAnswer:
    """Return whether the conditions of a plan hold for somebody who has just `held` products.

    What only a subscription knows (its type, scheme and binding period) is taken to hold, and
    without an account so are its classes. A base plan has no conditions.
    """
    if plan.base_id is None:
        return PlanAnswer(holds=True)
    conditions = plan_conditions([plan.pk], ConditionUse.RATES)[plan.pk]
    unknown = _OF_TERMS if account is not None else _OF_TERMS | _OF_ACCOUNTS
    rows = PlanCondition.objects.in_bulk([each.condition_id for each in conditions])
    failures = conditions_hold(
        [each for each in conditions if each.kind not in unknown],
        _facts(account, held, frequency, on),
    )
    notes = [
        f"{plan}: {failure_text(rows[each.condition.condition_id], each.found)}"
        for each in failures
    ]
    assumed = [rows[each.condition_id] for each in conditions if each.kind in unknown]
    notes += [f"Taken to hold: {text}." for text in condition_texts(assumed)]
    return PlanAnswer(not failures, tuple(notes))


def own_terms_note(plan: PricePlan) -> str:
    """Return what is said where the own rates of a conditional plan hold."""
    return f"Set-up fee and minimum are those of {plan}'s own rate, not of {plan.base}."


def _facts(
    account: Account | None, held: Sequence[tuple[int, Decimal]], frequency: str, on: date
) -> Facts:
    always = Period(on, None)
    classes = () if account is None else classes_of([account.pk])[account.pk]
    found = next((one for one in classes if one.period.contains(on)), None)
    return Facts(
        day=on,
        account_class=found.account_class if found else None,
        classification=found.classification if found else None,
        frequency=frequency,
        services=tuple(HeldService(always, product_id, quantity) for product_id, quantity in held),
    )
