"""What is done to a voice plan, and which usage plan a product has."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db import transaction

from catalog.models import Product, ServiceType
from pricing.kernel.voice_plans import Treatment
from pricing.models import ProductUsagePlan, TierPlan, VoicePlan, VoicePlanClass
from pricing.operations.usage_records import (
    ALWAYS_FREE,
    WrongFigure,
    check_rate,
    lock,
    refuse_used,
    save_coded,
    set_fields,
    write_rows,
)
from pricing.queries.errors import PricingError

CHANGEABLE: Final = frozenset(
    [
        *("code", "name", "deck", "plan_minutes", "covers", "pooled", "overage_rate"),
        *("minimum_seconds", "increment_seconds", "long_distance_minimum", "inbound_rate"),
        *("do_not_bill", "description"),
    ]
)
_PREFIX: Final = re.compile(r"[0-9]{1,18}\$?")


class WrongClass(PricingError):
    """A class of numbers cannot stand; `row` is its place, from 0."""

    def __init__(self, message: str, *, field: str, row: int) -> None:
        super().__init__(message)
        self.field = field
        self.row = row


class NotTermed(PricingError):
    """Only termed services have usage that is billed beside their price."""


@dataclass(frozen=True, slots=True)
class ClassRow:
    """Numbers that begin with one of `prefixes`, or are one that ends in "$", and what is done
    with calls to them. The prices are read where the treatment is a rate of its own.
    """

    call_class: str
    name: str
    prefixes: Sequence[str]
    treatment: str
    rate: Decimal = Decimal(0)
    minimum_seconds: int = 0
    increment_seconds: int = 1
    connect_fee: Decimal = Decimal(0)


@transaction.atomic
def create_voice_plan(*, classes: Sequence[ClassRow] = (), **fields: Any) -> VoicePlan:
    """Create a voice plan; `fields` are its own.

    Raises CodeTaken, WrongFigure or WrongClass.
    """
    plan = VoicePlan()
    for name, value in fields.items():
        if name not in CHANGEABLE:
            raise TypeError(f"a voice plan has no {name!r}")
        setattr(plan, name, value)
    _check(plan, classes)
    save_coded(plan)
    write_rows(plan.classes, [_values(row) for row in classes], [])
    return plan


@transaction.atomic
def change_voice_plan(
    plan: VoicePlan, *, classes: Sequence[ClassRow] | None = None, **changes: Any
) -> VoicePlan:
    """Change a plan: of one that has been used, only code, name, notes and whether it is billed.
    None keeps the classes.

    Raises what `create_voice_plan` raises, and UsagePlanInUse.
    """
    plan = lock(plan)
    set_fields(plan, changes, known=CHANGEABLE, free=ALWAYS_FREE | {"do_not_bill"})
    stored = list(plan.classes.order_by("position"))
    there = [_values(_row_of(row)) for row in stored]
    rows = [_row_of(row) for row in stored] if classes is None else classes
    _check(plan, rows)
    wanted = [_values(row) for row in rows]
    if wanted != there:
        refuse_used(plan)
    save_coded(plan)
    if wanted != there:
        write_rows(plan.classes, wanted, stored)
    return plan


@transaction.atomic
def clone_voice_plan(plan: VoicePlan, *, code: str, name: str) -> VoicePlan:
    """Copy a plan with its classes under another code; the copy has not been used.

    Raises CodeTaken.
    """
    fields = {field: getattr(plan, field) for field in CHANGEABLE}
    rows = [_row_of(row) for row in plan.classes.order_by("position")]
    return create_voice_plan(classes=rows, **{**fields, "code": code, "name": name})


@transaction.atomic
def set_usage_plan(product: Product, plan: TierPlan | VoicePlan | None) -> ProductUsagePlan | None:
    """Bill the usage of a termed product by a plan from now on, in place of another; None: not.

    Raises NotTermed.
    """
    if product.type.service_type != ServiceType.TERMED:
        raise NotTermed(f"{product} is not a termed service: it has no additional usage.")
    stored = ProductUsagePlan.objects.select_for_update(of=("self",)).filter(product=product)
    kept = stored.first()
    if plan is None:
        if kept is not None:
            kept.delete()
        return None
    chosen = kept or ProductUsagePlan(product=product)
    chosen.tier_plan = plan if isinstance(plan, TierPlan) else None
    chosen.voice_plan = plan if isinstance(plan, VoicePlan) else None
    chosen.save()
    return chosen


def _row_of(row: VoicePlanClass) -> ClassRow:
    return ClassRow(
        row.call_class,
        row.name,
        row.prefixes,
        row.treatment,
        row.rate,
        row.minimum_seconds,
        row.increment_seconds,
        row.connect_fee,
    )


def _values(row: ClassRow) -> dict[str, Any]:
    return {
        "call_class": row.call_class,
        "name": row.name,
        "prefixes": list(row.prefixes),
        "treatment": row.treatment,
        "rate": row.rate,
        "minimum_seconds": row.minimum_seconds,
        "increment_seconds": row.increment_seconds,
        "connect_fee": row.connect_fee,
    }


def _check(plan: VoicePlan, classes: Sequence[ClassRow]) -> None:
    check_rate(Decimal(plan.overage_rate), "overage_rate")
    check_rate(Decimal(plan.inbound_rate), "inbound_rate")
    if plan.increment_seconds < 1:
        raise WrongFigure("An increment is 1 second or more.", field="increment_seconds")
    seen: dict[str, str] = {}
    for place, row in enumerate(classes):
        check_rate(row.rate, "rate", place)
        check_rate(row.connect_fee, "connect_fee", place)
        if row.increment_seconds < 1:
            raise WrongFigure(
                "An increment is 1 second or more.", field="increment_seconds", row=place
            )
        if row.treatment != Treatment.OWN_RATE and (row.rate or row.connect_fee):
            raise WrongClass(
                "A price is for the treatment “own rate” only.", field="rate", row=place
            )
        _check_prefixes(row, place, seen)


def _check_prefixes(row: ClassRow, place: int, seen: dict[str, str]) -> None:
    if not row.prefixes:
        raise WrongClass("Give the prefixes of the class.", field="prefixes", row=place)
    for prefix in row.prefixes:
        if not _PREFIX.fullmatch(prefix):
            raise WrongClass(
                f"The prefix “{prefix}” is not made of 1 to 18 digits; “$” may stand behind a "
                "whole number.",
                field="prefixes",
                row=place,
            )
        if prefix in seen:
            raise WrongClass(
                f"The prefix {prefix} stands in the class {seen[prefix]} already.",
                field="prefixes",
                row=place,
            )
        seen[prefix] = row.name
