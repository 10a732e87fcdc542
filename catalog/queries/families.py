"""The family tree."""

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
    """Return the ids of a family and of all above it; none for None, else one query."""
    if family_id is None:
        return set()
    parents = dict(ProductFamily.objects.order_by("pk").values_list("pk", "parent_id"))
    found: set[int] = set()
    above: int | None = family_id
    while above is not None and above not in found:
        found.add(above)
        above = parents.get(above)
    return found
