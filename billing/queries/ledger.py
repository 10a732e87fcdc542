"""An account's ledger as its page shows it: entries with the balance after each."""

from django.db.models import F, QuerySet, RowRange, Sum, Window

from billing.models import LedgerEntry
from subscriptions.models import Account


def ledger_of(account: Account) -> QuerySet[LedgerEntry]:
    """Return the account's entries, the newest first, each with `running`: the balance after it.

    What each stands for (bill, payment) and what is open of it are at hand; one query.
    """
    running = Window(
        Sum("amount"),
        order_by=[F("posted_on").asc(), F("pk").asc()],
        frame=RowRange(start=None, end=0),
    )
    return (
        LedgerEntry.objects.filter(account=account)
        .annotate(running=running)
        .select_related("invoice__bill", "credit_note__bill", "payment", "open_item")
        .order_by("-posted_on", "-pk")
    )
