"""Plans, as lists and as choices."""

from datetime import date

from django.db.models import Count, Q, QuerySet

from pricing.models import PlanState, PricePlan


def price_plans() -> QuerySet[PricePlan]:
    """Return all plans with `rate_count`, by code."""
    return PricePlan.objects.annotate(rate_count=Count("rates")).order_by("code", "pk")


def plans_on_offer(*, currency: str, on: date) -> QuerySet[PricePlan]:
    """Return the plans that may be put on billing terms on a day: effective, and valid then."""
    return PricePlan.objects.filter(
        Q(validity=None) | Q(validity__contains=on), state=PlanState.EFFECTIVE, currency=currency
    ).order_by("name", "pk")
