"""What accounts owe: balance, what is unpaid, and what of it is past due."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db.models import Min, Q, Sum

from billing.models import AccountBalance, OpenItem
from config.shared.db import among


def balances(account_ids: Iterable[int]) -> dict[int, Decimal]:
    """Return the sum of each account's posted debits and credits; positive is owed.

    Accounts without a posting are left out.
    """
    rows = AccountBalance.objects.filter(account_id__in=among(account_ids))
    return dict(rows.values_list("account_id", "balance"))


def unsettled(account_ids: Iterable[int]) -> dict[int, Decimal]:
    """Return what is unpaid of each account's debits, due or not; nothing unpaid is left out."""
    return _open(Q(account_id__in=among(account_ids), debit=True))


def outstanding(account_ids: Iterable[int], *, on: date) -> dict[int, Decimal]:
    """Return what is unpaid and past due on each account; nothing past due is left out.

    A debit is past due from the day after its due date. Source: CRM.COM, accounts receivable.
    """
    return _open(Q(account_id__in=among(account_ids), debit=True, due_on__lt=on))


def overdue_since(account_id: int, *, on: date) -> tuple[Decimal, date] | None:
    """Return what is past due on an account, and the due date of the oldest; None if nothing is."""
    found = OpenItem.objects.filter(
        account_id=account_id, debit=True, open_amount__gt=0, due_on__lt=on
    ).aggregate(total=Sum("open_amount"), oldest=Min("due_on"))
    return None if found["oldest"] is None else (found["total"], found["oldest"])


def unused_credits(account_ids: Iterable[int]) -> dict[int, Decimal]:
    """Return what is left of each account's credits; accounts without are left out."""
    return _open(Q(account_id__in=among(account_ids), debit=False))


def _open(which: Q) -> dict[int, Decimal]:
    rows = OpenItem.objects.filter(which, open_amount__gt=0).values("account_id")
    return {row["account_id"]: row["total"] for row in rows.annotate(total=Sum("open_amount"))}
