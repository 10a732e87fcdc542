"""When a conditional price plan may be chosen, and on which days its rates hold.

All conditions of a plan have to hold; one condition holds if any of its values does. Where one
fails, the base plan's rates hold instead. Source: CRM.COM, base and conditional price plans.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from pricing.kernel.periods import Period, add_months, merge


class ConditionKind(StrEnum):
    """What a condition looks at."""

    ACCOUNT_CLASS = "ACCOUNT_CLASS"
    CLASSIFICATION = "CLASSIFICATION"
    SUBSCRIPTION_TYPE = "SUBSCRIPTION_TYPE"
    SCHEME = "SCHEME"
    FREQUENCY = "FREQUENCY"
    BINDING = "BINDING"
    SERVICES = "SERVICES"
    DAYS = "DAYS"


class ConditionUse(StrEnum):
    """What depends on a condition: choosing the plan, or the use of its rates by billing."""

    SELECTION = "SELECTION"
    RATES = "RATES"


ENDLESS_MONTHS: Final = 10**6
Value = int | str
"""The id of a record, or a word such as a billing frequency."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition. Which fields it has depends on `kind`.

    `values` are what the fact has to be among; of SERVICES the products that are counted. `least`
    and `most` bound a number: services (their quantities added up), or the months of the binding
    period. `days` are those of DAYS. `condition_id` says which one it is in an answer.
    """

    kind: ConditionKind
    values: frozenset[Value] = frozenset()
    least: Decimal | None = None
    most: Decimal | None = None
    days: Period | None = None
    condition_id: int = 0


@dataclass(frozen=True, slots=True)
class HeldService:
    """A product that a subscription has on the days of `period`."""

    period: Period
    product_id: int
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class DatedClasses:
    """Class and classification of the account on the days of `period`; None: it has none."""

    period: Period
    account_class: int | None
    classification: int | None


@dataclass(frozen=True, slots=True)
class Facts:
    """What conditions look at, as it stood on `day`."""

    day: date
    account_class: int | None = None
    classification: int | None = None
    subscription_type: int | None = None
    scheme: int | None = None
    frequency: str = ""
    binding_months: int = 0
    services: tuple[HeldService, ...] = ()


@dataclass(frozen=True, slots=True)
class DatedFacts:
    """All that conditions look at over the days of one subscription's billing terms.

    `binding` is the agreed binding period: on its days its whole months count, outside it 0.
    `classes` and the periods in them do not overlap.
    """

    subscription_type: int | None = None
    scheme: int | None = None
    frequency: str = ""
    binding: Period | None = None
    classes: tuple[DatedClasses, ...] = ()
    services: tuple[HeldService, ...] = ()

    def on(self, day: date) -> Facts:
        """Return the facts of one day."""
        found = next((one for one in self.classes if one.period.contains(day)), None)
        bound = self.binding is not None and self.binding.contains(day)
        return Facts(
            day=day,
            account_class=found.account_class if found else None,
            classification=found.classification if found else None,
            subscription_type=self.subscription_type,
            scheme=self.scheme,
            frequency=self.frequency,
            binding_months=months_of(self.binding) if self.binding and bound else 0,
            services=tuple(one for one in self.services if one.period.contains(day)),
        )

    def turns(self) -> set[date]:
        """Return the days on which a fact may change."""
        dated = [one.period for one in self.classes]
        dated += [one.period for one in self.services]
        if self.binding is not None:
            dated.append(self.binding)
        return _bounds(dated)


@dataclass(frozen=True, slots=True)
class Failure:
    """A condition that does not hold, and what the fact was instead (None: there was none)."""

    condition: Condition
    found: Value | Decimal | date | None


def conditions_hold(conditions: Iterable[Condition], facts: Facts) -> tuple[Failure, ...]:
    """Return the conditions that fail on the day of `facts`, in their order; none: all hold."""
    failures: list[Failure] = []
    for condition in conditions:
        found = _found(condition, facts)
        if not _holds(condition, found):
            failures.append(Failure(condition, found))
    return tuple(failures)


def holding_days(
    conditions: Sequence[Condition], facts: DatedFacts, within: Period
) -> tuple[Period, ...]:
    """Return the days of `within` on which all conditions hold, as few periods as possible."""
    turns = facts.turns() | _bounds(one.days for one in conditions if one.days is not None)
    inside = sorted(turn for turn in turns if within.start < turn and within.contains(turn))
    starts = [within.start, *inside]
    ends = [*inside, within.end]
    return tuple(
        merge(
            Period(start, end)
            for start, end in zip(starts, ends, strict=True)
            if not conditions_hold(conditions, facts.on(start))
        )
    )


def months_of(period: Period) -> int:
    """Return the whole months of a period; one without an end has very many."""
    start, end = period.start, period.end
    if end is None:
        return ENDLESS_MONTHS
    months = (end.year - start.year) * 12 + end.month - start.month
    return months if add_months(start, months, start.day) <= end else months - 1


def _found(condition: Condition, facts: Facts) -> Value | Decimal | date | None:
    match condition.kind:
        case ConditionKind.ACCOUNT_CLASS:
            return facts.account_class
        case ConditionKind.CLASSIFICATION:
            return facts.classification
        case ConditionKind.SUBSCRIPTION_TYPE:
            return facts.subscription_type
        case ConditionKind.SCHEME:
            return facts.scheme
        case ConditionKind.FREQUENCY:
            return facts.frequency
        case ConditionKind.BINDING:
            return Decimal(facts.binding_months)
        case ConditionKind.SERVICES:
            counted = (one for one in facts.services if one.product_id in condition.values)
            return sum((one.quantity for one in counted), Decimal(0))
        case ConditionKind.DAYS:
            return facts.day


def _holds(condition: Condition, found: Value | Decimal | date | None) -> bool:
    if isinstance(found, Decimal):
        above = condition.least is None or condition.least <= found
        return above and (condition.most is None or found <= condition.most)
    if isinstance(found, date):
        return condition.days is None or condition.days.contains(found)
    return found in condition.values


def _bounds(periods: Iterable[Period]) -> set[date]:
    found: set[date] = set()
    for period in periods:
        found.add(period.start)
        if period.end is not None:
            found.add(period.end)
    return found
