"""Bundles: what may go into one, where a product is a part of one, and sales bundles."""

from collections.abc import Iterable, Mapping
from typing import Final

from django.db.models import Count, Prefetch, Q, QuerySet

from catalog.models import (
    BundleComponent,
    Composition,
    GoodType,
    Product,
    ProductType,
    SalesBundle,
    SalesBundleItem,
    ServiceType,
)
from catalog.queries.fees import sold_alone
from catalog.queries.products import products

# kind of a bundle → kinds of its components, which are flat without exception.
COMPONENT_KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    ServiceType.TERMED: (ServiceType.TERMED,),
    GoodType.TRACEABLE: (GoodType.TRACEABLE, GoodType.NON_TRACEABLE),
    GoodType.NON_TRACEABLE: (GoodType.NON_TRACEABLE,),
}
# What is sold from an account or user page, alone or as an item of a sales bundle.
SOLD_KINDS: Final = (ServiceType.TERMED, ServiceType.EXPENSE)


def kind_of(product_type: ProductType) -> str:
    """Return the service type or the physical good type."""
    return product_type.service_type or product_type.good_type


def allowed_components(bundle: Product) -> QuerySet[Product]:
    """Return the products that may be components of `bundle`, in list order."""
    kinds = COMPONENT_KINDS.get(kind_of(bundle.type), ())
    return (
        products()
        .filter(
            Q(type__service_type__in=kinds) | Q(type__good_type__in=kinds),
            type__composition=Composition.FLAT,
        )
        .exclude(pk=bundle.pk)
    )


def allowed_items() -> QuerySet[Product]:
    """Return the products that may be items of a sales bundle, in list order."""
    return products().filter(sold_alone(), type__service_type__in=SOLD_KINDS)


def part_serials(components: Iterable[BundleComponent]) -> list[tuple[Product, int]]:
    """Return the traceable parts of a kit, with how many serial numbers each brings."""
    return [
        (row.product, int(row.quantity or 1))
        for row in components
        if row.product is not None and row.product.type.good_type == GoodType.TRACEABLE
    ]


def sales_bundles() -> QuerySet[SalesBundle]:
    """Return all sales bundles in list order, each with its number of items (`item_count`)."""
    return (
        SalesBundle.objects.annotate(item_count=Count("items"))
        .prefetch_related(
            "account_classes",
            "technologies",
            Prefetch(
                "items",
                SalesBundleItem.objects.select_related("product").order_by("sort_order", "id"),
            ),
        )
        .order_by("sort_order", "name", "id")
    )
