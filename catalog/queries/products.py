"""Products: lists, one product with all that its page shows, validity."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from catalog.models import BundleComponent, Product, ProductValidity


def products() -> QuerySet[Product]:
    """Return all products in list order, with type, family and brand."""
    return Product.objects.select_related("type", "family", "brand").order_by(
        "sort_order", "name", "id"
    )


def products_with_validity() -> QuerySet[Product]:
    """Return `products()` with their periods of validity at hand, the earliest first."""
    return products().prefetch_related(
        Prefetch("validities", ProductValidity.objects.order_by("period", "id"))
    )


def listed_products() -> QuerySet[Product]:
    """Return `products()`, each with its validities as a list, `listed_validities`: quicker to read
    than what a manager holds.
    """
    return products().prefetch_related(
        Prefetch(
            "validities",
            ProductValidity.objects.order_by("period", "id"),
            to_attr="listed_validities",
        )
    )


def valid_on(on: date) -> Q:
    """Return the condition that a product is valid on the day: without periods it always is."""
    periods = ProductValidity.objects.filter(product=OuterRef("pk"))
    return ~Exists(periods) | Exists(periods.filter(period__contains=on))


def is_valid_on(product: Product, on: date) -> bool:
    """Return whether the product may be used for new business on the day.

    One query, none if its validities are prefetched.
    """
    periods = [validity.period for validity in product.validities.all()]
    return not periods or any(on in period for period in periods)


def components_of(product_ids: Iterable[int]) -> dict[int, list[BundleComponent]]:
    """Return the components of each bundle among `product_ids`, in their order; one query."""
    found: dict[int, list[BundleComponent]] = {}
    rows = (
        BundleComponent.objects.filter(bundle_id__in=list(product_ids))
        .select_related("product__type", "product__family", "type", "family")
        .order_by("bundle_id", "sort_order", "id")
    )
    for component in rows:
        found.setdefault(component.bundle_id, []).append(component)
    return found
