"""Keeping what monthly tax rules have to know of the documents before."""

from collections.abc import Sequence

from django.db import connection

from billing.operations.invoicing import AccountBill
from config.shared.db import array_of

_ADD = """
    INSERT INTO billing_taxmonth AS t (account_id, tax_rate_id, month, base_amount, taxed_amount)
    SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::date[], %s::numeric[], %s::numeric[])
        AS n (account_id, tax_rate_id, month, base_amount, taxed_amount)
    ORDER BY account_id, tax_rate_id, month
    ON CONFLICT (account_id, tax_rate_id, month) DO UPDATE
    SET base_amount = t.base_amount + excluded.base_amount,
        taxed_amount = t.taxed_amount + excluded.taxed_amount
"""


def count_in_months(bills: Sequence[AccountBill]) -> None:
    """Add what posted bills were charged under monthly rules to the months of their accounts.

    The accounts are locked. One statement, none where no such rule is in use.
    """
    rows = [
        (bill.account.account_id, rate_id, month, sums.base, sums.taxed)
        for bill in bills
        for (rate_id, month), sums in bill.tax_months.items()
        if sums.base or sums.taxed
    ]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_ADD, [array_of(column) for column in zip(*rows, strict=True)])
