"""Billing term schemes, subscription types and sellers as pages list them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from catalog.models import Product
from config.shared.statements import Given, Statement
from subscriptions.models import BillingTermScheme, SchemeProduct, Seller, SubscriptionType

MOST_LISTED = 20


def listed_schemes() -> QuerySet[BillingTermScheme]:
    """Return all schemes by name with default plan and `product_count`."""
    return (
        BillingTermScheme.objects.select_related("default_plan")
        .annotate(product_count=Count("products"))
        .order_by("name", "pk")
    )


def listed_types() -> QuerySet[SubscriptionType]:
    """Return all subscription types by name with `product_count` and `scheme_count`."""
    return SubscriptionType.objects.annotate(
        product_count=Count("products", distinct=True),
        scheme_count=Count("schemes", distinct=True),
    ).order_by("name", "pk")


def listed_sellers() -> QuerySet[Seller]:
    """Return all sellers by name with `account_count`."""
    return Seller.objects.annotate(account_count=Count("accounts")).order_by("name", "pk")


def products_of_scheme(scheme: BillingTermScheme) -> QuerySet[SchemeProduct]:
    """Return the products of a scheme, in list order of the catalogue."""
    rows = SchemeProduct.objects.filter(scheme=scheme).select_related("product__type", "scheme")
    return rows.order_by("product__sort_order", "product__name", "pk")


def schemes_of_product(product: Product) -> list[SchemeProduct]:
    """Return the schemes that a product is on, by name, each with the product and its type."""
    return _OF_PRODUCT.ask(product=product.pk)


def schemes_without(product: Product) -> list[BillingTermScheme]:
    """Return the schemes that a product is not on, by name."""
    return _WITHOUT.ask(product=product.pk)


def types_with(product: Product) -> list[SubscriptionType]:
    """Return the subscription types that allow a product, by name."""
    return _TYPES_WITH.ask(product=product.pk)


@dataclass(frozen=True, slots=True)
class TypeWithout:
    """A subscription type that does not allow a product, and its schemes that lack it."""

    type: SubscriptionType
    lacking: Sequence[BillingTermScheme]


def types_without(product: Product) -> list[TypeWithout]:
    """Return the types that do not allow a product, by name; three queries, one if all do."""
    types = _TYPES_WITHOUT.ask(product=product.pk)
    if not types:
        return []
    has = set(SchemeProduct.objects.filter(product=product).values_list("scheme_id", flat=True))
    is_good = bool(product.type.good_type)
    return [
        TypeWithout(
            each,
            []
            if is_good
            else sorted(
                (scheme for scheme in each.schemes.all() if scheme.pk not in has),
                key=lambda scheme: scheme.code,
            ),
        )
        for each in types
    ]


_OF_PRODUCT = Statement(
    lambda: (
        SchemeProduct.objects.filter(product=Given("product"))
        .select_related("scheme", "product__type")
        .order_by("scheme__name", "pk")
    )
)
_WITHOUT = Statement(
    lambda: BillingTermScheme.objects.exclude(products__product=Given("product")).order_by(
        "name", "pk"
    )
)
_TYPES_WITH = Statement(
    lambda: SubscriptionType.objects.filter(products=Given("product")).order_by("name", "pk")
)
_TYPES_WITHOUT = Statement(
    lambda: (
        SubscriptionType.objects.exclude(products=Given("product"))
        .prefetch_related("schemes")
        .order_by("name", "pk")
    )
)
