"""What is done to a price plan, from its draft to its replacement."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from simple_history.utils import bulk_update_with_history

from pricing.models import PlanState, PricePlan
from pricing.operations.locking import PlanExpired, PlanInUse, WrongPlanState, lock_plan
from pricing.operations.plan_records import (
    CodeTaken,
    WrongValidity,
    create_plan,
    delete_plan,
    update_plan,
)
from pricing.operations.rates import (
    BasisNotAllowed,
    NoSetUpFee,
    NotAComponent,
    RateExists,
    UsageNotInPlan,
    WrongAmount,
    WrongPhases,
    add_rate,
    change_rate,
    remove_rate,
)
from pricing.operations.replacement import (
    NotAReplacement,
    ReplacementExists,
    draft_replacement,
    replace_plan,
    take_over,
)
from pricing.queries.currencies import UnknownCurrency
from pricing.queries.errors import PricingError

__all__ = [
    "BasisNotAllowed",
    "CodeTaken",
    "NoSetUpFee",
    "NotAComponent",
    "NotAReplacement",
    "PlanExpired",
    "PlanInUse",
    "PricingError",
    "RateExists",
    "ReplacementExists",
    "UnknownCurrency",
    "UsageNotInPlan",
    "WrongAmount",
    "WrongPhases",
    "WrongPlanState",
    "WrongValidity",
    "add_rate",
    "change_rate",
    "create_plan",
    "delete_plan",
    "draft_replacement",
    "make_effective",
    "mark_used",
    "remove_rate",
    "replace_plan",
    "take_over",
    "update_plan",
]


@transaction.atomic
def make_effective(plan: PricePlan) -> PricePlan:
    """Let a drafted plan be chosen on billing terms.

    Raises WrongPlanState, also for a draft that is to replace another plan: that takes over.
    """
    plan = lock_plan(plan.pk)
    if plan.state != PlanState.DRAFT:
        raise WrongPlanState(f"{plan} is not a draft.")
    if plan.replaces.exists():
        raise WrongPlanState(f"{plan} replaces another plan: let it take over.")
    plan.state = PlanState.EFFECTIVE
    plan.save(update_fields=["state"])
    return plan


@transaction.atomic
def mark_used(plan_ids: Collection[int], *, now: datetime) -> int:
    """Freeze the rates of the plans from their first use on, and return how many are new to it.

    For those who put a plan on billing terms or a scheme, in the same transaction.
    """
    unused = PricePlan.objects.filter(pk__in=plan_ids, used_at=None)
    plans = list(unused.select_for_update(of=("self",), no_key=True).order_by("pk"))
    for plan in plans:
        plan.used_at = now
    if plans:
        bulk_update_with_history(plans, PricePlan, ["used_at"])
    return len(plans)
