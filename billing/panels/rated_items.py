"""The panel that explains a rated item."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from billing.models import RatedBillingItem
from billing.queries.rated_items import explain
from config.shared.panels import Panel


class HowItWasPriced(Panel):
    """Every step from the price plan to the amount on the bill."""

    title = "How it was priced"
    slug = "explanation"
    template_name = "billing/partials/explanation.html"

    def context(self, obj: RatedBillingItem, request: HttpRequest) -> Mapping[str, Any]:
        """Return the explanation."""
        return {"explained": explain(obj)}
