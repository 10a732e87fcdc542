"""Products in the words of BillMax: definitions of items, fees, services and packages."""

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from typing import Final

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from catalog.models import (
    BundleComponent,
    Composition,
    DependentFee,
    Product,
    ProductType,
    ServiceType,
)
from catalog.queries.fees import comes_with_another
from catalog.queries.products import products
from config.shared.statements import Statement


class Definition(StrEnum):
    """A kind of definition. What tells services from recurring fees is whether they come with
    another product.
    """

    ONE_TIME = "one-time"
    RECURRING_FEE = "recurring-fee"
    SERVICE = "recurring-service"
    PACKAGE = "recurring-package"


_TERMED: Final = Q(service_type=ServiceType.TERMED)
_FLAT: Final = Q(composition=Composition.FLAT)
_TYPES: Final[Mapping[Definition, Q]] = {
    Definition.ONE_TIME: Q(service_type__in=(ServiceType.EXPENSE, ServiceType.ONE_TIME))
    | ~Q(good_type=""),
    Definition.RECURRING_FEE: _TERMED & _FLAT,
    Definition.SERVICE: _TERMED & _FLAT,
    Definition.PACKAGE: _TERMED & ~_FLAT,
}


def definition_types(kind: Definition) -> QuerySet[ProductType]:
    """Return the product types of a kind of definition, by name."""
    return ProductType.objects.filter(_TYPES[kind]).order_by("name", "id")


def only_type_code(kind: Definition) -> str:
    """Return the code of the product type of a kind, "" unless there is exactly one; one query."""
    codes = list(_FIRST_TYPES[kind].ask())
    return codes[0] if len(codes) == 1 else ""


def definitions(kind: Definition) -> QuerySet[Product]:
    """Return the definitions of a kind in list order, with how many fees and elements they have
    (`fee_count`, `element_count`).
    """
    return _definitions(kind).all()


@cache
def _definitions(kind: Definition) -> QuerySet[Product]:
    """Return `definitions(kind)`, put together once; nobody reads rows of it but of its copies."""
    found = products().filter(type__in=definition_types(kind).order_by())
    if kind is Definition.RECURRING_FEE:
        found = found.filter(comes_with_another())
    elif kind is Definition.SERVICE:
        found = found.exclude(comes_with_another())
    return found.annotate(
        fee_count=_count(DependentFee.objects.filter(parent=OuterRef("pk"))),
        element_count=_count(BundleComponent.objects.filter(bundle=OuterRef("pk"))),
    )


def _count(rows: QuerySet[DependentFee] | QuerySet[BundleComponent]) -> Coalesce:
    """Return the number of rows as a subquery, which is only run for the rows of one page."""
    owner = "parent" if rows.model is DependentFee else "bundle"
    counted = rows.order_by().values(owner).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0, output_field=IntegerField())


def _first_types(kind: Definition) -> Statement[str]:
    return Statement(lambda: definition_types(kind).values_list("code", flat=True)[:2])


_FIRST_TYPES = {kind: _first_types(kind) for kind in Definition}
