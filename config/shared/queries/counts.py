"""Counts that stop: nobody needs to know more exactly than "1,000+"."""

from typing import Any, Final

from django.db.models import QuerySet

COUNT_CAP: Final = 1_000


def count_up_to_cap(rows: QuerySet[Any]) -> int:
    """Return how many rows there are; one more than COUNT_CAP says that there are more."""
    return rows.order_by()[: COUNT_CAP + 1].count()


def count_text(count: int) -> str:
    """Return a count as people read it, at most "1,000+"."""
    return f"{COUNT_CAP:,}+" if count > COUNT_CAP else f"{count:,}"
