"""Which subscriptions, types and schemes could take products."""

from collections.abc import Collection

from django.db.models import Count, Q, QuerySet

from catalog.models import Product
from config.shared.statements import Given
from subscriptions.models import (
    AccountUser,
    BillingTerms,
    BillingTermScheme,
    SchemeState,
    ServiceState,
    Subscription,
    SubscriptionType,
)

_OPEN = (ServiceState.DRAFT, ServiceState.EFFECTIVE, ServiceState.NOT_EFFECTIVE)


def open_subscriptions(user: AccountUser | Given) -> QuerySet[Subscription]:
    """Return the user's subscriptions that are not closed, the oldest first, with their types."""
    return (
        Subscription.objects.filter(user=user, state__in=_OPEN)
        .select_related("type")
        .order_by("pk")
    )


def terms_of_subscription(subscription: Subscription) -> tuple[BillingTerms, ...]:
    """Return the terms of a subscription by their days, with scheme and plan."""
    terms = BillingTerms.objects.filter(subscription=subscription)
    return tuple(terms.select_related("scheme", "plan").order_by("period", "pk"))


def types_accepting(products: Collection[Product]) -> QuerySet[SubscriptionType]:
    """Return the active subscription types that allow all the products, by code."""
    ids = {product.pk for product in products}
    allowed = Count("products", filter=Q(products__in=ids), distinct=True)
    return (
        SubscriptionType.objects.filter(active=True)
        .annotate(allowed=allowed)
        .filter(allowed=len(ids))
        .order_by("code", "pk")
    )


def schemes_of(subscription_type: SubscriptionType) -> QuerySet[BillingTermScheme]:
    """Return the type's effective schemes with their default plans, by code."""
    return (
        subscription_type.schemes.filter(state=SchemeState.EFFECTIVE)
        .select_related("default_plan")
        .order_by("code", "pk")
    )
