"""What is done to an additive discount, from its draft to its end."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, Protocol

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string
from simple_history.utils import bulk_update_with_history

from catalog.models import AccountClass, AccountClassification, Product, ProductFamily, ProductType
from config.shared.db import refused_by
from pricing.models import (
    AdditiveDiscount,
    DiscountedProduct,
    DiscountState,
    HeldProduct,
)
from pricing.operations.discount_checks import WrongDiscount, check, check_products, settle
from pricing.operations.usage_records import (
    WrongFigure,
    lock,
    save_coded,
    write_rows,
)
from pricing.queries.errors import PricingError

CHANGEABLE: Final = frozenset(
    [
        *("code", "name", "alternative_code", "application", "needs_approval", "applies_to"),
        *("option", "value", "currency", "for_count", "for_unit", "renewal", "renewal_count"),
        *("on_recurring", "on_setup", "on_once"),
        *("renewal_unit", "validity", "least_quantity", "most_quantity", "sort_order"),
        "description",
    ]
)
# What names a discount and explains it may change although it was given.
ALWAYS_FREE: Final = frozenset({"code", "name", "alternative_code", "description"})


class DiscountInUse(PricingError):
    """The discount has been given: it stays as it is."""


class WrongDiscountState(PricingError):
    """The act does not suit the discount's state."""


