"""Imports of voice plans, and of their classes of numbers."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import models

from config.shared.imports.columns import (
    ChoiceCell,
    Column,
    RecordCell,
    SlugCell,
    TextCell,
    TextsCell,
    WholeCell,
    YesNoCell,
)
from config.shared.imports.drafts import Draft
from config.shared.imports.files import Line
from pricing.imports.coded import CodedResource, SetResource
from pricing.imports.rate_cells import AmountCell, EnumCell
from pricing.kernel.voice_plans import Covered, Treatment
from pricing.models import CallClass, RateDeck, VoicePlan, VoicePlanClass
from pricing.operations.voice_plans import ClassRow, change_voice_plan, create_voice_plan

ZERO = Decimal(0)
_MOST = 2**31 - 1
_FIELDS = ("call_class", "name", "prefixes", "treatment", "rate")
_FIGURES = ("minimum_seconds", "increment_seconds", "connect_fee")
Key = tuple[int, str, str]


def seconds_cell(empty: int = 0) -> WholeCell:
    """Return a cell for seconds."""
    return WholeCell(least=0, most=_MOST, empty=empty)


class VoicePlanResource(CodedResource):
    """Voice plans, without their classes of numbers."""

    slug = "voice-plans"
    title = "Voice plans"
    about = (
        "A row is a plan; its classes of numbers are imported as “Classes of voice plans”. Of one "
        "that has been used, only name, description and “do not bill” change. Plans that the file "
        "does not name stay as they are."
    )
    model = VoicePlan
    examples = (
        {
            "code": "sample-home",
            "name": "Sample home",
            "deck": "sample-world",
            "minutes": "500",
            "rate beyond": "0.03",
            "steps": "60",
        },
        {
            "code": "sample-office",
            "name": "Sample office",
            "deck": "sample-world",
            "minutes": "2000",
            "shared": "Yes",
        },
    )

    code = Column("code", "code", SlugCell(40), about="Which plan it is.", required=True)
    name = Column("name", "name", TextCell(120), about="Its name.", required=True)
    deck = Column(
        "deck",
        "deck",
        RecordCell(RateDeck, noun="rate deck"),
        about="The code of its rate deck.",
        required=True,
    )
    plan_minutes = Column(
        "minutes",
        "plan_minutes",
        seconds_cell(),
        about="Minutes of plan calls that the price covers.",
    )
    covers = Column(
        "covers",
        "covers",
        EnumCell(Covered, empty=Covered.OUTBOUND),
        about="Which calls use them up; outbound ones where empty.",
    )
    pooled = Column("shared", "pooled", YesNoCell(), about="Are they shared by a package?")
    overage_rate = Column(
        "rate beyond", "overage_rate", AmountCell(empty=ZERO), about="Per minute beyond them."
    )
    inbound_rate = Column(
        "inbound rate",
        "inbound_rate",
        AmountCell(empty=ZERO),
        about="Per minute of inbound calls that they do not cover.",
    )
    minimum_seconds = Column(
        "least seconds", "minimum_seconds", seconds_cell(), about="Of a plan call."
    )
    increment_seconds = Column(
        "steps", "increment_seconds", seconds_cell(1), about="Seconds, of a plan call; 1 if empty."
    )
    long_distance_minimum = Column(
        "long distance seconds",
        "long_distance_minimum",
        seconds_cell(),
        about="At least, for rows of the deck that name no minimum.",
    )
    do_not_bill = Column(
        "do not bill", "do_not_bill", YesNoCell(), about="Calls are rated, but not billed."
    )
    description = Column("description", "description", TextCell(), about="What staff should know.")

    def create(self, draft: Draft) -> models.Model | None:
        """Make the plan."""
        return create_voice_plan(**draft.values())

    def change(self, draft: Draft) -> models.Model | None:
        """Change what differs."""
        row: Any = draft
        return change_voice_plan(row.record, **draft.changes())


class VoiceClassResource(SetResource):
    """Classes of numbers, found by plan, class and name."""

    slug = "voice-classes"
    title = "Classes of voice plans"
    about = (
        "A row is a class of numbers of a voice plan that has not been used. New ones come last. "
        "Classes that the file does not name stay; they are removed on the plan's page."
    )
    model = VoicePlanClass
    part_of = VoicePlan
    key = ("plan", "call_class", "name")
    examples = (
        {
            "plan": "sample-home",
            "class": "Toll free",
            "name": "Free numbers",
            "prefixes": "1800; 1888",
            "treatment": "Free",
        },
        {
            "plan": "sample-home",
            "class": "International",
            "name": "Greece",
            "prefixes": "30",
            "treatment": "Own rate",
            "rate": "0.12",
            "steps": "60",
        },
    )

    plan = Column(
        "plan",
        "plan",
        RecordCell(VoicePlan, noun="voice plan"),
        about="The code of the plan.",
        required=True,
    )
    call_class = Column(
        "class", "call_class", ChoiceCell(CallClass), about="Which class it is.", required=True
    )
    name = Column("name", "name", TextCell(60), about="Such as a country.", required=True)
    prefixes = Column(
        "prefixes",
        "prefixes",
        TextsCell(),
        about="Digits, with semicolons; “$” behind a whole number.",
        required=True,
    )
    treatment = Column(
        "treatment",
        "treatment",
        EnumCell(Treatment),
        about="What is done with the calls.",
        required=True,
    )
    rate = Column("rate", "rate", AmountCell(empty=ZERO), about="Per minute, of an own rate.")
    minimum_seconds = Column(
        "least seconds", "minimum_seconds", seconds_cell(), about="Of a call at an own rate."
    )
    increment_seconds = Column(
        "steps", "increment_seconds", seconds_cell(1), about="Seconds; 1 where empty."
    )
    connect_fee = Column(
        "connect fee", "connect_fee", AmountCell(empty=ZERO), about="Per call, of an own rate."
    )

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.stored: dict[int, dict[Key, VoicePlanClass]] = {}

    def load(self, lines: Sequence[Line]) -> None:
        """Look up the plans and their classes."""
        self.load_records(lines)
        self._read(self.found("plan"))

    def find(self, row: Mapping[str, str]) -> models.Model | None:
        """Find the class by plan, class and name."""
        plan = self.named("plan", row)
        column: Any = self.column("call_class")
        call_class = column.widget.values.get(row.get("class", "").casefold())
        if plan is None or call_class is None:
            return None
        return self.stored[plan.pk].get((plan.pk, call_class, row.get("name", "").upper()))

    def stored_values(self, record: models.Model) -> dict[str, Any]:
        """Return what is stored."""
        row: Any = record
        values = {name: getattr(row, name) for name in ("plan", *_FIELDS, *_FIGURES)}
        return {**values, "prefixes": tuple(row.prefixes)}

    def history(self, pks: set[int]) -> Iterable[Any]:
        """Return the history of the plans' classes."""
        return [VoicePlanClass.history.filter(plan_id__in=pks)]

    def all_records(self) -> models.QuerySet[Any]:
        """Return all, plan by plan."""
        return VoicePlanClass.objects.order_by("plan__code", "position", "pk")

    def _read(self, plans: Iterable[VoicePlan]) -> None:
        by_key = {plan.pk: plan for plan in plans}
        self.stored |= {pk: {} for pk in by_key}
        rows = VoicePlanClass.objects.filter(plan__in=by_key).order_by("position", "pk")
        for row in rows.select_related("plan"):
            self.stored[row.plan_id][_key(row)] = row

    def create(self, row: Any) -> VoicePlan:
        """Store the class, in its place or last."""
        plan: VoicePlan = row.plan
        kept = self.stored[plan.pk]
        wanted = {key: _class_row(stored) for key, stored in kept.items()}
        key = (
            (plan.pk, row.call_class, row.name.upper()) if row.record is None else _key(row.record)
        )
        wanted[key] = _class_row(row)
        change_voice_plan(plan, classes=list(wanted.values()))
        self._read([plan])
        return plan


def _key(row: VoicePlanClass) -> Key:
    return row.plan_id, row.call_class, row.name.upper()


def _class_row(row: Any) -> ClassRow:
    """Return a stored class, or one of a file, for the operation."""
    fields = {name: getattr(row, name) for name in (*_FIELDS, *_FIGURES)}
    return ClassRow(**{**fields, "prefixes": list(fields["prefixes"])})
