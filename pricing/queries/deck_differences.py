"""What differs between two versions of decks: prefixes added, gone, priced otherwise."""

from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final, NamedTuple

from django.db import connection

from pricing.models import RateDeckVersion

_CHUNK: Final = 2_000
_PRICES: Final = "rate, {0}.minimum_seconds, {0}.increment_seconds, {0}.connect_fee, {0}.band_rates"
_JOINED: Final = f"""
    FROM (SELECT * FROM pricing_ratedeckrow WHERE version_id = %(old)s) o
    FULL JOIN (SELECT * FROM pricing_ratedeckrow WHERE version_id = %(new)s) n USING (prefix)
    WHERE o.id IS NULL OR n.id IS NULL
        OR (o.{_PRICES.format("o")}) IS DISTINCT FROM (n.{_PRICES.format("n")})
"""
_KIND: Final = (
    "CASE WHEN o.id IS NULL THEN 'ADDED' WHEN n.id IS NULL THEN 'GONE' ELSE 'CHANGED' END"
)
_ROWS: Final = f"""
    SELECT * FROM (
        SELECT {_KIND} AS kind, prefix, coalesce(n.description, o.description) AS description,
            o.rate AS old_rate, n.rate AS new_rate,
            CASE WHEN o.rate > 0 THEN round((n.rate - o.rate) * 100 / o.rate, 2) END AS percent,
            concat_ws('/', o.minimum_seconds, o.increment_seconds) AS old_steps,
            concat_ws('/', n.minimum_seconds, n.increment_seconds) AS new_steps,
            o.connect_fee AS old_fee, n.connect_fee AS new_fee,
            o.band_rates IS DISTINCT FROM n.band_rates AND n.id IS NOT NULL AND o.id IS NOT NULL
                AS bands_differ
        {_JOINED}
    ) d WHERE %(kind)s = '' OR kind = %(kind)s ORDER BY prefix
"""


class DifferenceKind(StrEnum):
    """What became of a prefix."""

    ADDED = "ADDED"
    GONE = "GONE"
    CHANGED = "CHANGED"


class Difference(NamedTuple):
    """A prefix that differs. Steps are "minimum/increment" in seconds; `percent` is that of the
    rates, None where one is missing or the old one is 0.
    """

    kind: DifferenceKind
    prefix: str
    description: str
    old_rate: Decimal | None
    new_rate: Decimal | None
    percent: Decimal | None
    old_steps: str
    new_steps: str
    old_fee: Decimal | None
    new_fee: Decimal | None
    bands_differ: bool


def difference_counts(old: RateDeckVersion, new: RateDeckVersion) -> dict[DifferenceKind, int]:
    """Return how many prefixes differ, by kind; one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_KIND}, count(*) {_JOINED} GROUP BY 1", {"old": old.pk, "new": new.pk}
        )
        found = {DifferenceKind(kind): count for kind, count in cursor.fetchall()}
    return {kind: found.get(kind, 0) for kind in DifferenceKind}


def differences(
    old: RateDeckVersion,
    new: RateDeckVersion,
    *,
    kind: DifferenceKind | None = None,
    start: int = 0,
    count: int = 50,
) -> list[Difference]:
    """Return some of the prefixes that differ, by prefix; one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"{_ROWS} OFFSET %(start)s LIMIT %(count)s",
            {**_parameters(old, new, kind), "start": start, "count": count},
        )
        return [_difference(row) for row in cursor.fetchall()]


def all_differences(
    old: RateDeckVersion, new: RateDeckVersion, *, kind: DifferenceKind | None = None
) -> Iterator[Difference]:
    """Yield all prefixes that differ, read in parts through a cursor."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(_ROWS, _parameters(old, new, kind))
        while rows := cursor.fetchmany(_CHUNK):
            yield from map(_difference, rows)


def _parameters(
    old: RateDeckVersion, new: RateDeckVersion, kind: DifferenceKind | None
) -> dict[str, Any]:
    return {"old": old.pk, "new": new.pk, "kind": kind.value if kind else ""}


def _difference(row: tuple[Any, ...]) -> Difference:
    return Difference(DifferenceKind(row[0]), *row[1:])
