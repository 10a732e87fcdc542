"""What a CSR is offered for a user: packages, services, fees and sales bundles with prices.

Presentation only: what is posted is never checked against it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Final

from django.db.models import Model, QuerySet

from catalog.models import Composition, Product, ProductType, SalesBundle, ServiceType
from catalog.queries.bundles import SOLD_KINDS
from catalog.queries.choices import row_text
from catalog.queries.fees import dependent_fees_of
from catalog.queries.offers import offered_products, offered_sales_bundles
from catalog.queries.products import components_of
from config.shared.db import array_of
from config.shared.queries.counts import COUNT_CAP, count_text
from config.shared.statements import Given, Statement, among_given
from subscriptions.models import AccountUser
from subscriptions.queries.offer_search import Components, Items, Parts, search_few, search_many
from subscriptions.queries.places import Places
from subscriptions.queries.products import part_faults
from subscriptions.queries.shown_services import ShownPrice

MOST_OF_A_GROUP: Final = 50
SALES_BUNDLES: Final = "Sales bundles"
GROUPS: Final = ("Packages", "Services", SALES_BUNDLES, "One-time fees")


@dataclass(frozen=True, slots=True)
class Offer:
    """Something to pick. `key` names it in addresses and forms; `parts` is what it consists of,
    `fees` what it brings besides.

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
    fees: tuple[str, ...] = ()

    @property
    def can_be_sold(self) -> bool:
        """Whether it has a price, or as a sales bundle those of its members, and no fault."""
        return not self.faults and (self.price is not None or self.group == SALES_BUNDLES)


@dataclass(frozen=True)
class Offers:
    """What is offered and found, and how many of how many pass the filter before the search.

    Counts end a little above a thousand: `offered` and `total` say them to people. `is_whole` says
    that `found` is all that is offered.
    """

    found: Sequence[Offer]
    offered_count: int
    total_count: int
    is_cut: bool
    is_whole: bool

    @cached_property
    def sellable(self) -> Sequence[Offer]:
        """What can be added."""
        return [offer for offer in self.found if offer.can_be_sold]

    @cached_property
    def unsellable(self) -> Sequence[Offer]:
        """What passes the filter and cannot be added: without a price, or with a fault."""
        return [offer for offer in self.found if not offer.can_be_sold]

    @property
    def unsellable_keys(self) -> Collection[str]:
        """The keys of what cannot be added."""
        return {offer.key for offer in self.unsellable}

    @property
    def offered(self) -> str:
        """How many pass the filter, at most "1,000+"; only those that can be added, where all
        were looked at.
        """
        return count_text(len(self.sellable) if self.is_whole else self.offered_count)

    @property
    def total(self) -> str:
        """How many there are without the filter, at most "1,000+"."""
        return count_text(self.total_count)


def offers_for(
    user: AccountUser, places: Places, *, on: date, text: str = "", filtered: bool = True
) -> Offers:
    """Return what is offered to the user on the day, in list order by group; 23 queries at most.

    Searched by words in names, codes and parts. Of each group the first fifty are returned.
    """
    who: dict[str, Any] = {"on": on}
    if filtered:
        who |= {
            "account_class_id": user.account.account_class_id,
            "technology_id": user.technology_id,
        }
    counts = [_COUNTED[model, filtered].count(**who) for model in (Product, SalesBundle)]
    totals = counts
    if filtered:
        totals = [_COUNTED[model, False].count(on=on) for model in (Product, SalesBundle)]
    by_group = _found(text, who, counts) if text else _listed(who)
    shown = {group: found[:MOST_OF_A_GROUP] for group, found in by_group.items()}
    told = {
        **_told_products(
            [row for group, rows in shown.items() if group != SALES_BUNDLES for row in rows],
            places,
            on=on,
        ),
        **{bundle_key(row): _told_bundle(row) for row in shown[SALES_BUNDLES]},
    }
    keys = {SALES_BUNDLES: bundle_key}
    found_by_group = [
        [told[keys.get(group, product_key)(row)] for row in shown[group]] for group in GROUPS
    ]
    is_cut = any(len(found) > MOST_OF_A_GROUP for found in by_group.values())
    return Offers(
        [offer for found in found_by_group for offer in found],
        sum(counts),
        sum(totals),
        is_cut=is_cut,
        is_whole=not is_cut and not text,
    )


def group_of(product_type: ProductType) -> str:
    """Return the group of the list that products of a type stand in."""
    if product_type.service_type == ServiceType.EXPENSE:
        return "One-time fees"
    return "Services" if product_type.composition == Composition.FLAT else "Packages"


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


