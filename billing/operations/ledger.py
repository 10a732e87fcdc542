"""Posting to an account's ledger, and letting its credits pay its debits.

Callers hold the account's lock (`lock_account`): one writer per account.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from billing.kernel.allocation import Credit, Debit, allocate
from billing.models import Allocation, EntryKind, LedgerEntry, OpenItem
from config.shared.db import array_of
from subscriptions.models import Account


def lock_account(account_id: int) -> Account:
    """Return the account, locked until the transaction ends: one writer per account."""
    return Account.objects.select_for_update(no_key=True).get(pk=account_id)


def book(
    account: Account,
    kind: EntryKind,
    amount: Decimal,
    *,
    number: str,
    posted_on: date,
    due_on: date | None = None,
    **links: Any,
) -> LedgerEntry:
    """Post an entry (debit positive, credit negative), open in full, and move the balance.

    `links` are the document or payment it stands for, and the entry it reverses. Call
    `allocate_open` when all entries of the act are booked.
    """
    entry = LedgerEntry.objects.create(
        account=account,
        kind=kind,
        amount=amount,
        number=number,
        posted_on=posted_on,
        due_on=due_on,
        currency=account.currency_id,
        **links,
    )
    OpenItem.objects.create(
        entry=entry, account=account, debit=amount > 0, due_on=due_on, open_amount=abs(amount)
    )
    move_balances({account.pk: amount})
    return entry


def move_balances(amounts: dict[int, Decimal]) -> None:
    """Add an amount to the balance of each account."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO billing_accountbalance (account_id, balance) "
            "SELECT * FROM unnest(%s::bigint[], %s::numeric[]) "
            "ON CONFLICT (account_id) DO UPDATE "
            "SET balance = billing_accountbalance.balance + EXCLUDED.balance",
            [array_of(amounts), array_of(amounts.values())],
        )


def allocate_open(account_id: int, *, now: datetime) -> None:
    """Let the account's open credits pay its open debits, first in, first out."""
    rows = OpenItem.objects.filter(account_id=account_id, open_amount__gt=0).values_list(
        "entry_id", "debit", "due_on", "open_amount", "entry__kind", "entry__posted_on"
    )
    credits, debits = [], []
    for entry_id, is_debit, due_on, amount, kind, posted_on in rows:
        if is_debit:
            debits.append(Debit(entry_id, due_on or posted_on, amount, kind))
        else:
            credits.append(Credit(entry_id, posted_on, amount, kind))
    pay(account_id, allocate(credits, debits), now=now)


def pay(account_id: int, paid: list[tuple[int, int, Decimal]], *, now: datetime) -> None:
    """Write allocations (credit, debit, amount) and lower what is open of both sides.

    A negative amount takes back what was allocated. The database refuses more than is open.
    """
    if not paid:
        return
    Allocation.objects.bulk_create(
        Allocation(
            account_id=account_id,
            credit_id=credit_id,
            debit_id=debit_id,
            amount=amount,
            allocated_at=now,
        )
        for credit_id, debit_id, amount in paid
    )
    lower_open_items(paid)


def lower_open_items(paid: list[tuple[int, int, Decimal]]) -> None:
    """Take allocated amounts off what is open of their credits and debits."""
    used: dict[int, Decimal] = {}
    for credit_id, debit_id, amount in paid:
        used[credit_id] = used.get(credit_id, Decimal(0)) + amount
        used[debit_id] = used.get(debit_id, Decimal(0)) + amount
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE billing_openitem o SET open_amount = o.open_amount - u.amount "
            "FROM unnest(%s::bigint[], %s::numeric[]) AS u (entry_id, amount) "
            "WHERE o.entry_id = u.entry_id",
            [array_of(used), array_of(used.values())],
        )
