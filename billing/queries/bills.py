"""Bills as their pages show them: what is left to pay, their documents, what paid them."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    DecimalField,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Sum,
    TextChoices,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from billing.models import (
    Allocation,
    Bill,
    CreditNote,
    CreditNoteLine,
    DocumentState,
    Invoice,
    InvoiceLine,
    OpenItem,
)
from config.shared.models import Run
from subscriptions.models import Account

ZERO = Decimal(0)
_MONEY: Any = DecimalField(max_digits=18, decimal_places=4)


class Settlement(TextChoices):
    """How far a bill's invoices are paid (CRM.COM: status of a bill)."""

    DRAFT = "DRAFT", "Draft"
    UNSETTLED = "UNSETTLED", "Unsettled"
    PARTIALLY = "PARTIALLY_SETTLED", "Partially settled"
    SETTLED = "SETTLED", "Settled"


@dataclass(frozen=True, slots=True)
class ShownDocument:
    """An invoice or credit note of a bill with its lines, taxes and what is open of it."""

    document: Invoice | CreditNote
    is_credit: bool
    open_amount: Decimal | None


def bills() -> QuerySet[Bill]:
    """Return all bills, the newest first, with account, run, `remaining` and `settlement`."""
    unpaid = (
        OpenItem.objects.filter(entry__invoice__bill=OuterRef("pk"))
        .values("entry__invoice__bill")
        .annotate(total=Sum("open_amount"))
        .values("total")
    )
    return (
        Bill.objects.select_related("account", "run")
        .annotate(remaining=Coalesce(Subquery(unpaid), Value(ZERO), output_field=_MONEY))
        .annotate(
            settlement=Case(
                When(state=DocumentState.DRAFT, then=Value(Settlement.DRAFT.value)),
                When(remaining=0, then=Value(Settlement.SETTLED.value)),
                When(remaining__lt=F("total_debit"), then=Value(Settlement.PARTIALLY.value)),
                default=Value(Settlement.UNSETTLED.value),
                output_field=CharField(),
            )
        )
        .order_by("-issued_on", "-pk")
    )


def bills_of(account: Account) -> QuerySet[Bill]:
    """Return an account's posted bills, the newest first."""
    return bills().filter(account=account, state=DocumentState.POSTED)


def documents_of(bill: Bill) -> list[ShownDocument]:
    """Return a bill's invoices, then its credit notes; three queries for each kind."""
    return [
        *_shown(bill.invoices.all(), InvoiceLine.objects.all(), is_credit=False),
        *_shown(bill.creditnotes.all(), CreditNoteLine.objects.all(), is_credit=True),
    ]


def allocations_of(bill: Bill) -> QuerySet[Allocation]:
    """Return what paid the bill's invoices, and what its credit notes paid, oldest first."""
    rows = Allocation.objects.select_related("credit__payment", "debit")
    return (
        rows.filter(debit__invoice__bill=bill) | rows.filter(credit__credit_note__bill=bill)
    ).order_by("allocated_at", "pk")


def totals_of_run(run: Run) -> list[dict[str, Any]]:
    """Return count, net, tax and gross of a run's bills for each currency; one query."""
    rows: Any = (
        Bill.objects.filter(run=run)
        .values("currency")
        .annotate(
            bills=Count("pk"),
            drafts=Count("pk", filter=Q(state=DocumentState.DRAFT)),
            net=Sum("net_amount"),
            tax=Sum("tax_amount"),
            gross=Sum("total_billed"),
        )
        .order_by("currency")
    )
    return list(rows)


def _shown(
    documents: QuerySet[Any], lines: QuerySet[Any], *, is_credit: bool
) -> Iterator[ShownDocument]:
    ordered = lines.select_related("item__reverses").order_by("position", "pk")
    found = (
        documents.select_related("subscription", "entry__open_item")
        .prefetch_related(Prefetch("lines", ordered), "taxes")
        .order_by("pk")
    )
    for document in found:
        entry = getattr(document, "entry", None)
        yield ShownDocument(document, is_credit, entry.open_item.open_amount if entry else None)
