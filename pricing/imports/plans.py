"""Import of price plans: a row is a plan without its rates, new ones are drafts."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from django.db import models

from config.shared.db import days
from config.shared.imports.columns import ChoiceCell, Column, PeriodsCell, RecordCell, TextCell
from config.shared.imports.files import Line
from config.shared.imports.resources import Draft, MasterResource
from pricing.models import PlanKind, PricePlan
from pricing.operations.plan_records import create_plan, update_plan
from pricing.queries.errors import PricingError


class PlanResource(MasterResource):
    """Price plans, found by their code."""

    slug = "price-plans"
    title = "Price plans"
    about = (
        "A row is a plan. New ones are drafts: rates are imported as “Rates of price plans”, "
        "conditions are added on the plan's page. A plan that has been used keeps its currency, "
        "kind and base. Plans that the file does not name stay as they are."
    )
    model = PricePlan
    key = ("code",)
    refusals = (PricingError,)
    examples: ClassVar[Sequence[Mapping[str, str]]] = (
        {"code": "retail", "name": "Retail", "currency": "EUR", "kind": "Base"},
        {
            "code": "staff",
            "name": "Staff",
            "currency": "EUR",
            "kind": "Conditional",
            "base": "retail",
            "valid": "2026-01-01..2026-12-31",
        },
    )

    code = Column("code", "code", TextCell(40), about="Which plan it is.", required=True)
    name = Column("name", "name", TextCell(120), about="Its name.", required=True)
    currency = Column(
        "currency", "currency", TextCell(3), about="Its ISO 4217 code.", required=True
    )
    kind = Column(
        "kind", "kind", ChoiceCell(PlanKind, empty=PlanKind.BASE.value), about="Base where empty."
    )
    base = Column(
        "base",
        "base",
        RecordCell(PricePlan),
        about="Of a conditional plan, the code of an effective base plan in the same currency.",
    )
    validity = Column(
        "valid", "validity", PeriodsCell(), about="One period of days; always where empty."
    )
    description = Column("description", "description", TextCell(), about="What staff should know.")

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.by_code: dict[str, PricePlan] = {}

    def load(self, lines: Sequence[Line]) -> None:
        """Look up the rows' plans and their bases."""
        plans = PricePlan.objects.select_related("base")
        found = plans.filter(code__in=self.texts_of(lines, "code"))
        self.by_code |= {plan.code: plan for plan in found}
        self.load_records(lines)

    def find(self, row: Mapping[str, str]) -> models.Model | None:
        """Find the plan by its code."""
        return self.by_code.get(row.get("code", ""))

    def stored_values(self, record: models.Model) -> dict[str, Any]:
        """Return what is stored, the days as a period."""
        plan: Any = record
        period = plan.validity
        stored = () if period is None else ((period.lower or date.min, period.upper),)
        names = ("code", "name", "currency", "kind", "base", "description")
        return {**{name: getattr(plan, name) for name in names}, "validity": stored}

    def create(self, draft: Draft) -> models.Model | None:
        """Draft the plan."""
        return create_plan(**_fields(draft.values()))

    def change(self, draft: Draft) -> models.Model | None:
        """Change what differs."""
        plan: Any = draft.record
        return update_plan(plan, **_fields(draft.changes()))

    def attribute_of(self, refusal: Exception) -> str:
        """Return the column of days for a refusal of the last one."""
        if getattr(refusal, "field", "") == "valid_until":
            return "validity"
        return super().attribute_of(refusal)

    def all_records(self) -> models.QuerySet[Any]:
        """Return all, base plans first, by code."""
        return PricePlan.objects.order_by("kind", "code", "pk")


def _fields(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values for the operations: one period of days, or always."""
    fields = dict(values)
    periods = fields.pop("validity", None)
    if periods is None:
        return fields
    if len(periods) > 1:
        raise PricingError("A plan is valid in one period.")
    start, end = periods[0] if periods else (date.min, None)
    is_bound = start != date.min or end is not None
    fields["validity"] = days(None if start == date.min else start, end) if is_bound else None
    return fields
