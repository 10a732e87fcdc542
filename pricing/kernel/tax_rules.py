"""How much of an amount is taxed, taxes on taxes, and rates that change inside a service period.

A tax rule looks at all that an account was charged at a rate in a calendar month: the taxable part
of a document is what the month's taxable sum grows by. So a return in the same month gives back
what the sale was taxed. Source: BillMax, tax rules and tax levels; README.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from pricing.kernel.money import round_money, split
from pricing.kernel.periods import Period, subtract

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

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

    def taxable_of(self, month_sum: Decimal) -> Decimal:
        """Return how much of a month's sum is taxed; of a month below zero, nothing."""
        charged = max(month_sum, ZERO)
        if self.kind is RuleKind.MONTHLY_EXEMPTION:
            return max(charged - self.value, ZERO)
        if self.kind is RuleKind.MONTHLY_MAXIMUM:
            return min(charged, self.value)
        return charged


def taxable_part(amount: Decimal, rule: TaxRule, *, month_sum: Decimal = ZERO) -> Decimal:
    """Return how much of `amount` is taxed where the month came to `month_sum` before it.

    A credit gives back what was taxed: its part is 0 or less. Rules that do not look at the month
    take their share of the amount alone.
    """
    if rule.kind is RuleKind.EVERYTHING:
        return amount
    if rule.kind is RuleKind.PERCENTAGE:
        return amount * rule.value
    return rule.taxable_of(month_sum + amount) - rule.taxable_of(month_sum)


@dataclass(frozen=True, slots=True)
class TaxLayer:
    """One tax of a group, as a fraction. Taxes of a `level` are charged on the base and on the
    taxes of all lower levels.
    """

    key: Hashable
    fraction: Decimal
    level: int = 1
    rule: TaxRule = TaxRule()


@dataclass(frozen=True, slots=True)
class LayerTax:
    """What one tax of a group comes to: `tax`, rounded, on `base`, its taxable part."""

    key: Hashable
    base: Decimal
    tax: Decimal


def layered_taxes(
    amount: Decimal,
    layers: Sequence[TaxLayer],
    *,
    coin: Decimal,
    month_sums: dict[Hashable, Decimal] | None = None,
) -> tuple[LayerTax, ...]:
    """Return the taxes on a net `amount`, in the order given, each rounded half up.

    `month_sums` is what the month came to before, by tax; 0 for those it does not name.
    """
    before = month_sums or {}
    found: dict[int, LayerTax] = {}
    below = ZERO
    for level in sorted({layer.level for layer in layers}):
        places = [place for place, layer in enumerate(layers) if layer.level == level]
        for place in places:
            layer = layers[place]
            base = taxable_part(amount + below, layer.rule, month_sum=before.get(layer.key, ZERO))
            found[place] = LayerTax(layer.key, base, round_money(base * layer.fraction, coin))
        below += sum((found[place].tax for place in places), ZERO)
    return tuple(found[place] for place in range(len(layers)))


@dataclass(frozen=True, slots=True)
class DatedFraction:
    """A tax rate and the days on which it holds."""

    period: Period
    fraction: Decimal


def parts_by_rate(
    amount: Decimal, period: Period, versions: Sequence[DatedFraction], *, coin: Decimal
) -> list[tuple[Period, Decimal, Decimal]]:
    """Divide the amount of a service `period` by the tax rates that hold in it, by days.

    Returns (days, amount, fraction) in order; days without a rate are taxed at 0. The amounts add
    up to the whole. `versions` do not overlap.
    """
    parts = [
        (common, version.fraction)
        for version in versions
        if (common := period.intersection(version.period)) is not None
    ]
    parts += [(rest, ZERO) for rest in subtract(period, [days for days, _ in parts])]
    parts.sort(key=lambda part: part[0].start)
    amounts = split(amount, [days for days, _ in parts], cycle=period, coin=coin)
    return [(days, share, fraction) for (days, fraction), share in zip(parts, amounts, strict=True)]
