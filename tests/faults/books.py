"""What the books of a database say, with ids, numbers and times of the moment masked."""

from collections import Counter
from collections.abc import Iterable

import psycopg
from psycopg import sql

# Each row: what it is about, then all its columns but those masked. Keys of rows that were there
# before the run (accounts, services, products) are the same in every copy of a database.
_BOOKS = {
    "bills": """
        SELECT a.number, to_jsonb(b) - ARRAY['id', 'number', 'run_id']
        FROM billing_bill b JOIN subscriptions_account a ON a.id = b.account_id""",
    "invoices": """
        SELECT a.number, b.as_of, to_jsonb(d) - ARRAY['id', 'number', 'run_id', 'bill_id']
        FROM billing_invoice d JOIN subscriptions_account a ON a.id = d.account_id
        LEFT JOIN billing_bill b ON b.id = d.bill_id""",
    "credit notes": """
        SELECT a.number, b.as_of, to_jsonb(d) - ARRAY['id', 'number', 'run_id', 'bill_id']
        FROM billing_creditnote d JOIN subscriptions_account a ON a.id = d.account_id
        LEFT JOIN billing_bill b ON b.id = d.bill_id""",
    "invoice lines": """
        SELECT d.subscription_id, d.issued_on, i.service_id, i.source_key, i.kind,
            i.reverses_id IS NOT NULL, to_jsonb(l) - ARRAY['id', 'document_id', 'item_id']
        FROM billing_invoiceline l JOIN billing_invoice d ON d.id = l.document_id
        JOIN billing_ratedbillingitem i ON i.id = l.item_id""",
    "credit note lines": """
        SELECT d.subscription_id, d.issued_on, i.service_id, i.source_key, i.kind,
            i.reverses_id IS NOT NULL, to_jsonb(l) - ARRAY['id', 'document_id', 'item_id']
        FROM billing_creditnoteline l JOIN billing_creditnote d ON d.id = l.document_id
        JOIN billing_ratedbillingitem i ON i.id = l.item_id""",
    "invoice taxes": """
        SELECT d.subscription_id, d.issued_on, to_jsonb(t) - ARRAY['id', 'document_id']
        FROM billing_invoicetax t JOIN billing_invoice d ON d.id = t.document_id""",
    "credit note taxes": """
        SELECT d.subscription_id, d.issued_on, to_jsonb(t) - ARRAY['id', 'document_id']
        FROM billing_creditnotetax t JOIN billing_creditnote d ON d.id = t.document_id""",
    "rated items": """
        SELECT s.number, i.reversed_at IS NOT NULL,
            to_jsonb(i) - ARRAY['id', 'run_id', 'rated_at', 'reversed_at', 'reverses_id'],
            to_jsonb(r) - ARRAY['id', 'run_id', 'rated_at', 'reversed_at', 'reverses_id']
        FROM billing_ratedbillingitem i
        LEFT JOIN subscriptions_subscribedservice s ON s.id = i.service_id
        LEFT JOIN billing_ratedbillingitem r ON r.id = i.reverses_id""",
    "prints": """
        SELECT b.account_id, b.issued_on, p.template_version, p.pdf IS NULL,
            regexp_replace(p.content::text, '"([BIC]\\d+)-\\d{6}(-\\d+)?"', '"\\1"', 'g')
        FROM billing_billprint p JOIN billing_bill b ON b.id = p.bill_id""",
    "ledger entries": """
        SELECT a.number, i.subscription_id, c.subscription_id,
            to_jsonb(e) - ARRAY['id', 'number', 'invoice_id', 'credit_note_id']
        FROM billing_ledgerentry e JOIN subscriptions_account a ON a.id = e.account_id
        LEFT JOIN billing_invoice i ON i.id = e.invoice_id
        LEFT JOIN billing_creditnote c ON c.id = e.credit_note_id""",
    "open items": """
        SELECT a.number, e.kind, e.posted_on, i.subscription_id, c.subscription_id,
            to_jsonb(o) - ARRAY['entry_id']
        FROM billing_openitem o JOIN subscriptions_account a ON a.id = o.account_id
        JOIN billing_ledgerentry e ON e.id = o.entry_id
        LEFT JOIN billing_invoice i ON i.id = e.invoice_id
        LEFT JOIN billing_creditnote c ON c.id = e.credit_note_id""",
    "allocations": """
        SELECT a.number, c.kind, c.posted_on, c.amount, d.kind, d.posted_on, d.amount,
            to_jsonb(x) - ARRAY['id', 'credit_id', 'debit_id', 'allocated_at']
        FROM billing_allocation x JOIN subscriptions_account a ON a.id = x.account_id
        JOIN billing_ledgerentry c ON c.id = x.credit_id
        JOIN billing_ledgerentry d ON d.id = x.debit_id""",
    "balances": "SELECT account_id, balance FROM billing_accountbalance",
    "marks": """
        SELECT s.number, to_jsonb(m) FROM billing_ratingmark m
        JOIN subscriptions_subscribedservice s ON s.id = m.service_id""",
}
_NUMBERED = {
    "bill": "billing_bill",
    "invoice": "billing_invoice",
    "credit-note": "billing_creditnote",
}
# The tables that the run engine writes for itself.
OF_RUNS = ("shared_run", "shared_runchunk", "shared_parkeditem")


