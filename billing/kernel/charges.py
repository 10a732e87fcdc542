"""The charges of one cycle of a service: its pieces, priced and rounded once; and what is paid
once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal

from billing.kernel.coverage import Piece, Stretch, pieces
from billing.kernel.grid import Cell
from billing.kernel.history import Charge, ChargeKind, OneTime, Override, Spell, Terms
from pricing.kernel.discount_days import ActingDiscount
from pricing.kernel.money import round_money, split
from pricing.kernel.periods import Period, shared_period
from pricing.kernel.pricer import (
    CyclePrice,
    Given,
    base_amount,
    cycle_price,
    discounted,
    part_steps,
)
from pricing.kernel.proration import prorate
from pricing.kernel.rates import Rate, cycle_amount
from pricing.kernel.steps import Rule, Step


def recurring_charges(
    terms: Terms,
    cell: Cell,
    covered: Sequence[Stretch],
    overrides: Sequence[Override],
    *,
    acting: Sequence[ActingDiscount] = (),
    maturity: Callable[[Rate], date],
    coin: Decimal,
    explained: bool = False,
) -> Iterator[Charge]:
    """Yield the charges of the covered days of a cell, each rounded once.

    `acting` are the discounts on its days; their steps, and those of tiers, phases, agreed prices
    and conditions, come with the charges; all steps, if they are to be `explained`.
    """
    is_plain = not explained and _is_plain(cell)
    if is_plain and len(covered) == 1 and not overrides and not acting:
        first, last, spell = covered[0]
        if spell.price_override is None:  # nearly all charges: worth not going the long way
            yield _plain_charge(cell, shared_period(first, last), spell, coin)
            return
    found = list(pieces(covered, overrides, acting))
    prices = [
        _plain_price(cell, piece)
        if is_plain and piece.spell.price_override is None and not piece.discounts
        else _price(terms, cell, piece, maturity)
        for piece in found
    ]
    amounts = _amounts(found, [each.amount for each in prices], cell.cycle, coin)
    for piece, price, amount in zip(found, prices, amounts, strict=True):
        if piece.override is not None and piece.override.amount is None:
            continue
        yield Charge(
            kind=ChargeKind.RECURRING,
            period=piece.period,
            cycle=cell.cycle,
            source_key="",
            product_id=piece.spell.product_id,
            quantity=piece.spell.quantity,
            rate_amount=price.plan_amount,
            amount=amount,
            tax_inclusive=cell.rate.tax_inclusive,
            rate_id=cell.rate.rate_id,
            account_id=piece.spell.account_id,
            steps=_steps(piece, price, amount, cell.cycle, coin),
        )


def once_charge(
    once: OneTime,
    kind: ChargeKind,
    *,
    account_id: int,
    coin: Decimal,
    discounts: Sequence[Given] = (),
    decided: Decimal | None = None,
) -> Charge:
    """Return the charge of what is paid once, rounded once, after discounts; or what a person
    `decided`. Where a discount is taken off, or a person decided, it comes with its steps.
    """
    day = Period(once.on, once.on + timedelta(days=1))
    left = once.amount
    steps: tuple[Step, ...] | None = None
    if decided is not None:
        left = decided
        steps = (_decision(decided, round_money(decided, coin), 1, 1),)
    elif discounts:
        left, taken = discounted(once.amount, discounts)
        fee = [Step(Rule.SETUP_FEE, once.amount)] if kind is ChargeKind.SETUP else []
        price = CyclePrice(once.amount, left, (*fee, *taken))
        steps = part_steps(price, round_money(left, coin), part=day, cycle=day, coin=coin)
    return Charge(
        kind=kind,
        period=day,
        cycle=day,
        source_key=once.source_key,
        product_id=once.product_id,
        quantity=once.quantity,
        rate_amount=once.amount,
        amount=round_money(left, coin),
        tax_inclusive=once.tax_inclusive,
        rate_id=once.rate_id,
        account_id=account_id,
        steps=steps,
    )


def _plain_charge(cell: Cell, period: Period, spell: Spell, coin: Decimal) -> Charge:
    """Return the charge of a stretch that stands alone, at base amount times quantity."""
    rate, cycle = cell.found.rate, cell.cycle
    price = cycle_amount(rate, cell.found.priced, spell.quantity)
    amount = round_money(price, coin)
    if period is not cycle and period != cycle:
        amount = prorate(price, used=period, cycle=cycle, coin=coin)
    return Charge(
        ChargeKind.RECURRING,
        period,
        cycle,
        "",
        spell.product_id,
        spell.quantity,
        price,
        amount,
        rate.tax_inclusive,
        rate.rate_id,
        spell.account_id,
    )


def _price(terms: Terms, cell: Cell, piece: Piece, maturity: Callable[[Rate], date]) -> CyclePrice:
    """Return the price of the whole cycle as the piece has it, with its steps."""
    spell, found = piece.spell, cell.found
    against = None
    if found.conditional is not None and found.conditional.base is not None:
        against = base_amount(
            found,
            spell.quantity,
            cell.start,
            maturity=maturity(found.conditional.base),
            frequency=terms.frequency,
        )
    return cycle_price(
        found,
        spell.quantity,
        override=spell.price_override,
        discounts=tuple((each.discount, each.name) for each in piece.discounts),
        against=against,
    )


def _is_plain(cell: Cell) -> bool:
    """Say whether the rate is a base amount times a quantity, and nothing else."""
    rate = cell.found.rate
    return cell.found.conditional is None and not (rate.phases or rate.tiers or rate.minimum)


def _plain_price(cell: Cell, piece: Piece) -> CyclePrice:
    amount = cycle_amount(cell.rate, cell.priced, piece.spell.quantity)
    return CyclePrice(amount, amount, ())


def _steps(
    piece: Piece, price: CyclePrice, amount: Decimal, cycle: Period, coin: Decimal
) -> tuple[Step, ...] | None:
    decided = piece.override
    if decided is not None:
        of_days = decided.period.days if decided.period.end else None
        return (_decision(decided.amount, amount, piece.period.days, of_days),)
    if not price.steps:
        return None
    return part_steps(price, amount, part=piece.period, cycle=cycle, coin=coin)


def _decision(decided: Decimal | None, amount: Decimal, days: int, of_days: int | None) -> Step:
    figures = (("decided", decided), ("days", days), ("of_days", of_days))
    return Step(Rule.DECIDED, amount, figures)


def _amounts(
    found: Sequence[Piece], prices: Sequence[Decimal], cycle: Period, coin: Decimal
) -> list[Decimal]:
    """Return the amount of each piece: its days' share, or what a person decided."""
    periods = [piece.period for piece in found]
    if all(price == prices[0] for price in prices):
        amounts = split(prices[0], periods, cycle=cycle, coin=coin)
    else:
        amounts = [
            prorate(price, used=period, cycle=cycle, coin=coin)
            for period, price in zip(periods, prices, strict=True)
        ]
    decisions = {id(piece.override): piece.override for piece in found if piece.override}
    for decision in decisions.values():
        if decision.amount is None:
            continue
        places = [i for i, piece in enumerate(found) if piece.override is decision]
        shares = _decided(decision.period, decision.amount, [periods[i] for i in places], coin)
        for i, share in zip(places, shares, strict=True):
            amounts[i] = share
    return amounts


def _decided(
    days: Period, amount: Decimal, parts: Sequence[Period], coin: Decimal
) -> list[Decimal]:
    """Divide a decided amount over the parts of its days that are charged."""
    cycle = days if days.end is not None else Period(parts[0].start, parts[-1].end)
    return split(amount, parts, cycle=cycle, coin=coin)
