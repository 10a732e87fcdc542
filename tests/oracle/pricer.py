"""A second, slow opinion on prices: unit by unit and second by second, with fractions.

It shares no code with Ratebook and reads plain values only. Quantities are counted in thousandths,
so that "every unit" can be taken literally.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

GRAIN = Fraction(1, 1000)


@dataclass(frozen=True)
class PlainTier:
    top: Fraction | None
    rate: Fraction
    fixed: Fraction
    block: Fraction


def round_half_up(amount: Fraction, digits: int) -> Fraction:
    """Round by looking at the two neighbours."""
    unit = Fraction(1, 10**digits)
    sign = -1 if amount < 0 else 1
    size = abs(amount)
    below = unit * (size // unit)
    above = below + unit
    return sign * (above if above - size <= size - below else below)


def price_in_tiers(tiers: list[PlainTier], rule: str, quantity: Fraction) -> Fraction:
    """Ask of every grain of the quantity which tier it lies in, or of the whole."""
    if rule == "GRADUATED":
        return _grain_by_grain(tiers, quantity)
    if rule == "STEP":
        return _tier_that_holds(tiers, quantity).fixed
    if quantity == 0:
        return Fraction(0)
    tier = _tier_that_holds(tiers, quantity)
    if rule == "VOLUME":
        return quantity * tier.rate + tier.fixed
    blocks = 0
    while blocks * tier.block < quantity:
        blocks += 1
    return blocks * tier.rate + tier.fixed


def _tier_that_holds(tiers: list[PlainTier], quantity: Fraction) -> PlainTier:
    for tier in tiers:
        if tier.top is None or quantity <= tier.top:
            return tier
    return tiers[-1]


def _grain_by_grain(tiers: list[PlainTier], quantity: Fraction) -> Fraction:
    grains = quantity / GRAIN
    assert grains.denominator == 1
    price = Fraction(0)
    reached: list[PlainTier] = []
    for grain in range(int(grains)):
        # A grain ends at its upper edge, which is what a tier's bound is compared with.
        tier = _tier_that_holds(tiers, (grain + 1) * GRAIN)
        price += tier.rate * GRAIN
        if tier not in reached:
            reached.append(tier)
            price += tier.fixed
    return price


@dataclass(frozen=True)
class PlainPhase:
    months: int
    times: int
    amount: Fraction
    tiers: list[PlainTier]


@dataclass(frozen=True)
class PlainRate:
    """A rate in whole months; `once` says that quantity is not asked."""

    months: int
    amount: Fraction
    once: bool
    tiers: list[PlainTier]
    rule: str
    minimum: Fraction
    phases: list[PlainPhase]
    after_last: str


def phase_of_month(rate: PlainRate, month: int) -> PlainPhase | None:
    """Tear off a calendar leaf a month, term by term, until the month asked for."""
    leaf = 0
    while True:
        for phase in rate.phases:
            term = 0
            while phase.times == 0 or term < phase.times:
                for _ in range(phase.months):
                    if leaf == month:
                        return phase
                    leaf += 1
                term += 1
        if rate.after_last == "STOP":
            return None
        if rate.after_last == "KEEP":
            return rate.phases[-1]


def price_of_cycle(
    rate: PlainRate, month: int, quantity: Fraction, frequency: int
) -> Fraction | None:
    """Add up what the periods of a cycle cost that begins so many months after maturity did."""
    phase = phase_of_month(rate, month) if rate.phases else None
    if rate.phases and phase is None:
        return None
    months = phase.months if phase else rate.months
    tiers = phase.tiers if phase else rate.tiers
    if tiers:
        period = price_in_tiers(tiers, rate.rule, quantity)
    else:
        period = phase.amount if phase else rate.amount
        if not rate.once:
            period = period * quantity
    if period < rate.minimum and (tiers or not (phase or rate.once)):
        period = rate.minimum
    total = Fraction(0)
    for _ in range(frequency // months if frequency % months == 0 else 1):
        total += period
    return total


def after_discounts(
    price: Fraction, percentages: list[Fraction], amounts: list[Fraction], part: Fraction
) -> Fraction:
    """Take off all percentages of the price together, then the amounts, and stop at nothing."""
    left = price - price * min(sum(percentages, Fraction(0)), Fraction(1))
    for amount in amounts:
        left = left - amount * part
        if left < 0:
            return Fraction(0)
    return left


@dataclass(frozen=True)
class PlainBand:
    weekdays: frozenset[int]
    start: int
    end: int
    rate: Fraction


def price_of_call(
    seconds: int,
    minimum: int,
    step: int,
    rate: Fraction,
    fee: Fraction,
    *,
    weekday: int,
    second_of_day: int,
    bands: list[PlainBand],
) -> Fraction:
    """Let the clock tick for every billed second and ask what that second costs."""
    if seconds == 0:
        return Fraction(0)
    billed = 0
    while billed < seconds or billed < minimum or billed % step:
        billed += 1
    price = fee
    for tick in range(billed):
        now = second_of_day + tick
        day, second = (weekday + now // 86400) % 7, now % 86400
        here = [b for b in bands if day in b.weekdays and b.start * 60 <= second < b.end * 60]
        price += (here[0].rate if here else rate) / 60
    return price


def percentile_of(values: list[Fraction], percent: Fraction) -> Fraction:
    """The least value that so many per cent of all values do not exceed."""
    for value in sorted(values):
        not_above = sum(1 for other in values if other <= value)
        if Fraction(not_above * 100, len(values)) >= percent:
            return value
    raise AssertionError("the largest value is not exceeded by any")


def month_tax(sums: list[Fraction], rule: str, value: Fraction) -> list[Fraction]:
    """What each amount of a month adds to the taxable sum, cent by cent."""
    added: list[Fraction] = []
    cent = Fraction(1, 100)
    charged = Fraction(0)
    for amount in sums:
        part = Fraction(0)
        for _ in range(int(amount / cent)):
            charged += cent
            if rule == "MONTHLY_EXEMPTION" and charged > value:
                part += min(cent, charged - value)
            if rule == "MONTHLY_MAXIMUM" and charged - cent < value:
                part += min(cent, value - (charged - cent))
        added.append(part)
    return added
