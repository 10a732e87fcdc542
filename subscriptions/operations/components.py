"""Components of packages: those of fixed bundles, and those chosen for flexible ones."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from catalog.models import Composition, Product
from catalog.queries.choices import flexible_bundle
from catalog.queries.products import components_of
from subscriptions.operations.refusals import ChoiceRefused, ProductRefused
from subscriptions.operations.requests import Addition, Change, Choices
from subscriptions.queries.products import part_faults

Parts = Sequence[tuple[Product, Decimal]]
"""Components, with how many of each are in one package."""


def check_choices(additions: Iterable[Addition], on: date) -> None:
    """Refuse choices that their flexible bundles do not allow, or that are not sold on the day.

    Raises ChoiceRefused or ProductRefused.
    """
    for addition in additions:
        product = addition.product
        if product is not None and _is_flexible(product):
            chosen_parts(product, addition.choices, on=on)
        elif addition.choices:
            raise ProductRefused(f"{product} is no flexible bundle: nothing is chosen for it.")


def chosen_parts(
    bundle: Product, choices: Choices, *, on: date, kept: frozenset[int] = frozenset()
) -> Parts:
    """Return what a choice for a flexible bundle comes to, with what always comes.

    Products in `kept` are there already: they need not be sold on the day.

    Raises ChoiceRefused or ProductRefused.
    """
    chosen = {product.pk: count for product, count in choices}
    flexible = flexible_bundle(bundle)
    faults = flexible.faults(chosen)
    if faults:
        raise ChoiceRefused(bundle, faults)
    parts = flexible.components(chosen)
    new = [product for product, _ in parts if product.pk not in kept]
    for fault in part_faults({bundle.pk: new}, on).get(bundle.pk, ()):
        raise ProductRefused(f"{bundle} contains {fault}.")
    return parts


def parts_of(additions: Sequence[Addition], on: date) -> list[Parts]:
    """Return the components of each addition; the choices among them are right."""
    products = [each.product for each in additions if each.product is not None]
    fixed = [each.pk for each in products if each.type.composition == Composition.FIXED_BUNDLE]
    rows = components_of(fixed) if fixed else {}
    found: list[Parts] = []
    for addition in additions:
        product = addition.product
        if product is not None and _is_flexible(product):
            found.append(chosen_parts(product, addition.choices, on=on))
        else:
            found.append(
                [
                    (row.product, row.quantity or Decimal(1))
                    for row in (rows.get(product.pk, ()) if product else ())
                    if row.product is not None
                ]
            )
    return found


def component_changes(head: Change, parts: Parts, place: int) -> list[Change]:
    """Return the changes of components that are added with their package, whose place is given."""
    return [
        replace(
            head,
            product=product,
            quantity=head.quantity * quantity,
            price_override=None,
            bundle=head.product,
            parent=place,
            addition=None,
        )
        for product, quantity in parts
    ]


def _is_flexible(product: Product) -> bool:
    return product.type.composition == Composition.FLEXIBLE_BUNDLE
