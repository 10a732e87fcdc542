"""What a call costs under a voice plan: its class, included minutes, the deck, inbound calls.

Amounts are exact fractions, as in `voice`. Source: BillMax, VoIP plans and the classification of
CDRs; README.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING

from pricing.kernel.voice import (
    CallPrice,
    DeckEntry,
    TimeBand,
    beyond_allowance,
    billed_seconds,
    call_class,
    minutes_price,
    price_call,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime


class Treatment(StrEnum):
    """What a plan does with the calls of a class."""

    PLAN_CALL = "PLAN_CALL"
    BY_DECK = "BY_DECK"
    OWN_RATE = "OWN_RATE"
    FREE = "FREE"
    REFUSED = "REFUSED"


class Covered(StrEnum):
    """Which plan calls use up the plan minutes."""

    OUTBOUND = "OUTBOUND"
    INBOUND = "INBOUND"
    COMBINED = "COMBINED"


class Outcome(StrEnum):
    """How a call was rated. UNRATED: the deck has no row for the number."""

    PLAN_CALL = "PLAN_CALL"
    LONG_DISTANCE = "LONG_DISTANCE"
    OWN_RATE = "OWN_RATE"
    INBOUND = "INBOUND"
    FREE = "FREE"
    REFUSED = "REFUSED"
    UNRATED = "UNRATED"


@dataclass(frozen=True, slots=True)
class NumberClass:
    """Numbers with one treatment; `entry` is what they cost under OWN_RATE."""

    name: str
    prefixes: tuple[str, ...]
    treatment: Treatment
    entry: DeckEntry | None = None


@dataclass(frozen=True, slots=True)
class VoiceRules:
    """A voice plan. Rates are per minute in major units; `plan_seconds` are covered a period."""

    plan_seconds: int = 0
    covers: Covered = Covered.OUTBOUND
    overage_rate: Decimal = Decimal(0)
    minimum: int = 0
    increment: int = 1
    long_distance_minimum: int = 0
    inbound_rate: Decimal = Decimal(0)
    classes: tuple[NumberClass, ...] = ()
    bands: tuple[TimeBand, ...] = ()


@dataclass(frozen=True, slots=True)
class Call:
    """A call: the other side's number, answered seconds, start in local time."""

    number: str
    seconds: int
    started_at: datetime | None = None
    inbound: bool = False


@dataclass(frozen=True, slots=True)
class RatedCall:
    """What a call costs. Of a plan call `seconds` are counted and `beyond` of them are charged."""

    outcome: Outcome
    class_name: str
    seconds: int
    amount: Fraction
    beyond: int = 0
    entry: DeckEntry | None = None
    price: CallPrice | None = None


def rate_call(
    rules: VoiceRules,
    call: Call,
    find: Callable[[str], DeckEntry | None],
    *,
    used_seconds: int = 0,
) -> RatedCall:
    """Return what a call costs after `used_seconds` of the period's plan minutes.

    `find` gives the row of the deck for a number, as `PrefixIndex.find`. A call to a number whose
    row costs nothing per minute is a plan call.
    """
    if call.inbound:
        return _inbound(rules, call, used_seconds)
    number_class = _class_of(rules, call.number)
    name = number_class.name if number_class else ""
    treatment = number_class.treatment if number_class else Treatment.BY_DECK
    if treatment is Treatment.PLAN_CALL:
        return _plan_call(rules, call, used_seconds, name, Covered.OUTBOUND)
    if treatment is Treatment.FREE:
        return RatedCall(Outcome.FREE, name, call.seconds, Fraction(0))
    if treatment is Treatment.REFUSED:
        return RatedCall(Outcome.REFUSED, name, 0, Fraction(0))
    if treatment is Treatment.OWN_RATE and number_class and number_class.entry:
        price = price_call(number_class.entry, call.seconds)
        entry = number_class.entry
        return RatedCall(
            Outcome.OWN_RATE, name, price.seconds, price.amount, entry=entry, price=price
        )
    return _by_deck(rules, call, find(call.number), used_seconds, name)


def rate_calls(
    rules: VoiceRules, calls: Sequence[Call], find: Callable[[str], DeckEntry | None]
) -> list[RatedCall]:
    """Return what the calls of a period cost, in order of time: of one line, or of all lines
    that share the plan minutes.
    """
    used = 0
    rated = []
    for call in calls:
        one = rate_call(rules, call, find, used_seconds=used)
        if one.outcome is Outcome.PLAN_CALL:
            used += one.seconds - one.beyond
        rated.append(one)
    return rated


def _class_of(rules: VoiceRules, number: str) -> NumberClass | None:
    by_name = {str(place): one.prefixes for place, one in enumerate(rules.classes)}
    found = call_class(number, by_name, otherwise="")
    return rules.classes[int(found)] if found else None


def _by_deck(
    rules: VoiceRules, call: Call, entry: DeckEntry | None, used_seconds: int, name: str
) -> RatedCall:
    if entry is None:
        return RatedCall(Outcome.UNRATED, name, call.seconds, Fraction(0))
    if entry.rate == 0 and not any(rate for _, rate in entry.band_rates):
        return _plan_call(rules, call, used_seconds, name, Covered.OUTBOUND, entry)
    price = price_call(
        entry,
        call.seconds,
        plan_minimum=rules.long_distance_minimum,
        started_at=call.started_at,
        bands=rules.bands,
    )
    return RatedCall(
        Outcome.LONG_DISTANCE, name, price.seconds, price.amount, entry=entry, price=price
    )


def _inbound(rules: VoiceRules, call: Call, used_seconds: int) -> RatedCall:
    if rules.covers is not Covered.OUTBOUND:
        return _plan_call(rules, call, used_seconds, "", Covered.INBOUND)
    seconds = billed_seconds(call.seconds, minimum=rules.minimum, increment=rules.increment)
    return RatedCall(Outcome.INBOUND, "", seconds, minutes_price(seconds, rules.inbound_rate))


def _plan_call(
    rules: VoiceRules,
    call: Call,
    used_seconds: int,
    name: str,
    direction: Covered,
    entry: DeckEntry | None = None,
) -> RatedCall:
    """Charge what the minutes left do not cover: all of a call of the other direction."""
    seconds = billed_seconds(call.seconds, minimum=rules.minimum, increment=rules.increment)
    is_covered = rules.covers in (Covered.COMBINED, direction)
    left = max(rules.plan_seconds - used_seconds, 0) if is_covered else 0
    [beyond] = beyond_allowance([seconds], left)
    amount = minutes_price(beyond, rules.overage_rate)
    return RatedCall(Outcome.PLAN_CALL, name, seconds, amount, beyond, entry)
