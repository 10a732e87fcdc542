"""Which days of a cycle a service's spells charge, and in what stretches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from billing.kernel.history import BillMode, Override, ServiceHistory, Spell, Terms
from pricing.kernel.discount_days import ActingDiscount
from pricing.kernel.periods import Period, shared_period

Stretch = tuple[date, date, Spell]
"""First day, first day after, and the spell that says what is charged on them."""


class Piece(NamedTuple):
    """Days with one spell's price less the same discounts, or with a person's decision."""

    period: Period
    spell: Spell
    override: Override | None = None
    discounts: tuple[ActingDiscount, ...] = ()


def ordered_spells(history: ServiceHistory) -> list[Stretch]:
    """Return the spells in order, an open end as the last date there is.

    Raises ValueError if two of them overlap.
    """
    spells = [(each.period.start, each.period.end or date.max, each) for each in history.spells]
    if len(spells) > 1:
        spells.sort(key=lambda each: each[0])
        for before, after in pairwise(spells):
            if after[0] < before[1]:
                raise ValueError(f"spells of service {history.service_id} overlap on {after[0]}")
    return spells


def first_days(spells: Sequence[Stretch], terms: Sequence[Terms]) -> list[tuple[Terms, date]]:
    """Return the billing terms that have a day to charge, in order, with the first such day."""
    found: list[tuple[Terms, date]] = []
    for each in sorted(terms, key=lambda one: one.period.start) if len(terms) > 1 else terms:
        start, end = each.period.start, each.period.end or date.max
        for first, last, spell in spells:
            if first >= end:
                break
            if last > start and spell.mode is BillMode.BILL:
                found.append((each, max(first, start)))
                break
    return found


def covered_until(spells: Sequence[Stretch]) -> date:
    """Return the day a service that has ended was last charged or kept before; else date.max."""
    if not spells or spells[-1][1] == date.max:
        return date.max
    ends = [end for _, end, spell in spells if spell.mode is not BillMode.NONE]
    return ends[-1] if ends else date.max


def stretches(
    spells: Sequence[Stretch],
    start: date,
    end: date,
    product_id: int,
    rated_days: Sequence[Period] = (),
) -> list[Stretch]:
    """Return the stretches of [start, end) on which the product is charged.

    Neighbours that differ in nothing that is charged are one stretch. A KEEP spell that follows
    directly prolongs the stretch, to the end of these days at most. One that begins with them
    keeps what was charged before it was known: it counts if `rated_days`, the product's, hold
    its first day.
    """
    found: list[Stretch] = []
    for first, last, spell in spells:
        if last <= start:
            continue
        if first >= end:
            break
        first, last = max(first, start), min(last, end)
        follows = bool(found) and found[-1][1] == first
        if spell.mode is BillMode.KEEP:
            if follows:
                found[-1] = (found[-1][0], last, found[-1][2])
            elif spell.product_id == product_id and first == start and _is_rated(first, rated_days):
                found.append((first, last, spell))
        elif spell.mode is BillMode.BILL and spell.product_id == product_id:
            if follows and _same_charge(found[-1][2], spell):
                found[-1] = (found[-1][0], last, found[-1][2])
            else:
                found.append((first, last, spell))
    return found


def _is_rated(day: date, rated_days: Sequence[Period]) -> bool:
    return any(period.contains(day) for period in rated_days)


def pieces(
    found: Sequence[Stretch],
    overrides: Sequence[Override],
    acting: Sequence[ActingDiscount] = (),
) -> Iterator[Piece]:
    """Yield the stretches, cut where a decision or a discount begins or ends.

    A decision takes the place of the price, so no discount acts on it.
    """
    bounds = [each.period for each in overrides] + [each.days for each in acting]
    for first, last, spell in found:
        if not bounds:
            yield Piece(shared_period(first, last), spell)
            continue
        cuts = {first, last}
        for period in bounds:
            cuts.update(day for day in (period.start, period.end) if day and first < day < last)
        days = sorted(cuts)
        start, run = first, _on(first, overrides, acting)
        for day in days[1:]:
            following = _on(day, overrides, acting) if day < last else None
            if following is None or following[0] is not run[0] or following[1] != run[1]:
                yield Piece(Period(start, day), spell, *run)
                start, run = day, following or run


def _on(
    day: date, overrides: Sequence[Override], acting: Sequence[ActingDiscount]
) -> tuple[Override | None, tuple[ActingDiscount, ...]]:
    """Return what is decided about a day, or which discounts act on it."""
    decided = _decided(overrides, day)
    if decided is not None or not acting:
        return decided, ()
    return None, tuple(each for each in acting if each.days.contains(day))


def _decided(overrides: Sequence[Override], day: date) -> Override | None:
    return next((each for each in reversed(overrides) if each.period.contains(day)), None)


def _same_charge(one: Spell, other: Spell) -> bool:
    return (
        one.quantity == other.quantity
        and one.account_id == other.account_id
        and one.price_override == other.price_override
    )
