"""The trees of families and categories, read whole: they have hundreds of branches."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Count, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Upper

from catalog.models import Product, ProductCategory, ProductFamily
from config.shared.db import array_of

Tree = type[ProductFamily] | type[ProductCategory]


@dataclass(frozen=True, slots=True)
class Branch:
    """A family or category in its tree: `path` are the names from the root to it, `own` is the
    number of its own products.
    """

    pk: int
    parent_id: int | None
    path: tuple[str, ...]
    own: int
    is_first: bool
    is_last: bool

    @property
    def depth(self) -> int:
        """How many branches stand above it."""
        return len(self.path) - 1

    @property
    def text(self) -> str:
        """The path in words: Pay TV › Sports."""
        return " › ".join(self.path)


def branches(model: Tree) -> dict[int, Branch]:
    """Return all branches by id, in the order of the tree: siblings by their order, then by name
    whatever its letter case. Two queries.
    """
    names: dict[int, str] = {}
    parents: dict[int, int | None] = {}
    children: dict[int | None, list[int]] = {}
    nodes = model._default_manager.order_by("sort_order", Upper("name"), "id")
    for pk, parent, name in nodes.values_list("pk", "parent_id", "name"):
        names[pk], parents[pk] = name, parent
        children.setdefault(parent, []).append(pk)
    paths = _paths(names, children)
    own = _own(model)
    return {
        pk: Branch(
            pk=pk,
            parent_id=parents[pk],
            path=path,
            own=own.get(pk, 0),
            is_first=children[parents[pk]][0] == pk,
            is_last=children[parents[pk]][-1] == pk,
        )
        for pk, path in paths.items()
    }


def totals(model: Tree, tree: Mapping[int, Branch], ids: Iterable[int]) -> dict[int, int]:
    """Return how many products each of some branches has with all below it, each product once.

    No query for families, one for categories.
    """
    children: dict[int | None, list[int]] = {}
    for pk, branch in tree.items():
        children.setdefault(branch.parent_id, []).append(pk)
    below = {pk: _with_all_below(pk, children) for pk in ids}
    if model is ProductFamily:
        return {pk: sum(tree[one].own for one in found) for pk, found in below.items()}
    pairs = [(pk, one) for pk, found in below.items() for one in found]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT branch, count(*) FROM (SELECT DISTINCT b.branch, l.product_id "
            "FROM catalog_product_categories l "
            "JOIN unnest(%s::bigint[], %s::bigint[]) b (branch, category) "
            "ON b.category = l.productcategory_id) linked GROUP BY branch",
            [array_of(pk for pk, _ in pairs), array_of(one for _, one in pairs)],
        )
        return dict.fromkeys(below, 0) | dict(cursor.fetchall())


def in_tree_order(model: Tree, order: Iterable[int]) -> QuerySet[Any]:
    """Return all entries of a tree with their parents, in the order of the ids of `branches`."""
    table = model._meta.db_table
    place = RawSQL(f'array_position(%s::bigint[], "{table}"."id")', [array_of(order)])
    rows: QuerySet[Any] = model._default_manager.all()
    ordered: QuerySet[Any] = rows.annotate(place=place).order_by("place", "id")
    return ordered


def _paths(
    names: Mapping[int, str], children: Mapping[int | None, list[int]]
) -> dict[int, tuple[str, ...]]:
    """Return the names from the root to each branch, in the order of the tree."""
    paths: dict[int, tuple[str, ...]] = {}
    waiting: list[tuple[int, tuple[str, ...]]] = [
        (pk, ()) for pk in reversed(children.get(None, []))
    ]
    while waiting:
        pk, above = waiting.pop()
        paths[pk] = (*above, names[pk])
        waiting.extend((child, paths[pk]) for child in reversed(children.get(pk, [])))
    return paths


def _with_all_below(top: int, children: Mapping[int | None, list[int]]) -> list[int]:
    """Return a branch and all below it."""
    found = [top]
    for pk in found:
        found.extend(children.get(pk, ()))
    return found


def _own(model: Tree) -> dict[int, int]:
    """Return how many products each branch has itself."""
    rows: QuerySet[Any] = Product.objects.exclude(family=None).values_list("family")
    if model is ProductCategory:
        links: Any = Product.categories.through
        rows = links.objects.values_list("productcategory")
    return dict(rows.annotate(count=Count("pk")).order_by())
