"""Which tax a product takes on a day."""

from datetime import date

from django.db.models import Count, Exists, OuterRef, Prefetch, QuerySet, Subquery

from catalog.models import Product, ProductType
from config.shared.statements import Given, Statement
from pricing.models import ProductTax, ProductTypeTax, TaxCode, TaxRate, TaxRateVersion


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


def taxes_of_product(product: Product, *, on: date) -> list[ProductTax]:
    """Return the tax rates of a product with `fraction`, the one in force on a day or None.

    `inherited` says whether the type has the row too, applied or not as here.
    """
    return _OF_PRODUCT.ask(product=product.pk, type=product.type_id, on=on)


def rates_to_add(product: Product) -> list[TaxRate]:
    """Return the tax rates with a percentage that a product does not have yet."""
    return _TO_ADD.ask(product=product.pk)


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


def _with_percentages() -> QuerySet[ProductTax]:
    in_force = TaxRateVersion.objects.filter(
        tax_rate=OuterRef("tax_rate"), period__contains=Given("on")
    )
    of_type = ProductTypeTax.objects.filter(
        type=Given("type"), tax_rate=OuterRef("tax_rate"), applied=OuterRef("applied")
    )
    return (
        ProductTax.objects.filter(product=Given("product"))
        .select_related("tax_code", "tax_rate")
        .annotate(fraction=Subquery(in_force.values("fraction")[:1]), inherited=Exists(of_type))
        .order_by("tax_code__name", "tax_code_id", "tax_rate__name", "pk")
    )


_OF_PRODUCT = Statement(_with_percentages)
_TO_ADD = Statement(
    lambda: rates_with_percentage().exclude(product_taxes__product=Given("product"))
)
