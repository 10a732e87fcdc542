"""The tax of a document.

Tax is computed per tax rate on the sum of the document's lines, rounded half up once; the
lines' shares add up to it (largest remainder). Tax-inclusive lines keep their gross: their tax
is taken out of it. Source: README.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from pricing.kernel.money import round_money, round_together


class TaxMode(StrEnum):
    """Where tax is rounded."""

    DOCUMENT = "DOCUMENT"  # once per rate, on the sum of the lines
    LINE = "LINE"  # on every line by itself


@dataclass(frozen=True, slots=True)
class TaxedLine:
    """A line to be taxed: `amount` in whole coins, gross if `tax_inclusive`, else net.

    `rate_key` names the rate in the mapping given with the lines; credits are negative.
    """

    key: Hashable
    amount: Decimal
    tax_inclusive: bool
    rate_key: Hashable


class LineTax(NamedTuple):
    """A line's net, tax and gross: `net` + `tax` = `gross`, all in whole coins."""

    key: Hashable
    rate_key: Hashable
    net: Decimal
    tax: Decimal
    gross: Decimal


@dataclass(frozen=True, slots=True)
class GroupTax:
    """The sums of the lines taxed at one rate (a fraction: 0.0825 is 8.25 %)."""

    rate_key: Hashable
    rate: Decimal
    net: Decimal
    tax: Decimal
    gross: Decimal


@dataclass(frozen=True, slots=True)
class DocumentTax:
    """Lines in the order given, groups by first appearance, and the document's sums."""

    lines: tuple[LineTax, ...]
    groups: tuple[GroupTax, ...]

    @property
    def net(self) -> Decimal:
        """The document's total before tax."""
        return sum((group.net for group in self.groups), Decimal(0))

    @property
    def tax(self) -> Decimal:
        """The document's total tax."""
        return sum((group.tax for group in self.groups), Decimal(0))

    @property
    def gross(self) -> Decimal:
        """The document's total with tax."""
        return sum((group.gross for group in self.groups), Decimal(0))


def tax_document(
    lines: Sequence[TaxedLine],
    rates: Mapping[Hashable, Decimal],
    coin: Decimal,
    mode: TaxMode = TaxMode.DOCUMENT,
) -> DocumentTax:
    """Return net, tax and gross of every line and of every rate's lines together.

    `rates` are fractions. Raises ValueError if a line names a rate that is not among them.
    """
    places: dict[Hashable, list[int]] = {}
    for place, line in enumerate(lines):
        if line.rate_key not in rates:
            raise ValueError(f"line {line.key} asks for the unknown tax rate {line.rate_key}")
        places.setdefault(line.rate_key, []).append(place)
    taxed: dict[int, LineTax] = {}
    groups: list[GroupTax] = []
    for rate_key, group in places.items():
        rate = rates[rate_key]
        exact = [_exact_tax(lines[place], rate) for place in group]
        if mode is TaxMode.LINE:
            taxes = [round_money(tax, coin) for tax in exact]
        else:
            taxes = round_together(exact, coin)
        for place, tax in zip(group, taxes, strict=True):
            taxed[place] = _line_tax(lines[place], tax)
        members = [taxed[place] for place in group]
        groups.append(
            GroupTax(
                rate_key=rate_key,
                rate=rate,
                net=sum((line.net for line in members), Decimal(0)),
                tax=sum((line.tax for line in members), Decimal(0)),
                gross=sum((line.gross for line in members), Decimal(0)),
            )
        )
    return DocumentTax(tuple(taxed[place] for place in range(len(lines))), tuple(groups))


def _exact_tax(line: TaxedLine, rate: Decimal) -> Decimal | Fraction:
    if not line.tax_inclusive:
        return line.amount * rate
    fraction = Fraction(rate)
    return Fraction(line.amount) * (fraction / (1 + fraction))


def _line_tax(line: TaxedLine, tax: Decimal) -> LineTax:
    net = line.amount - tax if line.tax_inclusive else line.amount
    return LineTax(line.key, line.rate_key, net, tax, net + tax)
