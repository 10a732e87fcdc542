"""What changes of usage plans, decks and catalogues share: locks, the freeze, checks, codes."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, TypeVar

from django.db import models, transaction
from simple_history.utils import bulk_update_with_history

from config.shared.db import refused_by
from pricing.models import (
    RateDeck,
    RateDeckVersion,
    TierPlan,
    UsageCatalog,
    VoicePlan,
)
from pricing.operations.plan_records import CodeTaken
from pricing.queries.errors import PricingError

UsagePlanModel = type[TierPlan] | type[VoicePlan] | type[UsageCatalog] | type[RateDeckVersion]
Record = TypeVar("Record", bound=models.Model)
# What names a record and explains it may change in spite of use.
ALWAYS_FREE: Final = frozenset({"code", "name", "description"})
RATE_STEP: Final = Decimal("1E-10")


class UsagePlanInUse(PricingError):
    """The record has been used: it stays as it is."""


class StillNeeded(PricingError):
    """Something else refers to the record."""


class WrongFigure(PricingError):
    """A number is negative or has too many digits; `field` and, in a table, `row` are at fault."""

    def __init__(self, message: str, *, field: str, row: int | None = None) -> None:
        super().__init__(message)
        self.field = field
        self.row = row


def lock(record: Record) -> Record:
    """Lock a record until the end of the transaction and return it fresh."""
    manager = type(record)._default_manager
    return manager.select_for_update(of=("self",), no_key=True).get(pk=record.pk)


def lock_unused(record: Record) -> Record:
    """Lock a record that has not been used.

    Raises UsagePlanInUse.
    """
    locked = lock(record)
    refuse_used(locked)
    return locked


@transaction.atomic
def delete_usage_plan(plan: TierPlan | VoicePlan) -> None:
    """Delete a plan that has not been used and that no product has.

    Raises UsagePlanInUse or StillNeeded.
    """
    plan = lock_unused(plan)
    if plan.product_plans.exists():
        raise StillNeeded(f"Products are billed by {plan}: take it off them first.")
    plan.delete()


def refuse_used(record: models.Model) -> None:
    """Raise UsagePlanInUse if the record has been used."""
    if getattr(record, "used_at", None) is not None:
        raise UsagePlanInUse(
            f"{record} has been used, so it stays as it is. Clone it to make one that differs."
        )


def set_fields(
    record: models.Model,
    changes: Mapping[str, Any],
    *,
    known: Collection[str],
    free: Collection[str] = ALWAYS_FREE,
) -> None:
    """Set fields by name. What is not in `free` is refused once the record has been used.

    Raises UsagePlanInUse; TypeError for a name that is not `known`.
    """
    for name, value in changes.items():
        if name not in known:
            raise TypeError(f"a {record._meta.verbose_name} has no {name!r} to change")
        if getattr(record, name) == value:
            continue
        if name not in free:
            refuse_used(record)
        setattr(record, name, value)


def save_coded(record: models.Model) -> None:
    """Save a record with a unique `code`.

    Raises CodeTaken.
    """
    name = record._meta.verbose_name
    taken = CodeTaken(f"Another {name} has the code {getattr(record, 'code', '')}.")
    with refused_by(f"{record._meta.db_table}_code_key", taken):
        record.save()


def check_rate(amount: Decimal, field: str, row: int | None = None) -> None:
    """Raise WrongFigure for a price that is negative or does not fit its column."""
    if not amount.is_finite() or amount < 0:
        raise WrongFigure("A price is 0 or more.", field=field, row=row)
    if amount >= 10**14 or amount != amount.quantize(RATE_STEP):
        raise WrongFigure(
            "A price has at most 14 digits before the point and 10 after it.", field=field, row=row
        )


def write_rows(
    manager: Any, rows: Sequence[Mapping[str, Any]], stored: Sequence[models.Model]
) -> None:
    """Make `rows` those of a parent, by place: changed where they differ, added, deleted.

    `stored` are the rows that there are, in order; `position` is counted from 1.
    """
    for row in stored[len(rows) :]:
        row.delete()
    for place, values in enumerate(rows):
        if place >= len(stored):
            manager.create(position=place + 1, **values)
            continue
        kept = stored[place]
        if any(getattr(kept, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(kept, name, value)
            kept.save()


@transaction.atomic
def mark_used(model: UsagePlanModel, ids: Collection[int], *, now: datetime) -> int:
    """Freeze tier plans, voice plans, usage catalogues or versions of a deck from their first use
    on, and return how many are new to it. A deck is used with its first version.

    For those who rate with them, in the same transaction.
    """
    count = _mark(model, ids, now)
    if model is RateDeckVersion and count:
        versions = RateDeckVersion.objects.filter(pk__in=ids)
        _mark(RateDeck, versions.values_list("deck_id", flat=True).distinct(), now)
    return count


def _mark(model: Any, ids: Collection[int], now: datetime) -> int:
    unused = model.objects.filter(pk__in=list(ids), used_at=None)
    records = list(unused.select_for_update(of=("self",), no_key=True).order_by("pk"))
    for record in records:
        record.used_at = now
    if records:
        bulk_update_with_history(records, model, ["used_at"])
    return len(records)
