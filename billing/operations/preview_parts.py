"""What somebody who takes a product gets and pays with it: components and dependent fees."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from catalog.models import BundleComponent, Composition, Product, SalesBundle
from catalog.queries.fees import dependent_fees_of
from catalog.queries.products import components_of


@dataclass(frozen=True, slots=True)
class Part:
    """A product with its quantity. `bundle_id` is set for components, `is_fee` for fees."""

    product: Product
    quantity: Decimal
    role: str = ""
    bundle_id: int | None = None
    is_fee: bool = False


def parts_of(asked: Product | SalesBundle, quantity: Decimal) -> tuple[list[Part], list[str]]:
    """Return a product, or those of a bundle, with what always comes with them, and notes on what
    is to be chosen. Five queries at most.
    """
    sold = [(asked, quantity)] if isinstance(asked, Product) else _in_bundle(asked, quantity)
    ids = [product.pk for product, _ in sold]
    components, fees = components_of(ids), dependent_fees_of(ids)
    parts: list[Part] = []
    notes: list[str] = []
    for product, pieces in sold:
        parts.append(Part(product, pieces))
        for row in components.get(product.pk, []):
            _add_component(row, product, pieces, parts, notes)
        for fee in fees.get(product.pk, []):
            if fee.fee is not None:
                parts.append(Part(fee.fee, fee.quantity, "fee", is_fee=True))
            else:
                notes.append(f"Which fee of {fee.group} is asked hangs on the customer.")
    return parts, notes


def _in_bundle(bundle: SalesBundle, quantity: Decimal) -> list[tuple[Product, Decimal]]:
    rows = bundle.items.select_related("product__type").order_by("sort_order", "pk")
    return [(row.product, row.quantity * quantity) for row in rows]


def _add_component(
    row: BundleComponent,
    package: Product,
    quantity: Decimal,
    parts: list[Part],
    notes: list[str],
) -> None:
    """Add a component that always comes with a package, or a note on one that is chosen."""
    is_fixed = package.type.composition == Composition.FIXED_BUNDLE
    if row.product is None:
        of = " ".join(str(each) for each in (row.type, row.family) if each)
        notes.append(f"What is chosen of {of} is not part of this price.")
    elif is_fixed or row.mandatory:
        pieces = Decimal(row.quantity or 1) * quantity
        parts.append(Part(row.product, pieces, "component", package.pk))
    else:
        notes.append(f"{row.product} is optional and not part of this price.")


def product_ids(parts: Iterable[Part]) -> set[int]:
    """Return the products of parts."""
    return {part.product.pk for part in parts}
