"""How much of an amount is taxed, and which days of a service a tax rate holds for.

A tax rule may look at all that an account was charged at a rate in a calendar month: the taxable
part of a document is what the month's taxable sum grows by. So a return in the same month gives
back what the sale was taxed. Source: BillMax, tax rules; README.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

ZERO = Decimal(0)


class RuleKind(StrEnum):
    """What a rule does: tax everything, all above a sum, a share, or all up to a sum."""

    EVERYTHING = "EVERYTHING"
    MONTHLY_EXEMPTION = "MONTHLY_EXEMPTION"
    PERCENTAGE = "PERCENTAGE"
    MONTHLY_MAXIMUM = "MONTHLY_MAXIMUM"


@dataclass(frozen=True, slots=True)
class TaxRule:
    """`value` is the sum per calendar month, or the fraction that is taxed (0.9 is 90 %)."""

    kind: RuleKind = RuleKind.EVERYTHING
    value: Decimal = ZERO

    def __post_init__(self) -> None:
        if self.value < 0:
            raise ValueError(f"the value of a tax rule is 0 or more, not {self.value}")
        if self.kind is RuleKind.PERCENTAGE and self.value > 1:
            raise ValueError(f"a percentage is at most 100, not {self.value * 100}")

    @property
    def is_monthly(self) -> bool:
        """Whether the rule looks at what the month came to before."""
        return self.kind in (RuleKind.MONTHLY_EXEMPTION, RuleKind.MONTHLY_MAXIMUM)

    @property
    def share(self) -> Decimal:
        """The share of any amount that is taxed, where the rule does not look at the month."""
        return self.value if self.kind is RuleKind.PERCENTAGE else Decimal(1)

    def taxable_of(self, month_sum: Decimal) -> Decimal:
        """Return how much of a month's sum is taxed; of a month below zero, nothing."""
        charged = max(month_sum, ZERO)
        if self.kind is RuleKind.MONTHLY_EXEMPTION:
            return max(charged - self.value, ZERO)
        if self.kind is RuleKind.MONTHLY_MAXIMUM:
            return min(charged, self.value)
        return charged


WHOLE = TaxRule()


class MonthSum(NamedTuple):
    """What an account was charged at a rate in a month, and how much of it was taxed."""

    base: Decimal = ZERO
    taxed: Decimal = ZERO

    def plus(self, base: Decimal, taxed: Decimal) -> MonthSum:
        """Return the sums with a further amount."""
        return MonthSum(self.base + base, self.taxed + taxed)


def taxable_part(amount: Decimal, rule: TaxRule, month: MonthSum | None = None) -> Decimal:
    """Return how much of `amount` is taxed where `month` is what came before it.

    It brings the month's taxed sum to what the rule says of the month, as far as the amount
    itself can: at most all of it, and never the other sign. Rules that do not look at the month
    take their share of the amount alone.
    """
    if not rule.is_monthly:
        return amount * rule.share
    before = month or MonthSum()
    wanted = rule.taxable_of(before.base + amount) - before.taxed
    return min(max(wanted, min(amount, ZERO)), max(amount, ZERO))


@dataclass(frozen=True, slots=True)
class TaxLayer:
    """One tax of a line, as a fraction; `key` is the id of its rate. Taxes of a `level` are charged
    on the base and on the taxes of all lower levels.
    """

    key: int
    fraction: Decimal
    level: int = 1
    rule: TaxRule = WHOLE
