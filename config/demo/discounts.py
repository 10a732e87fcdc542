"""The generated operator's discounts: two that apply by themselves, one of them on installations,
and one given by hand.

Both begin with the demo's business day, so that what was billed before it stays as it is.
"""

from datetime import date, timedelta
from decimal import Decimal

from django.contrib.auth.models import User

from catalog.models import AccountClass, Product
from config.demo.operator import at_noon
from pricing.models import DiscountApplication, DiscountRenewal
from pricing.operations.discounts import (
    Parts,
    ProductRow,
    create_discount,
    make_discount_effective,
)
from subscriptions.models import ServiceState, Subscription
from subscriptions.operations.discounts import approve_discount, give_discount


def add_discounts(
    business: AccountClass, installation: Product, *, asks: User, decides: User, on: date
) -> None:
    """Make the discounts, and give the one by hand to two customers: one waits for approval."""
    loyalty = create_discount(
        code="business-loyalty",
        name="Business loyalty",
        value=Decimal(5),
        description="For business customers, on everything they take.",
        parts=Parts(account_classes=[business]),
    )
    make_discount_effective(loyalty, on=on)
    half = create_discount(
        code="half-installation",
        name="Installation at half price",
        value=Decimal(50),
        on_recurring=False,
        on_once=True,
        description="For all customers, on installations from February 2026 on.",
        parts=Parts(products=[ProductRow(installation)]),
    )
    make_discount_effective(half, on=on)
    goodwill = create_discount(
        code="goodwill",
        name="Goodwill after a fault",
        value=Decimal(10),
        application=DiscountApplication.AD_HOC,
        needs_approval=True,
        for_count=3,
        for_unit="MONTH",
        renewal=DiscountRenewal.NEVER,
        description="Three months, after a fault that lasted for days.",
    )
    now = at_noon(on - timedelta(days=1))
    goodwill = make_discount_effective(goodwill, on=on - timedelta(days=1))
    takers = Subscription.objects.filter(state=ServiceState.EFFECTIVE).order_by("pk")
    for place, subscription in enumerate(takers[:2]):
        given = give_discount(
            goodwill, subscription, starts_on=on, reason="No signal for a week", by=asks, now=now
        )
        if place == 0:
            approve_discount(given, by=decides, now=now)
