"""Import of the conditions of conditional price plans: a row is one condition."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db import models

from config.shared.imports.columns import (
    ChoiceCell,
    Column,
    DecimalCell,
    RecordCell,
    TextsCell,
    WholeCell,
    split,
)
from config.shared.imports.day_cells import PeriodOfDaysCell
from config.shared.imports.drafts import Draft
from config.shared.imports.files import Line
from pricing.imports.coded import PricingResource
from pricing.kernel.conditions import ConditionKind, ConditionUse
from pricing.models import PlanCondition, PricePlan
from pricing.models.conditions import KINDS, USES
from pricing.operations.conditions import (
    Choice,
    ConditionError,
    add_condition,
    all_values,
    change_condition,
    keepers,
    values_of,
)

_MOST = 32_767
# Where the forms' names of fields differ from those of the columns.
_ATTRIBUTES = {"values": "choices", "valid_from": "days", "valid_until": "days"}


class ConditionResource(PricingResource):
    """Conditions, found by their plan and number."""

    slug = "plan-conditions"
    title = "Conditions of price plans"
    about = (
        "A row is a condition of a conditional plan; it holds if any of its values does. Only "
        "plans that have not been used take conditions. Conditions that the file does not name "
        "stay; they are removed on the plan's page. The plan “sample-staff” of the sample has to "
        "be made first, on an effective base plan."
    )
    model = PlanCondition
    part_of = PricePlan
    key = ("plan", "position")
    examples = (
        {
            "plan": "sample-staff",
            "number": "1",
            "asked": "To use its rates",
            "kind": "Billing frequency",
            "values": "Monthly; Quarterly",
        },
        {
            "plan": "sample-staff",
            "number": "2",
            "kind": "Services on the subscription",
            "values": "family sample-channels; product SAMPLE-CHOICE",
            "at least": "2",
        },
        {"plan": "sample-staff", "number": "3", "kind": "Days", "days": "2026-01-01..2026-12-31"},
    )

    plan = Column(
        "plan",
        "plan",
        RecordCell(PricePlan, noun="price plan"),
        about="The code of a conditional plan.",
        required=True,
    )
    position = Column(
        "number",
        "position",
        WholeCell(least=1, most=_MOST),
        about="Which condition of the plan it is; another number adds one.",
        required=True,
    )
    use = Column(
        "asked",
        "use",
        ChoiceCell(USES, empty=ConditionUse.RATES.value),
        about="To use its rates where empty: the base plan's hold where it fails.",
    )
    kind = Column(
        "kind",
        "kind",
        ChoiceCell(KINDS),
        about="What it looks at; it stays as it is.",
        required=True,
    )
    choices = Column(
        "values",
        "choices",
        TextsCell(),
        about="Codes, with semicolons; one of them is enough. Services are written “product CODE” "
        "and “family CODE”, frequencies by their names; months and days have none.",
    )
    least = Column(
        "at least", "least", DecimalCell(digits=12, decimals=4), about="Of months or services."
    )
    most = Column(
        "at most", "most", DecimalCell(digits=12, decimals=4), about="Of months or services."
    )
    days = Column("days", "days", PeriodOfDaysCell(), about="Of the kind “Days”.")

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.stored: dict[tuple[int, int], PlanCondition] = {}
        self.kept: dict[int, list[Choice]] = {}
        self.known: dict[str, dict[str, Choice]] = defaultdict(dict)

    def load(self, lines: Sequence[Line]) -> None:
        """Look up the plans, their conditions, and what the rows' values name."""
        self.load_records(lines)
        plans = {plan.pk for plan in self.found("plan")}
        rows = list(PlanCondition.objects.filter(plan__in=plans).select_related("plan"))
        self.stored |= {(row.plan_id, row.position): row for row in rows}
        self.prepared(rows)
        kinds = self._cell("kind").values
        texts: dict[str, set[str]] = defaultdict(set)
        for line in lines:
            row = {known: line.values.get(name, "") for name, known in self.names.items()}
            kind = kinds.get(row.get("kind", "").casefold())
            if kind is not None:
                texts[kind].update(split(row.get("values", "")))
        for kind, wanted in texts.items():
            keeper = values_of(kind)
            if keeper is not None:
                self.known[kind] |= keeper.find(ConditionKind(kind), wanted)

    def find(self, row: Mapping[str, str]) -> models.Model | None:
        """Find the condition by its plan and number."""
        plan, number = self.named("plan", row), row.get("number", "")
        if plan is None or not (number.isascii() and number.isdigit()):
            return None
        return self.stored.get((plan.pk, int(number)))

    def stored_values(self, record: models.Model) -> dict[str, Any]:
        """Return what is stored, values as they are written."""
        condition: Any = record
        names = ("plan", "position", "use", "kind", "least", "most", "days")
        values = {name: getattr(condition, name) for name in names}
        texts = sorted(choice.text for choice in self.kept.get(condition.pk, ()))
        return {**values, "choices": tuple(texts)}

    def import_instance(self, instance: Draft, row: Any, **kwargs: Any) -> None:
        """Read the cells; values that are known are written as they are stored."""
        draft: Any = instance
        try:
            super().import_instance(instance, row, **kwargs)
        finally:
            known = self.known[draft.kind]
            texts = {known[text].text if text in known else text for text in draft.choices}
            draft.choices = tuple(sorted(texts))

    def problems(self, draft: Any) -> Iterator[tuple[str, str]]:
        """Yield the values that nobody knows."""
        texts = {choice.text for choice in self.known[draft.kind].values()}
        texts |= set(draft.stored["choices"])
        if draft.kind and values_of(draft.kind) is not None:
            for text in draft.choices:
                if text not in texts:
                    yield "choices", _unknown(ConditionKind(draft.kind), text)

    def create(self, draft: Draft) -> models.Model | None:
        """Add the condition to its plan."""
        row: Any = draft
        return add_condition(row.plan, kind=row.kind, position=row.position, **self._terms(row))

    def change(self, draft: Draft) -> models.Model | None:
        """Change all but its kind."""
        row: Any = draft
        if row.kind != row.stored["kind"]:
            raise ConditionError(
                "A condition keeps its kind: remove it, and add another.", field="kind"
            )
        return change_condition(row.record, **self._terms(row))

    def attribute_of(self, refusal: Exception) -> str:
        """Return the column that a refusal is about."""
        name = getattr(refusal, "field", "")
        return _ATTRIBUTES.get(name) or super().attribute_of(refusal)

    def history(self, pks: set[int]) -> Iterable[Any]:
        """Return the history of conditions and their values."""
        return [*super().history(pks), *(keeper.history(pks) for keeper in keepers())]

    def all_records(self) -> models.QuerySet[Any]:
        """Return all, plan by plan."""
        return PlanCondition.objects.order_by("plan__code", "position", "pk")

    def prepared(self, records: Sequence[Any]) -> None:
        """Load plans and values."""
        super().prepared(records)
        self.kept |= all_values(records)

    def _cell(self, attribute: str) -> Any:
        column: Any = self.column(attribute)
        return column.widget

    def _terms(self, row: Any) -> dict[str, Any]:
        keys = {choice.text: choice.key for choice in self.known[row.kind].values()}
        keys |= {
            choice.text: choice.key
            for choice in (self.kept.get(row.record.pk, ()) if row.record else ())
        }
        return {
            "use": row.use,
            "values": [keys.get(text, text) for text in row.choices],
            "least": row.least,
            "most": row.most,
            "days": row.days,
        }


def _unknown(kind: ConditionKind, text: str) -> str:
    if kind is ConditionKind.SERVICES:
        word, _, code = text.partition(" ")
        if word.casefold() in ("product", "family") and code:
            return f"There is no {word.casefold()} with the code “{code.strip()}”."
        return f"“{text}” names no services; write product CODE or family CODE."
    return f"There is no {dict(KINDS)[kind.value].lower()} “{text}”."
