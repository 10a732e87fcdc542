"""What a price plan's rate asks for one charging cycle, or once.

A rate without phases costs `base_amount` per period `per`. With phases (maturity tiers) each
phase has its own price and period and runs by the calendar, one after the other, from the day
maturity counts from. Quantity tiers, of the rate or of a phase, take the place of its amount.
Source: BillMax, price phases; CRM.COM, maturity-based tiered rates.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from pricing.kernel.periods import Duration, Period
from pricing.kernel.tiers import Tier, TierRule, tiered_price


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


class BasePer(StrEnum):
    """What a base amount by quantity and maturity is asked for (CRM.COM: base rate applied per)."""

    PERIOD = "PERIOD"
    PERIOD_AND_ITEM = "PERIOD_AND_ITEM"


class SetUpFee(StrEnum):
    """When the set-up fee is asked: with the first charge, never, or on the first day in service,
    billed or not (BillMax: bill setup fee 0, 1, 2).
    """

    CHARGE = "CHARGE"
    WAIVE = "WAIVE"
    ON_OPEN = "ON_OPEN"


class TimeUnit(StrEnum):
    """What a rate by duration is the price of; its quantity counts these."""

    MINUTE = "MINUTE"
    HOUR = "HOUR"
    DAY = "DAY"


RECURRING_BASES = frozenset({Basis.MATURITY, Basis.QUANTITY_AND_MATURITY})
"""Asked for each period; the others once."""


@dataclass(frozen=True, slots=True)
class Phase:
    """`amount` for each `duration`, `times` times over; 0 times means for ever.

    `tiers`, if any, price the quantity in place of `amount`.
    """

    duration: Duration
    times: int
    amount: Decimal
    tiers: tuple[Tier, ...] = ()

    def __post_init__(self) -> None:
        if self.times < 0:
            raise ValueError(f"a phase cannot be repeated {self.times} times")


@dataclass(frozen=True, slots=True)
class Rate:
    """The price of a product in a plan, in major currency units, unrounded.

    `base_amount` is the price of `per`; phases, or `tiers` of the quantity in a period, take its
    place. `minimum` is the least that is asked for a period by quantity. `setup_fee` and
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
    tiers: tuple[Tier, ...] = ()
    tier_rule: TierRule = TierRule.GRADUATED
    minimum: Decimal = Decimal(0)
    base_per: BasePer = BasePer.PERIOD_AND_ITEM
    setup: SetUpFee = SetUpFee.CHARGE
    time_unit: TimeUnit = TimeUnit.HOUR

    @property
    def is_once(self) -> bool:
        """Whether the product is paid once rather than for each period."""
        return self.basis not in RECURRING_BASES


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


def tiers_of(rate: Rate, phase: int | None = None) -> tuple[Tier, ...]:
    """Return the quantity tiers of a phase, counted from 0, or without one those of the rate."""
    return rate.tiers if phase is None else rate.phases[phase].tiers


def asks_quantity(rate: Rate) -> bool:
    """Say whether an amount of the rate is asked for each item rather than once."""
    if rate.basis is Basis.QUANTITY_AND_MATURITY:
        return rate.base_per is BasePer.PERIOD_AND_ITEM
    return rate.basis is not Basis.FLAT_FEE


def quantity_amount(
    rate: Rate,
    unit_amount: Decimal,
    quantity: Decimal,
    *,
    phase: int | None = None,
    multiple: int = 1,
) -> Decimal:
    """Return the price of `quantity` units for `multiple` periods, unrounded.

    `unit_amount` is what one unit costs for all of them; tiers, of the `phase` or else of the
    rate, take its place: they price the quantity of each period. The minimum charge holds for
    tiers and for an amount times a quantity; a phase without tiers asks its own amount.

    Source: BillMax, amount of a sale = price of the phase in effect times quantity; CRM.COM,
    tiered rates, base rate applied per period or per period and item.
    """
    tiers = tiers_of(rate, phase)
    if tiers:
        amount = tiered_price(tiers, rate.tier_rule, quantity, minimum=rate.minimum).amount
        return amount if multiple == 1 else amount * multiple
    amount = untiered_amount(rate, unit_amount, quantity)
    return max(amount, least_amount(rate, phase) * multiple) if rate.minimum else amount


def untiered_amount(rate: Rate, unit_amount: Decimal, quantity: Decimal) -> Decimal:
    """Return `unit_amount` for the quantity as the basis asks it: an agreed price, for one."""
    return unit_amount * quantity if asks_quantity(rate) else unit_amount


def least_amount(rate: Rate, phase: int | None = None) -> Decimal:
    """Return the least that an untiered amount is raised to in a period."""
    return rate.minimum if phase is None and asks_quantity(rate) else Decimal(0)


def cycle_amount(
    rate: Rate, priced: PricedCycle, quantity: Decimal, *, override: Decimal | None = None
) -> Decimal:
    """Return the price of a whole cycle for a quantity, unrounded.

    `override` is a price agreed for one unit and one period of the rate, in place of amount, tiers
    and minimum.
    """
    if override is not None:
        return untiered_amount(rate, override * priced.multiple, quantity)
    return quantity_amount(
        rate, priced.amount, quantity, phase=priced.phase, multiple=priced.multiple
    )


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
