"""What is done to a rate deck and its versions; reading a file into one is in `deck_imports`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction

from pricing.models import DeckTimeBand, RateDeck, RateDeckRow, RateDeckVersion
from pricing.operations.usage_records import (
    StillNeeded,
    WrongFigure,
    lock,
    lock_unused,
    refuse_used,
    save_coded,
    set_fields,
)
from pricing.queries.currencies import coin_of
from pricing.queries.errors import PricingError

CHANGEABLE: Final = frozenset(["code", "name", "currency", "minimum_seconds", "description"])


class WrongBand(PricingError):
    """A time band cannot stand; `row` is its place, from 0."""

    def __init__(self, message: str, *, field: str, row: int) -> None:
        super().__init__(message)
        self.field = field
        self.row = row


@dataclass(frozen=True, slots=True)
class BandRow:
    """Hours on some weekdays (Monday is 0), in minutes after midnight, end exclusive."""

    code: str
    weekdays: Sequence[int]
    start_minute: int
    end_minute: int


@transaction.atomic
def create_deck(*, bands: Sequence[BandRow] = (), **fields: Any) -> RateDeck:
    """Create a deck without versions.

    Raises UnknownCurrency, CodeTaken, WrongFigure or WrongBand.
    """
    deck = RateDeck()
    set_fields(deck, fields, known=CHANGEABLE)
    _check(deck, bands)
    save_coded(deck)
    for row in bands:
        DeckTimeBand.objects.create(deck=deck, **_values(row))
    return deck


@transaction.atomic
def change_deck(
    deck: RateDeck, *, bands: Sequence[BandRow] | None = None, **changes: Any
) -> RateDeck:
    """Change a deck: of one in use, only code, name and notes. None keeps the time bands.

    Raises what `create_deck` raises, UsagePlanInUse, and StillNeeded for a band that rows have
    rates for.
    """
    deck = lock(deck)
    set_fields(deck, changes, known=CHANGEABLE)
    stored = list(deck.bands.order_by("pk"))
    wanted = [_row_of(band) for band in stored] if bands is None else list(bands)
    _check(deck, wanted)
    save_coded(deck)
    if [_values(row) for row in wanted] != [_values(_row_of(band)) for band in stored]:
        refuse_used(deck)
        _write_bands(deck, wanted, stored)
    return deck


@transaction.atomic
def delete_deck(deck: RateDeck) -> None:
    """Delete a deck with its versions, if none has been used and no voice plan has it.

    Raises UsagePlanInUse or StillNeeded.
    """
    deck = lock_unused(deck)
    if deck.voice_plans.exists():
        raise StillNeeded(f"Voice plans rate calls by {deck}: choose another deck for them first.")
    for version in deck.versions.order_by("pk"):
        delete_version(version)
    deck.delete()


@transaction.atomic
def delete_version(version: RateDeckVersion) -> None:
    """Delete a version that has not been used, with its rows; the one before it goes on.

    Raises UsagePlanInUse.
    """
    version = lock_unused(version)
    rows = RateDeckRow.objects.filter(version=version)
    rows._raw_delete(using=rows.db)
    version.delete()


def _values(row: BandRow) -> dict[str, Any]:
    return {
        "code": row.code,
        "weekdays": sorted(row.weekdays),
        "start_minute": row.start_minute,
        "end_minute": row.end_minute,
    }


def _row_of(band: DeckTimeBand) -> BandRow:
    return BandRow(band.code, band.weekdays, band.start_minute, band.end_minute)


def _write_bands(deck: RateDeck, wanted: Sequence[BandRow], stored: Sequence[DeckTimeBand]) -> None:
    codes = {row.code for row in wanted}
    for band in stored:
        if band.code in codes:
            continue
        priced = RateDeckRow.objects.filter(version__deck=deck, band_rates__has_key=band.code)
        if priced.exists():
            raise StillNeeded(f"Rows of the deck have rates for the time band {band.code}.")
        band.delete()
    there = {band.code: band for band in stored}
    for row in wanted:
        kept = there.get(row.code)
        values = _values(row)
        if kept is None:
            DeckTimeBand.objects.create(deck=deck, **values)
        elif any(getattr(kept, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(kept, name, value)
            kept.save()


def _check(deck: RateDeck, bands: Sequence[BandRow]) -> None:
    coin_of(deck.currency)
    if deck.minimum_seconds < 0:
        raise WrongFigure("A minimum is 0 seconds or more.", field="minimum_seconds")
    for place, row in enumerate(bands):
        if not row.weekdays or not set(row.weekdays) <= set(range(7)):
            raise WrongBand("Choose the days of the week.", field="weekdays", row=place)
        if not 0 <= row.start_minute < row.end_minute <= 1440:
            raise WrongBand(
                "A time band ends after it begins, at midnight at the latest.",
                field="ends_at",
                row=place,
            )
        for before in bands[:place]:
            if before.code == row.code:
                raise WrongBand("Another band has this code.", field="code", row=place)
            if _overlap(before, row):
                raise WrongBand(f"The hours overlap those of {before.code}.", field="", row=place)


def _overlap(one: BandRow, other: BandRow) -> bool:
    return (
        bool(set(one.weekdays) & set(other.weekdays))
        and one.start_minute < other.end_minute
        and other.start_minute < one.end_minute
    )
