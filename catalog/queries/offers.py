"""What a CSR is offered: presentation only, nothing is ever checked against it."""

from datetime import date

from django.db.models import Model, Q, QuerySet

from catalog.models import Availability, Product, SalesBundle
from catalog.queries.bundles import SOLD_KINDS
from catalog.queries.fees import sold_alone
from catalog.queries.products import products_with_validity, valid_on


def offered_products(
    *, account_class_id: int | None, technology_id: int | None, on: date, filtered: bool = True
) -> QuerySet[Product]:
    """Return the termed services and expenses that a CSR may pick on the day, in list order.

    Available, valid on the day and sold alone (recurring fees are not); and, if `filtered`, for
    an empty or the given account class and an empty or the given technology.
    """
    offered = products_with_validity().filter(
        valid_on(on),
        sold_alone(),
        type__service_type__in=SOLD_KINDS,
        availability=Availability.AVAILABLE,
    )
    if not filtered:
        return offered
    return offered.filter(
        _fits(Product.account_classes.through, account_class_id),
        _fits(Product.technologies.through, technology_id),
    )


def offered_sales_bundles(
    *, account_class_id: int | None, technology_id: int | None, on: date, filtered: bool = True
) -> QuerySet[SalesBundle]:
    """Return the sales bundles that a CSR may pick on the day, with their items, in list order.

    The conditions are those of `offered_products`.
    """
    offered = (
        SalesBundle.objects.filter(
            Q(validity=None) | Q(validity__contains=on), availability=Availability.AVAILABLE
        )
        .prefetch_related("items__product__type")
        .order_by("sort_order", "name", "id")
    )
    if not filtered:
        return offered
    return offered.filter(
        _fits(SalesBundle.account_classes.through, account_class_id),
        _fits(SalesBundle.technologies.through, technology_id),
    )


def _fits(links: type[Model], wanted_id: int | None) -> Q:
    """Return the condition that a list is empty or holds what is wanted; `links` is its table."""
    _, owner, target = links._meta.concrete_fields
    linked = links._default_manager.values(owner.attname)
    matching = linked.filter(**{target.attname: wanted_id})
    return ~Q(pk__in=linked) | Q(pk__in=matching)
