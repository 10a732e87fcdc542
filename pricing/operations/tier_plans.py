"""What is done to a usage tier plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db import transaction

from pricing.kernel.tiers import Tier, TiersNotPossible, check_tiers
from pricing.kernel.usage import Style
from pricing.models import TierPlan, TierPlanTier
from pricing.operations.usage_records import (
    WrongFigure,
    check_rate,
    lock,
    refuse_used,
    save_coded,
    set_fields,
    write_rows,
)
from pricing.queries.currencies import coin_of
from pricing.queries.errors import PricingError

CHANGEABLE: Final = frozenset(
    [
        *("code", "name", "currency", "reduction", "percentile", "direction", "units"),
        *("free_units", "style", "unit_price", "can_go_down", "description"),
    ]
)


class WrongTiers(PricingError):
    """The tiers cannot price every quantity; `row` is the one at fault, from 0."""

    def __init__(self, message: str, *, row: int | None = None, field: str = "up_to") -> None:
        super().__init__(message)
        self.field = field
        self.row = row


@dataclass(frozen=True, slots=True)
class TierRow:
    """A tier up to and including `up_to` (None: without end). Where `above` is given, it has to
    be the end of the tier before.
    """

    up_to: Decimal | None
    rate: Decimal = Decimal(0)
    fixed: Decimal = Decimal(0)
    above: Decimal | None = None


@transaction.atomic
def create_tier_plan(*, tiers: Sequence[TierRow] = (), **fields: Any) -> TierPlan:
    """Create a tier plan; `fields` are its own, `tiers` go with all styles but the linear one.

    Raises UnknownCurrency, CodeTaken, WrongFigure or WrongTiers.
    """
    plan = TierPlan()
    set_fields(plan, fields, known=CHANGEABLE)
    _check(plan, tiers)
    save_coded(plan)
    write_rows(plan.tiers, _values(tiers), [])
    return plan


@transaction.atomic
def change_tier_plan(
    plan: TierPlan, *, tiers: Sequence[TierRow] | None = None, **changes: Any
) -> TierPlan:
    """Change a plan: of one that has been used, only code, name and notes. None keeps the tiers.

    Raises what `create_tier_plan` raises, and UsagePlanInUse.
    """
    plan = lock(plan)
    set_fields(plan, changes, known=CHANGEABLE)
    stored = list(plan.tiers.order_by("position"))
    rows = [_row_of(tier) for tier in stored] if tiers is None else tiers
    _check(plan, rows)
    wanted, there = _values(rows), _values([_row_of(tier) for tier in stored])
    if wanted != there:
        refuse_used(plan)
    save_coded(plan)
    if wanted != there:
        write_rows(plan.tiers, wanted, stored)
    return plan


@transaction.atomic
def clone_tier_plan(plan: TierPlan, *, code: str, name: str) -> TierPlan:
    """Copy a plan with its tiers under another code; the copy has not been used.

    Raises CodeTaken.
    """
    fields = {field: getattr(plan, field) for field in CHANGEABLE}
    rows = [_row_of(tier) for tier in plan.tiers.order_by("position")]
    return create_tier_plan(tiers=rows, **{**fields, "code": code, "name": name})


def _row_of(tier: TierPlanTier) -> TierRow:
    return TierRow(tier.up_to, tier.rate, tier.fixed)


def _values(tiers: Sequence[TierRow]) -> list[dict[str, Any]]:
    return [{"up_to": row.up_to, "rate": row.rate, "fixed": row.fixed} for row in tiers]


def _check(plan: TierPlan, tiers: Sequence[TierRow]) -> None:
    coin_of(plan.currency)
    if not 0 < plan.percentile <= 100:
        raise WrongFigure("A percentile is above 0 and at most 100.", field="percentile")
    check_rate(Decimal(plan.unit_price), "unit_price")
    if plan.free_units < 0:
        raise WrongFigure("Free units are 0 or more.", field="free_units")
    if plan.style == Style.LINEAR:
        if tiers:
            raise WrongTiers("A linear plan has one price per unit and no tiers.", row=0)
        return
    for place, row in enumerate(tiers):
        check_rate(row.rate, "rate", place)
        check_rate(row.fixed, "fixed", place)
        _check_beginning(tiers, place)
    try:
        check_tiers([Tier(row.up_to, row.rate, row.fixed) for row in tiers])
    except TiersNotPossible as fault:
        if not tiers:
            raise WrongTiers(str(fault)) from fault
        raise WrongTiers(str(fault), row=fault.row) from fault


def _check_beginning(tiers: Sequence[TierRow], place: int) -> None:
    above = tiers[place].above
    end = tiers[place - 1].up_to if place else Decimal(0)
    if above is None or end is None or above == end:
        return
    fault = "leaves a gap after" if above > end else "overlaps"
    before = f"the tier before it, which ends at {end.normalize():f}" if place else "0"
    raise WrongTiers(f"The tier {fault} {before}.", row=place, field="above")
