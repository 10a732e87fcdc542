"""A second, slow opinion on taxes: fractions, cent by cent and day by day.

It shares no code with Ratebook and reads plain values only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from tests.oracle.pricer import round_half_up


@dataclass(frozen=True)
class PlainTax:
    """A tax of a line: `share` of its base is taxed; the sum rules look at the month instead."""

    name: str
    fraction: Fraction
    level: int
    kind: str
    value: Fraction


@dataclass
class PlainLine:
    amount: Fraction
    inclusive: bool
    alone: bool
    taxes: list[PlainTax]
    found: dict[int, Fraction] = field(default_factory=dict)


def tax_plainly(lines: list[PlainLine], digits: int) -> list[list[Fraction]]:
    """Return the taxes of each line, rounded, in the order of its taxes."""
    months: dict[str, tuple[Fraction, Fraction]] = {}
    for level in sorted({tax.level for line in lines for tax in line.taxes}):
        names: list[tuple[str, Fraction]] = []
        for line in lines:
            for tax in line.taxes:
                if tax.level == level and (tax.name, tax.fraction) not in names:
                    names.append((tax.name, tax.fraction))
        for name in names:
            members = [
                (line, place)
                for line in lines
                for place, tax in enumerate(line.taxes)
                if (tax.name, tax.fraction) == name and tax.level == level
            ]
            _tax_rate(members, months, digits)
    return [[line.found[place] for place in range(len(line.taxes))] for line in lines]


def _tax_rate(
    members: list[tuple[PlainLine, int]],
    months: dict[str, tuple[Fraction, Fraction]],
    digits: int,
) -> None:
    exact = [_exact(line, place, months) for line, place in members]
    shared = [each for each, (line, _) in enumerate(members) if not line.alone]
    for each, (line, place) in enumerate(members):
        if line.alone:
            line.found[place] = round_half_up(exact[each], digits)
    for each, share in zip(shared, _hand_out([exact[i] for i in shared], digits), strict=True):
        line, place = members[each]
        line.found[place] = share


def _hand_out(exact: list[Fraction], digits: int) -> list[Fraction]:
    """Give every line its whole coins, then one coin after the other to the largest remainder."""
    unit = Fraction(1, 10**digits)
    total = round_half_up(sum(exact, Fraction(0)), digits)
    if sum(exact, Fraction(0)) < 0:
        return [-share for share in _hand_out([-each for each in exact], digits)]
    shares = [each // unit * unit for each in exact]
    while sum(shares, Fraction(0)) < total:
        behind = [each - share for each, share in zip(exact, shares, strict=True)]
        shares[behind.index(max(behind))] += unit
    return shares


def _exact(line: PlainLine, place: int, months: dict[str, tuple[Fraction, Fraction]]) -> Fraction:
    tax = line.taxes[place]
    if line.inclusive:
        return _taken_out(line)[place]
    lower = sum(
        (line.found[i] for i, each in enumerate(line.taxes) if each.level < tax.level), Fraction(0)
    )
    base = line.amount + lower
    if tax.kind == "EVERYTHING":
        return base * tax.fraction
    if tax.kind == "PERCENTAGE":
        return base * tax.value * tax.fraction
    charged, taxed = months.get(tax.name, (Fraction(0), Fraction(0)))
    total = max(charged + base, Fraction(0))
    wanted = min(total, tax.value)
    if tax.kind == "MONTHLY_EXEMPTION":
        wanted = total - min(total, tax.value)
    part = wanted - taxed
    low, high = min(base, Fraction(0)), max(base, Fraction(0))
    part = low if part < low else high if part > high else part
    months[tax.name] = (charged + base, taxed + part)
    return part * tax.fraction


def _taken_out(line: PlainLine) -> list[Fraction]:
    """Return the taxes in an amount that holds them, by taxing one unit and scaling it."""
    unit = Fraction(1)
    taxes: list[Fraction] = [Fraction(0)] * len(line.taxes)
    for level in range(1, 10):
        base = unit + sum(
            (taxes[i] for i, each in enumerate(line.taxes) if each.level < level), Fraction(0)
        )
        for place, tax in enumerate(line.taxes):
            if tax.level == level:
                share = tax.value if tax.kind == "PERCENTAGE" else Fraction(1)
                taxes[place] = base * share * tax.fraction
    gross = unit + sum(taxes, Fraction(0))
    return [line.amount * tax / gross for tax in taxes]
