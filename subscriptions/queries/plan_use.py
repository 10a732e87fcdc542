"""Who has a price plan: schemes that offer it, subscriptions that agreed on it."""

from django.db.models import Q, QuerySet

from pricing.models import PricePlan
from pricing.operations.replacement import MOST_EXAMPLES, ReplacementEffect
from subscriptions.models import BillingTermScheme, Subscription
from subscriptions.queries.shown_services import CLOSED


def schemes_with_plan(plan: PricePlan) -> QuerySet[BillingTermScheme]:
    """Return the schemes that offer a plan, by default or to pick from, by name."""
    offering = BillingTermScheme.objects.filter(Q(default_plan=plan) | Q(plans=plan))
    return offering.distinct().order_by("name", "pk")


def subscriptions_with_plan(plan: PricePlan) -> QuerySet[Subscription]:
    """Return the open subscriptions whose present terms are under a plan, by number."""
    return (
        Subscription.objects.exclude(state__in=CLOSED)
        .filter(terms__plan=plan, terms__period__upper_inf=True)
        .order_by("number", "pk")
    )


def plan_replacement_effects(old: PricePlan) -> list[ReplacementEffect]:
    """Return what replacing a plan does to schemes and subscriptions; four queries."""
    schemes, subscriptions = schemes_with_plan(old), subscriptions_with_plan(old)
    return [
        ReplacementEffect(
            what="billing term schemes that offer it",
            moves=True,
            count=schemes.count(),
            examples=[(each.name, each.get_absolute_url()) for each in schemes[:MOST_EXAMPLES]],
        ),
        ReplacementEffect(
            what="subscriptions, whose terms were agreed",
            moves=False,
            count=subscriptions.count(),
            examples=[
                (each.number, each.get_absolute_url()) for each in subscriptions[:MOST_EXAMPLES]
            ],
        ),
    ]
