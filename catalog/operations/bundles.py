"""Bundles: the components of a bundle product, and what restricts the choice of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.db import transaction

from catalog.models import (
    BundleComponent,
    Composition,
    GoodType,
    Product,
    ProductFamily,
    ProductType,
    ServiceType,
)
from catalog.operations.errors import ComponentNotAllowed, NotABundle, RestrictionNotPossible
from catalog.operations.saving import save_if_changed
from catalog.queries.bundles import COMPONENT_KINDS, kind_of
from catalog.queries.choices import Fault, flexible_bundle

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


@transaction.atomic
def set_components(bundle: Product, rows: Sequence[ComponentRow]) -> None:
    """Make `rows` the components of a bundle product, in their order.

    In a flexible bundle a product that is not mandatory may be chosen; of what is chosen by type
    or family, the minimum says what must be. Restrictions of the bundle can still be kept.

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
    _check_restrictions(locked[bundle.pk])


@transaction.atomic
def set_restrictions(
    bundle: Product, *, most_families: int | None = None, most_types: int | None = None
) -> None:
    """Say from how many families and types the components of a flexible bundle may come.

    None is any number. Raises NotABundle, or RestrictionNotPossible with the field at fault, also
    where no choice of the bundle's components could keep to it.
    """
    stored = (
        Product.objects.select_for_update(of=("self",), no_key=True)
        .select_related("type")
        .get(pk=bundle.pk)
    )
    check_restrictions(stored, most_families=most_families, most_types=most_types)
    wanted = {"most_families": most_families, "most_types": most_types}
    save_if_changed(stored, wanted)
    bundle.most_families, bundle.most_types = most_families, most_types


def check_restrictions(
    bundle: Product, *, most_families: int | None, most_types: int | None
) -> None:
    """Check restrictions of a bundle with its type; one that is new has no components yet.

    Raises NotABundle, or RestrictionNotPossible with the field at fault.
    """
    if bundle.type.composition != Composition.FLEXIBLE_BUNDLE:
        raise NotABundle(f"{bundle} is no flexible bundle: nothing is chosen for it.")
    for field, most in (("most_families", most_families), ("most_types", most_types)):
        if most is not None and most < 1:
            raise RestrictionNotPossible("Allow at least one, or leave it empty.", field=field)
    if bundle.pk is None or (most_families is None and most_types is None):
        return
    flexible = flexible_bundle(bundle)
    obstacle = flexible.obstacle(flexible.limits_of(most_families, most_types))
    if obstacle is not None:
        field = "most_types" if most_families is None else "most_families"
        raise RestrictionNotPossible(obstacle.message, field=obstacle.field or field)


def find_restriction_obstacle(bundle: Product) -> Fault | None:
    """Return why no choice keeps to the restrictions on `bundle`, None if one does or none is set.

    Without a restriction, pools may still be too small: their services can be made later.
    """
    if bundle.most_families is None and bundle.most_types is None:
        return None
    return flexible_bundle(bundle).obstacle()


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
    counted = _counted_how(part)
    if counted and row.quantity != int(row.quantity):
        raise ComponentNotAllowed(f"{part} is counted {counted}.", field="quantity", row=place)
    if row.minimum is not None or row.maximum is not None:
        field = "minimum" if row.minimum is not None else "maximum"
        raise ComponentNotAllowed(
            "Minimum and maximum go with a type or family.", field=field, row=place
        )


def _counted_how(part: Product) -> str:
    """Return in words how a component is counted; "" where it is measured, as cable is."""
    if part.type.good_type == GoodType.TRACEABLE:
        return "in whole pieces, each with a serial number"
    if part.type.service_type == ServiceType.TERMED:
        return "in whole services, such as 1 or 2"
    return ""


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


def _check_restrictions(bundle: Product) -> None:
    obstacle = find_restriction_obstacle(bundle)
    if obstacle is not None:
        raise ComponentNotAllowed(
            f"The restrictions of the bundle cannot be kept: {obstacle.message}", row=obstacle.row
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
        save_if_changed(
            component,
            {
                "quantity": None if row.quantity is None else Decimal(row.quantity),
                "minimum": row.minimum or 0,
                "maximum": row.maximum,
                "mandatory": row.mandatory if row.product else bool(row.minimum),
                "sort_order": place,
            },
        )
