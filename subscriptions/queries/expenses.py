"""One-time charges that a subscription takes."""

from datetime import date

from django.db.models import QuerySet

from catalog.models import Availability, Product, ServiceType
from catalog.queries.products import valid_on
from pricing.models import PricePlan
from subscriptions.models import Subscription


def expenses_for(subscription: Subscription, plan: PricePlan, *, on: date) -> QuerySet[Product]:
    """Return the expenses, in list order, that the type allows and the plan prices on the day."""
    return (
        Product.objects.filter(
            valid_on(on),
            type__service_type=ServiceType.EXPENSE,
            availability=Availability.AVAILABLE,
            subscription_types=subscription.type_id,
            rates__plan=plan,
            rates__bundle=None,
        )
        .order_by("sort_order", "name", "pk")
        .distinct()
    )
