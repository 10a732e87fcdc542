"""Search in what is offered: by words in names, codes and parts."""

from collections.abc import Collection, Iterable
from functools import reduce
from operator import and_
from typing import Any, Protocol

from django.db.models import Q, QuerySet

from catalog.models import BundleComponent, Product, ProductFamily, ProductType, SalesBundleItem
from config.shared.queries.matching import MOST_MATCHES, contains
from subscriptions.queries.account_lists import search_key


class Parts(Protocol):
    """What offers consist of."""

    def names(self, offers: Collection[int]) -> Iterable[tuple[int, str]]:
        """Return the names of the parts of these offers, each with the offer."""

    def offers_with(self, product_ids: Collection[int], name: Q) -> Iterable[int]:
        """Return the offers with one of these products, or a part with such a name."""


class Components:
    """The components of packages: products, or types and families to choose from."""

    def names(self, offers: Collection[int]) -> Iterable[tuple[int, str]]:
        """Return the names of products, types and families; one query."""
        rows = BundleComponent.objects.filter(bundle_id__in=offers).order_by("pk")
        named = rows.values_list("bundle_id", "product__name", "type__name", "family__name")
        return [(pk, name) for pk, *names in named for name in names if name]

    def offers_with(self, product_ids: Collection[int], name: Q) -> Iterable[int]:
        """Return the packages; one query."""
        rows = BundleComponent.objects.filter(
            Q(product_id__in=product_ids)
            | Q(type_id__in=ProductType.objects.filter(name).values("pk"))
            | Q(family_id__in=ProductFamily.objects.filter(name).values("pk"))
        )
        return rows.order_by().values_list("bundle_id", flat=True)[:MOST_MATCHES]


class Items:
    """The items of sales bundles."""

    def names(self, offers: Collection[int]) -> Iterable[tuple[int, str]]:
        """Return the names of the products; one query."""
        rows = SalesBundleItem.objects.filter(bundle_id__in=offers).order_by("pk")
        return rows.values_list("bundle_id", "product__name")

    def offers_with(self, product_ids: Collection[int], name: Q) -> Iterable[int]:
        """Return the sales bundles; one query."""
        rows = SalesBundleItem.objects.filter(product_id__in=product_ids)
        return rows.order_by().values_list("bundle_id", flat=True)[:MOST_MATCHES]


def search_few(rows: QuerySet[Any], text: str, parts: Parts) -> QuerySet[Any]:
    """Narrow a thousand offers at most: all words occur somewhere in name, code and parts,
    whatever the accents; two queries.
    """
    words = search_key(text).split()
    named = rows.order_by().values_list("pk", "name", "code")
    hays = {pk: [name, code] for pk, name, code in named}
    for pk, name in parts.names(list(hays)):
        hays[pk].append(name)
    keys = {pk: search_key(" ".join(hay)) for pk, hay in hays.items()}
    found = [pk for pk, key in keys.items() if all(word in key for word in words)]
    return rows.filter(pk__in=found)


def search_many(rows: QuerySet[Any], text: str, parts: Parts) -> QuerySet[Any]:
    """Narrow many offers by trigrams: all words occur in a name, in a code, or in the name of one
    part; three queries.
    """
    words = text.split()
    named = reduce(and_, (contains(("name", "code"), word) for word in words))
    by_name = reduce(and_, (contains(("name",), word) for word in words))
    found = list(rows.filter(named).order_by().values_list("pk", flat=True)[: MOST_MATCHES + 1])
    products = Product.objects.filter(named).order_by().values_list("pk", flat=True)
    wholes = list(parts.offers_with(list(products[:MOST_MATCHES]), by_name))
    if len(found) > MOST_MATCHES:
        # So many match that the order of the list soon finds the first of them.
        return rows.filter(named | Q(pk__in=wholes))
    return rows.filter(pk__in=[*found, *wholes])
