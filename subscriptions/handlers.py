"""What subscriptions do when something below them changes; named in settings."""

from datetime import date

from django.contrib.auth.models import User

from pricing.models import PricePlan
from subscriptions.operations.schemes import follow_replaced_plan


class FollowReplacedPlan:
    """Schemes that offer a replaced price plan offer the new one (PLAN_REPLACED_HANDLERS)."""

    def plan_replaced(self, old: PricePlan, new: PricePlan, *, by: User | None, on: date) -> None:
        """Move defaults and allowed plans; agreed terms keep theirs."""
        follow_replaced_plan(old, new, by=by, on=on)
