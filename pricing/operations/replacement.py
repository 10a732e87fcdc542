"""Replacing a plan: a copy is drafted, changed where wanted, and takes over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils.module_loading import import_string

from config.shared.operations.signing import sign
from pricing.models import PlanKind, PlanState, PricePlan
from pricing.operations.conditions import copy_conditions
from pricing.operations.locking import WrongPlanState, lock_open_plan, lock_plan
from pricing.operations.plan_records import check_base, create_plan
from pricing.operations.rates import add_rate, terms_of
from pricing.queries.errors import PricingError

MOST_EXAMPLES: Final = 20


class ReplacementExists(PricingError):
    """A replacement of the plan is being prepared already."""


class NotAReplacement(PricingError):
    """The plan was not drafted to replace another."""


class NoConditions(PricingError):
    """A conditional plan without conditions would be a base plan."""


@dataclass(frozen=True, slots=True)
class ReplacementEffect:
    """So many of `what` follow the new plan (`moves`), or keep the old one; `examples` are the
    first of them with their addresses.
    """

    what: str
    moves: bool
    count: int
    examples: Sequence[tuple[str, str]]


class PlanReplacedHandler(Protocol):
    """Moves what points to the old plan; named in settings.PLAN_REPLACED_HANDLERS."""

    def plan_replaced(self, old: PricePlan, new: PricePlan, *, by: User | None, on: date) -> None:
        """Write in the same transaction; `on` is the first day of the new plan."""

    def effects(self, old: PricePlan, new: PricePlan) -> Sequence[ReplacementEffect]:
        """Return what it will move, and what it will leave; writes nothing."""


@transaction.atomic
def draft_replacement(plan: PricePlan, *, code: str, name: str) -> PricePlan:
    """Copy an effective plan with its rates into a draft that will replace it.

    The old plan stays effective until `take_over`.

    Raises PlanExpired, WrongPlanState, ReplacementExists or CodeTaken.
    """
    old = lock_open_plan(plan.pk)
    if old.state != PlanState.EFFECTIVE:
        raise WrongPlanState(f"{old} is a draft: change it, there is nothing to replace.")
    if old.replaced_by_id is not None:
        raise ReplacementExists(f"{old} has a replacement in preparation: {old.replaced_by}.")
    new = copy_plan(old, code=code, name=name)
    old.replaced_by = new
    old.save(update_fields=["replaced_by"])
    return new


def copy_plan(old: PricePlan, *, code: str, name: str) -> PricePlan:
    """Draft a plan with the rates and conditions of another.

    A conditional one gets the base of the old one, or what has replaced that since.

    Raises CodeTaken, or WrongBase if the base has expired without a replacement.
    """
    new = create_plan(
        code=code,
        name=name,
        currency=old.currency,
        kind=old.kind,
        base=_present_base(old),
        validity=old.validity,
        description=old.description,
    )
    rates = old.rates.select_related("product__type", "bundle").prefetch_related("phases", "tiers")
    for rate in rates.order_by("pk"):
        add_rate(
            new,
            product=rate.product,
            bundle=rate.bundle,
            **terms_of(rate).fields(),
        )
    copy_conditions(old, new)
    return new


def _present_base(plan: PricePlan) -> PricePlan | None:
    base = plan.base
    while base is not None and base.state == PlanState.EXPIRED and base.replaced_by is not None:
        base = base.replaced_by
    return base


@transaction.atomic
def take_over(plan: PricePlan, *, by: User | None, on: date) -> PricePlan:
    """Make a drafted replacement effective and let the plan it replaces expire.

    Conditional plans that have not been used rest on the new plan from now on; what else points to
    the old one is moved by the handlers in settings.PLAN_REPLACED_HANDLERS.

    Raises NotAReplacement, WrongPlanState, WrongBase or NoConditions.
    """
    old_id = PricePlan.objects.filter(replaced_by=plan.pk).values_list("pk", flat=True).first()
    if old_id is None:
        raise NotAReplacement(f"{plan} was not drafted to replace another plan.")
    old, new = lock_plan(old_id), lock_plan(plan.pk)
    if old.state != PlanState.EFFECTIVE or new.state != PlanState.DRAFT:
        raise WrongPlanState(f"{new} has taken over from {old} already.")
    check_ready(new)
    old.state = PlanState.EXPIRED
    old.save(update_fields=["state"])
    new.state = PlanState.EFFECTIVE
    new.save(update_fields=["state"])
    for conditional in following_plans(old, new):
        conditional.base = new
        sign(conditional, by)
        conditional.save(update_fields=["base"])
    for handler in _handlers():
        handler.plan_replaced(old, new, by=by, on=on)
    return new


def following_plans(old: PricePlan, new: PricePlan) -> list[PricePlan]:
    """Return the conditional plans whose base will be the new plan: those not used yet."""
    if new.kind != PlanKind.BASE or new.currency != old.currency:
        return []
    return list(old.conditional_plans.filter(used_at=None).order_by("code"))


def staying_plans(old: PricePlan, new: PricePlan) -> list[PricePlan]:
    """Return the conditional plans that keep the old plan as their base."""
    follows = {plan.pk for plan in following_plans(old, new)}
    return [plan for plan in old.conditional_plans.order_by("code") if plan.pk not in follows]


def replacement_effects(old: PricePlan, new: PricePlan) -> list[ReplacementEffect]:
    """Return what will follow when the new plan takes over, and what stays with the old one."""
    effects = [
        ReplacementEffect(
            what="conditional plans",
            moves=moves,
            count=len(plans),
            examples=[(plan.name, plan.get_absolute_url()) for plan in plans[:MOST_EXAMPLES]],
        )
        for moves, plans in (
            (True, following_plans(old, new)),
            (False, staying_plans(old, new)),
        )
    ]
    for handler in _handlers():
        effects += handler.effects(old, new)
    return [effect for effect in effects if effect.count]


def check_ready(plan: PricePlan) -> None:
    """Refuse a conditional plan without a usable base or without conditions.

    Raises WrongBase or NoConditions.
    """
    check_base(plan)
    if plan.kind == PlanKind.CONDITIONAL and not plan.conditions.exists():
        raise NoConditions(f"{plan} has no conditions: add one, or make it a base plan.")


def _handlers() -> list[PlanReplacedHandler]:
    return [import_string(path)() for path in settings.PLAN_REPLACED_HANDLERS]


@transaction.atomic
def replace_plan(plan: PricePlan, *, code: str, name: str, by: User | None, on: date) -> PricePlan:
    """Replace a plan at once by a copy with the same rates; raises as its two steps do."""
    return take_over(draft_replacement(plan, code=code, name=name), by=by, on=on)
