"""Rate decks: lists, the version of a day, look-ups of a number."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from threading import Lock
from typing import Final

from django.db.models import Count, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Length

from pricing.kernel.voice import DeckEntry, PrefixIndex, TimeBand
from pricing.models import (
    DeckTimeBand,
    RateDeck,
    RateDeckImport,
    RateDeckRow,
    RateDeckVersion,
)

LONGEST_PREFIX: Final = 18
_MOST_KEPT: Final = 4
_kept: dict[int, PrefixIndex[DeckEntry]] = {}
_keeping: Final = Lock()
_COLUMNS: Final = (
    "prefix",
    "description",
    "rate",
    "minimum_seconds",
    "increment_seconds",
    "connect_fee",
    "band_rates",
)


def rate_decks() -> QuerySet[RateDeck]:
    """Return all decks with `version_count` and `newest` (a day), by code."""
    return RateDeck.objects.annotate(
        version_count=Count("versions"), newest=Max("versions__starts_on")
    ).order_by("code", "pk")


def versions_of(deck: RateDeck) -> QuerySet[RateDeckVersion]:
    """Return the versions of a deck with `ends_on` (the first day of the next), newest first."""
    later = RateDeckVersion.objects.filter(
        deck=OuterRef("deck"), starts_on__gt=OuterRef("starts_on")
    ).order_by("starts_on")
    return (
        deck.versions.select_related("deck")
        .annotate(ends_on=Subquery(later.values("starts_on")[:1]))
        .order_by("-starts_on", "-pk")
    )


def all_versions() -> QuerySet[RateDeckVersion]:
    """Return the versions of all decks, by deck, newest first."""
    return RateDeckVersion.objects.select_related("deck").order_by("deck__name", "-starts_on", "pk")


def version_on(deck: RateDeck, day: date) -> RateDeckVersion | None:
    """Return the version that holds on a day; None before the first."""
    return (
        deck.versions.select_related("deck")
        .filter(starts_on__lte=day)
        .order_by("-starts_on")
        .first()
    )


def bands_of(deck_id: int) -> tuple[TimeBand, ...]:
    """Return the time bands of a deck as the kernel's values; one query."""
    rows = DeckTimeBand.objects.filter(deck_id=deck_id).order_by("pk")
    return tuple(
        TimeBand(row.code, frozenset(row.weekdays), row.start_minute, row.end_minute)
        for row in rows
    )


def deck_rows(version: RateDeckVersion) -> QuerySet[RateDeckRow]:
    """Return the rows of a version, by prefix."""
    return RateDeckRow.objects.filter(version=version).order_by("prefix")


def row_for(version: RateDeckVersion, number: str) -> RateDeckRow | None:
    """Return the row with the longest prefix of a number; one query, whatever the deck's size."""
    heads = [number[:length] for length in range(1, min(len(number), LONGEST_PREFIX) + 1)]
    return (
        RateDeckRow.objects.filter(version=version, prefix__in=heads)
        .order_by(Length("prefix").desc())
        .first()
    )


def entry_of(row: RateDeckRow) -> DeckEntry:
    """Return a row as the kernel's value."""
    return _entry(*(getattr(row, column) for column in _COLUMNS))


def prefix_index(version: RateDeckVersion) -> PrefixIndex[DeckEntry]:
    """Return all rows of a version for look-ups; one query.

    What belongs to a version in use never changes, so a few such indexes are kept by the process.
    """
    with _keeping:
        kept = _kept.get(version.pk)
    if kept is not None:
        return kept
    index = PrefixIndex(_entries(version))
    if version.used_at is not None:
        with _keeping:
            while len(_kept) >= _MOST_KEPT:
                del _kept[next(iter(_kept))]
            _kept[version.pk] = index
    return index


def imports_of(deck: RateDeck) -> QuerySet[RateDeckImport]:
    """Return the files that were read for a deck, newest first."""
    return deck.imports.select_related("version", "created_by").order_by("-created_at", "-pk")


def _entries(version: RateDeckVersion) -> Iterable[tuple[str, DeckEntry]]:
    rows = RateDeckRow.objects.filter(version=version).values_list(*_COLUMNS)
    for row in rows.iterator(chunk_size=10_000):
        yield row[0], _entry(*row)


def _entry(
    prefix: str,
    description: str,
    rate: Decimal,
    minimum: int,
    increment: int,
    connect_fee: Decimal,
    band_rates: dict[str, str],
) -> DeckEntry:
    bands = tuple((code, Decimal(text)) for code, text in sorted(band_rates.items()))
    return DeckEntry(prefix, description, rate, minimum, increment, connect_fee, bands)