class NameTaken(PricingError):
    """Another discount has the name or the alternative code."""

    def __init__(self, message: str, *, field: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class ProductRow:
    """A product, or a type and/or a family with those below it."""

    product: Product | None = None
    type: ProductType | None = None
    family: ProductFamily | None = None


@dataclass(frozen=True, slots=True)
class HeldRow(ProductRow):
    """What a subscription has to have, at least so many."""

    least_quantity: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Parts:
    """The lists of a discount: what it is taken off, and who gets it. Empty: any."""

    products: Sequence[ProductRow] = ()
    held: Sequence[HeldRow] = ()
    account_classes: Collection[AccountClass] = ()
    classifications: Collection[AccountClassification] = ()


class DiscountHolder(Protocol):
    """Counts what still needs a discount; named in settings.DISCOUNT_HOLDERS."""

    what: tuple[str, str]
    """Of what the number is, for one and for many."""

    def count(self, discount: AdditiveDiscount) -> int:
        """Return how many there are."""


class VersionHandler(Protocol):
    """Copies what other apps keep about a discount; named in settings.DISCOUNT_VERSION_HANDLERS."""

    def version_drafted(self, old: AdditiveDiscount, new: AdditiveDiscount) -> None:
        """Write in the same transaction."""


@transaction.atomic
def create_discount(*, parts: Parts | None = None, **fields: Any) -> AdditiveDiscount:
    """Draft a discount; `fields` are its own.

    Raises CodeTaken, NameTaken, UnknownCurrency, WrongFigure or WrongDiscount.
    """
    discount = AdditiveDiscount()
    _set(discount, fields)
    check_products(discount, (parts or Parts()).products)
    _save(discount)
    _write_parts(discount, parts or Parts())
    return discount


@transaction.atomic
def change_discount(
    discount: AdditiveDiscount, *, parts: Parts | None = None, **changes: Any
) -> AdditiveDiscount:
    """Change a discount: of one that has been given, only names and notes. None keeps the parts.

    Raises what `create_discount` raises, and DiscountInUse.
    """
    discount = lock(discount)
    before = {name: getattr(discount, name) for name in CHANGEABLE - ALWAYS_FREE}
    known_as = str(discount)
    _set(discount, changes)
    stored = parts_of(discount)
    wanted = stored if parts is None else parts
    same_parts = _plain(wanted) == _plain(stored)
    if not same_parts or any(getattr(discount, name) != value for name, value in before.items()):
        _refuse_given(discount, known_as)
        check_products(discount, wanted.products)
    _save(discount)
    if not same_parts:
        _write_parts(discount, wanted)
    return discount


@transaction.atomic
def make_discount_effective(discount: AdditiveDiscount, *, on: date) -> AdditiveDiscount:
    """Let a drafted discount be given from a day on; the version it replaces ends on that day.

    Raises WrongDiscountState.
    """
    discount = lock(discount)
    if discount.state != DiscountState.DRAFT:
        raise WrongDiscountState(f"{discount} is not a draft.")
    for old in discount.replaces.filter(state=DiscountState.EFFECTIVE).order_by("pk"):
        end_discount(old, on=on)
    discount.state = DiscountState.EFFECTIVE
    discount.effective_on = on
    discount.save(update_fields=["state", "effective_on"])
    return discount


@transaction.atomic
def end_discount(discount: AdditiveDiscount, *, on: date) -> AdditiveDiscount:
    """Give a discount no more from a day on. What was given by hand stays given.

    Raises WrongDiscountState.
    """
    discount = lock(discount)
    if discount.state != DiscountState.EFFECTIVE or discount.effective_on is None:
        raise WrongDiscountState(f"{discount} is not effective.")
    discount.state = DiscountState.NOT_EFFECTIVE
    discount.ended_on = max(on, discount.effective_on)
    discount.save(update_fields=["state", "ended_on"])
    return discount


@transaction.atomic
def draft_version(discount: AdditiveDiscount, *, code: str, name: str) -> AdditiveDiscount:
    """Copy a discount into a draft that takes its place once it is made effective.

    Raises WrongDiscountState, CodeTaken or NameTaken.
    """
    old = lock(discount)
    if old.state == DiscountState.DRAFT:
        raise WrongDiscountState(f"{old} is a draft: change it, there is nothing to replace.")
    if old.replaced_by is not None:
        raise WrongDiscountState(f"{old} has another version already: {old.replaced_by}.")
    fields = {field: getattr(old, field) for field in CHANGEABLE}
    fields |= {"code": code, "name": name, "alternative_code": ""}
    new = create_discount(parts=parts_of(old), **fields)
    for path in settings.DISCOUNT_VERSION_HANDLERS:
        handler: VersionHandler = import_string(path)()
        handler.version_drafted(old, new)
    old.replaced_by = new
    old.save(update_fields=["replaced_by"])
    return new


@transaction.atomic
def delete_discount(discount: AdditiveDiscount) -> None:
    """Delete a discount that has never been given; one it was to replace stays as it is.

    Raises DiscountInUse, which says what needs it.
    """
    discount = lock(discount)
    held = discount_held_by(discount)
    if held:
        raise DiscountInUse(
            f"{discount} cannot be deleted while something refers to it: {', '.join(held)}. "
            "End it instead."
        )
    if discount.used_at is not None:
        raise DiscountInUse(f"{discount} has been given, so it is kept. End it instead.")
    for old in AdditiveDiscount.objects.select_for_update(of=("self",)).filter(
        replaced_by=discount
    ):
        old.replaced_by = None
        old.save(update_fields=["replaced_by"])
    discount.delete()


@transaction.atomic
def mark_given(discount_ids: Collection[int], *, now: datetime) -> int:
    """Freeze discounts from the first time they are given, and return how many are new to it.

    For those who give them by hand or rate with them, in the same transaction.
    """
    unused = AdditiveDiscount.objects.filter(pk__in=list(discount_ids), used_at=None)
    found = list(unused.select_for_update(of=("self",), no_key=True).order_by("pk"))
    for discount in found:
        discount.used_at = now
    if found:
        bulk_update_with_history(found, AdditiveDiscount, ["used_at"])
    return len(found)


def discount_held_by(discount: AdditiveDiscount) -> list[str]:
    """Return what still needs a discount, in words: "3 rated items that are not billed yet"."""
    found = []
    for path in settings.DISCOUNT_HOLDERS:
        holder: DiscountHolder = import_string(path)()
        count = holder.count(discount)
        if count:
            found.append(f"{count:,} {holder.what[count != 1]}")
    return found


def parts_of(discount: AdditiveDiscount) -> Parts:
    """Return the lists of a discount as they are stored."""
    rows = discount.products.select_related("product", "type", "family").order_by("position")
    held = discount.held_products.select_related("product", "type", "family").order_by("position")
    return Parts(
        [ProductRow(row.product, row.type, row.family) for row in rows],
        [HeldRow(row.product, row.type, row.family, row.least_quantity) for row in held],
        list(discount.account_classes.order_by("pk")),
        list(discount.classifications.order_by("pk")),
    )


def _set(discount: AdditiveDiscount, fields: dict[str, Any]) -> None:
    unknown = sorted(set(fields) - CHANGEABLE)
    if unknown:
        raise TypeError(f"a discount has no {', '.join(unknown)} to change")
    for name, value in fields.items():
        setattr(discount, name, value)
    settle(discount)
    check(discount)


def _save(discount: AdditiveDiscount) -> None:
    name = NameTaken(f"Another discount has the name {discount.name}.", field="name")
    alternative = NameTaken(
        f"Another discount has the alternative code {discount.alternative_code}.",
        field="alternative_code",
    )
    with refused_by("discount_alternative_code", alternative), refused_by("discount_name", name):
        save_coded(discount)


def _write_parts(discount: AdditiveDiscount, parts: Parts) -> None:
    for row, held in enumerate(parts.held):
        if held.least_quantity <= 0:
            raise WrongFigure("A quantity is more than 0.", field="least_quantity", row=row)
    _write(DiscountedProduct, discount, [_values(row) for row in parts.products])
    _write(
        HeldProduct,
        discount,
        [{**_values(row), "least_quantity": row.least_quantity} for row in parts.held],
    )
    discount.account_classes.set(parts.account_classes)
    discount.classifications.set(parts.classifications)


def _write(
    model: type[DiscountedProduct] | type[HeldProduct],
    discount: AdditiveDiscount,
    rows: list[dict[str, Any]],
) -> None:
    for row in rows:
        if not any(row[name] for name in ("product", "type", "family")):
            raise WrongDiscount("Name a product, or a type and/or a family.", field="products")
    stored = list(model.objects.filter(discount=discount).order_by("position"))
    manager = discount.products if model is DiscountedProduct else discount.held_products
    write_rows(manager, rows, stored)


def _values(row: ProductRow) -> dict[str, Any]:
    if row.product is not None:
        row = replace(row, type=None, family=None)
    return {"product": row.product, "type": row.type, "family": row.family}


def _plain(parts: Parts) -> tuple[object, ...]:
    return (
        [_values(row) for row in parts.products],
        [{**_values(row), "least": row.least_quantity} for row in parts.held],
        {each.pk for each in parts.account_classes},
        {each.pk for each in parts.classifications},
    )


def _refuse_given(discount: AdditiveDiscount, known_as: str) -> None:
    if discount.used_at is not None:
        raise DiscountInUse(
            f"{known_as} has been given, so it stays as it is. Make a new version to change it."
        )
