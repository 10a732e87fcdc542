"""The cycles a service's product is charged in under one set of billing terms.

The first cycle begins on the first billing date that is not before the first billable day; what
lies before it is a part of a cycle (a stub). Asynchronous terms, and prices per days or weeks,
count from the first billable day itself. Source: README of pricing; BillMax, billing models.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

from billing.kernel.cycles import anchor_on_or_after, cycle_end, cycle_start_at
from billing.kernel.history import BillingMethod, Terms
from pricing.kernel.periods import Duration, Period, shared_period
from pricing.kernel.rates import PricedCycle, Rate, price_at
from pricing.kernel.versions import AnyRate, CycleRate, rate_at


class Cell(NamedTuple):
    """The days `start` to `end` that one cycle has under its terms.

    `cycle` is what `found` is the price of; it is longer than the cell if the cell is a stub,
    or cut by the end of the terms. `rank` is 0 for a stub, 1 for the first full cycle, then 2.
    """

    start: date
    end: date
    cycle: Period
    found: CycleRate
    rank: int

    @property
    def rate(self) -> Rate:
        """The rate that prices the cycle."""
        return self.found.rate

    @property
    def priced(self) -> PricedCycle:
        """The price of the cycle, for a quantity of one."""
        return self.found.priced


def first_anchor(terms: Terms, first: date, length: Duration) -> tuple[date, int]:
    """Return the start of the first full cycle, and the day of the month cycles keep to."""
    if terms.method is BillingMethod.ASYNCHRONOUS or length.months is None:
        return first, first.day
    return anchor_on_or_after(first, terms.billing_day), terms.billing_day


def settled_maturity(rate: Rate, starts: list[tuple[Terms, date]], maturity_from: date) -> date:
    """Return the day phases count from: a stub does not use up a phase (README of pricing).

    `starts` are the billing terms with their first billable days.
    """
    if not rate.phases:
        return maturity_from
    for terms, first in starts:
        priced = price_at(
            rate, maturity_from, maturity_start=maturity_from, frequency=terms.frequency
        )
        if priced is not None and first <= maturity_from:
            anchor, _ = first_anchor(terms, first, priced.length)
            if maturity_from < anchor:
                return anchor
    return maturity_from


def cells(
    terms: Terms,
    rate: AnyRate,
    *,
    first: date,
    maturity: Callable[[Rate], date],
    floor: date,
) -> Iterator[Cell]:
    """Yield the cells that end after `floor`, in order, without end unless terms or price end.

    `first` is the first billable day under the terms; `maturity` says where a rate's phases begin.
    """
    last = terms.period.end or date.max
    found = rate_at(rate, first, maturity=maturity, frequency=terms.frequency)
    if found is None:
        return
    length = found.priced.length
    start, anchor_day = first_anchor(terms, first, length)
    if first < start and start > floor:
        cycle = Period(first, start)
        if terms.prorate:
            cycle = Period(length.before(start, anchor_day=anchor_day), start)
        yield Cell(first, min(start, last), cycle, found, 0)
    rank = 1
    varies = not isinstance(rate, Rate) or bool(rate.phases)
    settled = date.min if isinstance(rate, Rate) else rate.settled_from()
    while max(start, floor) < last:
        if varies:  # otherwise all cycles have the price of the first
            found = rate_at(rate, start, maturity=maturity, frequency=terms.frequency)
            if found is None:
                return
            length = found.priced.length
        if floor > start >= settled and found.priced.until is None:
            begun = cycle_start_at(start, length, anchor_day, floor)
            rank = rank if begun == start else 2
            start = begun
        end = cycle_end(start, length, anchor_day)
        if end > floor:
            yield Cell(start, min(end, last), shared_period(start, end), found, rank)
        start, rank = end, 2
