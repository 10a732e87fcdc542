"""Tax regions, classes, their groups as a matrix, location rules, and exemptions of products."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Count, Prefetch, Q, QuerySet

from catalog.models import Product, ProductType
from config.shared.statements import Given, Statement
from pricing.models import (
    LocationRule,
    LocationRuleCode,
    ProductExemption,
    ProductTaxClass,
    TaxClass,
    TaxCode,
    TaxGroup,
    TaxGroupItem,
    TaxRegion,
    TypeTaxClass,
)


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """A class in a region: the group of today, and those that begin later."""

    tax_class: TaxClass
    tax_region: TaxRegion
    current: TaxGroup | None
    coming: tuple[TaxGroup, ...]


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A class in all regions."""

    tax_class: TaxClass
    cells: tuple[MatrixCell, ...]


def tax_regions() -> QuerySet[TaxRegion]:
    """Return all tax regions by name, with `class_count`, the classes that have a group there."""
    return TaxRegion.objects.annotate(
        class_count=Count("groups__tax_class", distinct=True)
    ).order_by("name", "pk")


def tax_classes() -> QuerySet[TaxClass]:
    """Return all tax classes by name, with how many products and types name them."""
    return TaxClass.objects.annotate(
        product_count=Count("products", distinct=True), type_count=Count("types", distinct=True)
    ).order_by("name", "pk")


def groups_with_items() -> QuerySet[TaxGroup]:
    """Return all tax groups with class, region and items, the latest first."""
    items = TaxGroupItem.objects.select_related("tax_rate__tax_code").order_by(
        "level", "tax_rate__name", "pk"
    )
    return (
        TaxGroup.objects.select_related("tax_class", "tax_region")
        .prefetch_related(Prefetch("items", items))
        .order_by("tax_class__name", "tax_region__name", "-period", "pk")
    )


def tax_matrix(*, on: date) -> tuple[list[TaxRegion], list[MatrixRow]]:
    """Return the regions, and each class with its cells in their order; four queries."""
    regions = list(tax_regions())
    groups: defaultdict[tuple[int, int], list[TaxGroup]] = defaultdict(list)
    holding = Q(period__contains=on) | Q(period__startswith__gt=on)
    for group in groups_with_items().filter(holding):
        groups[group.tax_class_id, group.tax_region_id].append(group)
    return regions, [
        MatrixRow(
            each, tuple(_cell(each, region, groups[each.pk, region.pk], on) for region in regions)
        )
        for each in tax_classes()
    ]


def _cell(
    tax_class: TaxClass, tax_region: TaxRegion, groups: Sequence[TaxGroup], on: date
) -> MatrixCell:
    current = next((group for group in groups if group.period.lower <= on), None)
    coming = tuple(group for group in reversed(groups) if group.period.lower > on)
    return MatrixCell(tax_class, tax_region, current, coming)


def location_rules() -> QuerySet[LocationRule]:
    """Return all location rules in the order in which they are asked, with their codes."""
    codes = LocationRuleCode.objects.select_related("tax_code").order_by("tax_code__name", "pk")
    return (
        LocationRule.objects.select_related("tax_region")
        .prefetch_related(Prefetch("codes", codes))
        .order_by("position", "pk")
    )


_EVERY_PLACE: Final = Q(country="", postal_prefix="", tax_region=None)


def has_default_rule(*, on: date) -> bool:
    """Return whether a location rule fits every place on a day; one query."""
    return LocationRule.objects.filter(_EVERY_PLACE, period__contains=on).exists()


def is_last_default(rule: LocationRule, *, on: date) -> bool:
    """Return whether places would be left without a rule on a day if this one did not hold: it fits
    every place, no other does, and there are others; one query.
    """
    others = LocationRule.objects.filter(period__contains=on).exclude(pk=rule.pk)
    fits_all = not (rule.country or rule.postal_prefix or rule.tax_region_id)
    found = others.aggregate(count=Count("pk"), defaults=Count("pk", filter=_EVERY_PLACE))
    return fits_all and found["count"] > 0 and not found["defaults"]


def codes_by_name() -> QuerySet[TaxCode]:
    """Return the tax codes by name."""
    return TaxCode.objects.order_by("name", "pk")


def tax_codes_to_choose() -> list[TaxCode]:
    """Return the tax codes by name, to be offered in a form."""
    return _CODES.ask()


def exemptions_of_product(product: Product) -> list[ProductExemption]:
    """Return a product's exemptions, the latest first."""
    return _EXEMPTIONS.ask(product=product.pk)


def has_tax_classes() -> bool:
    """Return whether there are tax classes; one query."""
    return bool(_ANY_CLASS.ask())


def class_of_product(product: Product) -> tuple[TaxClass | None, TaxClass | None]:
    """Return a product's own tax class, and that of its type; two queries."""
    own = ProductTaxClass.objects.filter(product=product).select_related("tax_class").first()
    return (own.tax_class if own else None), class_of_type(product.type_id)


def class_of_type(product_type: ProductType | int) -> TaxClass | None:
    """Return the tax class of a product type."""
    row = TypeTaxClass.objects.filter(type=product_type).select_related("tax_class").first()
    return row.tax_class if row else None


_CODES = Statement(codes_by_name)
_EXEMPTIONS = Statement(
    lambda: (
        ProductExemption.objects.filter(product=Given("product"))
        .select_related("tax_code")
        .order_by("-period", "pk")
    )
)
_ANY_CLASS = Statement(lambda: TaxClass.objects.values_list("pk")[:1])
