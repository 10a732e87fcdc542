"""Who uses a price plan, on the plan's page."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from config.shared.panels import Panel
from config.shared.queries.counts import count_text, count_up_to_cap
from pricing.models import PricePlan
from subscriptions.queries.plan_use import schemes_with_plan, subscriptions_with_plan

MOST_LISTED = 20


class SchemesOfPlan(Panel):
    """The billing term schemes that offer the plan (PLAN_PANELS)."""

    title = "Billing term schemes"
    slug = "schemes"
    tab = "use"
    order = 10
    template_name = "subscriptions/partials/plan_schemes.html"
    permission = "subscriptions.view_billingtermscheme"

    def context(self, obj: PricePlan, request: HttpRequest) -> Mapping[str, Any]:
        """Return them, and whether the plan is what each offers first; one query."""
        schemes = list(schemes_with_plan(obj)[: MOST_LISTED + 1])
        return {
            "schemes": [
                (scheme, scheme.default_plan_id == obj.pk) for scheme in schemes[:MOST_LISTED]
            ],
            "is_cut": len(schemes) > MOST_LISTED,
            "count": len(schemes) if len(schemes) <= MOST_LISTED else f"{MOST_LISTED}+",
        }


class SubscriptionsOfPlan(Panel):
    """The subscriptions that agreed on the plan (PLAN_PANELS)."""

    title = "Subscriptions"
    slug = "subscriptions"
    tab = "use"
    order = 20
    template_name = "subscriptions/partials/plan_subscriptions.html"
    permission = "subscriptions.view_subscription"

    def context(self, obj: PricePlan, request: HttpRequest) -> Mapping[str, Any]:
        """Return the first of them, and how many there are; two queries."""
        found = subscriptions_with_plan(obj)
        return {
            "subscriptions": list(found.select_related("account", "type")[:MOST_LISTED]),
            "count": count_text(count_up_to_cap(found)),
        }
