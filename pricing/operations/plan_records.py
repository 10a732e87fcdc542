"""Plans as records: new, changed, deleted."""

from typing import Any, Final

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from config.shared.db import refused_by
from pricing.models import PlanKind, PlanState, PricePlan
from pricing.operations.locking import PlanInUse, WrongPlanState, lock_plan
from pricing.queries.currencies import coin_of
from pricing.queries.errors import PricingError

CHANGEABLE: Final = frozenset(["code", "name", "currency", "validity", "description"])


class CodeTaken(PricingError):
    """Another plan has the code."""

    field = "code"


class WrongValidity(PricingError):
    """The plan would be valid on no day."""

    field = "valid_until"


@transaction.atomic
def create_plan(
    *,
    code: str,
    name: str,
    currency: str,
    kind: str = PlanKind.BASE,
    validity: DateRange | None = None,
    description: str = "",
) -> PricePlan:
    """Create an empty draft of a plan, always valid without `validity`.

    Raises UnknownCurrency, CodeTaken or WrongValidity.
    """
    plan = PricePlan(
        code=code,
        name=name,
        currency=currency,
        kind=kind,
        validity=validity,
        description=description,
    )
    _write(plan)
    return plan


@transaction.atomic
def update_plan(plan: PricePlan, **changes: Any) -> PricePlan:
    """Change a plan's fields: of one that has been used, all but the currency.

    Raises PlanInUse, UnknownCurrency, CodeTaken or WrongValidity.
    """
    plan = lock_plan(plan.pk)
    if plan.used_at is not None and changes.get("currency", plan.currency) != plan.currency:
        raise PlanInUse(f"{plan} has been used, so its currency stays {plan.currency}.")
    for name, value in changes.items():
        if name not in CHANGEABLE:
            raise TypeError(f"update_plan() cannot change {name!r}")
        setattr(plan, name, value)
    _write(plan)
    return plan


@transaction.atomic
def delete_plan(plan: PricePlan) -> None:
    """Delete a draft with its rates; a plan it was to replace stays as it is.

    Raises WrongPlanState.
    """
    plan = lock_plan(plan.pk)
    if plan.state != PlanState.DRAFT or plan.used_at is not None:
        raise WrongPlanState(f"{plan} is not a draft: it is kept.")
    for old in PricePlan.objects.select_for_update(of=("self",)).filter(replaced_by=plan):
        old.replaced_by = None
        old.save(update_fields=["replaced_by"])
    plan.delete()


def _write(plan: PricePlan) -> None:
    coin_of(plan.currency)
    validity = plan.validity
    if validity and validity.lower and validity.upper and validity.upper <= validity.lower:
        raise WrongValidity("The plan would be valid on no day: its end is before its start.")
    taken = CodeTaken(f"Another price plan has the code {plan.code}.")
    with refused_by("pricing_priceplan_code_key", taken):
        plan.save()
