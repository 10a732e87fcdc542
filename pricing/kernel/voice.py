"""What calls cost: prefix look-up, billed seconds, time bands, included minutes.

Amounts of calls are exact fractions; they are rounded once, when the calls of a period become one
item. Source: BillMax, CDR rate decks and VoIP plans; README.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Entry = TypeVar("Entry")


class PrefixIndex(Generic[Entry]):
    """Finds the entry with the longest prefix of a number.

    Only the lengths that occur are tried, longest first, and what was found is kept for the next
    number with the same head: as many digits as the longest prefix has.
    """

    def __init__(self, entries: Iterable[tuple[str, Entry]]) -> None:
        self._entries: dict[str, Entry] = dict(entries)
        self._lengths = sorted({len(prefix) for prefix in self._entries}, reverse=True)
        self._longest = self._lengths[0] if self._lengths else 0
        self._found: dict[str, Entry | None] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def find(self, number: str) -> Entry | None:
        """Return the entry for a number of digits; None where no prefix fits."""
        head = number[: self._longest]
        try:
            return self._found[head]
        except KeyError:
            pass
        found = None
        for length in self._lengths:
            found = self._entries.get(head[:length])
            if found is not None:
                break
        if len(self._found) >= _MOST_HEADS:
            self._found.clear()
        self._found[head] = found
        return found


_MOST_HEADS = 262_144


@dataclass(frozen=True, slots=True)
class DeckEntry:
    """What calls to a prefix cost: `rate` per minute and `connect_fee` per call, in major currency
    units; billed for `minimum` seconds at least (0: the plan's minimum) and in steps of
    `increment` seconds. `band_rates` replace the rate in time bands, by the band's code.
    """

    prefix: str
    description: str
    rate: Decimal
    minimum: int = 0
    increment: int = 1
    connect_fee: Decimal = Decimal(0)
    band_rates: tuple[tuple[str, Decimal], ...] = ()

    def rate_in(self, band: str | None) -> Decimal:
        """Return the rate in a time band; outside all bands it is `rate`."""
        for code, rate in self.band_rates:
            if code == band:
                return rate
        return self.rate


@dataclass(frozen=True, slots=True)
class TimeBand:
    """Hours of the week, in local time: `weekdays` (Monday is 0) from `start_minute` of the day up
    to `end_minute` (1440 is midnight).
    """

    code: str
    weekdays: frozenset[int]
    start_minute: int
    end_minute: int

    def __post_init__(self) -> None:
        if not 0 <= self.start_minute < self.end_minute <= 1440:
            raise ValueError("a time band begins and ends within one day")


@dataclass(frozen=True, slots=True)
class BandShare:
    """Seconds of a call in one time band and what they cost; `band` None is outside all."""

    band: str | None
    seconds: int
    rate: Decimal
    amount: Fraction


@dataclass(frozen=True, slots=True)
class CallPrice:
    """What one call costs: the shares of its bands and the connect fee."""

    seconds: int
    shares: tuple[BandShare, ...]
    connect_fee: Decimal

    @property
    def amount(self) -> Fraction:
        """The whole, exact."""
        return sum((share.amount for share in self.shares), Fraction(self.connect_fee))


def billed_seconds(duration: int, *, minimum: int, increment: int) -> int:
    """Return the seconds billed for a call: at least `minimum`, rounded up to whole increments.

    A call that was not answered (0 seconds) is billed nothing. Raises ValueError for a negative
    duration or an increment below 1.
    """
    if duration < 0:
        raise ValueError(f"a call lasts 0 seconds or more, not {duration}")
    if increment < 1:
        raise ValueError(f"an increment is at least one second, not {increment}")
    if duration == 0:
        return 0
    return -(-max(duration, minimum) // increment) * increment


def price_call(
    entry: DeckEntry,
    duration: int,
    *,
    plan_minimum: int = 0,
    started_at: datetime | None = None,
    bands: Sequence[TimeBand] = (),
) -> CallPrice:
    """Return what a call of `duration` answered seconds costs.

    The billed seconds run from `started_at` (local time); those in another band cost that band's
    rate. Without bands the start is not asked for.
    """
    seconds = billed_seconds(
        duration, minimum=entry.minimum or plan_minimum, increment=entry.increment
    )
    if not seconds:
        return CallPrice(0, (), Decimal(0))
    if not bands or not entry.band_rates or started_at is None:
        parts: list[tuple[str | None, int]] = [(None, seconds)]
    else:
        parts = _parts_by_band(started_at, seconds, bands)
    shares = tuple(
        BandShare(band, part, rate, Fraction(rate) * part / 60)
        for band, part in parts
        for rate in (entry.rate_in(band),)
    )
    return CallPrice(seconds, shares, entry.connect_fee)


def beyond_allowance(seconds: Sequence[int], allowance: int) -> list[int]:
    """Return the seconds of each call, in order of time, that included seconds do not cover.

    Calls of one line, or of all lines that share an allowance. The call that uses up the
    allowance is covered in part.
    """
    left = allowance
    uncovered: list[int] = []
    for each in seconds:
        covered = min(each, left)
        left -= covered
        uncovered.append(each - covered)
    return uncovered


def minutes_price(seconds: int, rate: Decimal) -> Fraction:
    """Return what seconds cost at a rate per minute, exactly."""
    return Fraction(rate) * seconds / 60


def call_class(number: str, prefixes: Mapping[str, Sequence[str]], *, otherwise: str) -> str:
    """Return the class whose prefix fits a number best: toll free, premium, a country, …

    A prefix that ends in "$" stands for the whole number, as service codes (311) do.
    """
    best, found = -1, otherwise
    for name, each in prefixes.items():
        for prefix in each:
            fits = number == prefix[:-1] if prefix.endswith("$") else number.startswith(prefix)
            if fits and len(prefix) > best:
                best, found = len(prefix), name
    return found


def _parts_by_band(
    started_at: datetime, seconds: int, bands: Sequence[TimeBand]
) -> list[tuple[str | None, int]]:
    parts: list[tuple[str | None, int]] = []
    moment, left = started_at.replace(microsecond=0), seconds
    while left:
        band, until = _band_at(moment, bands)
        part = min(left, int((until - moment).total_seconds()))
        if parts and parts[-1][0] == band:
            parts[-1] = (band, parts[-1][1] + part)
        else:
            parts.append((band, part))
        moment += timedelta(seconds=part)
        left -= part
    return parts


def _band_at(moment: datetime, bands: Sequence[TimeBand]) -> tuple[str | None, datetime]:
    """Return the band at a whole second (the first that fits) and when it may change."""
    midnight = moment.replace(hour=0, minute=0, second=0)
    today = [band for band in bands if moment.weekday() in band.weekdays]
    second = int((moment - midnight).total_seconds())
    edges = {1440} | {edge for band in today for edge in (band.start_minute, band.end_minute)}
    until = midnight + timedelta(minutes=min(edge for edge in edges if edge * 60 > second))
    for band in today:
        if band.start_minute * 60 <= second < band.end_minute * 60:
            return band.code, until
    return None, until