def _found(text: str, who: Mapping[str, Any], counts: Sequence[int]) -> dict[str, list[Any]]:
    """Return what is offered and found, by group."""
    products = _search(_offered(Product, **who), text, Components(), counts[0])
    bundles = _search(_offered(SalesBundle, **who), text, Items(), counts[1])
    found = {
        group: list(products.filter(type_id__in=pks)[: MOST_OF_A_GROUP + 1])
        for group, pks in _types_by_group().items()
    }
    return {**found, SALES_BUNDLES: list(bundles[: MOST_OF_A_GROUP + 1])}


def _listed(who: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Return what is offered, by group."""
    filtered = len(who) > 1
    found: dict[str, list[Any]] = {
        group: _LISTED[filtered].ask(**who, types=array_of(pks)) if pks else []
        for group, pks in _types_by_group().items()
    }
    return {**found, SALES_BUNDLES: _LISTED_BUNDLES[filtered].ask(**who)}


def _types_by_group() -> dict[str, list[int]]:
    """Return the types whose products may be sold, by group; one query."""
    types: dict[str, list[int]] = {group: [] for group in GROUPS if group != SALES_BUNDLES}
    for each in _TYPES.ask():
        types[group_of(each)].append(each.pk)
    return types


def _search(rows: QuerySet[Any], text: str, parts: Parts, count: int) -> QuerySet[Any]:
    return (search_few if count <= COUNT_CAP else search_many)(rows, text, parts)


def _offered(model: type[Model], **who: Any) -> QuerySet[Any]:
    """Return what is offered of a model; to everybody, where nothing but the day is said."""
    whom = {"account_class_id": None, "technology_id": None, **who}
    if model is SalesBundle:
        return offered_sales_bundles(**whom, filtered=len(who) > 1)
    return offered_products(**whom, filtered=len(who) > 1).prefetch_related(None)


def _given(*, filtered: bool) -> dict[str, Any]:
    names = ("on", "account_class_id", "technology_id") if filtered else ("on",)
    return {name: Given(name) for name in names}


def _counted(model: type[Model], *, filtered: bool) -> Statement[Any]:
    return Statement(
        lambda: (
            _offered(model, **_given(filtered=filtered))
            .prefetch_related(None)
            .order_by()
            .values_list("pk")[: COUNT_CAP + 1]
        )
    )


def _listed_products(*, filtered: bool) -> Statement[Product]:
    return Statement(
        lambda: _offered(Product, **_given(filtered=filtered)).filter(
            among_given("type_id", "types")
        )[: MOST_OF_A_GROUP + 1]
    )


def _listed_bundles(*, filtered: bool) -> Statement[SalesBundle]:
    return Statement(
        lambda: _offered(SalesBundle, **_given(filtered=filtered))[: MOST_OF_A_GROUP + 1]
    )


_TYPES = Statement(lambda: ProductType.objects.filter(service_type__in=SOLD_KINDS).order_by("pk"))
_COUNTED: dict[tuple[type[Model], bool], Statement[Any]] = {
    (model, filtered): _counted(model, filtered=filtered)
    for model in (Product, SalesBundle)
    for filtered in (True, False)
}
_LISTED = {filtered: _listed_products(filtered=filtered) for filtered in (True, False)}
_LISTED_BUNDLES = {filtered: _listed_bundles(filtered=filtered) for filtered in (True, False)}


def _told_products(products: Collection[Product], places: Places, *, on: date) -> dict[str, Offer]:
    parts = components_of(
        product.pk for product in products if product.type.composition != Composition.FLAT
    )
    coming = {
        pk: [row.product for row in rows if row.product is not None and row.mandatory]
        for pk, rows in parts.items()
    }
    faults = part_faults(coming, on)
    fees = dependent_fees_of(product.pk for product in products)
    named = {pk: [row.fee for row in rows if row.fee] for pk, rows in fees.items()}
    fee_faults = part_faults(named, on)
    known = places.knowing({product.pk for product in products})
    return {
        product_key(product): Offer(
            product_key(product),
            product.name,
            product.code,
            group_of(product.type),
            known.first_price(product.pk, on=on),
            tuple(row_text(row) for row in parts.get(product.pk, ())),
            (
                *(f"contains {fault}" for fault in faults.get(product.pk, ())),
                *(f"comes with {fault}" for fault in fee_faults.get(product.pk, ())),
            ),
            known.why_no_price(product.pk),
            tuple(str(row.fee or row.group) for row in fees.get(product.pk, ())),
        )
        for product in products
    }


def _told_bundle(bundle: SalesBundle) -> Offer:
    items = tuple(item.product.name for item in bundle.items.all())
    return Offer(bundle_key(bundle), bundle.name, bundle.code, SALES_BUNDLES, None, items)
