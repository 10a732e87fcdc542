"""Products: lists, one product with all that its page shows, validity."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Upper
from django.db.models.lookups import Exact

from catalog.models import (
    AccountClass,
    BundleComponent,
    Product,
    ProductImage,
    ProductValidity,
    Technology,
)
from config.shared.db import array_of
from config.shared.statements import Given, Statement, among_given, hold


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


def find_product(code: str) -> Product | None:
    """Return the product with a code in any letter case, as `products_with_validity()` does; two
    queries.
    """
    product = next(iter(_BY_CODE.ask(code=code)), None)
    if product is not None:
        hold(product, "validities", _VALIDITIES.ask(product=product.pk))
    return product


def hold_audience(product: Product) -> None:
    """Have the account classes and technologies of a product at hand; two queries."""
    hold(product, "account_classes", _CLASSES.ask(product=product.pk))
    hold(product, "technologies", _TECHNOLOGIES.ask(product=product.pk))


def images_of(product: Product) -> list[ProductImage]:
    """Return the images of a product in their order."""
    return _IMAGES.ask(product=product.pk)


def list_validities(listed: Sequence[Product]) -> None:
    """Give each product its periods of validity, `listed_periods`, the earliest first; one query.

    A list is quicker to read than what a manager holds.
    """
    _give(listed, "listed_periods", _PERIODS)


def list_audiences(listed: Sequence[Product]) -> None:
    """Give each product the names of those it is offered to: `listed_classes` and
    `listed_technologies`; two queries.
    """
    _give(listed, "listed_classes", _CLASS_NAMES)
    _give(listed, "listed_technologies", _TECHNOLOGY_NAMES)


def _give(listed: Sequence[Product], name: str, statement: Statement[tuple[int, Any]]) -> None:
    found: dict[int, list[Any]] = {product.pk: [] for product in listed}
    for pk, value in statement.ask(products=array_of(found)) if found else ():
        found[pk].append(value)
    for product in listed:
        vars(product)[name] = found[product.pk]


def valid_on(on: date | Given) -> Q:
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
    for component in _COMPONENTS.ask(bundles=array_of(product_ids)):
        found.setdefault(component.bundle_id, []).append(component)
    return found


_BY_CODE = Statement(lambda: products().filter(Exact(Upper("code"), Upper(Given("code")))))
_VALIDITIES = Statement(
    lambda: ProductValidity.objects.filter(product=Given("product")).order_by("period", "id")
)
_CLASSES = Statement(
    lambda: AccountClass.objects.filter(products=Given("product")).order_by("name", "id")
)
_TECHNOLOGIES = Statement(
    lambda: Technology.objects.filter(products=Given("product")).order_by("name", "id")
)
_PERIODS = Statement(
    lambda: (
        ProductValidity.objects.filter(among_given("product_id", "products"))
        .order_by("period", "id")
        .values_list("product_id", "period")
    )
)
_CLASS_NAMES = Statement(
    lambda: (
        Product.account_classes.through.objects.filter(among_given("product_id", "products"))
        .order_by("accountclass__name", "pk")
        .values_list("product_id", "accountclass__name")
    )
)
_TECHNOLOGY_NAMES = Statement(
    lambda: (
        Product.technologies.through.objects.filter(among_given("product_id", "products"))
        .order_by("technology__name", "pk")
        .values_list("product_id", "technology__name")
    )
)
_IMAGES = Statement(lambda: ProductImage.objects.filter(product=Given("product")).order_by("place"))
_COMPONENTS = Statement(
    lambda: (
        BundleComponent.objects.filter(among_given("bundle_id", "bundles"))
        .select_related("product__type", "product__family", "type", "family")
        .order_by("bundle_id", "sort_order", "id")
    )
)
