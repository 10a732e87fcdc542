"""Which billing terms a discount is for."""

from collections.abc import Collection

from django.db import transaction

from pricing.models import AdditiveDiscount
from pricing.operations.discount_checks import WrongDiscount
from pricing.operations.discounts import DiscountInUse
from subscriptions.models import BillingTermScheme, DiscountTerms, Frequency, SubscriptionType


@transaction.atomic
def set_discount_terms(
    discount: AdditiveDiscount,
    *,
    schemes: Collection[BillingTermScheme] = (),
    subscription_types: Collection[SubscriptionType] = (),
    frequencies: Collection[str] = (),
    binding_months: int | None = None,
) -> DiscountTerms:
    """Say which billing terms a discount is for; what is empty does not matter.

    Raises DiscountInUse or WrongDiscount.
    """
    discount = AdditiveDiscount.objects.select_for_update(of=("self",), no_key=True).get(
        pk=discount.pk
    )
    if discount.used_at is not None:
        raise DiscountInUse(
            f"{discount} has been given, so it stays as it is. Make a new version to change it."
        )
    if set(frequencies) - set(Frequency.values):
        raise WrongDiscount("There is no such billing frequency.", field="frequencies")
    terms, _ = DiscountTerms.objects.get_or_create(discount=discount)
    terms.frequencies = [each for each in Frequency.values if each in frequencies]
    terms.binding_months = binding_months or None
    terms.schemes.set(schemes)
    terms.subscription_types.set(subscription_types)
    terms.save()
    return terms


def copy_discount_terms(old: AdditiveDiscount, new: AdditiveDiscount) -> None:
    """Give a new version of a discount the billing terms of the old one, if it names any."""
    terms = DiscountTerms.objects.filter(discount=old).first()
    if terms is None:
        return
    set_discount_terms(
        new,
        schemes=terms.schemes.order_by("pk"),
        subscription_types=terms.subscription_types.order_by("pk"),
        frequencies=terms.frequencies,
        binding_months=terms.binding_months,
    )
