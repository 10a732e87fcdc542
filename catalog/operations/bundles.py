"""Bundles: the components of a bundle product; sales bundles and their items."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db import models, transaction

from catalog.models import (
    AccountClass,
    BundleComponent,
    Composition,
    GoodType,
    Product,
    ProductFamily,
    ProductType,
    SalesBundle,
    SalesBundleItem,
    ServiceType,
    Technology,
)
from catalog.operations.codes import require_slug, save_unique, slug_for
from catalog.operations.errors import ComponentNotAllowed, ItemNotAllowed, NotABundle
from catalog.queries.bundles import COMPONENT_KINDS, SOLD_KINDS, kind_of

Selector = tuple[int | None, int | None, int | None]
_PARTS: Final[Mapping[str, str]] = {
    ServiceType.TERMED: "flat termed services",
    GoodType.TRACEABLE: "flat physical goods",
    GoodType.NON_TRACEABLE: "flat non-traceable goods",
}


@dataclass(frozen=True, slots=True)
class ComponentRow:
    """One row of a bundle: a named product with its quantity; or, in flexible bundles, a type
    and/or a family to choose from, with how many at least (never None; 0 is allowed) and at most.
    """

    product: Product | None = None
    quantity: Decimal | int | None = None
    type: ProductType | None = None
    family: ProductFamily | None = None
    minimum: int | None = None
    maximum: int | None = None
    mandatory: bool = True

    @property
    def selector(self) -> Selector:
        """What the row names; a bundle names nothing twice."""
        return (
            self.product.pk if self.product else None,
            self.type.pk if self.type else None,
            self.family.pk if self.family else None,
        )


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One row of a sales bundle."""

    product: Product
    quantity: Decimal | int = 1


@transaction.atomic
def set_components(bundle: Product, rows: Sequence[ComponentRow]) -> None:
    """Make `rows` the components of a bundle product, in their order.

    Raises NotABundle, or ComponentNotAllowed with the row and field at fault.
    """
    named = {row.product.pk for row in rows if row.product}
    locked = {
        product.pk: product
        for product in Product.objects.select_for_update(of=("self",), no_key=True)
        .select_related("type")
        .filter(pk__in={bundle.pk, *named})
        .order_by("pk")
    }
    bundle_type = locked[bundle.pk].type
    if not bundle_type.is_bundle:
        raise NotABundle(f"{bundle} is no bundle: its type is flat.")
    for place, row in enumerate(rows):
        _check_selector(bundle_type, row, place)
        part = locked[row.product.pk] if row.product else None
        if part is not None:
            _check_part(locked[bundle.pk], part, row, place)
        else:
            _check_choice(row, place)
    _check_once([row.selector for row in rows], "The bundle already has this component.")
    _store_components(bundle, rows)


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

    Raises CodeTaken, CodeNotUsable or ItemNotAllowed.
    """
    bundle = SalesBundle(
        name=name.strip(), code=code.strip() or slug_for(SalesBundle, name), **fields
    )
    require_slug(bundle.code)
    save_unique(bundle, ("code",))
    bundle.account_classes.set(account_classes)
    bundle.technologies.set(technologies)
    set_items(bundle, items)
    return bundle


@transaction.atomic
def update_sales_bundle(bundle: SalesBundle, **changes: Any) -> SalesBundle:
    """Change a sales bundle (`items` replaces them all) and return it as stored.

    Raises CodeTaken, CodeNotUsable or ItemNotAllowed.
    """
    stored = SalesBundle.objects.select_for_update(of=("self",)).get(pk=bundle.pk)
    items = changes.pop("items", None)
    lists = {
        name: changes.pop(name) for name in ("account_classes", "technologies") if name in changes
    }
    for field, value in changes.items():
        setattr(stored, field, value.strip() if isinstance(value, str) else value)
    stored.code = stored.code or slug_for(SalesBundle, stored.name)
    require_slug(stored.code)
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

    Raises ItemNotAllowed with the row and field at fault.
    """
    SalesBundle.objects.select_for_update(of=("self",)).get(pk=bundle.pk)
    for place, row in enumerate(rows):
        if row.quantity <= 0:
            raise ItemNotAllowed("The quantity is above 0.", field="quantity", row=place)
        if row.product.type.service_type not in SOLD_KINDS:
            raise ItemNotAllowed(
                f"{row.product} is neither a termed service nor an expense.",
                field="product",
                row=place,
            )
        if row.product.pk in {other.product.pk for other in rows[:place]}:
            raise ItemNotAllowed(
                "The sales bundle already has this product.", field="product", row=place
            )
    stored = {item.product_id: item for item in SalesBundleItem.objects.filter(bundle=bundle)}
    wanted = {row.product.pk for row in rows}
    for product_id, item in stored.items():
        if product_id not in wanted:
            item.delete()
    for place, row in enumerate(rows):
        item = stored.get(row.product.pk) or SalesBundleItem(bundle=bundle, product=row.product)
        _save_if_changed(item, {"quantity": Decimal(row.quantity), "sort_order": place})


