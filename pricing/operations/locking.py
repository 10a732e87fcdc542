"""Locks on plans, and the refusals that every change of a plan shares."""

from pricing.models import PlanState, PricePlan
from pricing.queries.errors import PricingError


class PlanInUse(PricingError):
    """The plan has been used: its rates stay as they are."""


class PlanExpired(PricingError):
    """Another plan has taken over."""


class WrongPlanState(PricingError):
    """The act does not suit the plan's state."""


def lock_plan(plan_id: int) -> PricePlan:
    """Lock a plan until the end of the transaction and return it fresh."""
    return PricePlan.objects.select_for_update(of=("self",), no_key=True).get(pk=plan_id)


def lock_open_plan(plan_id: int) -> PricePlan:
    """Lock a plan to which something may be added.

    Raises PlanExpired.
    """
    plan = lock_plan(plan_id)
    if plan.state == PlanState.EXPIRED:
        raise PlanExpired(f"{plan} has expired: its rates no longer change.")
    return plan


def lock_editable_plan(plan_id: int) -> PricePlan:
    """Lock a plan whose rates may be changed.

    Raises PlanExpired or PlanInUse.
    """
    plan = lock_open_plan(plan_id)
    if plan.used_at is not None:
        raise PlanInUse(
            f"{plan} has been used, so its rates stay as they are. "
            "Add a product that is not in it yet, or replace the plan."
        )
    return plan
