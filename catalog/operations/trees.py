"""Trees of families and categories: no branch below itself, and the order of siblings."""

from typing import TypeVar

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Upper

from catalog.models import ProductCategory, ProductFamily
from catalog.operations.errors import CatalogError
from config.shared.operations.bulk_history import record_changes

Branch = TypeVar("Branch", ProductFamily, ProductCategory)


class InCircle(CatalogError):
    """A branch would stand below itself."""


def lock_tree(model: type[Branch]) -> dict[int, int | None]:
    """Hold the whole tree and return the parent of each branch."""
    rows = model._default_manager.select_for_update(of=("self",)).order_by("pk")
    return dict(rows.values_list("pk", "parent_id"))


def require_no_circle(branch: Branch) -> None:
    """Check that a branch may stand below its parent. Raises InCircle at `parent`."""
    if branch.parent_id is not None and is_below(
        branch.parent_id, branch.pk, lock_tree(type(branch))
    ):
        noun = str(branch._meta.verbose_name).removeprefix("product ")
        raise InCircle(f"A {noun} cannot stand below itself.", field="parent")


def is_below(branch_id: int, above_id: int, parents: dict[int, int | None]) -> bool:
    """Return whether a branch is another one or stands below it."""
    current: int | None = branch_id
    while current is not None and current != above_id:
        current = parents.get(current)
    return current is not None


def last_place(branch: Branch) -> int:
    """Return the place of a branch that comes to siblings: the last where they were put in order
    by hand, else 0, for then their names order them.
    """
    siblings = type(branch)._default_manager.filter(parent=branch.parent_id).exclude(pk=branch.pk)
    last: int = siblings.aggregate(last=Max("sort_order"))["last"] or 0
    return last + 1 if last else 0


@transaction.atomic
def move_branch(branch: Branch, *, steps: int, by: AbstractBaseUser | None) -> None:
    """Move a branch among its siblings: -1 is one place up, 1 one down; the ends stay ends.

    The children move with it.
    """
    model = type(branch)
    lock_tree(model)
    stored = model._default_manager.get(pk=branch.pk)
    siblings = list(
        model._default_manager.filter(parent=stored.parent_id).order_by(
            "sort_order", Upper("name"), "id"
        )
    )
    place = siblings.index(stored)
    wanted = min(max(place + steps, 0), len(siblings) - 1)
    if wanted == place:
        return
    siblings.insert(wanted, siblings.pop(place))
    changed = []
    for number, sibling in enumerate(siblings, start=1):
        if sibling.sort_order != number:
            sibling.sort_order = number
            changed.append(sibling)
    model._default_manager.bulk_update(changed, ["sort_order"])
    record_changes(model, [sibling.pk for sibling in changed], by=by)
