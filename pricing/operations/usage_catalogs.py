"""What is done to a usage service catalogue and its rows."""

from typing import Any, Final

from django.db import transaction

from catalog.models import Product, ServiceType
from config.shared.db import refused_by
from pricing.models import UsageCatalog, UsageCatalogRow
from pricing.operations.plan_records import WrongValidity
from pricing.operations.usage_records import (
    ALWAYS_FREE,
    UsagePlanInUse,
    check_rate,
    lock,
    lock_unused,
    save_coded,
    set_fields,
)
from pricing.queries.currencies import coin_of
from pricing.queries.errors import PricingError

CHANGEABLE: Final = frozenset(["code", "name", "currency", "validity", "description"])
ROW_FIELDS: Final = frozenset(["rate", "validity", "event", "provisioning_id", "pre_rated"])


class NotUsage(PricingError):
    """Only usage services have a rate in a usage catalogue."""

    field = "product"


class UsageRateExists(PricingError):
    """The catalogue has a rate for the product on some of the days."""

    field = "product"


@transaction.atomic
def create_catalog(**fields: Any) -> UsageCatalog:
    """Create an empty catalogue; `fields` are its own.

    Raises UnknownCurrency, CodeTaken or WrongValidity.
    """
    return _save(UsageCatalog(), fields)


@transaction.atomic
def change_catalog(catalog: UsageCatalog, **changes: Any) -> UsageCatalog:
    """Change a catalogue's own fields: of one that has been used, all but the currency.

    Raises what `create_catalog` raises, and UsagePlanInUse.
    """
    return _save(lock(catalog), changes)


@transaction.atomic
def clone_catalog(catalog: UsageCatalog, *, code: str, name: str) -> UsageCatalog:
    """Copy a catalogue with its rows under another code; the copy has not been used.

    Raises CodeTaken.
    """
    fields = {field: getattr(catalog, field) for field in CHANGEABLE}
    copy = create_catalog(**{**fields, "code": code, "name": name})
    for row in catalog.rows.order_by("pk"):
        values = {field: getattr(row, field) for field in ROW_FIELDS}
        UsageCatalogRow.objects.create(catalog=copy, product_id=row.product_id, **values)
    return copy


@transaction.atomic
def delete_catalog(catalog: UsageCatalog) -> None:
    """Delete a catalogue that has not been used, with its rows.

    Raises UsagePlanInUse.
    """
    lock_unused(catalog).delete()


@transaction.atomic
def add_usage_rate(catalog: UsageCatalog, *, product: Product, **values: Any) -> UsageCatalogRow:
    """Add a usage service to a catalogue; a used catalogue takes only products not in it yet.

    `values` are rate, validity, event, provisioning_id and pre_rated. Raises NotUsage,
    UsageRateExists, UsagePlanInUse, WrongFigure or WrongValidity.
    """
    catalog = lock(catalog)
    if product.type.service_type != ServiceType.USAGE:
        raise NotUsage(f"{product} is not a usage service: its price belongs in a price plan.")
    if catalog.used_at is not None and catalog.rows.filter(product=product).exists():
        raise UsagePlanInUse(
            f"{catalog} has been used and has a rate for {product}. Clone it to change the rate."
        )
    row = UsageCatalogRow(catalog=catalog, product=product)
    return _save_row(row, values)


@transaction.atomic
def change_usage_rate(row: UsageCatalogRow, **values: Any) -> UsageCatalogRow:
    """Change a row of a catalogue that has not been used.

    Raises what `add_usage_rate` raises.
    """
    lock_unused(row.catalog)
    return _save_row(lock(row), values)


@transaction.atomic
def remove_usage_rate(row: UsageCatalogRow) -> None:
    """Take a row out of a catalogue that has not been used.

    Raises UsagePlanInUse.
    """
    lock_unused(row.catalog)
    row.delete()


def _save(catalog: UsageCatalog, changes: dict[str, Any]) -> UsageCatalog:
    set_fields(catalog, changes, known=CHANGEABLE, free=ALWAYS_FREE | {"validity"})
    coin_of(catalog.currency)
    _check_days(catalog.validity)
    save_coded(catalog)
    return catalog


def _save_row(row: UsageCatalogRow, values: dict[str, Any]) -> UsageCatalogRow:
    for name, value in values.items():
        if name not in ROW_FIELDS:
            raise TypeError(f"a row of a usage catalogue has no {name!r}")
        setattr(row, name, value)
    check_rate(row.rate, "rate")
    _check_days(row.validity)
    if row.event and row.event.lower and row.event.upper and row.event.upper <= row.event.lower:
        raise WrongValidity("The event ends before it begins.")
    exists = UsageRateExists(
        f"{row.catalog} has a rate for {row.product} on some of these days already."
    )
    with refused_by("usage_row_no_overlap", exists):
        row.save()
    return row


def _check_days(days: Any) -> None:
    if days and (days.isempty or (days.lower and days.upper and days.upper <= days.lower)):
        raise WrongValidity("It would be valid on no day: its end is before its start.")
