"""Reads about subscriptions, their services and their acts."""

from django.db.models import Prefetch, QuerySet

from subscriptions.models import (
    Account,
    AddedExpense,
    BillingTerms,
    SubscribedService,
    Subscription,
    SubscriptionAction,
)


def subscriptions() -> QuerySet[Subscription]:
    """Return all subscriptions, the newest first, with account, user and type."""
    return Subscription.objects.select_related("account", "user", "type").order_by("-pk")


def subscriptions_of(account: Account) -> QuerySet[Subscription]:
    """Return an account's subscriptions, the oldest first, with services and terms at hand."""
    return (
        Subscription.objects.filter(account=account)
        .select_related("user", "type")
        .prefetch_related(
            Prefetch("services", services()),
            Prefetch(
                "terms",
                BillingTerms.objects.select_related("scheme", "plan").order_by("period", "pk"),
            ),
        )
        .order_by("pk")
    )


def services() -> QuerySet[SubscribedService]:
    """Return services as added, with product, type, package and sales bundle."""
    return SubscribedService.objects.select_related(
        "product__type", "parent__product", "sales_bundle"
    ).order_by("pk")


def expenses_of(subscription: Subscription) -> QuerySet[AddedExpense]:
    """Return the one-time charges put on a subscription, the newest first."""
    rows = AddedExpense.objects.filter(subscription=subscription).select_related(
        "product", "service__product"
    )
    return rows.order_by("-incurred_on", "-pk")


def acts_of(subscription: Subscription) -> QuerySet[SubscriptionAction]:
    """Return what was done to a subscription, the newest first, with who did it and on what."""
    return (
        SubscriptionAction.objects.filter(subscription=subscription)
        .select_related("performed_by")
        .prefetch_related(Prefetch("services", services()))
        .order_by("-pk")
    )
