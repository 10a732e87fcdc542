"""Which credit pays which debit.

First in, first out: the oldest credit by posting date pays the oldest debit by due date; equal
dates go by id. Credits meant for certain debits pay those first. Source: CRM.COM, allocation
principles; README, Ledger and payments.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

MAY_PAY: Mapping[str, frozenset[str]] = {
    "PAYMENT": frozenset({"INVOICE", "DEPOSIT", "REFUND"}),
    "STORE_CREDIT": frozenset({"INVOICE"}),
    "CREDIT_NOTE": frozenset({"INVOICE"}),
}
"""What kind of credit may pay what kind of debit (BillMax: transactions; a sale is an invoice)."""


@dataclass(frozen=True, slots=True)
class Credit:
    """Money that can pay: `amount` is what is left of it, not negative."""

    credit_id: int
    posted_on: date
    amount: Decimal
    kind: str = "PAYMENT"


@dataclass(frozen=True, slots=True)
class Debit:
    """Money that is asked for: `amount` is what is still open, not negative."""

    debit_id: int
    due_on: date
    amount: Decimal
    kind: str = "INVOICE"


def allocate(
    credits: Iterable[Credit],
    debits: Iterable[Debit],
    intended: Collection[tuple[int, int]] = (),
    *,
    may_pay: Mapping[str, Collection[str]] = MAY_PAY,
) -> list[tuple[int, int, Decimal]]:
    """Return (credit id, debit id, amount) of what is paid, in the order it is paid.

    `intended` are (credit id, debit id) pairs paid before all others, oldest first among
    themselves; what is left of their credits then pays as any other. A kind that `may_pay`
    does not name pays nothing.

    Raises ValueError if an amount is negative.
    """
    paying = sorted(credits, key=lambda each: (each.posted_on, each.credit_id))
    asking = sorted(debits, key=lambda each: (each.due_on, each.debit_id))
    left = {credit.credit_id: credit.amount for credit in paying}
    owed = {debit.debit_id: debit.amount for debit in asking}
    for amount in (*left.values(), *owed.values()):
        if amount < 0:
            raise ValueError(f"cannot allocate a negative amount: {amount}")
    meant = frozenset(intended)
    paid: list[tuple[int, int, Decimal]] = []

    def pay(credit: Credit, debit: Debit) -> None:
        amount = min(left[credit.credit_id], owed[debit.debit_id])
        if amount > 0 and debit.kind in may_pay.get(credit.kind, ()):
            left[credit.credit_id] -= amount
            owed[debit.debit_id] -= amount
            paid.append((credit.credit_id, debit.debit_id, amount))

    if meant:
        for credit in paying:
            for debit in asking:
                if (credit.credit_id, debit.debit_id) in meant:
                    pay(credit, debit)
    for credit in paying:
        for debit in asking:
            if left[credit.credit_id] <= 0:
                break
            pay(credit, debit)
    return paid
