"""Payments as their pages show them."""

from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet

from billing.models import Allocation, Payment, PaymentState
from subscriptions.models import Account


def payments() -> QuerySet[Payment]:
    """Return all payments, the newest first, with account and who entered them."""
    return Payment.objects.select_related("account", "entered_by").order_by("-received_on", "-pk")


def payments_of(account: Account) -> QuerySet[Payment]:
    """Return an account's payments, the newest first."""
    return payments().filter(account=account)


def equal_payments(account: Account, amount: Decimal, *, on: date) -> QuerySet[Payment]:
    """Return the payments of just this amount that count for an account since the day `on`."""
    return payments_of(account).filter(amount=amount, posted_on=on, state=PaymentState.POSTED)


def paid_by(payment: Payment) -> QuerySet[Allocation]:
    """Return what a payment paid, oldest first, with the document and its bill at hand."""
    return (
        Allocation.objects.filter(credit__payment=payment)
        .exclude(Q(debit__payment=payment))
        .select_related("debit__invoice__bill")
        .order_by("allocated_at", "pk")
    )
