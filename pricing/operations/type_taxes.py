"""Tax rates that new products of a type get."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from simple_history.utils import bulk_create_with_history

from catalog.models import Product, ProductType
from pricing.models import ProductTax, ProductTypeTax, TaxRate
from pricing.queries.errors import PricingError
from pricing.queries.taxes import taxes_of_type

CHUNK: Final = 2_000


class WrongTypeTax(PricingError):
    """A row of a type's tax rates is at fault; `row` is its place, from 0."""

    def __init__(self, message: str, *, field: str, row: int) -> None:
        super().__init__(message)
        self.field = field
        self.row = row


@dataclass(frozen=True, slots=True)
class TypeTaxRow:
    """A tax rate of a type, and whether it is the applied one of its code."""

    tax_rate: TaxRate
    applied: bool = False


@transaction.atomic
def set_type_taxes(product_type: ProductType, rows: Sequence[TypeTaxRow]) -> None:
    """Make `rows` the tax rates that new products of a type get; products there are keep theirs.

    The only rate of a code is applied in any case; of several exactly one is. Raises WrongTypeTax
    with the row and field at fault.
    """
    held = ProductType.objects.select_for_update(of=("self",), no_key=True).get(pk=product_type.pk)
    for place, row in enumerate(rows):
        _check(rows, row, place)
    wanted = {row.tax_rate.pk: row.applied or _is_alone(rows, row) for row in rows}
    stored = {row.tax_rate_id: row for row in ProductTypeTax.objects.filter(type=held)}
    for tax_rate_id, tax in stored.items():
        if tax_rate_id not in wanted:
            tax.delete()
        elif tax.applied and not wanted[tax_rate_id]:
            tax.applied = False
            tax.save(update_fields=["applied"])
    for row in rows:
        applied = wanted[row.tax_rate.pk]
        tax_or_none = stored.get(row.tax_rate.pk)
        if tax_or_none is None:
            ProductTypeTax.objects.create(
                type=held,
                tax_code_id=row.tax_rate.tax_code_id,
                tax_rate=row.tax_rate,
                applied=applied,
            )
        elif applied and not tax_or_none.applied:
            tax_or_none.applied = True
            tax_or_none.save(update_fields=["applied"])


@transaction.atomic
def copy_type_taxes(product: Product) -> None:
    """Give a product that is being created the tax rates of its type."""
    for tax in ProductTypeTax.objects.filter(type=product.type_id).order_by("pk"):
        ProductTax.objects.create(
            product=product,
            tax_code_id=tax.tax_code_id,
            tax_rate_id=tax.tax_rate_id,
            applied=tax.applied,
        )


@transaction.atomic
def copy_type_taxes_to_all(products: Sequence[Product], *, by: AbstractBaseUser | None) -> None:
    """Give products that are being created the tax rates of their types; three statements."""
    taxes: dict[int, list[ProductTypeTax]] = {}
    types = {product.type_id for product in products}
    for tax in ProductTypeTax.objects.filter(type__in=types).order_by("pk"):
        taxes.setdefault(tax.type_id, []).append(tax)
    rows = [
        ProductTax(
            product=product,
            tax_code_id=tax.tax_code_id,
            tax_rate_id=tax.tax_rate_id,
            applied=tax.applied,
        )
        for product in products
        for tax in taxes.get(product.type_id, ())
    ]
    bulk_create_with_history(rows, ProductTax, default_user=by)


@transaction.atomic
def give_type_taxes(product_type: ProductType, *, by: AbstractBaseUser | None) -> int:
    """Give the type's tax rates to those of its products that have none; return how many.

    Products that somebody else is changing are left out rather than waited for.
    """
    taxes = list(taxes_of_type(product_type))
    untaxed = Product.objects.filter(type=product_type, taxes=None).order_by("pk")
    waiting = list(untaxed.values_list("pk", flat=True)) if taxes else []
    given = 0
    for start in range(0, len(waiting), CHUNK):
        chunk = waiting[start : start + CHUNK]
        free = Product.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
        product_ids = list(
            free.filter(pk__in=chunk, taxes=None).order_by("pk").values_list("pk", flat=True)
        )
        given += len(product_ids)
        bulk_create_with_history(
            [
                ProductTax(
                    product_id=product_id,
                    tax_code_id=tax.tax_code_id,
                    tax_rate_id=tax.tax_rate_id,
                    applied=tax.applied,
                )
                for product_id in product_ids
                for tax in taxes
            ],
            ProductTax,
            default_user=by,
        )
    return given


def _check(rows: Sequence[TypeTaxRow], row: TypeTaxRow, place: int) -> None:
    rate = row.tax_rate
    if rate.pk in {other.tax_rate.pk for other in rows[:place]}:
        raise WrongTypeTax("The type already has this rate.", field="tax_rate", row=place)
    if not rate.versions.exists():
        raise WrongTypeTax(f"{rate} has no percentage yet.", field="tax_rate", row=place)
    of_code = [other for other in rows if other.tax_rate.tax_code_id == rate.tax_code_id]
    marked = [other for other in of_code if other.applied]
    if row.applied and marked[0] is not row:
        raise WrongTypeTax(
            f"Apply one rate of {rate.tax_code} only: {marked[0].tax_rate} is applied already.",
            field="applied",
            row=place,
        )
    if not marked and len(of_code) > 1:
        raise WrongTypeTax(
            f"Apply one of the rates of {rate.tax_code}.", field="applied", row=place
        )


def _is_alone(rows: Sequence[TypeTaxRow], row: TypeTaxRow) -> bool:
    code = row.tax_rate.tax_code_id
    return sum(other.tax_rate.tax_code_id == code for other in rows) == 1
