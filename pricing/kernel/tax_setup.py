"""Which taxes a line takes: one resolution for tax groups and for location rules.

1. An account or a product that is exempt from everything takes none.
2. The product's tax class and the place's tax region, where both are known, name a tax group: its
   items are the taxes (BillMax).
3. Otherwise the first location rule that fits the place names the tax codes; the level of each is
   the one applied on the product (CRM.COM). Without any location rules all codes of the product
   count, but of several VATs only the one set up first.
4. Taxes of a code from which the account or the product is exempt are left out.

A tax code says whether the posting date picks the percentage, or the days of the service.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from pricing.kernel.money import split
from pricing.kernel.periods import Period
from pricing.kernel.tax_rules import WHOLE, TaxLayer, TaxRule

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from decimal import Decimal


class CodeKind(StrEnum):
    """What a tax code is: at most one VAT on a line, any number of sales taxes, or no tax."""

    VAT = "VAT"
    SALES_TAX = "SALES_TAX"
    EXEMPT = "EXEMPT"


class TaxUnknown(Exception):
    """The setup does not say how a line is taxed; the text tells what is missing."""


class TaxPlace(NamedTuple):
    """Where a service is taken: country, postal code and tax region, empty where not known."""

    country: str = ""
    postal_code: str = ""
    region_id: int | None = None


@dataclass(frozen=True, slots=True)
class PlaceRule:
    """A location rule: what is empty fits every place. `code_ids` are the taxes of the place."""

    name: str
    code_ids: tuple[int, ...]
    country: str = ""
    postal_prefix: str = ""
    region_id: int | None = None

    def fits(self, place: TaxPlace) -> bool:
        """Say whether a place has everything the rule asks for."""
        return (
            self.country in ("", place.country)
            and place.postal_code.startswith(self.postal_prefix)
            and self.region_id in (None, place.region_id)
        )


@dataclass(frozen=True, slots=True)
class Level:
    """The percentage of a tax rate for some days, as a fraction, and what part it falls on."""

    period: Period
    fraction: Decimal
    rule: TaxRule = WHOLE


@dataclass(frozen=True, slots=True)
class Code:
    """A tax code. `by_days`: the days of the service pick the percentage, not the posting date."""

    name: str
    kind: CodeKind = CodeKind.VAT
    by_days: bool = False


@dataclass(frozen=True, slots=True)
class Rate:
    """A level inside a tax code with its percentages by date, oldest first."""

    rate_id: int
    name: str
    code_id: int
    levels: tuple[Level, ...] = ()

    def on(self, day: date) -> Level | None:
        """Return the percentage of a day, None if there is none."""
        return next((level for level in self.levels if level.period.contains(day)), None)


class GroupItem(NamedTuple):
    """A tax of a group; those of a higher level are charged on the lower ones too."""

    rate_id: int
    level: int = 1


@dataclass(frozen=True, slots=True)
class Group:
    """The taxes of a tax class in a tax region; `per_line` rounds them on every line."""

    items: tuple[GroupItem, ...]
    per_line: bool = False


class Exemption(NamedTuple):
    """Days on which no tax of a code is charged; None is every code."""

    period: Period
    code_id: int | None = None


@dataclass(frozen=True, slots=True)
class TaxedProduct:
    """A product's tax class, the (code, rate) pairs applied on it, and what it is exempt from."""

    name: str
    applied: tuple[tuple[int, int], ...] = ()
    class_id: int | None = None
    exemptions: tuple[Exemption, ...] = ()


@dataclass(frozen=True, slots=True)
class TaxSetup:
    """All that decides about the taxes of some products on a day.

    `codes`, `rates` and `products` are keyed by id, `groups` by tax class and tax region;
    `exempt_rates` holds the rate that stands for an exempt code. `per_line` is the mode of lines
    that no group takes.
    """

    products: Mapping[int, TaxedProduct]
    codes: Mapping[int, Code]
    rates: Mapping[int, Rate]
    place_rules: tuple[PlaceRule, ...] = ()
    groups: Mapping[tuple[int, int], Group] = field(default_factory=dict)
    exempt_rates: Mapping[int, int] = field(default_factory=dict)
    per_line: bool = False

    @property
    def heeds_places(self) -> bool:
        """Whether it matters where a service is taken."""
        return bool(self.place_rules or self.groups)

    @property
    def has_monthly_rules(self) -> bool:
        """Whether a rate looks at what an account was charged in the month."""
        return any(level.rule.is_monthly for rate in self.rates.values() for level in rate.levels)


class LineFacts(NamedTuple):
    """What is asked of the setup: a product, taken at a place, on a document posted on a day."""

    product_id: int
    place: TaxPlace
    posted_on: date
    exemptions: tuple[Exemption, ...] = ()


class _Tax(NamedTuple):
    """A tax of a line whose percentage hangs on the day; `free` are days of exemption."""

    rate: Rate
    level: int
    free: tuple[Period, ...]


