"""Posting bills: numbers, documents, ledger entries, and what open credits pay of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import connection
from django.db.models import Max

from billing.kernel.allocation import Credit, Debit, allocate
from billing.models import Allocation, DocumentState, EntryKind, LedgerEntry, OpenItem
from billing.operations.documents import write_documents
from billing.operations.invoicing import AccountBill, Document
from billing.operations.ledger import lower_open_items, move_balances
from billing.operations.prints import print_contents, write_prints
from billing.operations.tax_months import count_in_months
from billing.queries.billed_accounts import sellers_of
from config.shared.db import copy_rows, take_ids
from config.shared.models import NumberSeries, Run
from config.shared.operations.numbers import ensure_series, take_numbers

_SERIES = {"bill": "B", "invoice": "I", "credit-note": "C"}

Paid = list[tuple[int, int, Decimal]]


@dataclass(slots=True)
class Entry:
    """A ledger entry to be written; `amount` is positive for debits."""

    entry_id: int
    bill: AccountBill
    document: Document

    @property
    def amount(self) -> Decimal:
        """What the entry adds to the balance."""
        return -self.document.gross if self.document.is_credit else self.document.gross


def series_code(kind: str, seller_id: int) -> str:
    """Return the code of a seller's number series: `bill`, `invoice` or `credit-note`."""
    return f"{kind}:{seller_id}"


def last_issued_on(seller_ids: Iterable[int]) -> date | None:
    """Return the latest day for which one of the sellers has issued a document."""
    codes = [series_code(kind, seller_id) for seller_id in seller_ids for kind in _SERIES]
    issued = NumberSeries.objects.filter(code__in=codes)
    last: date | None = issued.aggregate(last=Max("last_issued_on"))["last"]
    return last


def ensure_document_series(seller_ids: Iterable[int]) -> None:
    """Make the number series of sellers that have none: B1-000001 is the first bill of seller 1."""
    codes = {
        series_code(kind, seller_id): f"{letter}{seller_id}-"
        for seller_id in sorted(seller_ids)
        for kind, letter in _SERIES.items()
    }
    known = set(NumberSeries.objects.filter(code__in=codes).values_list("code", flat=True))
    for code, prefix in codes.items():
        if code not in known:
            ensure_series(code, prefix=prefix)


def post_bills(
    bills: Sequence[AccountBill], run: Run, *, numbers: Mapping[int, str], now: datetime
) -> None:
    """Post bills whose items and lines are written; the last thing a transaction does.

    The number series are locked here, so all else comes before. `numbers` are those of the
    subscriptions. Open credits of the accounts pay what they can.
    """
    if not bills:
        return
    sellers = sellers_of({bill.account.account_id: bill.account for bill in bills})
    count_in_months(bills)
    move_balances({bill.account.account_id: bill.total_billed for bill in bills})
    entries = _entries(bills)
    paid = _allocations(bills, entries)
    lower_open_items(paid)
    _write_open_items(entries, paid)
    contents = print_contents(bills, sellers, numbers)
    connection.check_constraints()
    _number(bills, sorted(sellers))
    write_documents(bills, run, state=DocumentState.POSTED, with_bill=True)
    _write_entries(entries, paid, now=now)
    write_prints(bills, contents)


def _number(bills: Sequence[AccountBill], seller_ids: Sequence[int]) -> None:
    """Give bills and documents their numbers: a block of each series, always in this order."""
    for seller_id in seller_ids:
        own = [bill for bill in bills if bill.account.seller_id == seller_id]
        documents = [document for bill in own for document in bill.documents]
        wanted: dict[str, Sequence[AccountBill | Document]] = {
            "bill": own,
            "invoice": [document for document in documents if not document.is_credit],
            "credit-note": [document for document in documents if document.is_credit],
        }
        for kind, objects in wanted.items():
            if not objects:
                continue
            taken = take_numbers(
                series_code(kind, seller_id), len(objects), issued_on=own[0].issued_on
            )
            for each, number in zip(objects, taken, strict=True):
                each.number = number


