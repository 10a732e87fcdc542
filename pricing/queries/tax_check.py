"""What the tax setup leaves unsaid (BillMax: Check Tax Setup)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse

from catalog.models import Product
from config.shared.day_text import day_text
from pricing.kernel.tax_rules import RuleKind
from pricing.models import (
    LocationRule,
    LocationRuleCode,
    PlanState,
    PricePlanRate,
    ProductTax,
    TaxCode,
    TaxGroup,
    TaxKind,
    TaxRate,
    TaxRateVersion,
)
from pricing.queries.tax_places import tax_matrix

MOST_PRODUCTS = 50


@dataclass(frozen=True, slots=True)
class Finding:
    """Something missing: what, in a sentence, and the page where it is put right."""

    subject: str
    text: str
    url: str
    action: str


def check_tax_setup(*, on: date) -> list[Finding]:
    """Return what is missing on a day; where billing would refuse a line, it says so."""
    return [
        *_missing_groups(on),
        *_missing_percentages(on),
        *_missing_default(on),
        *_products_without_code(on),
        *_prices_that_hold_monthly_tax(on),
    ]


def _missing_groups(on: date) -> Iterator[Finding]:
    _, rows = tax_matrix(on=on)
    if not TaxGroup.objects.exists():
        return
    for row in rows:
        counted: Any = row.tax_class
        used = counted.product_count or counted.type_count
        for cell in row.cells:
            if cell.current is None and used:
                yield Finding(
                    f"{cell.tax_class} in {cell.tax_region}",
                    "There is no tax group: products of the class are not billed there.",
                    reverse(
                        "pricing:tax_group_set", args=[cell.tax_class.code, cell.tax_region.code]
                    ),
                    "Set the taxes",
                )


def _missing_percentages(on: date) -> Iterator[Finding]:
    holding = TaxRateVersion.objects.filter(tax_rate=OuterRef("pk"), period__contains=on)
    used = Q(product_taxes__applied=True) | Q(
        group_items__group__period__contains=on, group_items__isnull=False
    )
    rates = TaxRate.objects.filter(used).exclude(Exists(holding)).select_related("tax_code")
    for rate in rates.distinct().order_by("tax_code__name", "name", "pk"):
        yield Finding(
            f"{rate.tax_code}: {rate}",
            f"The rate has no percentage on {day_text(on)}, but is in use.",
            rate.tax_code.get_absolute_url(),
            "Give a percentage",
        )


def _missing_default(on: date) -> Iterator[Finding]:
    rules = LocationRule.objects.filter(period__contains=on)
    default = rules.filter(country="", postal_prefix="", tax_region=None)
    if rules.exists() and not default.exists():
        yield Finding(
            "Location rules",
            "No rule is without conditions: accounts elsewhere are not billed.",
            reverse("pricing:location_rule_new"),
            "Add a default",
        )


def _products_without_code(on: date) -> Iterator[Finding]:
    """Name products with rates but none of a VAT that a location rule asks for."""
    asked = LocationRuleCode.objects.filter(
        rule__period__contains=on, tax_code__kind=TaxKind.VAT
    ).values("tax_code")
    for code in TaxCode.objects.filter(pk__in=asked).order_by("name", "pk"):
        own = ProductTax.objects.filter(product=OuterRef("pk"), applied=True)
        products = (
            Product.objects.filter(Exists(own))
            .exclude(Exists(own.filter(tax_code=code)))
            .order_by("code", "pk")
        )
        for product in products[:MOST_PRODUCTS]:
            yield Finding(
                str(product),
                f"It has no rate of {code}, which a location rule asks for.",
                product.get_absolute_url(),
                "Add the rate",
            )


def _prices_that_hold_monthly_tax(on: date) -> Iterator[Finding]:
    monthly = [RuleKind.MONTHLY_EXEMPTION.value, RuleKind.MONTHLY_MAXIMUM.value]
    ruled = ProductTax.objects.filter(
        product=OuterRef("product"),
        applied=True,
        tax_rate__versions__period__contains=on,
        tax_rate__versions__rule__in=monthly,
    )
    rates = (
        PricePlanRate.objects.filter(tax_inclusive=True, plan__state=PlanState.EFFECTIVE)
        .filter(Exists(ruled))
        .select_related("plan", "product")
        .order_by(F("plan__code"), "product__code", "pk")
    )
    for rate in rates[:MOST_PRODUCTS]:
        yield Finding(
            f"{rate.product} in {rate.plan}",
            "The price includes its tax, whose rule hangs on the month: it is not billed.",
            rate.plan.get_absolute_url(),
            "Set a price without tax",
        )
