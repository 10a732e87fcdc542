"""What is done to a price plan, from its draft to its replacement."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from simple_history.utils import bulk_update_with_history

from pricing.models import PlanState, PricePlan
from pricing.operations.conditions import (
    ConditionError,
    NotConditional,
    add_condition,
    change_condition,
    remove_condition,
)
from pricing.operations.locking import PlanExpired, PlanInUse, WrongPlanState, lock_plan
from pricing.operations.plan_records import (
    BaseInUse,
    CodeTaken,
    WrongBase,
    WrongValidity,
    create_plan,
    delete_plan,
    update_plan,
)
from pricing.operations.rate_checks import (
    BasisNotAllowed,
    NoMinimum,
    NoSetUpFee,
    NotAComponent,
    UsageNotInPlan,
    WrongAmount,
    WrongPhases,
)
from pricing.operations.rates import RateExists, add_rate, change_rate, remove_rate
from pricing.operations.replacement import (
    NoConditions,
    NotAReplacement,
    ReplacementEffect,
    ReplacementExists,
    check_ready,
    copy_plan,
    draft_replacement,
    replace_plan,
    replacement_effects,
    take_over,
)
from pricing.operations.tier_plans import WrongTiers
from pricing.queries.currencies import UnknownCurrency
from pricing.queries.errors import PricingError

__all__ = [
    "BaseInUse",
    "BasisNotAllowed",
    "CodeTaken",
    "ConditionError",
    "NoConditions",
    "NoMinimum",
    "NoSetUpFee",
    "NotAComponent",
    "NotAReplacement",
    "NotConditional",
    "PlanExpired",
    "PlanInUse",
    "PricingError",
    "RateExists",
    "ReplacementEffect",
    "ReplacementExists",
    "UnknownCurrency",
    "UsageNotInPlan",
    "WrongAmount",
    "WrongBase",
    "WrongPhases",
    "WrongPlanState",
    "WrongTiers",
    "WrongValidity",
    "add_condition",
    "add_rate",
    "change_condition",
    "change_rate",
    "clone_plan",
    "create_plan",
    "delete_plan",
    "draft_replacement",
    "make_effective",
    "mark_used",
    "remove_condition",
    "remove_rate",
    "replace_plan",
    "replacement_effects",
    "take_over",
    "update_plan",
]


@transaction.atomic
def make_effective(plan: PricePlan) -> PricePlan:
    """Let a drafted plan be chosen on billing terms.

    Raises WrongPlanState, also for a draft that is to replace another plan: that takes over; of a
    conditional plan WrongBase or NoConditions.
    """
    plan = lock_plan(plan.pk)
    if plan.state != PlanState.DRAFT:
        raise WrongPlanState(f"{plan} is not a draft.")
    if plan.replaces.exists():
        raise WrongPlanState(f"{plan} replaces another plan: let it take over.")
    check_ready(plan)
    plan.state = PlanState.EFFECTIVE
    plan.save(update_fields=["state"])
    return plan


@transaction.atomic
def clone_plan(plan: PricePlan, *, code: str, name: str) -> PricePlan:
    """Copy a plan with its rates and conditions, whatever its state, as a draft of its own.

    Raises CodeTaken, or WrongBase if no effective plan has followed the base of a conditional one.
    """
    return copy_plan(plan, code=code, name=name)


@transaction.atomic
def mark_used(plan_ids: Collection[int], *, now: datetime) -> int:
    """Freeze the rates of the plans from their first use on, and return how many are new to it.

    The base of a conditional plan is used with it, as its rates hold where conditions fail. For
    those who put a plan on billing terms or a scheme, in the same transaction.
    """
    either = Q(pk__in=plan_ids) | Q(conditional_plans__in=plan_ids)
    ids = PricePlan.objects.filter(either, used_at=None).values_list("pk", flat=True)
    unused = PricePlan.objects.filter(pk__in=list(ids), used_at=None)
    plans = list(unused.select_for_update(of=("self",), no_key=True).order_by("pk"))
    for plan in plans:
        plan.used_at = now
    if plans:
        bulk_update_with_history(plans, PricePlan, ["used_at"])
    return len(plans)
