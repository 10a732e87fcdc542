"""Which tax a product takes on a day."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pricing.models import ProductTax, TaxRateVersion
from pricing.queries.errors import PricingError


class NoPercentage(PricingError):
    """A tax rate has no percentage on the day."""


@dataclass(frozen=True, slots=True)
class TaxLevel:
    """The level of a tax that a product takes; `fraction` 0.10 is 10 %."""

    tax_rate_id: int
    name: str
    fraction: Decimal


def tax_levels(product_ids: Collection[int], *, on: date) -> dict[int, TaxLevel]:
    """Return the applied tax level of each product with its percentage on a day; two queries.

    Products without tax rates are left out: they are not taxed. Where a product has rates of
    several codes, that of the code set up first counts.

    Raises NoPercentage.
    """
    applied = (
        ProductTax.objects.filter(product_id__in=product_ids, applied=True)
        .order_by("product_id", "tax_code_id")
        .values_list("product_id", "tax_rate_id", "tax_rate__name")
    )
    first: dict[int, tuple[int, str]] = {}
    for product_id, tax_rate_id, name in applied:
        first.setdefault(product_id, (tax_rate_id, name))
    fractions = dict(
        TaxRateVersion.objects.filter(
            tax_rate_id__in={tax_rate_id for tax_rate_id, _ in first.values()}, period__contains=on
        ).values_list("tax_rate_id", "fraction")
    )
    for tax_rate_id, name in first.values():
        if tax_rate_id not in fractions:
            raise NoPercentage(f"The tax rate {name} has no percentage on {on}.")
    return {
        product_id: TaxLevel(tax_rate_id, name, fractions[tax_rate_id])
        for product_id, (tax_rate_id, name) in first.items()
    }
