"""The taxes of a document's items: as they were charged, or as the setup asks for them now."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from billing.operations.errors import BillingError
from billing.queries.billed_accounts import BilledAccount
from billing.queries.items import Item, Taxed, TaxPart
from billing.queries.tax_facts import TaxFacts
from config.shared.day_text import day_text
from pricing.kernel.line_taxes import LayeredLine, LayeredTax, tax_layers
from pricing.kernel.periods import shared_period
from pricing.kernel.tax_rules import WHOLE, MonthSum, TaxLayer
from pricing.kernel.tax_setup import LineTaxes
from pricing.kernel.taxes import LineTax, TaxedLine, tax_document

ZERO = Decimal(0)
_STORED: Final = Decimal("0.0001")
_NO_TAX: Final[tuple[int | None, Decimal]] = (None, ZERO)


class PriceHoldsMonthlyTax(BillingError):
    """A price with its tax in it cannot take a tax that hangs on what else the month held."""


class MonthBook:
    """What monthly rules know of an account while its documents are made.

    `sums` are those of the posting month by tax rate; `changes` what the documents add to each
    rate and month. What reversals give back goes in before anything is taxed.
    """

    def __init__(self, month: date, before: Mapping[int, MonthSum]) -> None:
        self.month = month
        self.sums: dict[int, MonthSum] = dict(before)
        self.changes: dict[tuple[int, date], MonthSum] = {}

    def note(self, parts: Iterable[TaxPart]) -> None:
        """Count taxes of monthly rules in their month."""
        for part in parts:
            if part.month is None:
                continue
            key = (part.tax_rate_id, part.month)
            self.changes[key] = self.changes.get(key, MonthSum()).plus(part.base, part.taxed)
            if part.month == self.month:
                before = self.sums.get(part.tax_rate_id, MonthSum())
                self.sums[part.tax_rate_id] = before.plus(part.base, part.taxed)

    def take_back(self, items: Iterable[Item]) -> None:
        """Count what reversals give back, each in the month in which it was charged."""
        for item in items:
            if item.reverses_id is not None and item.taxed is not None:
                self.note(item.taxed.parts)


def tax_items(
    items: Sequence[Item], account: BilledAccount, facts: TaxFacts, book: MonthBook
) -> list[Taxed]:
    """Return how each item of one document is taxed, in the items' order and with their signs.

    Reversals return what was charged. Raises NoPercentage or PriceHoldsMonthlyTax.
    """
    found: list[Taxed | None] = [
        item.taxed if item.reverses_id is not None else None for item in items
    ]
    taxes = {
        place: facts.taxes_of(item.product_id, item.subscription_id, account)
        for place, item in enumerate(items)
        if found[place] is None
    }
    if all(each.is_simple for each in taxes.values()):
        computed = _simple(items, taxes, account.coin)
    else:
        computed = _layered(items, taxes, account.coin, book)
    return [given or computed[place] for place, given in enumerate(found)]


def _simple(
    items: Sequence[Item], taxes: Mapping[int, LineTaxes], coin: Decimal
) -> dict[int, Taxed]:
    """Tax lines of one tax each at most, rounded on their sum: what nearly every bill needs."""
    levels = {place: _level(each.fixed) for place, each in taxes.items()}
    lines = [
        TaxedLine(place, items[place].amount, items[place].tax_inclusive, level)
        for place, level in levels.items()
    ]
    fractions: dict[Hashable, Decimal] = {level: level[1] for level in levels.values()}
    taxed = tax_document(lines, fractions, coin).lines
    return {
        place: _as_taxed(line, levels[place]) for place, line in zip(levels, taxed, strict=True)
    }


def _level(layers: tuple[TaxLayer, ...]) -> tuple[int | None, Decimal]:
    return (layers[0].key, layers[0].fraction) if layers else _NO_TAX


def _as_taxed(line: LineTax, level: tuple[int | None, Decimal]) -> Taxed:
    return Taxed(line.net, line.tax, line.gross, *level)


def _layered(
    items: Sequence[Item], taxes: Mapping[int, LineTaxes], coin: Decimal, book: MonthBook
) -> dict[int, Taxed]:
    """Tax lines with several taxes, rules, or percentages that change inside their days."""
    lines: list[LayeredLine] = []
    for place, each in taxes.items():
        item = items[place]
        period = shared_period(item.start, item.end)
        for amount, layers in each.parts(item.amount, period, coin):
            if item.tax_inclusive and any(layer.rule.is_monthly for layer in layers):
                raise PriceHoldsMonthlyTax(
                    f"Item of {day_text(item.start)}: a price that includes its tax cannot take a "
                    "tax with a monthly rule. Set the price without tax."
                )
            lines.append(LayeredLine(place, amount, item.tax_inclusive, layers, each.per_line))
    results: dict[Hashable, list[LayeredTax]] = {place: [] for place in taxes}
    for result in tax_layers(lines, coin=coin, months=book.sums)[0]:
        results[result.key].append(result)
    found = {place: _merged(results[place], book.month) for place in taxes}
    for taxed in found.values():
        book.note(taxed.parts)
    return found


def _merged(results: Sequence[LayeredTax], month: date) -> Taxed:
    """Return the stretches of a line as one, its taxes by rate and percentage."""
    net, tax = sum((each.net for each in results), ZERO), sum((each.tax for each in results), ZERO)
    shares = [share for each in results for share in each.shares]
    if not shares:
        return Taxed(net, tax, net + tax, *_NO_TAX)
    level = _level((shares[0].layer,))
    if len(results) == len(shares) == 1 and shares[0].layer.rule == WHOLE:
        return Taxed(net, tax, net + tax, *level)
    parts: dict[tuple[int | None, Decimal], TaxPart] = {}
    for share in shares:
        counted = month if share.layer.rule.is_monthly else None
        key = _level((share.layer,))
        old = parts.get(key) or TaxPart(key[0] or 0, key[1], ZERO, ZERO, ZERO, counted)
        parts[key] = old._replace(
            base=old.base + share.base,
            taxed=old.taxed + share.taxed.quantize(_STORED, ROUND_HALF_UP),
            tax=old.tax + share.tax,
        )
    if len(parts) > 1:
        level = _NO_TAX
    return Taxed(net, tax, net + tax, *level, parts=tuple(parts.values()))
