"""The family tree."""

from typing import Final

from django.db import connection

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


def family_and_above(family_id: int | None) -> set[int]:
    """Return the ids of a family and of all above it; none for None, else one query.

    They are sets for `among_given` and `__in`: a condition that found them itself would keep
    PostgreSQL from its indexes.
    """
    if family_id is None:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(_ABOVE, [family_id])
        return {pk for (pk,) in cursor.fetchall()}


_ABOVE: Final = (
    "WITH RECURSIVE above AS (SELECT id, parent_id FROM catalog_productfamily WHERE id = %s "
    "UNION SELECT f.id, f.parent_id FROM catalog_productfamily f "
    "JOIN above ON f.id = above.parent_id) SELECT id FROM above"
)
