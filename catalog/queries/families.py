"""The family tree."""

from typing import Any

from django.db.models.expressions import RawSQL

from catalog.models import ProductFamily


def family_and_below(family: ProductFamily) -> set[int]:
    """Return the ids of a family and of all below it; one query."""
    children: dict[int | None, list[int]] = {}
    for child, parent in ProductFamily.objects.values_list("pk", "parent_id").order_by("pk"):
        children.setdefault(parent, []).append(child)
    found: set[int] = set()
    waiting = [family.pk]
    while waiting:
        current = waiting.pop()
        if current not in found:
            found.add(current)
            waiting.extend(children.get(current, ()))
    return found


def families_above(family_id: Any) -> RawSQL:
    """Return a family and all above it for `family__in=`, found by the query itself.

    `family_id` is a number, None (which has no families) or the place of one in a statement.
    """
    return RawSQL(
        "WITH RECURSIVE above AS (SELECT id, parent_id FROM catalog_productfamily WHERE id = %s "
        "UNION SELECT f.id, f.parent_id FROM catalog_productfamily f "
        "JOIN above ON f.id = above.parent_id) SELECT id FROM above",
        [family_id],
    )
