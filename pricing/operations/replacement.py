"""Replacing a plan: a copy is drafted, changed where wanted, and takes over."""

from datetime import date
from typing import Protocol

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.module_loading import import_string

from pricing.kernel.periods import Duration, Unit
from pricing.models import PlanState, PricePlan
from pricing.operations.locking import WrongPlanState, lock_open_plan, lock_plan
from pricing.operations.plan_records import create_plan
from pricing.operations.rates import add_rate, phases_of
from pricing.queries.errors import PricingError


class ReplacementExists(PricingError):
    """A replacement of the plan is being prepared already."""


class NotAReplacement(PricingError):
    """The plan was not drafted to replace another."""


class PlanReplacedHandler(Protocol):
    """Moves what points to the old plan; named in settings.PLAN_REPLACED_HANDLERS."""

    def plan_replaced(
        self, old: PricePlan, new: PricePlan, *, by: AbstractBaseUser | None, on: date
    ) -> None:
        """Write in the same transaction; `on` is the first day of the new plan."""


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
    new = create_plan(
        code=code,
        name=name,
        currency=old.currency,
        kind=old.kind,
        validity=old.validity,
        description=old.description,
    )
    rates = old.rates.select_related("product__type", "bundle").prefetch_related("phases")
    for rate in rates.order_by("pk"):
        add_rate(
            new,
            product=rate.product,
            bundle=rate.bundle,
            basis=rate.basis,
            per=Duration(rate.per_count, Unit(rate.per_unit)),
            base_amount=rate.base_amount,
            phases=phases_of(rate),
            after_last=rate.after_last,
            tax_inclusive=rate.tax_inclusive,
            setup_fee=rate.setup_fee,
        )
    old.replaced_by = new
    old.save(update_fields=["replaced_by"])
    return new


@transaction.atomic
def take_over(plan: PricePlan, *, by: AbstractBaseUser | None, on: date) -> PricePlan:
    """Make a drafted replacement effective and let the plan it replaces expire.

    What points to the old plan is moved by the handlers in settings.PLAN_REPLACED_HANDLERS.

    Raises NotAReplacement or WrongPlanState.
    """
    old_id = PricePlan.objects.filter(replaced_by=plan.pk).values_list("pk", flat=True).first()
    if old_id is None:
        raise NotAReplacement(f"{plan} was not drafted to replace another plan.")
    old, new = lock_plan(old_id), lock_plan(plan.pk)
    if old.state != PlanState.EFFECTIVE or new.state != PlanState.DRAFT:
        raise WrongPlanState(f"{new} has taken over from {old} already.")
    old.state = PlanState.EXPIRED
    old.save(update_fields=["state"])
    new.state = PlanState.EFFECTIVE
    new.save(update_fields=["state"])
    for path in settings.PLAN_REPLACED_HANDLERS:
        handler: PlanReplacedHandler = import_string(path)()
        handler.plan_replaced(old, new, by=by, on=on)
    return new


@transaction.atomic
def replace_plan(
    plan: PricePlan, *, code: str, name: str, by: AbstractBaseUser | None, on: date
) -> PricePlan:
    """Replace a plan at once by a copy with the same rates; raises as its two steps do."""
    return take_over(draft_replacement(plan, code=code, name=name), by=by, on=on)
