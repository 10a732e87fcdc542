"""What a month's run wrote, without what may differ: keys, and who got which number."""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from config.shared.models import Run

_NUMBERS = "content #- '{bill,number}' #- '{documents,0,number}'"

# By table: the rows of one run as text, told by accounts and services instead of by keys.
ROWS = {
    "items": """
        SELECT service_id, to_jsonb(r) - '{id,run_id}'::text[]
        FROM billing_ratedbillingitem r WHERE run_id = %(run)s""",
    "marks": "SELECT service_id, to_jsonb(m) FROM billing_ratingmark m",
    "invoices": """
        SELECT subscription_id, to_jsonb(i) - '{id,run_id,bill_id,number}'::text[]
        FROM billing_invoice i WHERE run_id = %(run)s""",
    "lines": """
        SELECT r.service_id, to_jsonb(l) - '{id,document_id,item_id}'::text[],
            i.subscription_id = r.subscription_id
        FROM billing_invoiceline l
        JOIN billing_invoice i ON i.id = l.document_id
        JOIN billing_ratedbillingitem r ON r.id = l.item_id
        WHERE i.run_id = %(run)s""",
    "taxes": """
        SELECT i.subscription_id, x.tax_rate_id, to_jsonb(x) - '{id,document_id}'::text[]
        FROM billing_invoicetax x JOIN billing_invoice i ON i.id = x.document_id
        WHERE i.run_id = %(run)s""",
    "bills": """
        SELECT account_id, to_jsonb(b) - '{id,run_id,number}'::text[]
        FROM billing_bill b WHERE run_id = %(run)s""",
    "prints": f"""
        SELECT b.account_id, {_NUMBERS}, p.template_version, p.pdf,
            p.content #>> '{{bill,number}}' = b.number,
            p.content #>> '{{documents,0,number}}' = i.number
        FROM billing_billprint p
        JOIN billing_bill b ON b.id = p.bill_id
        JOIN billing_invoice i ON i.bill_id = b.id
        WHERE b.run_id = %(run)s""",
    "entries": """
        SELECT e.account_id, to_jsonb(e) - '{id,number,invoice_id}'::text[], e.number = i.number
        FROM billing_ledgerentry e JOIN billing_invoice i ON i.id = e.invoice_id
        WHERE i.run_id = %(run)s""",
    "open items": """
        SELECT o.account_id, to_jsonb(o) - 'entry_id'
        FROM billing_openitem o
        JOIN billing_ledgerentry e ON e.id = o.entry_id
        JOIN billing_invoice i ON i.id = e.invoice_id
        WHERE i.run_id = %(run)s""",
    "allocations": "SELECT to_jsonb(a) - 'id' FROM billing_allocation a",
    "balances": "SELECT account_id, to_jsonb(b) FROM billing_accountbalance b",
    "series": "SELECT code, to_jsonb(n) - 'id' FROM shared_numberseries n",
    "bill numbers": "SELECT number FROM billing_bill WHERE run_id = %(run)s",
    "invoice numbers": "SELECT number FROM billing_invoice WHERE run_id = %(run)s",
    "chunks": """
        SELECT position, keys, state, done_at FROM shared_runchunk WHERE run_id = %(run)s""",
}


def rows_of(run: Run) -> dict[str, Sequence[Any]]:
    """Return what the run wrote, by table, in an order that keys do not change."""
    found = {}
    with connection.cursor() as cursor:
        for name, query in ROWS.items():
            cursor.execute(f"SELECT r::text FROM ({query}) r ORDER BY 1", {"run": run.pk})
            found[name] = [row[0] for row in cursor.fetchall()]
    return found
