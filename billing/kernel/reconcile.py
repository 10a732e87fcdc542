"""Billing is reconciliation: what a service's history asks for, minus what is rated already.

Running it twice yields nothing, so a back-dated change needs no case of its own: items that no
longer hold are reversed, the days are rated again. Source: design, 6.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from billing.kernel.history import (
    BillingMethod,
    BillMode,
    Charge,
    ChargeKind,
    MissingRate,
    OneTime,
    Override,
    Rated,
    Reconciled,
    Reversal,
    ServiceHistory,
    Spell,
    Terms,
)

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


def reconcile(
    history: ServiceHistory,
    *,
    overrides: Sequence[Override] = (),
    rated: Sequence[Rated] = (),
    horizon: date,
    since: date | None = None,
) -> Reconciled:
    """Return what is to be charged and reversed so that all that is due on `horizon` is rated."""
    raise NotImplementedError
