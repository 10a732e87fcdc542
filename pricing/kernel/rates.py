"""What a price plan's rate asks for one charging cycle.

A rate without phases costs `base_amount` per period `per`. With phases (maturity tiers) each
phase has its own price and period and runs by the calendar, one after the other, from the day
maturity counts from. Source: BillMax, price phases; CRM.COM, maturity-based tiered rates.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from pricing.kernel.periods import Duration, Period


class Basis(StrEnum):
    """What the amount of a rate depends on (CRM.COM: rate model)."""

    FLAT_FEE = "FLAT_FEE"
    QUANTITY = "QUANTITY"
    MATURITY = "MATURITY"
    QUANTITY_AND_MATURITY = "QUANTITY_AND_MATURITY"
    DURATION = "DURATION"
    USAGE = "USAGE"


class AfterLast(StrEnum):
    """What follows the last phase (BillMax: renewable 0, 1, 2)."""

    STOP = "STOP"
    KEEP = "KEEP"
    REPEAT = "REPEAT"


@dataclass(frozen=True, slots=True)
class Phase:
    """`amount` for each `duration`, `times` times over; 0 times means for ever."""

    duration: Duration
    times: int
    amount: Decimal

    def __post_init__(self) -> None:
        if self.times < 0:
            raise ValueError(f"a phase cannot be repeated {self.times} times")


@dataclass(frozen=True, slots=True)
class Rate:
    """The price of a product in a plan, in major currency units, unrounded.

    `base_amount` is the price of `per`; phases, if any, take its place. `setup_fee` and
    `deposit` are asked once. `tax_inclusive` says whether all of them hold the tax.
    """

    rate_id: int
    basis: Basis
    per: Duration
    base_amount: Decimal
    phases: tuple[Phase, ...] = ()
    after_last: AfterLast = AfterLast.KEEP
    tax_inclusive: bool = False
    setup_fee: Decimal = Decimal(0)
    deposit: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class PricedCycle:
    """The price of one charging cycle, for a quantity of one.

    `length` is the cycle's length; `amount` = `unit_amount` (of one rate period) times `multiple`.
    `phase` counts from 0, None without phases. From `until` on another price may hold; None
    means it never changes again.
    """

    amount: Decimal
    unit_amount: Decimal
    multiple: int
    length: Duration
    phase: int | None
    until: date | None


def cycle_price(
    rate: Rate, *, cycle: Period, maturity_start: date, frequency: Duration
) -> PricedCycle | None:
    """Return the price of `cycle`: that of the phase its start lies in.

    A cycle that begins before `maturity_start` costs the first phase's price. None means that
    the phases are over and nothing follows (AfterLast.STOP).
    """
    return price_at(rate, cycle.start, maturity_start=maturity_start, frequency=frequency)


def price_at(
    rate: Rate, day: date, *, maturity_start: date, frequency: Duration
) -> PricedCycle | None:
    """Return price and length of the charging cycle that begins on `day`; see `cycle_price`.

    The cycle is as long as `frequency` if that is a whole multiple of the rate's own period
    (then it costs as many times the price), otherwise as long as the rate's own period.
    """
    if not rate.phases:
        return _priced(rate.base_amount, rate.per, frequency, phase=None, until=None)
    found = _phase_at(rate, day, maturity_start)
    if found is None:
        return None
    index, until = found
    phase = rate.phases[index]
    return _priced(phase.amount, phase.duration, frequency, phase=index, until=until)


def quantity_amount(rate: Rate, unit_amount: Decimal, quantity: Decimal) -> Decimal:
    """Return the price of `quantity` units, unrounded; a flat fee does not ask how many.

    Source: BillMax, amount of a sale = price of the phase in effect times quantity.
    """
    return unit_amount if rate.basis is Basis.FLAT_FEE else unit_amount * quantity


def _priced(
    unit_amount: Decimal,
    per: Duration,
    frequency: Duration,
    *,
    phase: int | None,
    until: date | None,
) -> PricedCycle:
    if frequency == per:
        return PricedCycle(unit_amount, unit_amount, 1, per, phase, until)
    ratio = frequency.ratio(per)
    if ratio is None or ratio.denominator != 1:
        return PricedCycle(unit_amount, unit_amount, 1, per, phase, until)
    multiple = ratio.numerator
    return PricedCycle(unit_amount * multiple, unit_amount, multiple, frequency, phase, until)


def _phase_at(rate: Rate, day: date, maturity_start: date) -> tuple[int, date | None] | None:
    """Return the phase in force on `day` and the day it ends, None after the last."""
    start, anchor_day = maturity_start, maturity_start.day
    last = len(rate.phases) - 1
    while True:
        for index, phase in enumerate(rate.phases):
            keeps = index == last and rate.after_last is AfterLast.KEEP
            if phase.times == 0 or keeps:
                return index, None
            run = Duration(phase.duration.count * phase.times, phase.duration.unit)
            end = run.after(start, anchor_day=anchor_day)
            if day < end:
                return index, end
            if run.months is None:
                anchor_day = end.day
            start = end
        if rate.after_last is AfterLast.STOP:
            return None
