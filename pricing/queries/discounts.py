"""Additive discounts as the kernel's values, and which products they name."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, TypeVar

from django.db.models import Count, Q, QuerySet

from catalog.models import Classification, Product, ProductFamily, ProductType, ServiceType
from catalog.queries.families import family_and_above
from config.shared.db import array_of
from config.shared.statements import Given, Statement, among_given
from pricing.kernel.discount_days import ONCE, Recurrence, Renewal
from pricing.kernel.discounts import Discount, DiscountKind
from pricing.kernel.periods import Duration, Period, Unit
from pricing.models import (
    AdditiveDiscount,
    DiscountApplication,
    DiscountedProduct,
    DiscountOption,
    DiscountScope,
    DiscountState,
    HeldProduct,
)
from pricing.models.discounts import ONCE as ONCE_OPTIONS

MOST_LISTED: Final = 100
Row = TypeVar("Row", DiscountedProduct, HeldProduct)

_KINDS: Final = {
    DiscountOption.PERCENTAGE: DiscountKind.PERCENTAGE,
    DiscountOption.PERCENTAGE_PER_PERIOD: DiscountKind.PERCENTAGE,
    DiscountOption.AMOUNT: DiscountKind.AMOUNT,
    DiscountOption.AMOUNT_PER_PERIOD: DiscountKind.AMOUNT,
    DiscountOption.FREE_PERIOD: DiscountKind.FREE_PERIOD,
    DiscountOption.FREE_USAGE: DiscountKind.FREE_USAGE,
}


@dataclass(frozen=True, slots=True)
class Selector:
    """A product, or a type and/or a family with those below it."""

    product_id: int | None
    type_id: int | None
    family_id: int | None

    def takes(self, product: "SoldProduct") -> bool:
        """Say whether it names the product."""
        if self.product_id is not None:
            return self.product_id == product.product_id
        return self.type_id in (None, product.type_id) and (
            self.family_id is None or self.family_id in product.families
        )


@dataclass(frozen=True, slots=True)
class SoldProduct:
    """What selectors look at; `families` are its family and those above it."""

    product_id: int
    type_id: int
    families: frozenset[int]
    is_usage: bool


@dataclass(frozen=True, slots=True)
class Definition:
    """A discount as billing reads it.

    `window` are the days on which it applies by itself, None where it never does (a draft, or one
    given by hand). `currency` is empty but for amounts. `held` are selectors with the least
    quantity that a subscription has to have. It is taken off prices for each period, set-up fees,
    or what else is paid once.
    """

    discount_id: int
    code: str
    name: str
    by_itself: bool
    scope: str
    currency: str
    discount: Discount
    recurrence: Recurrence
    window: Period | None
    selectors: tuple[Selector, ...]
    held: tuple[tuple[Selector, Decimal], ...]
    classes: frozenset[int]
    classifications: frozenset[int]
    least_quantity: Decimal | None
    most_quantity: Decimal | None
    sort_order: int
    on_recurring: bool
    on_setup: bool
    on_once: bool

    @property
    def is_for_services(self) -> bool:
        """Say whether it is taken off what a service costs: its prices or its set-up fee."""
        return self.on_recurring or self.on_setup

    def is_for(self, product: SoldProduct) -> bool:
        """Say whether it is taken off what the product costs."""
        if self.scope != DiscountScope.ANY and product.is_usage != (
            self.scope == DiscountScope.USAGE
        ):
            return False
        return not self.selectors or any(each.takes(product) for each in self.selectors)


def is_paid_once(kind: ProductType) -> bool:
    """Say whether products of a type are paid once: goods, expenses, one-time services."""
    return kind.service_type not in (ServiceType.TERMED, ServiceType.USAGE)


def discounts() -> QuerySet[AdditiveDiscount]:
    """Return all discounts with `product_count`, by order and code."""
    return AdditiveDiscount.objects.annotate(product_count=Count("products")).order_by(
        "sort_order", "code", "pk"
    )


def applying_by_themselves() -> QuerySet[AdditiveDiscount]:
    """Return the discounts that need nobody to give them: effective, or so once."""
    return AdditiveDiscount.objects.filter(
        application=DiscountApplication.AUTO_APPLY, effective_on__isnull=False
    )


def discounts_to_give(*, on: date) -> QuerySet[AdditiveDiscount]:
    """Return the discounts that may be given by hand on a day, by name."""
    return AdditiveDiscount.objects.filter(
        Q(validity=None) | Q(validity__contains=on),
        application=DiscountApplication.AD_HOC,
        state=DiscountState.EFFECTIVE,
    ).order_by("name", "pk")


def any_discount_requires_services() -> bool:
    """Say whether some discount is given for what else a subscription has; one query."""
    return HeldProduct.objects.filter(discount__effective_on__isnull=False).exists()


def definitions(found: QuerySet[AdditiveDiscount]) -> list[Definition]:
    """Return discounts as billing reads them, in the order they are taken off; five queries."""
    rows = found.order_by("sort_order", "pk").prefetch_related(
        "products", "held_products", "account_classes", "classifications"
    )
    return [_definition(row) for row in rows]


def recurrence_of(discount: AdditiveDiscount) -> Recurrence:
    """Return when a discount is given, as the kernel reads it."""
    if discount.option in ONCE_OPTIONS:
        return ONCE
    return Recurrence(
        Renewal(discount.renewal),
        _duration(discount.for_count, discount.for_unit),
        _duration(discount.renewal_count, discount.renewal_unit),
    )


def window_of(discount: AdditiveDiscount) -> Period | None:
    """Return the days on which a discount is in force and valid; None: on none."""
    if discount.effective_on is None or discount.ended_on == discount.effective_on:
        return None
    window: Period | None = Period(discount.effective_on, discount.ended_on)
    if window is not None and discount.validity is not None:
        lower = discount.validity.lower or date.min
        window = window.intersection(Period(lower, discount.validity.upper))
    return window


def sold_products(product_ids: Collection[int]) -> Mapping[int, SoldProduct]:
    """Return what selectors look at of products; two queries."""
    rows = Product.objects.filter(pk__in=product_ids).values_list(
        "pk", "type_id", "family_id", "type__classification", "type__service_type"
    )
    parents = dict(ProductFamily.objects.order_by("pk").values_list("pk", "parent_id"))
    return {
        pk: SoldProduct(
            pk,
            type_id,
            _families(family_id, parents),
            classification == Classification.SERVICE and service_type == ServiceType.USAGE,
        )
        for pk, type_id, family_id, classification, service_type in rows
    }


def discounts_of_product(product: Product, *, on: date) -> list[AdditiveDiscount]:
    """Return the discounts in force on a day that are taken off what a product costs, by order,
    with their account classes; one more than MOST_LISTED where there are more.

    Those without discounted products are for every product.
    """
    kind = product.type
    is_usage = (
        kind.classification == Classification.SERVICE and kind.service_type == ServiceType.USAGE
    )
    other = DiscountScope.NON_USAGE if is_usage else DiscountScope.USAGE
    statement = _OF_PAID_ONCE if is_paid_once(kind) else _OF_SERVICE
    return statement.ask(
        product=product.pk,
        type=product.type_id,
        families=array_of(family_and_above(product.family_id)),
        on=on,
        other=other.value,
    )


def _of_product(taken_off: Q) -> QuerySet[AdditiveDiscount]:
    row = Q(product=Given("product")) | (
        Q(product=None)
        & (Q(type=None) | Q(type=Given("type")))
        & (Q(family=None) | Q(among_given("family_id", "families")))
    )
    naming = DiscountedProduct.objects.filter(row).values("discount")
    found = (
        AdditiveDiscount.objects.filter(
            Q(pk__in=naming) | Q(products=None),
            Q(validity=None) | Q(validity__contains=Given("on")),
            taken_off,
            state=DiscountState.EFFECTIVE,
        )
        .exclude(applies_to=Given("other"))
        .prefetch_related("account_classes")
        .order_by("sort_order", "code", "pk")
    )
    return found[: MOST_LISTED + 1]


_OF_SERVICE = Statement(lambda: _of_product(Q(on_recurring=True) | Q(on_setup=True)))
_OF_PAID_ONCE = Statement(lambda: _of_product(Q(on_once=True)))


def _definition(row: AdditiveDiscount) -> Definition:
    by_itself = row.application == DiscountApplication.AUTO_APPLY
    kind = _KINDS[DiscountOption(row.option)]
    value: Decimal = row.value if row.value is not None else Decimal(1)
    if kind is DiscountKind.PERCENTAGE:
        value = value / 100
    return Definition(
        discount_id=row.pk,
        code=row.code,
        name=row.name,
        by_itself=by_itself,
        scope=row.applies_to,
        currency=row.currency,
        discount=Discount(row.pk, kind, value),
        recurrence=recurrence_of(row),
        window=window_of(row) if by_itself else None,
        selectors=tuple(map(_selector, _ordered(row.products.all()))),
        held=tuple(
            (_selector(each), each.least_quantity) for each in _ordered(row.held_products.all())
        ),
        classes=frozenset(each.pk for each in row.account_classes.all()),
        classifications=frozenset(each.pk for each in row.classifications.all()),
        least_quantity=row.least_quantity,
        most_quantity=row.most_quantity,
        sort_order=row.sort_order,
        on_recurring=row.on_recurring,
        on_setup=row.on_setup,
        on_once=row.on_once,
    )


def _ordered(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda each: each.position)


def _selector(row: DiscountedProduct | HeldProduct) -> Selector:
    return Selector(row.product_id, row.type_id, row.family_id)


def _families(family_id: int | None, parents: Mapping[int, int | None]) -> frozenset[int]:
    found: set[int] = set()
    while family_id is not None and family_id not in found:
        found.add(family_id)
        family_id = parents.get(family_id)
    return frozenset(found)


def _duration(count: int | None, unit: str) -> Duration | None:
    return None if count is None else Duration(count, Unit(unit))
