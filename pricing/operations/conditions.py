"""Conditions of conditional price plans."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any, ClassVar, Final

from django.conf import settings
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import QuerySet
from django.utils.module_loading import import_string

from pricing.kernel.conditions import ConditionKind, ConditionUse
from pricing.models import PlanCondition, PlanKind, PricePlan
from pricing.operations.locking import lock_editable_plan
from pricing.queries.errors import PricingError

COUNTED: Final = frozenset({ConditionKind.BINDING, ConditionKind.SERVICES})
MOST: Final = 10_000


class ConditionError(PricingError):
    """A condition cannot be kept as asked; `field` names the argument at fault."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class NotConditional(PricingError):
    """A base plan has no conditions."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a condition: how forms name it, and people.

    `text` is how files name it, where it is stored or was found by such a text.
    """

    key: str
    label: str
    text: str = ""


class ConditionValues(ABC):
    """The values of some kinds of conditions; the classes are named in PLAN_CONDITION_VALUES.

    Each app keeps the values that it knows, in a table of its own.
    """

    kinds: ClassVar[tuple[ConditionKind, ...]] = ()
    new_pages: ClassVar[Mapping[ConditionKind, tuple[str, str]]] = {}
    """Where a value of a kind is made: the name of the page, and the permission it asks for."""

    @abstractmethod
    def choices(self, kind: ConditionKind) -> list[Choice]:
        """Return what may be chosen; of products only families, as there are too many."""

    @abstractmethod
    def find(self, kind: ConditionKind, texts: Collection[str]) -> dict[str, Choice]:
        """Return what texts of a file name; those that name nothing are left out."""

    @abstractmethod
    def history(self, condition_ids: Collection[int]) -> QuerySet[Any]:
        """Return the history of the values of conditions."""

    @abstractmethod
    def read(self, condition_ids: Collection[int]) -> dict[int, list[Choice]]:
        """Return the values of conditions; those without any may be left out."""

    @abstractmethod
    def write(self, condition: PlanCondition, keys: Collection[str]) -> None:
        """Put these values in place of those there are. Raises ConditionError."""


@cache
def _load(paths: tuple[str, ...]) -> dict[ConditionKind, ConditionValues]:
    handlers = [import_string(path)() for path in paths]
    return {kind: handler for handler in handlers for kind in handler.kinds}


def values_of(kind: ConditionKind | str) -> ConditionValues | None:
    """Return who keeps the values of a kind; None where it has none."""
    return _load(tuple(settings.PLAN_CONDITION_VALUES)).get(ConditionKind(kind))


def keepers() -> list[ConditionValues]:
    """Return all who keep values."""
    return list(dict.fromkeys(_load(tuple(settings.PLAN_CONDITION_VALUES)).values()))


def all_values(conditions: Collection[PlanCondition]) -> dict[int, list[Choice]]:
    """Return the values of conditions, each list by label."""
    found: dict[int, list[Choice]] = {condition.pk: [] for condition in conditions}
    for keeper in keepers():
        ids = [each.pk for each in conditions if ConditionKind(each.kind) in keeper.kinds]
        for pk, values in (keeper.read(ids) if ids else {}).items():
            found[pk] = sorted(values, key=lambda value: (value.label.casefold(), value.key))
    return found


@transaction.atomic
def add_condition(
    plan: PricePlan,
    *,
    use: ConditionUse | str,
    kind: ConditionKind | str,
    values: Collection[str] = (),
    least: Decimal | None = None,
    most: Decimal | None = None,
    days: DateRange | None = None,
    position: int | None = None,
) -> PlanCondition:
    """Add a condition to a conditional plan that has not been used; `values` are keys.

    It comes last without a `position`; one that is taken is the caller's mistake.

    Raises PlanExpired, PlanInUse, NotConditional or ConditionError.
    """
    plan = lock_editable_plan(plan.pk)
    if plan.kind != PlanKind.CONDITIONAL:
        raise NotConditional(f"{plan} is a base plan: its rates always hold.")
    last = plan.conditions.order_by("-position").values_list("position", flat=True).first()
    condition = PlanCondition(
        plan=plan,
        position=position or (last or 0) + 1,
        use=ConditionUse(use).value,
        kind=ConditionKind(kind).value,
        least=least,
        most=most,
        days=days,
    )
    _write(condition, values)
    return condition


