"""Conditions of price plans in words."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from django.utils.formats import date_format

from pricing.kernel.conditions import ConditionKind, Value
from pricing.models import PlanCondition
from pricing.operations.conditions import Choice, all_values, values_of

_SUBJECTS: Final = {
    ConditionKind.ACCOUNT_CLASS: "the account class is",
    ConditionKind.CLASSIFICATION: "the account's classification is",
    ConditionKind.SUBSCRIPTION_TYPE: "the subscription type is",
    ConditionKind.SCHEME: "the billing term scheme is",
    ConditionKind.FREQUENCY: "the billing frequency is",
    ConditionKind.BINDING: "the binding period has",
    ConditionKind.SERVICES: "the subscription has",
    ConditionKind.DAYS: "the day is",
}


def condition_text(condition: PlanCondition, values: Sequence[Choice]) -> str:
    """Return what a condition asks for: "the account class is Staff or Business"."""
    kind = ConditionKind(condition.kind)
    names = " or ".join(value.label for value in values)
    subject = _SUBJECTS[kind]
    if kind is ConditionKind.DAYS:
        return f"{subject} {_days_text(condition)}"
    if kind is ConditionKind.BINDING:
        return f"{subject} {_bounds_text(condition)} months"
    if kind is ConditionKind.SERVICES:
        return f"{subject} {_bounds_text(condition)} of {names}"
    return f"{subject} {names}"


def condition_texts(conditions: Sequence[PlanCondition]) -> list[str]:
    """Return what each condition asks for, in words; a query per keeper of values."""
    values = all_values(conditions)
    return [condition_text(condition, values[condition.pk]) for condition in conditions]


def failure_text(condition: PlanCondition, found: Value | Decimal | date | None) -> str:
    """Return a sentence on a condition that does not hold, with what was found instead."""
    (text,) = condition_texts([condition])
    return f"It asks that {text}; here {_found_text(condition, found)}."


def _found_text(condition: PlanCondition, found: Value | Decimal | date | None) -> str:
    if isinstance(found, date):
        return f"it is {date_format(found)}"
    if isinstance(found, Decimal):
        is_binding = condition.kind == ConditionKind.BINDING
        number = f"{found.normalize():f}"
        return f"it has {number} months" if is_binding else f"it has {number}"
    keeper = values_of(condition.kind)
    if found in (None, "") or keeper is None:
        return "there is none"
    key = f"{condition.kind.lower()}:{found}"
    known = {choice.key: choice.label for choice in keeper.choices(ConditionKind(condition.kind))}
    return f"it is {known.get(key, 'another')}"


def _bounds_text(condition: PlanCondition) -> str:
    least, most = (
        None if bound is None else f"{bound.normalize():f}"
        for bound in (condition.least, condition.most)
    )
    if least == most:
        return f"exactly {least}"
    if most is None:
        return f"at least {least}"
    return f"at most {most}" if least is None else f"{least} to {most}"


def _days_text(condition: PlanCondition) -> str:
    days = condition.days
    first = date_format(days.lower) if days and days.lower else ""
    last = date_format(days.upper - timedelta(days=1)) if days and days.upper else ""
    if not last:
        return f"{first} or later"
    return f"{last} or earlier" if not first else f"from {first} to {last}"
