"""The price preview, from the page of a price plan."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from config.shared.panels import Panel
from config.shared.views.object_page import Action
from pricing.models import PricePlan


class PlanPreview(Panel):
    """A price plan's page: what its rates come to, for so many units on a day (PLAN_PANELS)."""

    title = "Price preview"
    slug = "price-preview"
    order = 30
    template_name = "billing/partials/plan_preview.html"
    permission = "pricing.view_priceplan"

    def context(self, obj: PricePlan, request: HttpRequest) -> Mapping[str, Any]:
        """Return the address of the preview with the plan filled in."""
        return {"address": _address(obj)}

    def actions(self, obj: PricePlan, request: HttpRequest) -> Iterable[Action]:
        """Offer the preview among the acts."""
        yield Action("Price preview", _address(obj), self.permission)


def _address(plan: PricePlan) -> str:
    return f"{reverse('billing:price_preview')}?{urlencode({'plan': plan.code})}"
