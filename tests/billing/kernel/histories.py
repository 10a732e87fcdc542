"""Histories for the tests of reconciliation: small, valid, with everything but the point fixed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from billing.kernel.reconcile import (
    BillingMethod,
    BillMode,
    Charge,
    OneTime,
    Rated,
    Reconciled,
    ServiceHistory,
    Spell,
    Terms,
)
from pricing.kernel.periods import Duration, Period, Unit
from pricing.kernel.rates import Basis, Rate

CENT = Decimal("0.01")
MONTH = Duration(1, Unit.MONTH)
PLAN, PRODUCT, ACCOUNT, SERVICE = 1, 7, 5, 9


def day(text: str) -> date:
    return date.fromisoformat(text)


def period(start: str, end: str | None = None) -> Period:
    return Period(day(start), None if end is None else day(end))


def spell(
    start: str,
    end: str | None = None,
    mode: BillMode = BillMode.BILL,
    *,
    product: int = PRODUCT,
    quantity: str = "1",
    override: str | None = None,
    account: int = ACCOUNT,
) -> Spell:
    price = None if override is None else Decimal(override)
    return Spell(period(start, end), mode, product, Decimal(quantity), price, account)


def terms(
    start: str = "2020-01-01",
    end: str | None = None,
    *,
    method: BillingMethod = BillingMethod.PERIOD,
    billing_day: int = 1,
    frequency: Duration = MONTH,
    prorate: bool = True,
    bill_next_term: bool = False,
    pre_bill: bool = True,
    plan: int = PLAN,
) -> Terms:
    return Terms(
        period(start, end),
        method,
        billing_day,
        frequency,
        prorate,
        bill_next_term,
        pre_bill,
        plan,
    )


def monthly(price: str, rate_id: int = 3) -> Rate:
    return Rate(rate_id, Basis.MATURITY, MONTH, Decimal(price))


def history(
    *spells: Spell,
    under: Terms | Sequence[Terms] | None = None,
    rate: Rate | None = None,
    rates: dict[tuple[int, int], Rate | None] | None = None,
    maturity_from: date | None = None,
    one_time: Iterable[OneTime] = (),
) -> ServiceHistory:
    stretches = (under,) if isinstance(under, Terms) else under
    return ServiceHistory(
        service_id=SERVICE,
        spells=spells,
        terms=tuple(stretches or (terms(),)),
        rates=rates or {(PLAN, PRODUCT): rate or monthly("31.00")},
        maturity_from=maturity_from or min(each.period.start for each in spells),
        coin=CENT,
        one_time=tuple(one_time),
    )


def rows(charges: Iterable[Charge]) -> list[tuple[str, str, str]]:
    """Return first day, first day after, and amount of each charge, as text."""
    return [
        (str(each.period.start), str(each.period.end), f"{each.amount:.2f}") for each in charges
    ]


def live(charges: Iterable[Charge], first_id: int = 1) -> list[Rated]:
    """Return the items that rating the charges would leave."""
    return [
        Rated(
            item_id=first_id + place,
            kind=each.kind,
            period=each.period,
            source_key=each.source_key,
            product_id=each.product_id,
            quantity=each.quantity,
            amount=each.amount,
            account_id=each.account_id,
        )
        for place, each in enumerate(charges)
    ]


def carried_out(items: Sequence[Rated], found: Reconciled) -> list[Rated]:
    """Return the live items after the reversals and charges were written."""
    reversed_ids = {each.item_id for each in found.reversals}
    kept = [item for item in items if item.item_id not in reversed_ids]
    next_id = max((item.item_id for item in items), default=0) + 1
    return kept + live(found.charges, next_id)


def net(items: Sequence[Rated], found: Reconciled) -> Decimal:
    """Return what the difference adds to the bill: charges less reversals."""
    amounts = {item.item_id: item.amount for item in items}
    charged = sum((each.amount for each in found.charges), Decimal(0))
    return charged - sum((amounts[each.item_id] for each in found.reversals), Decimal(0))
