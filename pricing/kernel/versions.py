"""The rate of a product under a conditional price plan: its own, or the base plan's.

Source: CRM.COM, the base plan's rates apply whenever the conditions are not met at billing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from pricing.kernel.rates import PricedCycle, Rate, price_at

if TYPE_CHECKING:
    from collections.abc import Callable

    from pricing.kernel.periods import Duration, Period


class MissingRate(LookupError):
    """The price plan says nothing about a product that is to be billed."""


@dataclass(frozen=True, slots=True)
class ConditionalRate:
    """`rate` on the days of `holds`, on which all conditions of the plan hold; else `base`.

    None means that the plan says nothing about the product: a plan without a rate of its own
    leaves it to its base plan, so does one whose phases are over. `is_covered`: where none of
    them has a rate, a package covers the price. The periods do not overlap.
    """

    rate: Rate | None
    base: Rate | None
    holds: tuple[Period, ...]
    is_covered: bool = False

    def holds_on(self, day: date) -> bool:
        """Say whether the conditions hold on a day."""
        return any(period.contains(day) for period in self.holds)

    def on(self, day: date) -> Rate | None:
        """Return the rate of what begins on a day."""
        return self.rate if self.rate is not None and self.holds_on(day) else self.base

    def settled_from(self) -> date:
        """Return the day from which the conditions never change again."""
        bounds = [period.start for period in self.holds]
        bounds += [period.end for period in self.holds if period.end is not None]
        return max(bounds, default=date.min)


AnyRate = Rate | ConditionalRate


class CycleRate(NamedTuple):
    """What a cycle is priced by. `conditional` is set where a conditional plan was asked: its own
    rate, or, `holds` False, that of its base plan in its place.
    """

    rate: Rate
    priced: PricedCycle
    conditional: ConditionalRate | None = None
    holds: bool = True


def rate_at(
    rate: AnyRate, day: date, *, maturity: Callable[[Rate], date], frequency: Duration
) -> CycleRate | None:
    """Return rate and price of the cycle that begins on `day`; None where nothing is asked.

    `maturity` says from which day a rate's phases count. Raises MissingRate.
    """
    if isinstance(rate, Rate):
        priced = price_at(rate, day, maturity_start=maturity(rate), frequency=frequency)
        return None if priced is None else CycleRate(rate, priced)
    own = rate.rate if rate.holds_on(day) else None
    if own is None and rate.base is None and not rate.is_covered:
        raise MissingRate(f"neither the conditional plan nor its base plan has a rate on {day}")
    for one in (own, rate.base):
        if one is not None:
            priced = price_at(one, day, maturity_start=maturity(one), frequency=frequency)
            if priced is not None:
                return CycleRate(one, priced, rate, one is own)
    return None
