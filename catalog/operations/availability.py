"""Availability: what may be sold, by hand and, when the last period of validity ends, by itself."""

from collections.abc import Collection
from datetime import date
from typing import Protocol

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from catalog.models import Availability, Product, SalesBundle
from catalog.operations.errors import CatalogError
from catalog.queries.availability import outdated_products, outdated_sales_bundles
from config.shared.operations.bulk_history import record_changes


class StillHeld(CatalogError):
    """Somebody has the product, so it cannot be discontinued."""


class ProductHolder(Protocol):
    """Counts who has a product; named in settings.PRODUCT_HOLDERS."""

    what: tuple[str, str]
    """Of what the number is, for one and for many: service that is not closed, services that …"""

    def count(self, product: Product) -> int:
        """Return how many there are."""


def held_by(product: Product) -> list[str]:
    """Return who has a product, in words: "12 services that are not closed"."""
    found = []
    for path in settings.PRODUCT_HOLDERS:
        holder: ProductHolder = import_string(path)()
        count = holder.count(product)
        if count:
            found.append(f"{count:,} {holder.what[count != 1]}")
    return found


def check_availability(product: Product, availability: str) -> None:
    """Refuse to discontinue what somebody has. Source: BillMax, Service Definition.

    Raises StillHeld at the field.
    """
    if availability != Availability.DISCONTINUED or product.availability == availability:
        return
    held = held_by(product)
    if held:
        raise StillHeld(
            f"{product} cannot be discontinued while customers have it: {', '.join(held)}. "
            "“No new users” keeps it from being sold.",
            field="availability",
        )


@transaction.atomic
def set_availability(product: Product, availability: str) -> Product:
    """Say whether a product is offered, and return it as stored; who has it keeps it.

    Raises StillHeld.
    """
    stored = Product.objects.select_for_update(of=("self",)).get(pk=product.pk)
    check_availability(stored, availability)
    if stored.availability != availability:
        stored.availability = availability
        stored.save(update_fields=["availability"])
    return stored


@transaction.atomic
def close_outdated(
    model: type[Product] | type[SalesBundle], ids: Collection[int], *, on: date, source: str
) -> int:
    """Offer to no new users what was available and whose last period of validity has ended.

    Returns how many of `ids` that were; the history says `source`. Source: BillMax, nightly.
    """
    outdated = outdated_products(on) if model is Product else outdated_sales_bundles(on)
    found = list(outdated.filter(pk__in=ids).order_by("pk").values_list("pk", flat=True))
    model._default_manager.filter(pk__in=found).update(availability=Availability.NO_NEW_USERS)
    return record_changes(model, found, by=None, reason=source)
