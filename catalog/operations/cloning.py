"""Cloning: a new product that begins as another one is."""

from collections.abc import Collection
from typing import Any, ClassVar, Final

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from catalog.models import Product
from catalog.operations.bundles import ComponentRow, set_components, set_restrictions
from catalog.operations.fees import FeeRow, set_dependent_fees
from catalog.operations.products import create_product, set_validity
from catalog.queries.characteristics import values_of
from catalog.queries.products import components_of

_COPIED: Final = ("family", "brand", "billing_display", "charge_type", "description", "sort_order")


class ClonedPart:
    """Something of a product that its clone may get too. Apps name theirs in
    settings.PRODUCT_CLONED_PARTS; each is ticked on the page that clones.
    """

    slug: ClassVar[str]
    label: ClassVar[str]

    def count(self, product: Product) -> int:
        """Return how many rows would be copied; with 0 the part is not offered."""
        raise NotImplementedError(f"{type(self).__name__} has no count().")

    def copy(self, source: Product, clone: Product) -> None:
        """Copy them, in the transaction that makes the clone."""
        raise NotImplementedError(f"{type(self).__name__} has no copy().")


class ValidityPart(ClonedPart):
    """When it is valid."""

    slug = "validity"
    label = "Validity"

    def count(self, product: Product) -> int:
        """Count the periods."""
        return product.validities.count()

    def copy(self, source: Product, clone: Product) -> None:
        """Give the clone the same periods."""
        periods = [row.period for row in source.validities.order_by("period", "pk")]
        set_validity(clone, [(period.lower, period.upper) for period in periods])


class ComponentsPart(ClonedPart):
    """What a bundle is made of, with its restrictions."""

    slug = "components"
    label = "Bundle components and restrictions"

    def count(self, product: Product) -> int:
        """Count the components."""
        return product.components.count()

    def copy(self, source: Product, clone: Product) -> None:
        """Give the clone the same rows."""
        rows = components_of([source.pk]).get(source.pk, [])
        set_components(
            clone,
            [
                ComponentRow(
                    product=row.product,
                    quantity=row.quantity,
                    type=row.type,
                    family=row.family,
                    minimum=None if row.product_id else row.minimum,
                    maximum=row.maximum,
                    mandatory=row.mandatory,
                )
                for row in rows
            ],
        )
        if source.most_families or source.most_types:
            set_restrictions(
                clone, most_families=source.most_families, most_types=source.most_types
            )


class FeesPart(ClonedPart):
    """The fees that come with it."""

    slug = "fees"
    label = "Dependent fees"

    def count(self, product: Product) -> int:
        """Count the fees."""
        return product.dependent_fees.count()

    def copy(self, source: Product, clone: Product) -> None:
        """Give the clone the same fees."""
        rows = source.dependent_fees.select_related("fee__type", "group")
        fees = [
            FeeRow(fee=row.fee, group=row.group, quantity=row.quantity)
            for row in rows.order_by("sort_order", "pk")
        ]
        set_dependent_fees(clone, fees)


def cloned_parts(product: Product) -> list[tuple[ClonedPart, int]]:
    """Return what a clone of the product may get, with the number of rows of each."""
    named: list[ClonedPart] = [import_string(path)() for path in settings.PRODUCT_CLONED_PARTS]
    parts = [ValidityPart(), ComponentsPart(), FeesPart(), *named]
    counted = [(part, part.count(product)) for part in parts]
    return [(part, count) for part, count in counted if count]


@transaction.atomic
def clone_product(
    product: Product,
    *,
    code: str = "",
    name: str = "",
    alternative_code: str = "",
    parts: Collection[str] = (),
) -> Product:
    """Make a product with the main information, lists and characteristics of another.

    `parts` are the slugs of what else is copied (`cloned_parts`). The clone is available; nobody
    has it. An empty code is the next free one. Raises what `create_product` and the parts raise.
    """
    source = Product.objects.select_related("type", "family", "brand").get(pk=product.pk)
    lists: dict[str, Any] = {
        name: list(getattr(source, name).all())
        for name in ("account_classes", "technologies", "categories")
    }
    clone = create_product(
        type=source.type,
        code=code,
        name=name,
        alternative_code=alternative_code,
        values={one.characteristic.pk: one.value for one in values_of(source)},
        **{field: getattr(source, field) for field in _COPIED},
        **lists,
    )
    for part, _ in cloned_parts(source):
        if part.slug in parts:
            part.copy(source, clone)
    return clone
