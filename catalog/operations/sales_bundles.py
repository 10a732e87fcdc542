"""Sales bundles: several products added in one act."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from django.db import transaction

from catalog.models import (
    AccountClass,
    Composition,
    Product,
    SalesBundle,
    SalesBundleChoice,
    SalesBundleItem,
    Technology,
)
from catalog.operations.codes import require_slug, save_unique, slug_for
from catalog.operations.errors import ItemNotAllowed
from catalog.operations.saving import require_order, save_if_changed
from catalog.queries.bundles import SOLD_KINDS
from catalog.queries.choices import check_choice
from catalog.queries.fees import recurring_fees

NO_ITEMS: Final = "Add at least one item."


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One row of a sales bundle; `choices` are what is chosen beforehand for a flexible bundle:
    how many of each product, by its id.
    """

    product: Product
    quantity: Decimal | int = 1
    choices: Mapping[int, int] = field(default_factory=dict)


@transaction.atomic
def create_sales_bundle(
    *,
    name: str,
    code: str = "",
    items: Sequence[ItemRow] = (),
    account_classes: Iterable[AccountClass] = (),
    technologies: Iterable[Technology] = (),
    **fields: Any,
) -> SalesBundle:
    """Create a sales bundle; an empty `code` is made of the name.

    Raises CodeTaken, CodeNotUsable, OrderNotPossible or ItemNotAllowed.
    """
    bundle = SalesBundle(
        name=name.strip(), code=code.strip() or slug_for(SalesBundle, name), **fields
    )
    require_slug(bundle.code)
    require_order(bundle.sort_order)
    save_unique(bundle, ("code",))
    bundle.account_classes.set(account_classes)
    bundle.technologies.set(technologies)
    set_items(bundle, items)
    return bundle


@transaction.atomic
def update_sales_bundle(bundle: SalesBundle, **changes: Any) -> SalesBundle:
    """Change a sales bundle (`items` replaces them all) and return it as stored.

    Raises CodeTaken, CodeNotUsable, OrderNotPossible or ItemNotAllowed.
    """
    stored = SalesBundle.objects.select_for_update(of=("self",)).get(pk=bundle.pk)
    items = changes.pop("items", None)
    lists = {
        name: changes.pop(name) for name in ("account_classes", "technologies") if name in changes
    }
    for name, value in changes.items():
        setattr(stored, name, value.strip() if isinstance(value, str) else value)
    stored.code = stored.code or slug_for(SalesBundle, stored.name)
    require_slug(stored.code)
    require_order(stored.sort_order)
    save_unique(stored, ("code",))
    for name, wanted in lists.items():
        links = getattr(stored, name)
        if set(links.all()) != set(wanted):
            links.set(wanted)
    if items is not None:
        set_items(stored, items)
    return stored


@transaction.atomic
def set_items(bundle: SalesBundle, rows: Sequence[ItemRow]) -> None:
    """Make `rows` the items of a sales bundle, in their order.

    What is chosen for a flexible bundle is right when it is saved; it is checked again when sold.

    Raises ItemNotAllowed with the row and field at fault, or without a row where there is none.
    """
    SalesBundle.objects.select_for_update(of=("self",)).get(pk=bundle.pk)
    if not rows:
        raise ItemNotAllowed(NO_ITEMS, field="items")
    fees = recurring_fees({row.product.pk for row in rows})
    for place, row in enumerate(rows):
        _check_item(rows, place, row)
        if row.product.pk in fees:
            raise ItemNotAllowed(
                f"{row.product} is a fee of {fees[row.product.pk]}: it comes with it only.",
                field="product",
                row=place,
            )
    stored = {item.product_id: item for item in SalesBundleItem.objects.filter(bundle=bundle)}
    wanted = {row.product.pk for row in rows}
    for product_id, item in stored.items():
        if product_id not in wanted:
            item.delete()
    for place, row in enumerate(rows):
        item = stored.get(row.product.pk) or SalesBundleItem(bundle=bundle, product=row.product)
        save_if_changed(item, {"quantity": Decimal(row.quantity), "sort_order": place})
        _set_choices(item, row.choices)


def _check_item(rows: Sequence[ItemRow], place: int, row: ItemRow) -> None:
    if row.quantity <= 0:
        raise ItemNotAllowed("The quantity is above 0.", field="quantity", row=place)
    if row.product.type.service_type not in SOLD_KINDS:
        raise ItemNotAllowed(
            f"{row.product} is neither a termed service nor an expense.", field="product", row=place
        )
    if row.product.pk in {other.product.pk for other in rows[:place]}:
        raise ItemNotAllowed(
            "The sales bundle already has this product.", field="product", row=place
        )
    if row.product.type.composition == Composition.FLEXIBLE_BUNDLE:
        faults = check_choice(row.product, row.choices)
        if faults:
            said = " ".join(fault.message for fault in faults)
            raise ItemNotAllowed(
                f"{row.product} needs another choice. {said}", field="choices", row=place
            )
    elif row.choices:
        raise ItemNotAllowed(
            f"{row.product} is no flexible bundle: nothing is chosen for it.",
            field="choices",
            row=place,
        )


def _set_choices(item: SalesBundleItem, choices: Mapping[int, int]) -> None:
    stored = {choice.product_id: choice for choice in SalesBundleChoice.objects.filter(item=item)}
    for product_id, choice in stored.items():
        if product_id not in choices:
            choice.delete()
    for product_id, quantity in choices.items():
        choice = stored.get(product_id) or SalesBundleChoice(item=item, product_id=product_id)
        save_if_changed(choice, {"quantity": quantity})
