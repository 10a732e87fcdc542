"""The conditions of a conditional plan, and what rests on a base plan."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from config.shared.panels import Panel
from pricing.models import PlanKind, PlanState, PricePlan
from pricing.models.conditions import KINDS
from pricing.operations.condition_texts import condition_texts
from pricing.queries.plans import conditions_of


class PlanConditionsPanel(Panel):
    """A conditional plan's page: its conditions in words."""

    title = "Conditions"
    slug = "conditions"
    order = 5
    template_name = "pricing/partials/plan_conditions.html"

    def suits(self, obj: PricePlan) -> bool:
        """Return whether the plan can have conditions."""
        return obj.kind == PlanKind.CONDITIONAL

    def context(self, obj: PricePlan, request: HttpRequest) -> Mapping[str, Any]:
        """Return the conditions of each use, with the addresses where they are changed."""
        conditions = list(conditions_of(obj))
        may_change = (
            obj.used_at is None
            and obj.state != PlanState.EXPIRED
            and request.user.has_perm("pricing.change_priceplan")
        )
        rows = [
            {
                "condition": condition,
                "text": text,
                "change": self._address("change", obj, condition.pk) if may_change else "",
                "remove": self._address("remove", obj, condition.pk) if may_change else "",
            }
            for condition, text in zip(conditions, condition_texts(conditions), strict=True)
        ]
        address = reverse("pricing:plan_condition_new", args=[obj.code])
        kinds = [(f"{address}?kind={kind}", label) for kind, label in KINDS]
        return {"rows": rows, "count": len(rows), "kinds": kinds if may_change else []}

    def _address(self, act: str, plan: PricePlan, pk: int) -> str:
        return reverse(f"pricing:plan_condition_{act}", args=[plan.code, pk])


class ConditionalPlansPanel(Panel):
    """A base plan's page: the conditional plans that rest on it."""

    title = "Conditional plans"
    slug = "conditional-plans"
    order = 15
    template_name = "pricing/partials/conditional_plans.html"

    def suits(self, obj: PricePlan) -> bool:
        """Return whether there are any."""
        return obj.kind == PlanKind.BASE and obj.conditional_plans.exists()

    def context(self, obj: PricePlan, request: HttpRequest) -> Mapping[str, Any]:
        """Return them with their conditions in words; a few queries for all."""
        plans = list(obj.conditional_plans.order_by("name", "pk").prefetch_related("conditions"))
        conditions = [
            condition
            for plan in plans
            for condition in sorted(plan.conditions.all(), key=lambda each: each.position)
        ]
        texts = zip(conditions, condition_texts(conditions), strict=True)
        by_plan: dict[int, list[str]] = {plan.pk: [] for plan in plans}
        for condition, text in texts:
            by_plan[condition.plan_id].append(text)
        return {"plans": [(plan, by_plan[plan.pk]) for plan in plans], "count": len(plans)}
