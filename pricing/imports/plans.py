"""Import of price plans: a row is a plan without its rates, new ones are drafts."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.db import models

from config.shared.imports.columns import ChoiceCell, Column, RecordCell, SlugCell, TextCell
from config.shared.imports.day_cells import PeriodOfDaysCell, plain_days
from config.shared.imports.drafts import Draft
from pricing.imports.coded import CodedResource
from pricing.models import PlanKind, PricePlan
from pricing.operations.plan_records import create_plan, update_plan


class PlanResource(CodedResource):
    """Price plans, found by their code."""

    slug = "price-plans"
    title = "Price plans"
    about = (
        "A row is a plan. New ones are drafts: rates are imported as “Rates of price plans”, "
        "conditions as “Conditions of price plans”. A plan that has been used keeps its currency, "
        "kind and base. A conditional plan names a base plan that is effective already. Plans that "
        "the file does not name stay as they are."
    )
    model = PricePlan
    examples: ClassVar[Sequence[Mapping[str, str]]] = (
        {"code": "sample-retail", "name": "Sample retail", "currency": "EUR", "kind": "Base"},
        {
            "code": "sample-summer",
            "name": "Sample summer",
            "currency": "EUR",
            "kind": "Base",
            "valid": "2026-06-01..2026-08-31",
        },
    )

    code = Column("code", "code", SlugCell(40), about="Which plan it is.", required=True)
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
        "valid", "validity", PeriodOfDaysCell(), about="One period of days; always where empty."
    )
    description = Column("description", "description", TextCell(), about="What staff should know.")

    def stored_values(self, record: models.Model) -> dict[str, Any]:
        """Return what is stored, the days as a period."""
        plan: Any = record
        return {**super().stored_values(plan), "validity": plain_days(plan.validity)}

    def create(self, draft: Draft) -> models.Model | None:
        """Draft the plan."""
        return create_plan(**draft.values())

    def change(self, draft: Draft) -> models.Model | None:
        """Change what differs."""
        plan: Any = draft.record
        return update_plan(plan, **draft.changes())

    def all_records(self) -> models.QuerySet[Any]:
        """Return all, base plans first, by code."""
        return PricePlan.objects.order_by("kind", "code", "pk")
