"""What of billing needs somebody, for the home page."""

from datetime import date
from typing import Any

from django.db.models import Count, Min, Sum

from billing.models import OpenItem


def overdue_totals(*, on: date) -> list[dict[str, Any]]:
    """Return, by currency, what is past due on `on`, on how many accounts, and since when.

    One query.
    """
    rows: Any = (
        OpenItem.objects.filter(debit=True, open_amount__gt=0, due_on__lt=on)
        .values("entry__currency")
        .annotate(
            amount=Sum("open_amount"),
            accounts=Count("account_id", distinct=True),
            oldest=Min("due_on"),
        )
        .order_by("entry__currency")
    )
    return list(rows)
