"""Products: create, change, say when they are valid."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Protocol

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import models, transaction
from django.utils.module_loading import import_string

from catalog.models import Product, ProductType, ProductValidity
from catalog.operations.availability import check_availability
from catalog.operations.codes import (
    free_code,
    proposed_product_code,
    require_product_code,
    save_unique,
)
from catalog.operations.errors import TypeInUse, ValidityNotPossible
from catalog.operations.saving import require_order
from catalog.operations.types import NATURE
from catalog.operations.values import Values, move_values, set_first_values
from catalog.queries.uses import uses_of
from config.shared.db import days

Period = tuple[date, date | None]
"""The first day, and the day after the last one (None: open)."""
_LISTS = ("account_classes", "technologies", "categories")


class ProductCreatedHandler(Protocol):
    """Writes what a new product starts with; named in settings.PRODUCT_CREATED_HANDLERS."""

    def product_created(self, product: Product) -> None:
        """Write in the same transaction."""

    def products_created(self, products: Sequence[Product], *, by: AbstractBaseUser | None) -> None:
        """Write for many products of an import, with a few statements."""


@transaction.atomic
def create_product(
    *,
    type: ProductType,
    code: str = "",
    name: str = "",
    alternative_code: str = "",
    account_classes: Iterable[models.Model] = (),
    technologies: Iterable[models.Model] = (),
    categories: Iterable[models.Model] = (),
    validity: Sequence[Period] = (),
    values: Values | None = None,
    **fields: Any,
) -> Product:
    """Create a product. An empty code is the next free one of its family or type.

    An empty name is the code; an empty alternative code is made of the code.
    `values` answer the characteristics of the type; what they do not name gets its default. The
    handlers of `settings.PRODUCT_CREATED_HANDLERS` write in the same transaction.

    Raises CodeTaken, CodeNotUsable, OrderNotPossible, ValidityNotPossible, or ValueNotPossible for
    a value that does not fit or a required one that is missing.
    """
    product_type = _locked_type(type)
    code = code.strip() or proposed_product_code(product_type, fields.get("family"))
    product = Product(
        code=code,
        type=product_type,
        name=name.strip() or code,
        alternative_code=alternative_code.strip(),
        **fields,
    )
    _check_codes(product)
    require_order(product.sort_order)
    save_unique(product, ("code", "alternative_code"))
    _set_lists(
        product,
        {
            "account_classes": account_classes,
            "technologies": technologies,
            "categories": categories,
        },
    )
    if validity:
        set_validity(product, validity)
    set_first_values(product, values or {})
    for path in settings.PRODUCT_CREATED_HANDLERS:
        handler: ProductCreatedHandler = import_string(path)()
        handler.product_created(product)
    return product


@transaction.atomic
def update_product(product: Product, **changes: Any) -> Product:
    """Change a product and return it as stored. Its values follow to another type.

    Raises CodeTaken, CodeNotUsable, OrderNotPossible, or TypeInUse if it would become another kind
    of thing while something refers to it.
    """
    stored = (
        Product.objects.select_for_update(of=("self",)).select_related("type").get(pk=product.pk)
    )
    lists = {name: changes.pop(name) for name in _LISTS if name in changes}
    new_type = None
    if "type" in changes:
        changes["type"] = _locked_type(changes["type"])
        if changes["type"] != stored.type:
            new_type = changes["type"]
        if _nature(changes["type"]) != _nature(stored.type):
            _check_unused(stored)
    check_availability(stored, changes.get("availability", stored.availability))
    for field, value in changes.items():
        setattr(stored, field, value.strip() if isinstance(value, str) else value)
    stored.name = stored.name or stored.code
    _check_codes(stored)
    require_order(stored.sort_order)
    save_unique(stored, ("code", "alternative_code"))
    _set_lists(stored, lists)
    if new_type is not None:
        move_values(stored, new_type)
    return stored


@transaction.atomic
def set_validity(product: Product, periods: Sequence[Period]) -> None:
    """Make `periods` the product's validity; none means that it is always valid.

    Rows that stay the same are kept. Raises ValidityNotPossible with the row at fault.
    """
    Product.objects.select_for_update(of=("self",)).get(pk=product.pk)
    check_periods(periods)
    stored = {
        (row.period.lower, row.period.upper): row
        for row in ProductValidity.objects.filter(product=product)
    }
    for period, row in stored.items():
        if period not in periods:
            row.delete()
    for start, end in periods:
        if (start, end) not in stored:
            ProductValidity.objects.create(product=product, period=days(start, end))


def check_periods(periods: Sequence[Period]) -> None:
    """Check that periods have days and do not overlap. Raises ValidityNotPossible."""
    for row, (start, end) in enumerate(periods):
        if end is not None and end <= start:
            raise ValidityNotPossible(
                "The last day is before the first.", field="last_day", row=row
            )
        for other_start, other_end in periods[:row]:
            starts_before_other_ends = other_end is None or start < other_end
            ends_after_other_starts = end is None or other_start < end
            if starts_before_other_ends and ends_after_other_starts:
                raise ValidityNotPossible(
                    "This period overlaps with one above it.", field="first_day", row=row
                )


def _check_codes(product: Product) -> None:
    require_product_code(product.code, field="code")
    if not product.alternative_code:
        others = Product.objects.exclude(pk=product.pk)
        clash = others.filter(alternative_code__iexact=product.code).exists()
        product.alternative_code = (
            free_code(Product, "alternative_code", product.code) if clash else product.code
        )
    require_product_code(product.alternative_code, field="alternative_code")


def _locked_type(product_type: ProductType) -> ProductType:
    """Return the type as stored, held so that its nature stays until the product is there."""
    return ProductType.objects.select_for_update(of=("self",), no_key=True).get(pk=product_type.pk)


def _nature(product_type: ProductType) -> tuple[str, ...]:
    return tuple(str(getattr(product_type, field)) for field in NATURE)


def _check_unused(product: Product) -> None:
    used_by = uses_of(product)
    if product.components.exists():
        used_by.append("its bundle components")
    if product.dependent_fees.exists():
        used_by.append("its dependent fees")
    if used_by:
        raise TypeInUse(
            "Choose a type of the same classification, kind and composition: the product is used "
            f"by {', '.join(used_by)}.",
            field="type",
        )


def _set_lists(product: Product, lists: dict[str, Iterable[models.Model]]) -> None:
    for name, wanted in lists.items():
        links = getattr(product, name)
        if set(links.all()) != set(wanted):
            links.set(wanted)
