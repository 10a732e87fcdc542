"""Merging one family, category or brand into another: everything moves, the source is deleted."""

from collections.abc import Iterable
from typing import TypeVar

from django.contrib.auth.models import AbstractBaseUser
from django.db import models, transaction

from catalog.models import BundleComponent, Product, ProductBrand, ProductCategory, ProductFamily
from catalog.operations.errors import CatalogError, ComponentNotAllowed
from catalog.operations.lists import delete_unused
from catalog.operations.trees import InCircle, is_below, lock_tree
from config.shared.operations.bulk_history import record_changes

Merged = TypeVar("Merged", ProductFamily, ProductCategory, ProductBrand)
TreeBranch = TypeVar("TreeBranch", ProductFamily, ProductCategory)


class NotMergeable(CatalogError):
    """A record cannot be merged into itself."""


@transaction.atomic
def merge_families(
    source: ProductFamily, target: ProductFamily, *, by: AbstractBaseUser | None
) -> None:
    """Move the products, branches and bundle rows of `source` to `target`; delete `source`.

    Raises NotMergeable, InCircle where the target stands below the source, ComponentNotAllowed
    where a bundle would have the same row twice, or StillInUse where something else refers to the
    source.
    """
    source, target = _held_branches(source, target)
    reason = _reason(source, target)
    _move_components(source, target, by=by, reason=reason)
    moved = Product.objects.filter(family=source).order_by("pk")
    _move(moved, {"family": target}, by=by, reason=reason)
    _move_children(source, target, by=by, reason=reason)
    delete_unused(source)


@transaction.atomic
def merge_categories(
    source: ProductCategory, target: ProductCategory, *, by: AbstractBaseUser | None
) -> None:
    """Put the products of `source` into `target`, move its branches, delete it.

    Raises NotMergeable, InCircle or StillInUse as `merge_families`.
    """
    source, target = _held_branches(source, target)
    reason = _reason(source, target)
    links = Product.categories.through._default_manager
    locked = Product.objects.select_for_update(of=("self",), no_key=True)
    changed = list(
        locked.filter(pk__in=links.filter(productcategory_id=source.pk).values("product_id"))
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    there = links.filter(productcategory_id=target.pk).values("product_id")
    links.filter(productcategory_id=source.pk, product_id__in=there).delete()
    links.filter(productcategory_id=source.pk).update(productcategory_id=target.pk)
    record_changes(Product, changed, by=by, reason=reason)
    _move_children(source, target, by=by, reason=reason)
    delete_unused(source)


@transaction.atomic
def merge_brands(
    source: ProductBrand, target: ProductBrand, *, by: AbstractBaseUser | None
) -> None:
    """Move the products of `source` to `target`; delete `source`.

    Raises NotMergeable or StillInUse.
    """
    source, target = _held(source, target)
    moved = Product.objects.filter(brand=source).order_by("pk")
    _move(moved, {"brand": target}, by=by, reason=_reason(source, target))
    delete_unused(source)


def _held(source: Merged, target: Merged) -> tuple[Merged, Merged]:
    if source.pk == target.pk:
        raise NotMergeable("Choose another one to merge it into.", field="target")
    rows = type(source)._default_manager.select_for_update(of=("self",))
    held = {row.pk: row for row in rows.filter(pk__in=[source.pk, target.pk]).order_by("pk")}
    if len(held) < 2:
        raise NotMergeable("One of the two was deleted meanwhile.", field="target")
    return held[source.pk], held[target.pk]


def _held_branches(source: TreeBranch, target: TreeBranch) -> tuple[TreeBranch, TreeBranch]:
    parents = lock_tree(type(source))
    source, target = _held(source, target)
    if is_below(target.pk, source.pk, parents):
        raise InCircle(f"{target} stands below {source}: move it out first.", field="target")
    return source, target


def _reason(source: Merged, target: Merged) -> str:
    return f"{source} merged into {target}"[:100]


def _move(
    rows: "models.QuerySet[models.Model]",
    changes: dict[str, models.Model],
    *,
    by: AbstractBaseUser | None,
    reason: str,
) -> None:
    """Change all rows by one statement and record it in their history."""
    ids = list(rows.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))
    rows.order_by().update(**changes)
    record_changes(rows.model, ids, by=by, reason=reason)


def _move_children(
    source: TreeBranch, target: TreeBranch, *, by: AbstractBaseUser | None, reason: str
) -> None:
    children = type(source)._default_manager.filter(parent=source).order_by("pk")
    _move(children, {"parent": target}, by=by, reason=reason)


def _move_components(
    source: ProductFamily, target: ProductFamily, *, by: AbstractBaseUser | None, reason: str
) -> None:
    """Move the rows of bundles that choose from the family, where none would stand there twice."""
    rows = BundleComponent.objects.filter(family=source)
    taken = _selectors(BundleComponent.objects.filter(family=target))
    for row in rows.select_related("bundle").order_by("bundle__name", "pk"):
        if (row.bundle_id, row.type_id) in taken:
            raise ComponentNotAllowed(
                f"The bundle {row.bundle} has a row for {source} and one for {target}: remove one "
                "of them first.",
                field="target",
            )
    _move(rows.order_by("pk"), {"family": target}, by=by, reason=reason)


def _selectors(rows: Iterable[BundleComponent]) -> set[tuple[int, int | None]]:
    return {(row.bundle_id, row.type_id) for row in rows}
