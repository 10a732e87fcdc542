"""Writing documents and bills with COPY, as drafts or posted."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models

from billing.models import (
    Bill,
    CreditNote,
    CreditNoteLine,
    CreditNoteTax,
    DocumentState,
    Invoice,
    InvoiceLine,
    InvoiceTax,
)
from billing.operations.invoicing import AccountBill, Document
from config.shared.db import copy_rows, take_ids
from config.shared.models import Run

_as_json = json.JSONEncoder(check_circular=False).encode
_LINE = (
    "document_id",
    "item_id",
    "position",
    "product_id",
    "text",
    "period",
    "quantity",
    "rate_amount",
    "tax_rate_id",
    "tax_fraction",
    "taxes",
    "net_amount",
    "tax_amount",
    "gross_amount",
)
_TAX = ("document_id", "tax_rate_id", "name", "fraction", "net_amount", "tax_amount")
_DOCUMENT = (
    "id",
    "number",
    "account_id",
    "subscription_id",
    "bill_id",
    "run_id",
    "state",
    "issued_on",
    "currency",
    "net_amount",
    "tax_amount",
    "gross_amount",
)
_BILL = (
    "id",
    "number",
    "account_id",
    "run_id",
    "state",
    "as_of",
    "issued_on",
    "due_on",
    "period",
    "currency",
    "net_amount",
    "tax_amount",
    "total_debit",
    "total_credit",
    "total_billed",
    "brought_forward",
    "credits_between",
    "to_be_paid",
)


def take_document_ids(bills: Sequence[AccountBill]) -> None:
    """Give every document its id, which its lines point at."""
    for model, is_credit in ((Invoice, False), (CreditNote, True)):
        documents = [
            document
            for bill in bills
            for document in bill.documents
            if document.is_credit is is_credit
        ]
        ids = take_ids(model, len(documents))
        for document, document_id in zip(documents, ids, strict=True):
            document.document_id = document_id


def write_lines(bills: Sequence[AccountBill]) -> None:
    """Write the lines and taxes of documents, before the documents themselves."""
    kinds: tuple[tuple[bool, type[models.Model], type[models.Model]], ...] = (
        (False, InvoiceLine, InvoiceTax),
        (True, CreditNoteLine, CreditNoteTax),
    )
    for is_credit, line_model, tax_model in kinds:
        documents = [
            document
            for bill in bills
            for document in bill.documents
            if document.is_credit is is_credit
        ]
        if documents:
            copy_rows(line_model, _LINE, (row for each in documents for row in _lines(each)))
            copy_rows(tax_model, _TAX, (row for each in documents for row in _taxes(each)))


def write_documents(
    bills: Sequence[AccountBill], run: Run, *, state: DocumentState, with_bill: bool
) -> None:
    """Write the invoices and credit notes, and, `with_bill`, the bills that hold them.

    Their lines are written already: the database checks that they add up.
    """
    if with_bill:
        for bill, bill_id in zip(bills, take_ids(Bill, len(bills)), strict=True):
            bill.bill_id = bill_id
    invoices = [
        (*_document(document, bill, run, state, with_bill=with_bill), bill.due_on)
        for bill in bills
        for document in bill.documents
        if not document.is_credit
    ]
    credits = [
        _document(document, bill, run, state, with_bill=with_bill)
        for bill in bills
        for document in bill.documents
        if document.is_credit
    ]
    copy_rows(Invoice, (*_DOCUMENT, "due_on"), invoices)
    if credits:
        copy_rows(CreditNote, _DOCUMENT, credits)
    if with_bill:
        copy_rows(Bill, _BILL, (_bill(bill, run, state) for bill in bills))


def _lines(document: Document) -> Iterable[tuple[Any, ...]]:
    for position, line in enumerate(document.lines, start=1):
        item, taxed = line.item, line.taxed
        yield (
            document.document_id,
            item.item_id,
            position,
            item.product_id,
            line.text,
            f"[{item.start},{item.end})",
            item.quantity,
            line.rate_amount,
            taxed.tax_rate_id,
            taxed.fraction,
            _as_json([part.as_json() for part in taxed.parts]) if taxed.parts else None,
            taxed.net,
            taxed.tax,
            taxed.gross,
        )


def _taxes(document: Document) -> Iterable[tuple[Any, ...]]:
    for tax in document.taxes:
        yield (document.document_id, tax.tax_rate_id, tax.name, tax.fraction, tax.net, tax.tax)


def _document(
    document: Document, bill: AccountBill, run: Run, state: DocumentState, *, with_bill: bool
) -> tuple[Any, ...]:
    return (
        document.document_id,
        document.number or None,
        document.account_id,
        document.subscription_id,
        bill.bill_id if with_bill else None,
        run.pk,
        state.value,
        bill.issued_on,
        bill.account.currency,
        document.net,
        document.tax,
        document.gross,
    )


def _bill(bill: AccountBill, run: Run, state: DocumentState) -> tuple[Any, ...]:
    start, end = bill.period
    return (
        bill.bill_id,
        bill.number or None,
        bill.account.account_id,
        run.pk,
        state.value,
        run.as_of,
        bill.issued_on,
        bill.due_on,
        f"[{start},{end})",
        bill.account.currency,
        bill.net,
        bill.tax,
        bill.total_debit,
        bill.total_credit,
        bill.total_billed,
        bill.brought_forward,
        bill.credits_between,
        bill.to_be_paid,
    )
