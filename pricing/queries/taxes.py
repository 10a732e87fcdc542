"""Which tax a product takes on a day."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Prefetch, QuerySet, Subquery

from catalog.models import Product, ProductType
from config.shared.statements import Given, Statement
from pricing.kernel.tax_setup import LineFacts, TaxPlace
from pricing.models import ProductTax, ProductTypeTax, TaxCode, TaxRate, TaxRateVersion
from pricing.queries.tax_setup import line_taxes, tax_setup


@dataclass(frozen=True, slots=True)
class TaxLevel:
    """The tax that a product takes; `fraction` 0.10 is 10 %."""

    tax_rate_id: int
    name: str
    fraction: Decimal


def tax_levels(product_ids: Collection[int], *, on: date) -> dict[int, TaxLevel]:
    """Return the tax that each product takes at home on a day, for showing prices of offers.

    At home is where no country is known: the location rule without conditions holds, where there
    are rules. Several taxes come as one, with their percentages added up and `tax_rate_id` of the
    first. Products that are not taxed there are left out.

    Raises NoPercentage.
    """
    setup = tax_setup(product_ids, on=on)
    if setup.place_rules and not any(rule.fits(TaxPlace()) for rule in setup.place_rules):
        return {}
    found: dict[int, TaxLevel] = {}
    for product_id in product_ids:
        taxes = line_taxes(LineFacts(product_id, TaxPlace(), on), setup)
        layers = taxes.on(on)
        if layers:
            rates = [setup.rates[layer.key] for layer in layers]
            found[product_id] = TaxLevel(
                rates[0].rate_id,
                " + ".join(rate.name for rate in rates),
                sum((layer.fraction * layer.rule.share for layer in layers), Decimal(0)),
            )
    return found


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