@dataclass(frozen=True)
class LineTaxes:
    """The taxes of a line: `fixed` whatever its days, `dated` by the days of the service."""

    fixed: tuple[TaxLayer, ...] = ()
    dated: tuple[_Tax, ...] = ()
    per_line: bool = False

    @cached_property
    def is_simple(self) -> bool:
        """Whether it is one tax at most, on all of the line, rounded on the sum of lines."""
        if self.dated or self.per_line or len(self.fixed) > 1:
            return False
        return all(layer.rule == WHOLE for layer in self.fixed)

    def on(self, day: date) -> tuple[TaxLayer, ...]:
        """Return the taxes of one day of service."""
        return (*self.fixed, *self._layers_on(day))

    def parts(
        self, amount: Decimal, period: Period, coin: Decimal
    ) -> list[tuple[Decimal, tuple[TaxLayer, ...]]]:
        """Divide the amount of a service `period` by the days on which its taxes are the same.

        Days before the first percentage of a tax are free of it. The amounts add up to the whole.
        """
        if not self.dated:
            return [(amount, self.fixed)]
        cuts = {period.start}
        for tax in self.dated:
            for days in (*(level.period for level in tax.rate.levels), *tax.free):
                cuts |= {day for day in (days.start, days.end) if day and period.contains(day)}
        starts = sorted(cuts)
        stretches = [
            Period(start, end) for start, end in zip(starts, [*starts[1:], period.end], strict=True)
        ]
        found: list[tuple[Decimal, tuple[TaxLayer, ...]]] = []
        amounts = split(amount, stretches, cycle=period, coin=coin)
        for share, stretch in zip(amounts, stretches, strict=True):
            layers = self.on(stretch.start)
            if found and found[-1][1] == layers:
                found[-1] = (found[-1][0] + share, layers)
            else:
                found.append((share, layers))
        return found

    def _layers_on(self, day: date) -> Iterable[TaxLayer]:
        for tax in self.dated:
            level = tax.rate.on(day)
            if level is not None and not any(days.contains(day) for days in tax.free):
                yield TaxLayer(tax.rate.rate_id, level.fraction, tax.level, level.rule)


UNTAXED = LineTaxes()


def taxes_for(line: LineFacts, setup: TaxSetup) -> LineTaxes:
    """Return the taxes of a line, by the rules above.

    Raises TaxUnknown if no location rule or tax group fits, the product has no rate of the VAT
    that the place asks for, or a rate has no percentage on the posting date.
    """
    product = setup.products[line.product_id]
    exemptions = (*line.exemptions, *product.exemptions)
    if any(e.code_id is None and e.period.contains(line.posted_on) for e in exemptions):
        return UNTAXED
    items, per_line = _items(product, line.place, setup)
    fixed: list[TaxLayer] = []
    dated: list[_Tax] = []
    for item in items:
        rate = setup.rates[item.rate_id]
        free = tuple(each.period for each in exemptions if each.code_id == rate.code_id)
        if setup.codes[rate.code_id].by_days:
            dated.append(_Tax(rate, item.level, free))
        elif not any(days.contains(line.posted_on) for days in free):
            level = rate.on(line.posted_on)
            if level is None:
                raise TaxUnknown(f"The tax rate {rate.name} has no percentage on {line.posted_on}.")
            fixed.append(TaxLayer(rate.rate_id, level.fraction, item.level, level.rule))
    return LineTaxes(tuple(fixed), tuple(dated), per_line)


def _items(
    product: TaxedProduct, place: TaxPlace, setup: TaxSetup
) -> tuple[tuple[GroupItem, ...], bool]:
    """Return the taxes before exemptions, and whether each line is rounded by itself."""
    if setup.groups and product.class_id is not None and place.region_id is not None:
        group = setup.groups.get((product.class_id, place.region_id))
        if group is None:
            raise TaxUnknown(
                f"{product.name}: there is no tax group for its tax class in this tax region."
            )
        return group.items, group.per_line
    if not product.applied:
        return (), setup.per_line
    rates = _rates_at_home(product, setup)
    if setup.place_rules:
        rates = _rates_at(product, place, setup)
    return tuple(GroupItem(rate_id) for rate_id in rates), setup.per_line


def _rates_at_home(product: TaxedProduct, setup: TaxSetup) -> list[int]:
    """Return the rates of all codes of a product, of several VATs that of the first."""
    found: list[int] = []
    has_vat = False
    for code_id, rate_id in product.applied:
        is_vat = setup.codes[code_id].kind is not CodeKind.SALES_TAX
        if not (is_vat and has_vat):
            found.append(rate_id)
        has_vat = has_vat or is_vat
    return found


def _rates_at(product: TaxedProduct, place: TaxPlace, setup: TaxSetup) -> list[int]:
    """Return the product's rates of the codes that the place's location rule names."""
    rule = next((each for each in setup.place_rules if each.fits(place)), None)
    if rule is None:
        where = " ".join(filter(None, [place.country, place.postal_code])) or "without a country"
        raise TaxUnknown(f"{product.name}: no location rule fits a place {where}.")
    applied = dict(product.applied)
    found: list[int] = []
    for code_id in rule.code_ids:
        kind = setup.codes[code_id].kind
        rate_id = setup.exempt_rates.get(code_id) if kind is CodeKind.EXEMPT else None
        rate_id = applied.get(code_id, rate_id)
        if rate_id is not None:
            found.append(rate_id)
        elif kind is CodeKind.VAT:
            raise TaxUnknown(
                f"{product.name} has no rate of {setup.codes[code_id].name}, "
                f"which the location rule {rule.name} asks for."
            )
    return found