def _entries(bills: Sequence[AccountBill]) -> list[Entry]:
    """Return the entries of the documents; a document of 0 needs none."""
    booked = [(bill, document) for bill in bills for document in bill.documents if document.gross]
    ids = take_ids(LedgerEntry, len(booked))
    return [
        Entry(entry_id, bill, document)
        for entry_id, (bill, document) in zip(ids, booked, strict=True)
    ]


def _allocations(bills: Sequence[AccountBill], entries: Sequence[Entry]) -> Paid:
    """Return what is paid at once: by credits left over, and by these credit notes."""
    accounts = {bill.account.account_id for bill in bills if bill.credits_between}
    accounts |= {entry.bill.account.account_id for entry in entries if entry.amount < 0}
    if not accounts:
        return []
    credits: dict[int, list[Credit]] = {account_id: [] for account_id in accounts}
    debits: dict[int, list[Debit]] = {account_id: [] for account_id in accounts}
    for entry_id, account_id, is_debit, due_on, amount, kind, posted_on in (
        OpenItem.objects.filter(account_id__in=accounts, open_amount__gt=0)
        .order_by("entry_id")
        .values_list(
            "entry_id",
            "account_id",
            "debit",
            "due_on",
            "open_amount",
            "entry__kind",
            "entry__posted_on",
        )
    ):
        if is_debit:
            debits[account_id].append(Debit(entry_id, due_on or posted_on, amount, kind))
        else:
            credits[account_id].append(Credit(entry_id, posted_on, amount, kind))
    for entry in entries:
        account_id, bill = entry.bill.account.account_id, entry.bill
        if account_id not in accounts:
            continue
        if entry.amount > 0:
            debits[account_id].append(Debit(entry.entry_id, bill.due_on, entry.amount))
        else:
            credits[account_id].append(
                Credit(entry.entry_id, bill.issued_on, -entry.amount, "CREDIT_NOTE")
            )
    return [
        each
        for account_id in sorted(accounts)
        for each in allocate(credits[account_id], debits[account_id])
    ]


def _write_open_items(entries: Sequence[Entry], paid: Paid) -> None:
    """Write what is left of the entries, which may be written after it."""
    used: dict[int, Decimal] = {}
    for credit_id, debit_id, amount in paid:
        used[credit_id] = used.get(credit_id, Decimal(0)) + amount
        used[debit_id] = used.get(debit_id, Decimal(0)) + amount
    copy_rows(
        OpenItem,
        ("entry_id", "account_id", "debit", "due_on", "open_amount"),
        (
            (
                entry.entry_id,
                entry.bill.account.account_id,
                entry.amount > 0,
                _due(entry),
                abs(entry.amount) - used.get(entry.entry_id, Decimal(0)),
            )
            for entry in entries
        ),
    )


def _write_entries(entries: Sequence[Entry], paid: Paid, *, now: datetime) -> None:
    copy_rows(
        LedgerEntry,
        (
            "id",
            "account_id",
            "kind",
            "number",
            "posted_on",
            "due_on",
            "amount",
            "currency",
            "invoice_id",
            "credit_note_id",
        ),
        (_entry(entry) for entry in entries),
    )
    if not paid:
        return
    accounts = {entry.entry_id: entry.bill.account.account_id for entry in entries}
    older = {each for pair in paid for each in pair[:2]} - accounts.keys()
    accounts.update(OpenItem.objects.filter(pk__in=older).values_list("entry_id", "account_id"))
    copy_rows(
        Allocation,
        ("account_id", "credit_id", "debit_id", "amount", "allocated_at"),
        (
            (accounts[debit_id], credit_id, debit_id, amount, now)
            for credit_id, debit_id, amount in paid
        ),
    )


def _entry(entry: Entry) -> tuple[object, ...]:
    document = entry.document
    kind = EntryKind.CREDIT_NOTE if document.is_credit else EntryKind.INVOICE
    return (
        entry.entry_id,
        entry.bill.account.account_id,
        kind.value,
        document.number,
        entry.bill.issued_on,
        _due(entry),
        entry.amount,
        entry.bill.account.currency,
        None if document.is_credit else document.document_id,
        document.document_id if document.is_credit else None,
    )


def _due(entry: Entry) -> date | None:
    return None if entry.document.is_credit else entry.bill.due_on
