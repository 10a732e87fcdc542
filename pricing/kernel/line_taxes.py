"""The taxes of a document whose lines are taxed more than once, or by rules.

Taxes are computed level by level: those of a level on the net amount and on the taxes of lower
levels. Each is rounded half up once per rate on the sum of its lines, or on every line by itself
where the line says so. Lines that take one whole tax come out as `taxes.tax_document` has them.
Source: BillMax, tax groups, tax levels and tax rules; README.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from pricing.kernel.money import round_money, round_together
from pricing.kernel.tax_rules import MonthSum, TaxLayer, taxable_part

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class LayeredLine:
    """A line: `amount` in whole coins, gross if `tax_inclusive`, else net; credits are negative.

    `per_line` rounds its taxes on the line instead of on the sum.
    """

    key: Hashable
    amount: Decimal
    tax_inclusive: bool
    layers: tuple[TaxLayer, ...]
    per_line: bool = False


class LayerShare(NamedTuple):
    """One tax on a line: `tax`, rounded, on `taxed`, which is the taxable part of `base`."""

    layer: TaxLayer
    base: Decimal
    taxed: Decimal
    tax: Decimal


class LayeredTax(NamedTuple):
    """A line's net, taxes and gross, whole coins all: `net` + the taxes = `gross`."""

    key: Hashable
    net: Decimal
    tax: Decimal
    gross: Decimal
    shares: tuple[LayerShare, ...]


@dataclass(slots=True)
class _Work:
    """A line in the making. `exact` is the base so far of a line whose tax is in its amount."""

    line: LayeredLine
    exact: Fraction | None
    below: Decimal = ZERO
    taxes: dict[int, Decimal] = field(default_factory=dict)
    parts: dict[int, Decimal] = field(default_factory=dict)

    def result(self) -> LayeredTax:
        line, tax = self.line, sum(self.taxes.values(), ZERO)
        net = line.amount - tax if line.tax_inclusive else line.amount
        shares = []
        for place, layer in enumerate(line.layers):
            lower = (
                self.taxes[other]
                for other, each in enumerate(line.layers)
                if each.level < layer.level
            )
            base = net + sum(lower, ZERO)
            taxed = self.parts.get(place, base * layer.rule.share)
            shares.append(LayerShare(layer, base, taxed, self.taxes[place]))
        return LayeredTax(line.key, net, tax, net + tax, tuple(shares))


def tax_layers(
    lines: Sequence[LayeredLine],
    *,
    coin: Decimal,
    months: Mapping[Any, MonthSum] | None = None,
) -> tuple[list[LayeredTax], dict[Hashable, MonthSum]]:
    """Return how each line is taxed, in order, and the months after them.

    `months` are the sums of the month before, by the key of the tax; 0 for those it does not
    name. Raises ValueError for a line with its tax in the amount under a monthly rule: what is
    taxed of it would hang on its tax.
    """
    after = dict(months or {})
    works = [_Work(line, _exact_net(line)) for line in lines]
    for level in sorted({layer.level for line in lines for layer in line.layers}):
        groups: dict[tuple[Hashable, Decimal], list[tuple[_Work, int]]] = {}
        for work in works:
            for place, layer in enumerate(work.line.layers):
                if layer.level == level:
                    groups.setdefault((layer.key, layer.fraction), []).append((work, place))
        for members in groups.values():
            _tax_group(members, after, coin)
        for work in works:
            _close_level(work, level)
    return [work.result() for work in works], after


def _tax_group(
    members: Sequence[tuple[_Work, int]], months: dict[Hashable, MonthSum], coin: Decimal
) -> None:
    """Tax the lines of one rate on one level, in their order."""
    exact = [_exact_tax(work, place, months) for work, place in members]
    together = [each for each, (work, _) in enumerate(members) if not work.line.per_line]
    rounded = dict(
        zip(together, round_together([exact[each] for each in together], coin), strict=True)
    )
    for each, (work, place) in enumerate(members):
        tax = rounded.get(each)
        work.taxes[place] = round_money(exact[each], coin) if tax is None else tax


def _exact_tax(work: _Work, place: int, months: dict[Hashable, MonthSum]) -> Decimal | Fraction:
    layer = work.line.layers[place]
    if work.exact is not None:
        return work.exact * Fraction(layer.rule.share) * Fraction(layer.fraction)
    base = work.line.amount + work.below
    if not layer.rule.is_monthly:
        return base * layer.rule.share * layer.fraction
    month = months.get(layer.key, MonthSum())
    part = work.parts[place] = taxable_part(base, layer.rule, month)
    months[layer.key] = month.plus(base, part)
    return part * layer.fraction


def _close_level(work: _Work, level: int) -> None:
    """Let the taxes of a level be part of what the next is charged on."""
    share = Fraction(0)
    for place, layer in enumerate(work.line.layers):
        if layer.level == level:
            work.below += work.taxes[place]
            share += Fraction(layer.rule.share) * Fraction(layer.fraction)
    if work.exact is not None:
        work.exact *= 1 + share


def _exact_net(line: LayeredLine) -> Fraction | None:
    """Take all taxes out of an amount that holds them; None where it does not."""
    if not line.tax_inclusive:
        return None
    shares: dict[int, Fraction] = {}
    for layer in line.layers:
        if layer.rule.is_monthly:
            raise ValueError(f"line {line.key} has its tax in the amount under a monthly rule")
        share = Fraction(layer.rule.share) * Fraction(layer.fraction)
        shares[layer.level] = shares.get(layer.level, Fraction(0)) + share
    net = Fraction(line.amount)
    for share in shares.values():
        net /= 1 + share
    return net