def _check_selector(bundle_type: ProductType, row: ComponentRow, place: int) -> None:
    chooses = row.type is not None or row.family is not None
    if (row.product is not None) == chooses:
        raise ComponentNotAllowed(
            "Name a product, or a type and/or a family.", field="product", row=place
        )
    if chooses and bundle_type.composition != Composition.FLEXIBLE_BUNDLE:
        raise ComponentNotAllowed(
            "A fixed bundle names its products; only flexible bundles of services choose by type "
            "or family.",
            field="product",
            row=place,
        )


def _check_part(bundle: Product, part: Product, row: ComponentRow, place: int) -> None:
    if part.pk == bundle.pk:
        raise ComponentNotAllowed("A bundle cannot contain itself.", field="product", row=place)
    if part.type.is_bundle:
        raise ComponentNotAllowed(
            f"{part} is a bundle itself; a bundle cannot contain another.",
            field="product",
            row=place,
        )
    kind = kind_of(bundle.type)
    if kind_of(part.type) not in COMPONENT_KINDS.get(kind, ()):
        raise ComponentNotAllowed(
            f"This bundle contains {_PARTS[kind]} only; {part} is of type {part.type}.",
            field="product",
            row=place,
        )
    if row.quantity is None or row.quantity <= 0:
        raise ComponentNotAllowed("Give a quantity above 0.", field="quantity", row=place)
    if row.minimum is not None or row.maximum is not None:
        field = "minimum" if row.minimum is not None else "maximum"
        raise ComponentNotAllowed(
            "Minimum and maximum go with a type or family.", field=field, row=place
        )


def _check_choice(row: ComponentRow, place: int) -> None:
    if row.minimum is None:
        raise ComponentNotAllowed(
            "Give a minimum; 0 where none need be chosen.", field="minimum", row=place
        )
    if row.minimum < 0:
        raise ComponentNotAllowed("The minimum is 0 or more.", field="minimum", row=place)
    if row.maximum is not None and row.maximum < max(row.minimum, 1):
        raise ComponentNotAllowed("The maximum is below the minimum.", field="maximum", row=place)
    if row.quantity is not None:
        raise ComponentNotAllowed(
            "The quantity goes with a named product.", field="quantity", row=place
        )
    if row.type is not None and (row.type.service_type != ServiceType.TERMED or row.type.is_bundle):
        raise ComponentNotAllowed(
            f"This bundle contains flat termed services only; {row.type} is another type.",
            field="type",
            row=place,
        )


def _check_once(selectors: Sequence[Selector], message: str) -> None:
    for place, selector in enumerate(selectors):
        if selector in selectors[:place]:
            raise ComponentNotAllowed(message, field="product", row=place)


def _store_components(bundle: Product, rows: Sequence[ComponentRow]) -> None:
    stored = {
        (row.product_id, row.type_id, row.family_id): row
        for row in BundleComponent.objects.filter(bundle=bundle)
    }
    wanted = {row.selector for row in rows}
    for selector, component in stored.items():
        if selector not in wanted:
            component.delete()
    for place, row in enumerate(rows):
        component = stored.get(row.selector) or BundleComponent(
            bundle=bundle, product=row.product, type=row.type, family=row.family
        )
        _save_if_changed(
            component,
            {
                "quantity": None if row.quantity is None else Decimal(row.quantity),
                "minimum": row.minimum or 0,
                "maximum": row.maximum,
                "mandatory": row.mandatory,
                "sort_order": place,
            },
        )


def _save_if_changed(row: models.Model, values: Mapping[str, Any]) -> None:
    """Save only what differs, so that history records changes and nothing else."""
    if row.pk and all(getattr(row, field) == value for field, value in values.items()):
        return
    for field, value in values.items():
        setattr(row, field, value)
    row.save()
