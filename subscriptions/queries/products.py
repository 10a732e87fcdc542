"""What a subscription may take: the product, type and plan side of an addition, in sets."""

from collections.abc import Collection
from datetime import date

from catalog.models import Product
from catalog.queries.products import valid_on
from pricing.models import PricePlanRate
from subscriptions.models import SubscriptionType


def not_allowed_on(
    subscription_type: SubscriptionType, product_ids: Collection[int]
) -> frozenset[int]:
    """Return those of the products that subscriptions of the type cannot have."""
    allowed = subscription_type.products.filter(pk__in=product_ids)
    return frozenset(product_ids) - frozenset(allowed.values_list("pk", flat=True))


def not_valid_on(product_ids: Collection[int], day: date) -> frozenset[int]:
    """Return those of the products that are not valid on the day."""
    valid = Product.objects.filter(valid_on(day), pk__in=product_ids)
    return frozenset(product_ids) - frozenset(valid.values_list("pk", flat=True))


def without_rate(plan_id: int, product_ids: Collection[int]) -> frozenset[int]:
    """Return those of the products that the plan has no rate for when they are sold alone."""
    rates = PricePlanRate.objects.filter(plan_id=plan_id, product_id__in=product_ids, bundle=None)
    return frozenset(product_ids) - frozenset(rates.values_list("product_id", flat=True))
