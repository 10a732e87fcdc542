"""Import of rate decks: a row is a deck with its time bands, without versions."""

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import models

from config.shared.imports.columns import Cell, Column, SlugCell, TextCell, WholeCell, join, split
from config.shared.imports.drafts import Draft
from pricing.forms.decks import MinuteField, WeekdaysField, clock_text, weekdays_text
from pricing.imports.coded import CodedResource
from pricing.models import DeckTimeBand, RateDeck
from pricing.operations.decks import BandRow, WrongBand, change_deck, create_deck

_WEEKDAYS: Final[Any] = WeekdaysField()
_MINUTE: Final[Any] = MinuteField()
_BAND: Final = re.compile(r"([-\w]{1,20})\s+(\D+?)\s+([\d:]+)\s*[-–]\s*([\d:]+)", re.ASCII)


class BandsCell(Cell):
    """Time bands: peak Mon-Fri 08:00-20:00; weekend Sat, Sun 00:00-24:00."""

    empty: Any = ()

    def read(self, text: str) -> tuple[BandRow, ...]:
        """Return the bands."""
        return tuple(map(self._band, split(text)))

    def write(self, value: Any) -> Any:
        """Return the bands in one cell."""
        return join(
            f"{row.code} {weekdays_text(row.weekdays).replace('–', '-')}"
            f" {clock_text(row.start_minute)}-{clock_text(row.end_minute)}"
            for row in value
        )

    def hints(self) -> str:
        """Return how they are written."""
        return "peak Mon-Fri 08:00-20:00; weekend Sat, Sun 00:00-24:00"

    def _band(self, text: str) -> BandRow:
        match = _BAND.fullmatch(text.replace("–", "-"))
        try:
            if match is not None:
                days = tuple(_WEEKDAYS.clean(match[2]))
                return BandRow(match[1], days, *map(_MINUTE.clean, match.groups()[2:]))
        except ValidationError as refusal:
            raise ValueError(f"“{text}”: {refusal.messages[0]}") from refusal
        raise ValueError(f"“{text}” is no time band; write {self.hints()}.")


class DeckResource(CodedResource):
    """Rate decks with their time bands."""

    slug = "rate-decks"
    title = "Rate decks"
    about = (
        "A row is a deck with its time bands; its prefixes are read on its page. Of one in use "
        "only the name and the description change. Decks that the file does not name stay."
    )
    model = RateDeck
    examples = (
        {"code": "sample-world", "name": "Sample world", "currency": "EUR", "least seconds": "30"},
        {
            "code": "sample-near",
            "name": "Sample near by",
            "currency": "EUR",
            "time bands": "peak Mon-Fri 08:00-20:00; weekend Sat, Sun 00:00-24:00",
        },
    )

    code = Column("code", "code", SlugCell(40), about="Which deck it is.", required=True)
    name = Column("name", "name", TextCell(120), about="Its name.", required=True)
    currency = Column(
        "currency", "currency", TextCell(3), about="Its ISO 4217 code.", required=True
    )
    minimum_seconds = Column(
        "least seconds",
        "minimum_seconds",
        WholeCell(least=0, most=2**31 - 1, empty=0),
        about="Billed at least, where neither the row nor the voice plan says more.",
    )
    bands = Column(
        "time bands",
        "bands",
        BandsCell(),
        about="Code, days and hours, with semicolons, in the order of the deck.",
    )
    description = Column("description", "description", TextCell(), about="What staff should know.")

    def stored_values(self, record: models.Model) -> dict[str, Any]:
        """Return what is stored, the bands in their order."""
        deck: Any = record
        names = [one.attribute for one in self.columns() if one.attribute != "bands"]
        bands = sorted(deck.bands.all(), key=lambda band: int(band.pk))
        return {
            **{name: getattr(deck, name) for name in names},
            "bands": tuple(
                BandRow(band.code, tuple(band.weekdays), band.start_minute, band.end_minute)
                for band in bands
            ),
        }

    def create(self, draft: Draft) -> models.Model | None:
        """Make the deck."""
        return create_deck(**draft.values())

    def change(self, draft: Draft) -> models.Model | None:
        """Change what differs."""
        row: Any = draft
        return change_deck(row.record, **draft.changes())

    def attribute_of(self, refusal: Exception) -> str:
        """Return the column of bands for one of them."""
        return "bands" if isinstance(refusal, WrongBand) else super().attribute_of(refusal)

    def history(self, pks: set[int]) -> Iterable[Any]:
        """Return the history of decks and bands."""
        return [*super().history(pks), DeckTimeBand.history.filter(deck_id__in=pks)]

    def prepared(self, records: Sequence[Any]) -> None:
        """Load the bands."""
        models.prefetch_related_objects(list(records), "bands")
