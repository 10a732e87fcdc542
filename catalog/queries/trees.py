"""The trees of families and categories, read whole: they have hundreds of branches."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection
from django.db.models import Count, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Upper

from catalog.models import Product, ProductCategory, ProductFamily
from config.shared.db import array_of

Tree = type[ProductFamily] | type[ProductCategory]
TREES: Final[tuple[Tree, ...]] = (ProductFamily, ProductCategory)


@dataclass(frozen=True, slots=True)
class Branch:
    """A family or category in its tree. `path` are the names from the root to it.

    `own` is the number of its products, `total` that with all below it, each product once.
    """

    pk: int
    parent_id: int | None
    path: tuple[str, ...]
    own: int
    total: int
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
    whatever its letter case. Two queries for families, three for categories.
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
    totals = _totals(model, _below(paths, children), own)
    return {
        pk: Branch(
            pk=pk,
            parent_id=parents[pk],
            path=path,
            own=own.get(pk, 0),
            total=totals.get(pk, 0),
            is_first=children[parents[pk]][0] == pk,
            is_last=children[parents[pk]][-1] == pk,
        )
        for pk, path in paths.items()
    }


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


def _below(
    paths: Mapping[int, Any], children: Mapping[int | None, list[int]]
) -> dict[int, list[int]]:
    """Return each branch with all below it."""
    below: dict[int, list[int]] = {}
    for pk in reversed(list(paths)):
        below[pk] = [pk, *(one for child in children.get(pk, ()) for one in below[child])]
    return below


def _own(model: Tree) -> dict[int, int]:
    """Return how many products each branch has itself."""
    products: QuerySet[Any] = Product.objects.all()
    field = "family" if model is ProductFamily else "categories"
    rows = products.exclude(**{field: None}).values_list(field).order_by()
    return dict(rows.annotate(count=Count("pk")))


def _totals(model: Tree, below: Mapping[int, list[int]], own: Mapping[int, int]) -> dict[int, int]:
    """Return how many products each branch has with all below it, each product once."""
    if model is ProductFamily:
        return {pk: sum(own.get(one, 0) for one in ids) for pk, ids in below.items()}
    pairs = [(pk, one) for pk, ids in below.items() for one in ids]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT b.branch, count(DISTINCT l.product_id) FROM catalog_product_categories l "
            "JOIN unnest(%s::bigint[], %s::bigint[]) b (branch, category) "
            "ON b.category = l.productcategory_id GROUP BY b.branch",
            [array_of(pk for pk, _ in pairs), array_of(one for _, one in pairs)],
        )
        return dict(cursor.fetchall())
