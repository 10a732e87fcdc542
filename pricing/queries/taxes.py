"""Which tax a product takes on a day."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Prefetch, QuerySet, Subquery

from catalog.models import Product, ProductType
from pricing.models import ProductTax, ProductTypeTax, TaxCode, TaxRate, TaxRateVersion
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


def tax_codes() -> QuerySet[TaxCode]:
    """Return all tax codes with `rate_count`, by code."""
    return TaxCode.objects.annotate(rate_count=Count("rates")).order_by("code", "pk")


def rates_of_code(tax_code: TaxCode) -> QuerySet[TaxRate]:
    """Return the rates of a tax code with their percentages, the latest first."""
    versions = TaxRateVersion.objects.order_by("-period", "pk")
    return (
        TaxRate.objects.filter(tax_code=tax_code)
        .prefetch_related(Prefetch("versions", versions))
        .order_by("name", "pk")
    )


def taxes_of_product(product: Product, *, on: date) -> QuerySet[ProductTax]:
    """Return the tax rates of a product with `fraction`, the one in force on a day or None.

    `inherited` says whether the type has the row too, applied or not as here.
    """
    in_force = TaxRateVersion.objects.filter(tax_rate=OuterRef("tax_rate"), period__contains=on)
    of_type = ProductTypeTax.objects.filter(
        type=product.type_id, tax_rate=OuterRef("tax_rate"), applied=OuterRef("applied")
    )
    return (
        ProductTax.objects.filter(product=product)
        .select_related("tax_code", "tax_rate")
        .annotate(fraction=Subquery(in_force.values("fraction")[:1]), inherited=Exists(of_type))
        .order_by("tax_code__name", "tax_code_id", "tax_rate__name", "pk")
    )


def rates_to_add(product: Product) -> QuerySet[TaxRate]:
    """Return the tax rates with a percentage that a product does not have yet."""
    return rates_with_percentage().exclude(product_taxes__product=product)


def taxes_of_type(product_type: ProductType) -> QuerySet[ProductTypeTax]:
    """Return the tax rates that new products of a type get, by code and rate."""
    return (
        ProductTypeTax.objects.filter(type=product_type)
        .select_related("tax_code", "tax_rate")
        .order_by("tax_code__name", "tax_code_id", "tax_rate__name", "pk")
    )


def rates_with_percentage() -> QuerySet[TaxRate]:
    """Return the tax rates that have a percentage, by code and name."""
    return (
        TaxRate.objects.filter(Exists(TaxRateVersion.objects.filter(tax_rate=OuterRef("pk"))))
        .select_related("tax_code")
        .order_by("tax_code__name", "name", "pk")
    )
