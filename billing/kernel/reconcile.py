"""Billing is reconciliation: what a service's history asks for, minus what is rated already.

Running it twice yields nothing, so a back-dated change needs no case of its own: items that no
longer hold are reversed, the days are rated again. Source: README, Billing is
reconciliation.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from billing.kernel.history import (
    BillingMethod,
    BillMode,
    Charge,
    ChargeKind,
    OneTime,
    Override,
    Rated,
    Reconciled,
    Reversal,
    ServiceHistory,
    Spell,
    Terms,
)
from billing.kernel.wanted import Facts
from pricing.kernel.versions import MissingRate

__all__ = [
    "BillMode",
    "BillingMethod",
    "Charge",
    "ChargeKind",
    "MissingRate",
    "OneTime",
    "Override",
    "Rated",
    "Reconciled",
    "Reversal",
    "ServiceHistory",
    "Spell",
    "Terms",
    "reconcile",
]

_KIND_ORDER = {ChargeKind.SETUP: 0, ChargeKind.ONE_TIME: 1, ChargeKind.RECURRING: 2}


def reconcile(
    history: ServiceHistory,
    *,
    overrides: Sequence[Override] = (),
    rated: Sequence[Rated] = (),
    horizon: date,
    since: date | None = None,
) -> Reconciled:
    """Return what to charge and to reverse so that all that is due on `horizon` is rated.

    Pre-billed cycles are due when they start, post-billed ones when they, the terms or the
    service have ended. A cycle that is rated stays due, even if that was ahead of `horizon`.

    `rated` are the live items of the service: all of them, or, for a look forward, those that
    end after `since`. `since` is the mark or the day a change reaches back to; charges and items
    that end before it are left alone (None: nothing is). If one reaches across `since`, the look
    goes back to its start.

    Each amount is rounded once, to `history.coin`. Raises MissingRate if a price plan has no
    rate for a product it has to price, ValueError if spells overlap.
    """
    facts = Facts(history, overrides, rated, horizon)
    floor = since or date.min
    while True:
        wanted = facts.wanted(floor)
        live = [item for item in rated if item.period.end is None or item.period.end > floor]
        periods = [charge.period for charge in wanted.charges] + [item.period for item in live]
        earliest = min((period.start for period in periods), default=floor)
        if earliest >= floor:
            break
        floor = earliest
    charges, reversals = _difference(wanted.charges, live)
    return Reconciled(charges, reversals, wanted.mark(None if since is None else floor))


def _difference(
    wanted: Sequence[Charge], live: Sequence[Rated]
) -> tuple[tuple[Charge, ...], tuple[Reversal, ...]]:
    """Return the charges without an equal live item, and the live items without a charge."""
    if not live:
        return tuple(sorted(wanted, key=_place)), ()
    unmatched: dict[tuple[object, ...], list[Rated]] = {}
    for item in live:
        unmatched.setdefault(_identity(item), []).append(item)
    charges: list[Charge] = []
    for charge in wanted:
        equal = unmatched.get(_identity(charge))
        if equal:
            equal.pop(0)
        else:
            charges.append(charge)
    left = sorted(item.item_id for items in unmatched.values() for item in items)
    return tuple(sorted(charges, key=_place)), tuple(Reversal(item_id) for item_id in left)


def _identity(each: Charge | Rated) -> tuple[object, ...]:
    return (
        each.kind,
        each.period.start,
        each.period.end,
        each.source_key,
        each.product_id,
        each.quantity,
        each.amount,
        each.account_id,
    )


def _place(charge: Charge) -> tuple[int, date, str, int]:
    return _KIND_ORDER[charge.kind], charge.period.start, charge.source_key, charge.product_id
