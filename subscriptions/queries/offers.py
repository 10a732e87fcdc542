"""What a CSR is offered for a user: packages, services, fees and sales bundles with prices.

Presentation only: what is posted is never checked against it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from catalog.models import Composition, Product, SalesBundle, ServiceType
from catalog.queries.choices import row_text
from catalog.queries.offers import offered_products, offered_sales_bundles
from catalog.queries.products import components_of
from subscriptions.models import AccountUser
from subscriptions.queries.account_lists import search_key
from subscriptions.queries.places import Places
from subscriptions.queries.products import component_faults
from subscriptions.queries.shown_services import ShownPrice

MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Offer:
    """Something to pick. `key` names it in addresses and forms; `parts` is what it consists of.

    `faults` say why it cannot be sold although it is on offer, `no_price` why it has no price.
    """

    key: str
    name: str
    code: str
    group: str
    price: ShownPrice | None
    parts: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    no_price: str = ""


@dataclass(frozen=True, slots=True)
class Offers:
    """What is offered and found, and how many of how many pass the filter before the search."""

    found: Sequence[Offer]
    offered_count: int
    total_count: int
    is_cut: bool


def offers_for(
    user: AccountUser, places: Places, *, on: date, text: str = "", filtered: bool = True
) -> Offers:
    """Return what is offered to the user on the day, in list order by group; ten queries.

    Searched by words in names, codes and parts.
    """
    class_id, technology_id = user.account.account_class_id, user.technology_id
    shown_products = partial(
        offered_products, account_class_id=class_id, technology_id=technology_id, on=on
    )
    shown_bundles = partial(
        offered_sales_bundles, account_class_id=class_id, technology_id=technology_id, on=on
    )
    products = list(shown_products(filtered=filtered))
    bundles = list(shown_bundles(filtered=filtered))
    total = (
        shown_products(filtered=False).order_by().count()
        + shown_bundles(filtered=False).order_by().count()
    )
    parts = components_of(
        product.pk for product in products if product.type.composition != Composition.FLAT
    )
    faults = component_faults(products, on)
    offers = [
        Offer(
            product_key(product),
            product.name,
            product.code,
            group_of(product),
            places.first_price(product.pk, on=on),
            tuple(row_text(row) for row in parts.get(product.pk, ())),
            tuple(f"contains {fault}" for fault in faults.get(product.pk, ())),
            places.why_no_price(product.pk),
        )
        for product in products
    ]
    offers += [
        Offer(
            bundle_key(bundle),
            bundle.name,
            bundle.code,
            "Sales bundles",
            None,
            tuple(item.product.name for item in bundle.items.all()),
        )
        for bundle in bundles
    ]
    found = [offer for offer in offers if _matches(offer, text)]
    found.sort(key=lambda offer: GROUPS.index(offer.group))
    return Offers(found[:MOST_SHOWN], len(offers), total, len(found) > MOST_SHOWN)


GROUPS = ("Packages", "Services", "Sales bundles", "One-time fees")


def group_of(product: Product) -> str:
    """Return the group of the list that a product stands in."""
    if product.type.service_type == ServiceType.EXPENSE:
        return "One-time fees"
    return "Services" if product.type.composition == Composition.FLAT else "Packages"


def product_key(product: Product) -> str:
    """Return the name of a product in forms and addresses."""
    return f"p{product.pk}"


def bundle_key(bundle: SalesBundle) -> str:
    """Return the name of a sales bundle in forms and addresses."""
    return f"b{bundle.pk}"


def find_item(key: str) -> Product | SalesBundle | None:
    """Return the product or sales bundle that a key names, whoever it is offered to; one or two
    queries.
    """
    kind, pk = key[:1], key[1:]
    if not (pk.isascii() and pk.isdigit() and len(pk) < 18):
        return None
    if kind == "p":
        return Product.objects.select_related("type").filter(pk=int(pk)).first()
    if kind == "b":
        bundles = SalesBundle.objects.prefetch_related("items__product__type")
        return bundles.filter(pk=int(pk)).first()
    return None


def _matches(offer: Offer, text: str) -> bool:
    hay = search_key(" ".join([offer.name, offer.code, *offer.parts]))
    return all(word in hay for word in search_key(text).split())
