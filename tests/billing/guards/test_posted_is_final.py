"""What moved money does not change: raw SQL against every table and column."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import IntegrityError, connection, models, transaction

from billing.models import (
    Allocation,
    Bill,
    BillPrint,
    CreditNote,
    CreditNoteLine,
    CreditNoteTax,
    Invoice,
    InvoiceLine,
    InvoiceTax,
    LedgerEntry,
    Payment,
    RatedBillingItem,
)
from subscriptions.models import ActionKind
from tests.billing.factories import bill_run, pay
from tests.catalog.factories import ProductFactory
from tests.pricing.factories import vat
from tests.subscriptions.factories import SchemeFactory, act, subscribe

pytestmark = pytest.mark.django_db

# Table and the columns that may change once a row is posted.
FREE: dict[type[models.Model], set[str]] = {
    Bill: set(),
    Invoice: set(),
    InvoiceLine: set(),
    InvoiceTax: set(),
    CreditNote: set(),
    CreditNoteLine: set(),
    CreditNoteTax: set(),
    LedgerEntry: set(),
    Allocation: set(),
    BillPrint: {"pdf", "pdf_made_at"},
    RatedBillingItem: {"reversed_at"},
    Payment: {"state", "reason"},
}


@pytest.fixture
def billed(db: None) -> None:
    """An account with a bill, a payment, and a credit note after a cancellation."""
    product = ProductFactory()
    vat(product)
    service = subscribe(product, on=date(2026, 1, 1), price="31.00", scheme=SchemeFactory())
    account = service.subscription.account
    bill_run(date(2026, 1, 1))
    pay(account, "10.00", on=date(2026, 1, 5))
    act(ActionKind.CANCEL, service.subscription, on=date(2026, 1, 11))
    bill_run(date(2026, 2, 1))


def columns() -> Iterator[tuple[type[models.Model], str]]:
    """Yield every column of the tables that is to stay as it is."""
    for model, free in FREE.items():
        for field in model._meta.concrete_fields:
            if field.column not in free and not field.primary_key:
                yield model, field.column


def _refused(statement: str) -> bool:
    with connection.cursor() as cursor:
        try:
            with transaction.atomic():
                cursor.execute(statement)
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        except IntegrityError:
            return True
    return False


def test_no_column_of_a_posted_row_changes(billed: None) -> None:
    for model in FREE:
        assert model._default_manager.exists(), model

    changed = [
        (model.__name__, column)
        for model, column in columns()
        if not _refused(_other_value(model, column))
    ]

    assert changed == []


def test_no_posted_row_is_deleted(billed: None) -> None:
    deleted = [
        model.__name__ for model in FREE if not _refused(f"DELETE FROM {model._meta.db_table}")
    ]

    assert deleted == []


def test_nothing_is_added_to_a_posted_document(billed: None) -> None:
    for model in (InvoiceLine, InvoiceTax, CreditNoteLine, CreditNoteTax):
        names = [f.column for f in model._meta.concrete_fields if not f.primary_key]
        values = ["item_id + 1000000" if name == "item_id" else name for name in names]
        table = model._meta.db_table

        assert _refused(
            f"INSERT INTO {table} ({', '.join(names)}) "
            f"SELECT {', '.join(values)} FROM {table} LIMIT 1"
        )


def test_a_document_that_does_not_add_up_is_not_posted(billed: None) -> None:
    for model in (Invoice, CreditNote):
        names = [f.column for f in model._meta.concrete_fields if f.column not in ("id", "bill_id")]
        values = ["'X' || number" if name == "number" else name for name in names]
        table = model._meta.db_table

        assert _refused(
            f"INSERT INTO {table} ({', '.join(names)}) "
            f"SELECT {', '.join(values)} FROM {table} LIMIT 1"
        )


def test_a_bill_that_its_documents_do_not_add_up_to_is_not_posted(billed: None) -> None:
    names = [f.column for f in Bill._meta.concrete_fields if f.column != "id"]
    values = ["'X' || number" if name == "number" else name for name in names]
    values = ["NULL" if value == "run_id" else value for value in values]

    assert _refused(
        f"INSERT INTO billing_bill ({', '.join(names)}) "
        f"SELECT {', '.join(values)} FROM billing_bill LIMIT 1"
    )


def test_an_allocation_takes_no_more_than_is_open(billed: None) -> None:
    insert = (
        "INSERT INTO billing_allocation (account_id, credit_id, debit_id, amount, allocated_at) "
        "SELECT account_id, credit_id, debit_id, {amount}, now() "
        "FROM billing_allocation ORDER BY id LIMIT 1"
    )

    assert _refused(insert.format(amount="0.01"))
    assert _refused(insert.format(amount="-amount - 0.01"))
    assert _refused(insert.format(amount="0"))


def _other_value(model: type[models.Model], column: str) -> str:
    """Return an UPDATE that would change the column of one row to something fitting its type."""
    table = model._meta.db_table
    kind = {f.column: f for f in model._meta.concrete_fields}[column].db_type(connection) or ""
    values = {
        "boolean": f"NOT {column}",
        "date": f"coalesce({column}, current_date) + 1",
        "daterange": "daterange('2001-01-01', '2001-01-02')",
        "timestamp with time zone": f"coalesce({column}, now()) + interval '1 day'",
        "jsonb": "'{}'",
    }
    is_number = kind.startswith(("bigint", "integer", "smallint", "numeric"))
    value = f"coalesce({column}, 0) + 1" if is_number else values.get(kind, "'X'")
    return f"UPDATE {table} SET {column} = {value}"
