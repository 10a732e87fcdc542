"""The category tree as product pages show it."""

from dataclasses import dataclass

from django.db.models import QuerySet

from catalog.models import Product, ProductCategory
from config.shared.statements import Given, Statement

MOST_LISTED = 60


@dataclass(frozen=True, slots=True)
class Branch:
    """A category in the order of the tree, with how deep it stands (0: on top)."""

    category: ProductCategory
    depth: int


def categories() -> QuerySet[ProductCategory]:
    """Return all categories, brothers in their order."""
    return ProductCategory.objects.order_by("sort_order", "name", "id")


def listed_tree() -> list[Branch] | None:
    """Return the whole tree, parents before children; None if it is too long to be listed."""
    found = _LISTED.ask()
    if len(found) > MOST_LISTED:
        return None
    children: dict[int | None, list[ProductCategory]] = {}
    for category in found:
        children.setdefault(category.parent_id, []).append(category)
    tree: list[Branch] = []
    waiting = [Branch(top, 0) for top in reversed(children.get(None, []))]
    while waiting:
        branch = waiting.pop()
        tree.append(branch)
        below = children.get(branch.category.pk, [])
        waiting.extend(Branch(child, branch.depth + 1) for child in reversed(below))
    return tree


def categories_of(product: Product) -> list[ProductCategory]:
    """Return the categories that a product is in, by name."""
    return _OF_PRODUCT.ask(product=product.pk)


_LISTED = Statement(lambda: categories()[: MOST_LISTED + 1])
_OF_PRODUCT = Statement(
    lambda: (
        ProductCategory.objects.filter(products=Given("product"))
        .select_related("parent")
        .order_by("name", "id")
    )
)
