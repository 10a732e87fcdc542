"""Plans as records: new, changed, deleted."""

from typing import Any, Final

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from config.shared.db import refused_by
from pricing.models import PlanKind, PlanState, PricePlan
from pricing.operations.locking import PlanInUse, WrongPlanState, lock_plan
from pricing.queries.currencies import coin_of
from pricing.queries.errors import PricingError

CHANGEABLE: Final = frozenset(
    ["code", "name", "currency", "kind", "base", "validity", "description"]
)
# What billing computes with: it stays from the first use on.
FROZEN: Final = ("currency", "kind", "base")


class CodeTaken(PricingError):
    """Another plan has the code."""

    field = "code"


class WrongValidity(PricingError):
    """The plan would be valid on no day."""

    field = "valid_until"


class WrongBase(PricingError):
    """A conditional plan has no base plan, or one that cannot be its base."""

    field = "base"


class BaseInUse(PricingError):
    """Conditional plans rest on the plan."""


@transaction.atomic
def create_plan(
    *,
    code: str,
    name: str,
    currency: str,
    kind: str = PlanKind.BASE,
    base: PricePlan | None = None,
    validity: DateRange | None = None,
    description: str = "",
) -> PricePlan:
    """Create an empty draft of a plan, always valid without `validity`.

    A conditional plan names its `base`: an effective base plan in the same currency.

    Raises UnknownCurrency, CodeTaken, WrongValidity or WrongBase.
    """
    plan = PricePlan(
        code=code,
        name=name,
        currency=currency,
        kind=kind,
        base=base,
        validity=validity,
        description=description,
    )
    check_base(plan)
    _write(plan)
    return plan


@transaction.atomic
def update_plan(plan: PricePlan, **changes: Any) -> PricePlan:
    """Change a plan's fields: of one that has been used, not what it costs by.

    Raises PlanInUse, UnknownCurrency, CodeTaken, WrongValidity, WrongBase or BaseInUse.
    """
    plan = lock_plan(plan.pk)
    before = {name: getattr(plan, name) for name in FROZEN}
    changed = [name for name, value in before.items() if changes.get(name, value) != value]
    if plan.used_at is not None and changed:
        name = "base plan" if changed[0] == "base" else changed[0]
        raise PlanInUse(f"{plan} has been used, so its {name} stays {before[changed[0]]}.")
    for name, value in changes.items():
        if name not in CHANGEABLE:
            raise TypeError(f"update_plan() cannot change {name!r}")
        setattr(plan, name, value)
    if changed:
        _check_dependents(plan)
        check_base(plan)
    _write(plan)
    return plan


@transaction.atomic
def delete_plan(plan: PricePlan) -> None:
    """Delete a draft with its rates; a plan it was to replace stays as it is.

    Raises WrongPlanState or BaseInUse.
    """
    plan = lock_plan(plan.pk)
    if plan.state != PlanState.DRAFT or plan.used_at is not None:
        raise WrongPlanState(f"{plan} is not a draft: it is kept.")
    _refuse_as_base(plan, "be deleted")
    for old in PricePlan.objects.select_for_update(of=("self",)).filter(replaced_by=plan):
        old.replaced_by = None
        old.save(update_fields=["replaced_by"])
    plan.delete()


def check_base(plan: PricePlan) -> None:
    """Lock the base of a conditional plan until the transaction ends, and refuse a wrong one.

    Raises WrongBase.
    """
    if plan.kind == PlanKind.BASE:
        if plan.base_id is not None:
            raise WrongBase("A base plan has no base plan itself.")
        return
    if plan.base_id is None:
        raise WrongBase("A conditional plan has a base plan: its rates hold where they fail.")
    base = PricePlan.objects.select_for_update(of=("self",), no_key=True).get(pk=plan.base_id)
    if base.pk == plan.pk or base.kind != PlanKind.BASE:
        raise WrongBase(f"{base} is a conditional plan: it cannot be the base of another.")
    if base.currency != plan.currency:
        raise WrongBase(f"{base} is in {base.currency}, this plan in {plan.currency}.")
    if base.state != PlanState.EFFECTIVE:
        raise WrongBase(f"{base} is {base.get_state_display().lower()}: choose an effective plan.")


def _check_dependents(plan: PricePlan) -> None:
    """Refuse to change what conditional plans and conditions rest on."""
    stored = PricePlan.objects.get(pk=plan.pk)
    if plan.kind != stored.kind and plan.kind == PlanKind.BASE and plan.conditions.exists():
        raise WrongBase(f"{plan} has conditions: remove them first.")
    if plan.kind != stored.kind or plan.currency != stored.currency:
        _refuse_as_base(plan, "get another kind or currency")


def _refuse_as_base(plan: PricePlan, act: str) -> None:
    resting = plan.conditional_plans.order_by("code").first()
    if resting is not None:
        raise BaseInUse(f"{plan} is the base of {resting}: it cannot {act}.")


def _write(plan: PricePlan) -> None:
    coin_of(plan.currency)
    validity = plan.validity
    if validity and validity.lower and validity.upper and validity.upper <= validity.lower:
        raise WrongValidity("The plan would be valid on no day: its end is before its start.")
    taken = CodeTaken(f"Another price plan has the code {plan.code}.")
    with refused_by("pricing_priceplan_code_key", taken):
        plan.save()
