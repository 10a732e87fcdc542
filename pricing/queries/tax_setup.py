"""The tax setup as the kernel reads it, for some products on a day, and what it leaves unsaid."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date

from django.conf import settings
from django.db.models import Q

from catalog.models import Product
from config.shared.db import among
from pricing.kernel.periods import Period
from pricing.kernel.tax_rules import RuleKind, TaxRule
from pricing.kernel.tax_setup import (
    Code,
    CodeKind,
    Exemption,
    Group,
    GroupItem,
    Level,
    LineFacts,
    LineTaxes,
    PlaceRule,
    Rate,
    TaxedProduct,
    TaxSetup,
    TaxUnknown,
    taxes_for,
)
from pricing.models import (
    LocationRule,
    ProductExemption,
    ProductTax,
    RateDate,
    Rounding,
    TaxCode,
    TaxGroup,
    TaxKind,
    TaxRate,
)
from pricing.queries.errors import PricingError


class NoPercentage(PricingError):
    """The tax setup does not say how a product is taxed."""


def tax_setup(
    product_ids: Collection[int], *, on: date, rate_ids: Collection[int] = ()
) -> TaxSetup:
    """Return all that decides about the taxes of products on a day; seven queries at most.

    `rate_ids` are further rates, whose names are wanted.
    """
    rules = _place_rules(on)
    groups = _groups(on)
    applied = _applied(product_ids)
    code_ids = {code_id for rule in rules for code_id in rule.code_ids}
    exempt = _exempt_rates(code_ids)
    wanted = {rate_id for rows in applied.values() for _, rate_id in rows}
    wanted |= {item.rate_id for group in groups.values() for item in group.items}
    rates = _rates(wanted | set(exempt.values()) | set(rate_ids))
    code_ids |= {rate.code_id for rate in rates.values()}
    return TaxSetup(
        products=_products(product_ids, applied, with_classes=bool(groups)),
        codes=_codes(code_ids),
        rates=rates,
        place_rules=rules,
        groups=groups,
        exempt_rates=exempt,
        per_line=settings.TAX_ROUNDING == Rounding.LINE,
    )


def line_taxes(line: LineFacts, setup: TaxSetup) -> LineTaxes:
    """Return the taxes of a line.

    Raises NoPercentage, with what is missing, where the setup does not tell.
    """
    try:
        return taxes_for(line, setup)
    except TaxUnknown as unknown:
        raise NoPercentage(str(unknown)) from unknown


def _applied(product_ids: Collection[int]) -> dict[int, tuple[tuple[int, int], ...]]:
    found: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for product_id, code_id, rate_id in (
        ProductTax.objects.filter(product_id__in=among(product_ids), applied=True)
        .order_by("product_id", "tax_code_id")
        .values_list("product_id", "tax_code_id", "tax_rate_id")
    ):
        found[product_id].append((code_id, rate_id))
    return {product_id: tuple(rows) for product_id, rows in found.items()}


def _place_rules(on: date) -> tuple[PlaceRule, ...]:
    codes: defaultdict[int, list[int]] = defaultdict(list)
    rows: dict[int, tuple[str, str, str, int | None]] = {}
    for pk, name, country, prefix, region_id, code_id in (
        LocationRule.objects.filter(period__contains=on)
        .order_by("position", "pk", "codes__tax_code__kind", "codes__tax_code_id")
        .values_list(
            "pk", "name", "country", "postal_prefix", "tax_region_id", "codes__tax_code_id"
        )
    ):
        rows[pk] = (name, country, prefix, region_id)
        if code_id is not None:
            codes[pk].append(code_id)
    return tuple(
        PlaceRule(name, tuple(codes[pk]), country, prefix, region_id)
        for pk, (name, country, prefix, region_id) in rows.items()
    )


def _groups(on: date) -> dict[tuple[int, int], Group]:
    items: defaultdict[tuple[int, int], list[GroupItem]] = defaultdict(list)
    per_line: dict[tuple[int, int], bool] = {}
    for class_id, region_id, rounding, rate_id, level in (
        TaxGroup.objects.filter(period__contains=on)
        .order_by("tax_class_id", "tax_region_id", "items__level", "items__tax_rate_id")
        .values_list(
            "tax_class_id", "tax_region_id", "rounding", "items__tax_rate_id", "items__level"
        )
    ):
        per_line[class_id, region_id] = rounding == Rounding.LINE
        if rate_id is not None:
            items[class_id, region_id].append(GroupItem(rate_id, level))
    return {key: Group(tuple(items[key]), each) for key, each in per_line.items()}


def _exempt_rates(code_ids: Collection[int]) -> dict[int, int]:
    if not code_ids:
        return {}
    return dict(
        TaxRate.objects.filter(tax_code_id__in=code_ids, tax_code__kind=TaxKind.EXEMPT)
        .order_by("-pk")
        .values_list("tax_code_id", "pk")
    )


def _rates(rate_ids: Collection[int]) -> dict[int, Rate]:
    levels: defaultdict[int, list[Level]] = defaultdict(list)
    rates: dict[int, tuple[str, int]] = {}
    for pk, name, code_id, period, fraction, rule, value in (
        TaxRate.objects.filter(pk__in=rate_ids)
        .order_by("pk", "versions__period")
        .values_list(
            "pk",
            "name",
            "tax_code_id",
            "versions__period",
            "versions__fraction",
            "versions__rule",
            "versions__rule_value",
        )
    ):
        rates[pk] = (name, code_id)
        if period is not None:
            days = Period(period.lower, period.upper)
            levels[pk].append(Level(days, fraction, TaxRule(RuleKind(rule), value)))
    return {pk: Rate(pk, name, code_id, tuple(levels[pk])) for pk, (name, code_id) in rates.items()}


def _codes(code_ids: Collection[int]) -> dict[int, Code]:
    return {
        pk: Code(name, CodeKind(kind), rate_date == RateDate.SERVICE_PERIOD)
        for pk, name, kind, rate_date in TaxCode.objects.filter(pk__in=code_ids).values_list(
            "pk", "name", "kind", "rate_date"
        )
    }


def _products(
    product_ids: Collection[int],
    applied: Mapping[int, tuple[tuple[int, int], ...]],
    *,
    with_classes: bool,
) -> dict[int, TaxedProduct]:
    exemptions: defaultdict[int, list[Exemption]] = defaultdict(list)
    for product_id, code_id, period in (
        ProductExemption.objects.filter(product_id__in=among(product_ids))
        .order_by("pk")
        .values_list("product_id", "tax_code_id", "period")
    ):
        exemptions[product_id].append(Exemption(Period(period.lower, period.upper), code_id))
    classes: dict[int, int | None] = {}
    products = Product.objects.filter(pk__in=among(product_ids))
    if with_classes:
        has_class = Q(taxed_as__isnull=False) | Q(type__taxed_as__isnull=False)
        classes = {
            pk: own or of_type
            for pk, own, of_type in products.filter(has_class).values_list(
                "pk", "taxed_as__tax_class_id", "type__taxed_as__tax_class_id"
            )
        }
    return {
        pk: TaxedProduct(name, applied.get(pk, ()), classes.get(pk), tuple(exemptions[pk]))
        for pk, name in products.values_list("pk", "name")
    }
