"""Discounts given by hand, as lists and panels show them."""

from django.db.models import QuerySet

from pricing.models import AdditiveDiscount
from subscriptions.models import GivenDiscount, Subscription


def given_discounts() -> QuerySet[GivenDiscount]:
    """Return all discounts given by hand, the newest first, with whose they are and who decided."""
    return GivenDiscount.objects.select_related(
        "discount",
        "subscription__account",
        "service__product",
        "requested_by",
        "decided_by",
        "withdrawn_by",
    ).order_by("-pk")


def given_to(subscription: Subscription) -> QuerySet[GivenDiscount]:
    """Return those of a subscription, the newest first."""
    return given_discounts().filter(subscription=subscription)


def given_of(discount: AdditiveDiscount) -> QuerySet[GivenDiscount]:
    """Return to whom a discount was given, the newest first."""
    return given_discounts().filter(discount=discount)
