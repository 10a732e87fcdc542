"""Dependent fees and fee groups."""

from collections.abc import Collection, Iterable

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from catalog.models import (
    Composition,
    DependentFee,
    FeeGroup,
    FeeGroupRow,
    Product,
    ProductType,
    ServiceType,
)
from catalog.queries.products import products
from config.shared.db import array_of
from config.shared.statements import Statement, among_given


def allowed_fees() -> QuerySet[Product]:
    """Return the products that may be fees of another: flat termed services and expenses."""
    return products().filter(
        Q(type__service_type=ServiceType.TERMED, type__composition=Composition.FLAT)
        | Q(type__service_type=ServiceType.EXPENSE)
    )


def may_be_fee(product_type: ProductType) -> bool:
    """Return whether products of the type may be fees of another."""
    if product_type.service_type == ServiceType.TERMED:
        return product_type.composition == Composition.FLAT
    return product_type.service_type == ServiceType.EXPENSE


def comes_with_another() -> Q:
    """Return the condition that a product is a dependent fee, named or in a fee group."""
    return Exists(DependentFee.objects.filter(fee=OuterRef("pk"))) | Exists(
        FeeGroupRow.objects.filter(fee=OuterRef("pk"))
    )


def sold_alone() -> Q:
    """Return the condition that a product is not a recurring fee, which comes with another only.

    One-time fees are sold alone too.
    """
    return ~Q(type__service_type=ServiceType.TERMED) | ~comes_with_another()


def recurring_fees(product_ids: Collection[int]) -> dict[int, str]:
    """Return those of the products that are recurring fees, each with the name of what it comes
    with; two queries at most.
    """
    fees = DependentFee.objects.filter(
        fee_id__in=product_ids, fee__type__service_type=ServiceType.TERMED
    )
    found = dict(fees.order_by("-parent__name", "-pk").values_list("fee_id", "parent__name"))
    rest = set(product_ids) - found.keys()
    if rest:
        rows = FeeGroupRow.objects.filter(
            fee_id__in=rest, fee__type__service_type=ServiceType.TERMED
        )
        found |= dict(rows.order_by("-group__name", "-pk").values_list("fee_id", "group__name"))
    return found


def dependent_fees_of(product_ids: Iterable[int]) -> dict[int, list[DependentFee]]:
    """Return the dependent fees of each product, in their order, groups with their rows.

    Two queries, one where no fee is picked from a group.
    """
    found: dict[int, list[DependentFee]] = {}
    for row in _OF_PRODUCTS.ask(parents=array_of(product_ids)):
        found.setdefault(row.parent_id, []).append(row)
    return found


def fee_groups() -> QuerySet[FeeGroup]:
    """Return all fee groups by name, each with the numbers of its fees and of the products that
    have it (`fee_count`, `parent_count`).
    """
    return FeeGroup.objects.annotate(
        fee_count=Count("rows", distinct=True), parent_count=Count("dependent_fees", distinct=True)
    ).order_by("name", "id")


def _of_products() -> QuerySet[DependentFee]:
    group_rows = FeeGroupRow.objects.select_related("fee__type").order_by("sort_order", "id")
    return (
        DependentFee.objects.filter(among_given("parent_id", "parents"))
        .select_related("fee__type", "group")
        .prefetch_related(Prefetch("group__rows", group_rows))
        .order_by("parent_id", "sort_order", "id")
    )


_OF_PRODUCTS = Statement(_of_products)
