"""Where a product is used: in bundles, as a fee, and in what other apps name."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q
from django.utils.module_loading import import_string

from catalog.models import (
    BundleComponent,
    DependentFee,
    FeeGroupRow,
    Product,
    SalesBundleChoice,
    ServiceType,
)
from catalog.queries.bundles import bundles_with, sales_bundles_with
from catalog.queries.families import family_and_above

MOST_PLACES = 100


@dataclass(frozen=True, slots=True)
class Place:
    """A record that uses a product: what it is, where its page is, and how it uses it.

    `permission` is what its page asks for.
    """

    name: str
    url: str
    kind: str
    detail: str = ""
    permission: str = ""


PlacesOf = Callable[[Product], Iterable[Place]]
"""Named in settings.PRODUCT_PLACES; returns at most 100 places in a fixed number of queries."""


def places_of(product: Product) -> list[Place]:
    """Return where a product is used, those of the catalogue first; at most 100 of each kind."""
    places = [
        *_named_in_bundles(product),
        *_chosen_in_bundles(product),
        *_in_sales_bundles(product),
        *_as_fee(product),
    ]
    for path in settings.PRODUCT_PLACES:
        places_in: PlacesOf = import_string(path)
        places.extend(places_in(product))
    return places


def _named_in_bundles(product: Product) -> Iterable[Place]:
    for row in bundles_with(product)[:MOST_PLACES]:
        yield Place(
            row.bundle.name,
            f"{row.bundle.get_absolute_url()}?tab=components",
            row.bundle.type.get_composition_display(),
            _times(row.quantity),
        )


def _chosen_in_bundles(product: Product) -> Iterable[Place]:
    if product.type.is_bundle or product.type.service_type != ServiceType.TERMED:
        return
    rows = BundleComponent.objects.filter(
        Q(type=None) | Q(type=product.type_id),
        Q(family=None) | Q(family__in=family_and_above(product.family_id)),
        product=None,
    )
    # Keys first: in the order of names the planner would walk through all products for them.
    found = list(rows.order_by("bundle_id", "id").values_list("pk", flat=True)[:MOST_PLACES])
    chosen = BundleComponent.objects.filter(pk__in=found)
    for row in chosen.select_related("bundle__type", "type", "family").order_by(
        "bundle__name", "id"
    ):
        selector = " · ".join(str(one) for one in (row.type, row.family) if one)
        yield Place(
            row.bundle.name,
            f"{row.bundle.get_absolute_url()}?tab=components",
            row.bundle.type.get_composition_display(),
            f"may be chosen: {selector}",
        )


def _in_sales_bundles(product: Product) -> Iterable[Place]:
    permission = "catalog.view_salesbundle"
    for item in sales_bundles_with(product)[:MOST_PLACES]:
        url = item.bundle.get_absolute_url()
        yield Place(item.bundle.name, url, "Sales bundle", _times(item.quantity), permission)
    choices = SalesBundleChoice.objects.filter(product=product).select_related(
        "item__bundle", "item__product"
    )
    for choice in choices.order_by("item__bundle__name", "id")[:MOST_PLACES]:
        bundle = choice.item.bundle
        detail = f"chosen for {choice.item.product}"
        yield Place(bundle.name, bundle.get_absolute_url(), "Sales bundle", detail, permission)


def _as_fee(product: Product) -> Iterable[Place]:
    fees = DependentFee.objects.filter(fee=product).select_related("parent")
    for fee in fees.order_by("parent__name", "id")[:MOST_PLACES]:
        url = f"{fee.parent.get_absolute_url()}?tab=components"
        yield Place(fee.parent.name, url, "Product with this fee", _times(fee.quantity))
    rows = FeeGroupRow.objects.filter(fee=product).select_related("group")
    for row in rows.order_by("group__name", "id")[:MOST_PLACES]:
        detail = row.criterion or "any other"
        url = row.group.get_absolute_url()
        yield Place(row.group.name, url, "Fee group", detail, "catalog.view_feegroup")


def _times(quantity: object) -> str:
    text = f"{quantity:f}".rstrip("0").rstrip(".") if quantity is not None else ""
    return f"× {text}" if text else ""