@transaction.atomic
def change_condition(
    condition: PlanCondition,
    *,
    use: ConditionUse | str,
    values: Collection[str] = (),
    least: Decimal | None = None,
    most: Decimal | None = None,
    days: DateRange | None = None,
) -> PlanCondition:
    """Change all of a condition but its kind, in a plan that has not been used.

    Raises what `add_condition` raises.
    """
    lock_editable_plan(condition.plan_id)
    condition = PlanCondition.objects.select_related("plan").get(pk=condition.pk)
    condition.use = ConditionUse(use).value
    condition.least, condition.most, condition.days = least, most, days
    _write(condition, values)
    return condition


@transaction.atomic
def remove_condition(condition: PlanCondition) -> None:
    """Take a condition from a plan that has not been used.

    Raises PlanExpired or PlanInUse.
    """
    lock_editable_plan(condition.plan_id)
    condition.delete()


def copy_conditions(source: PricePlan, target: PricePlan) -> None:
    """Give a plan the conditions of another."""
    conditions: Sequence[PlanCondition] = list(source.conditions.order_by("position"))
    values = all_values(conditions)
    for each in conditions:
        add_condition(
            target,
            use=each.use,
            kind=each.kind,
            values=[value.key for value in values[each.pk]],
            least=each.least,
            most=each.most,
            days=each.days,
        )


def _write(condition: PlanCondition, values: Collection[str]) -> None:
    kind = ConditionKind(condition.kind)
    keeper = values_of(kind)
    _check(condition, kind, values, has_values=keeper is not None)
    condition.save()
    if keeper is not None:
        keeper.write(condition, values)


def _check(
    condition: PlanCondition, kind: ConditionKind, values: Collection[Any], *, has_values: bool
) -> None:
    if has_values and not values:
        raise ConditionError("Choose at least one value.", field="values")
    if values and not has_values:
        raise ConditionError("This condition takes no values.", field="values")
    days = condition.days
    if kind is ConditionKind.DAYS:
        _check_days(days)
    elif days is not None:
        raise ConditionError("This condition takes no days.", field="valid_from")
    _check_bounds(condition.least, condition.most, is_counted=kind in COUNTED)
    if kind is ConditionKind.BINDING:
        _check_months(condition.least, condition.most)


def _check_days(days: DateRange | None) -> None:
    if days is None or (days.lower is None and days.upper is None):
        raise ConditionError("Give the first day, the last day, or both.", field="valid_from")
    if days.lower is not None and days.upper is not None and days.upper <= days.lower:
        raise ConditionError("The last day is before the first.", field="valid_until")


def _check_bounds(least: Decimal | None, most: Decimal | None, *, is_counted: bool) -> None:
    bounds = {"least": least, "most": most}
    given = {name: value for name, value in bounds.items() if value is not None}
    if not is_counted and given:
        raise ConditionError("This condition takes no numbers.", field=next(iter(given)))
    if is_counted and not given:
        raise ConditionError("Give the least, the most, or both.", field="least")
    for name, value in given.items():
        if not value.is_finite() or value < 0 or value > MOST:
            raise ConditionError(f"A number between 0 and {MOST:,}.", field=name)
        if value != value.quantize(Decimal("0.0001")):
            raise ConditionError("A number with at most four decimals.", field=name)
    if least == 0:
        raise ConditionError(
            "At least 0 always holds: ask for more, or leave it empty.", field="least"
        )
    if least is not None and most is not None and most < least:
        raise ConditionError("The most is less than the least.", field="most")


def _check_months(least: Decimal | None, most: Decimal | None) -> None:
    for name, value in (("least", least), ("most", most)):
        if value is not None and value != value.to_integral_value():
            raise ConditionError("Give whole months.", field=name)