def read_books(session: psycopg.Connection) -> dict[str, list[str]]:
    """Return the rows of each book as text, sorted: two are equal if they say the same."""
    return {
        name: sorted(row[0] for row in session.execute(f"SELECT b::text FROM ({query}) b"))
        for name, query in _BOOKS.items()
    }


def differences(one: dict[str, list[str]], other: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return, for each book that differs, some rows that only one side has."""
    return {
        name: [
            *(f"only undisturbed: {row}" for row in _only_in(one[name], other[name])),
            *(f"only struck: {row}" for row in _only_in(other[name], one[name])),
        ]
        for name in one
        if one[name] != other[name]
    }


def _only_in(rows: list[str], others: list[str]) -> list[str]:
    return list((Counter(rows) - Counter(others)).elements())[:3]


def holes_in_numbers(session: psycopg.Connection) -> dict[str, tuple[int, int, int]]:
    """Return the series whose numbers have a hole or a double: (lowest, highest, how many)."""
    found = {}
    series = session.execute(
        "SELECT code, prefix, next_value FROM shared_numberseries ORDER BY code"
    ).fetchall()
    for code, prefix, next_value in series:
        table = _NUMBERED.get(code.partition(":")[0])
        if table is None:
            continue
        statement = sql.SQL(
            "SELECT coalesce(min(n), 1), coalesce(max(n), 0), count(n) FROM "
            "(SELECT substr(number, %s)::bigint AS n FROM {} WHERE number ~ %s) numbers"
        ).format(sql.Identifier(table))
        row = session.execute(statement, [len(prefix) + 1, rf"^{prefix}\d+$"]).fetchone()
        assert row is not None
        lowest, highest, count = row
        if highest - lowest + 1 != count or highest + 1 != next_value:
            found[code] = (lowest, highest, count)
    return found


def content_of_tables(session: psycopg.Connection) -> dict[str, tuple[int, str]]:
    """Return how many rows each table has and a digest of what is in them."""
    tables = session.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
    ).fetchall()
    return {table: _content(session, table) for (table,) in tables}


def _content(session: psycopg.Connection, table: str) -> tuple[int, str]:
    statement = sql.SQL(
        "SELECT count(*), md5(coalesce(string_agg(t::text, E'\\n' ORDER BY t::text), '')) FROM {} t"
    ).format(sql.Identifier(table))
    row = session.execute(statement).fetchone()
    assert row is not None
    return int(row[0]), row[1]


def changed_tables(
    before: dict[str, tuple[int, str]],
    after: dict[str, tuple[int, str]],
    *,
    save: Iterable[str] = (),
) -> dict[str, tuple[int, int]]:
    """Return the tables whose content changed, with their row counts; those in `save` may."""
    return {
        table: (before[table][0], after[table][0])
        for table in before
        if before[table] != after[table] and table not in set(save)
    }
