"""Search by a part of a text, as trigram indexes on `Upper(field)` serve it."""

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet

MOST_MATCHES = 1_000
# Shorter texts have no trigram of their own; with the gap before a word they have.
SHORTEST_PART = 3


def contains(fields: Iterable[str], text: str) -> Q:
    """Return the condition that one of the fields contains the text, whatever its letter case.

    One or two characters have to begin a field, or a word after a space or hyphen.
    """
    if len(text) >= SHORTEST_PART:
        conditions = [Q((f"{field}__icontains", text)) for field in fields]
    else:
        conditions = [
            Q((f"{field}__istartswith", text))
            | Q((f"{field}__icontains", f" {text}"))
            | Q((f"{field}__icontains", f"-{text}"))
            for field in fields
        ]
    return reduce(or_, conditions)


def matching_ids(
    rows: QuerySet[Any], fields: Iterable[str], text: str, *, most: int = MOST_MATCHES
) -> list[int]:
    """Return the keys of at most `most` rows that match; one query.

    They come in no order: with one, the planner would walk the index of the order row by row
    instead of asking the trigrams.
    """
    found = rows.filter(contains(fields, text)).order_by().values_list("pk", flat=True)
    return list(found[:most])
