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
    SalesBundleItem,
    ServiceType,
)
from catalog.queries.families import family_and_above
from config.shared.db import array_of
from config.shared.statements import Given, Statement, among_given

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
    for row in _NAMED.ask(product=product.pk):
        yield Place(
            row.bundle.name,
            f"{row.bundle.get_absolute_url()}?tab=components",
            row.bundle.type.get_composition_display(),
            _times(row.quantity),
        )


def _chosen_in_bundles(product: Product) -> Iterable[Place]:
    if product.type.is_bundle or product.type.service_type != ServiceType.TERMED:
        return
    families = array_of(family_and_above(product.family_id))
    # Keys first: in the order of names the planner would walk through all products for them.
    found = _CHOSEN_KEYS.ask(type=product.type_id, families=families)
    for row in _CHOSEN.ask(rows=array_of(found)) if found else ():
        selector = " · ".join(str(one) for one in (row.type, row.family) if one)
        yield Place(
            row.bundle.name,
            f"{row.bundle.get_absolute_url()}?tab=components",
            row.bundle.type.get_composition_display(),
            f"may be chosen: {selector}",
        )


def _in_sales_bundles(product: Product) -> Iterable[Place]:
    permission = "catalog.view_salesbundle"
    for item in _ITEMS.ask(product=product.pk):
        url = item.bundle.get_absolute_url()
        yield Place(item.bundle.name, url, "Sales bundle", _times(item.quantity), permission)
    for choice in _CHOICES.ask(product=product.pk):
        bundle = choice.item.bundle
        detail = f"chosen for {choice.item.product}"
        yield Place(bundle.name, bundle.get_absolute_url(), "Sales bundle", detail, permission)


def _as_fee(product: Product) -> Iterable[Place]:
    for fee in _FEES.ask(fee=product.pk):
        url = f"{fee.parent.get_absolute_url()}?tab=components"
        yield Place(fee.parent.name, url, "Product with this fee", _times(fee.quantity))
    for row in _GROUP_ROWS.ask(fee=product.pk):
        detail = row.criterion or "any other"
        url = row.group.get_absolute_url()
        yield Place(row.group.name, url, "Fee group", detail, "catalog.view_feegroup")


def _times(quantity: object) -> str:
    text = f"{quantity:f}".rstrip("0").rstrip(".") if quantity is not None else ""
    return f"× {text}" if text else ""


_NAMED = Statement(
    lambda: (
        BundleComponent.objects.filter(product=Given("product"))
        .select_related("bundle__type")
        .order_by("bundle__name", "id")[:MOST_PLACES]
    )
)
_CHOSEN_KEYS = Statement(
    lambda: (
        BundleComponent.objects.filter(
            Q(type=None) | Q(type=Given("type")),
            Q(family=None) | Q(among_given("family_id", "families")),
            product=None,
        )
        .order_by("bundle_id", "id")
        .values_list("pk", flat=True)[:MOST_PLACES]
    )
)
_CHOSEN = Statement(
    lambda: (
        BundleComponent.objects.filter(among_given("pk", "rows"))
        .select_related("bundle__type", "type", "family")
        .order_by("bundle__name", "id")
    )
)
_ITEMS = Statement(
    lambda: (
        SalesBundleItem.objects.filter(product=Given("product"))
        .select_related("bundle")
        .order_by("bundle__name", "id")[:MOST_PLACES]
    )
)
_CHOICES = Statement(
    lambda: (
        SalesBundleChoice.objects.filter(product=Given("product"))
        .select_related("item__bundle", "item__product")
        .order_by("item__bundle__name", "id")[:MOST_PLACES]
    )
)
_FEES = Statement(
    lambda: (
        DependentFee.objects.filter(fee=Given("fee"))
        .select_related("parent")
        .order_by("parent__name", "id")[:MOST_PLACES]
    )
)
_GROUP_ROWS = Statement(
    lambda: (
        FeeGroupRow.objects.filter(fee=Given("fee"))
        .select_related("group")
        .order_by("group__name", "id")[:MOST_PLACES]
    )
)
