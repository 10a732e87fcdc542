"""What billing shows on an account's page: bills, ledger, payments, balance, what is past due."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format

from billing.queries.bills import bills_of
from billing.queries.ledger import ledger_of
from billing.queries.outstanding import balances, overdue_since
from billing.queries.payments import payments_of
from config.shared.money_format import figure_text
from config.shared.operations.clock import today
from config.shared.panels import Panel
from config.shared.templatetags.ui_tags import money
from config.shared.views.object_page import Action, Alert, Fact
from subscriptions.models import Account

LAST = 3
SHOWN = 50


class LastBills(Panel):
    """The last bills on the overview; for the header the balance and what is past due."""

    title = "Last bills"
    slug = "last-bills"
    order = 30
    template_name = "billing/partials/account_bills.html"
    permission = "billing.view_bill"

    def context(self, obj: Account, request: HttpRequest) -> Mapping[str, Any]:
        """Return the last bills."""
        return {"bills": bills_of(obj)[:LAST], "is_all": False}

    def facts(self, obj: Account, request: HttpRequest) -> Iterable[Fact]:
        """Return the balance."""
        balance = balances([obj.pk]).get(obj.pk, 0)
        yield Fact("Balance", money(balance, obj.currency_id))

    def alerts(self, obj: Account, request: HttpRequest) -> Iterable[Alert]:
        """Say what is past due and since when."""
        past_due = overdue_since(obj.pk, on=today())
        if past_due is not None:
            amount, oldest = past_due
            text = f"{figure_text(amount, obj.currency_id)} {obj.currency_id} is past due"
            yield Alert(f"{text}, the oldest since {date_format(oldest)}.", "error")

    def actions(self, obj: Account, request: HttpRequest) -> Iterable[Action]:
        """Offer to take a payment."""
        yield Action(
            "Take payment",
            reverse("billing:take_payment", args=[obj.number]),
            "billing.add_payment",
            primary=True,
            icon="banknotes",
            key="$",
        )


class AccountBills(Panel):
    """The account's bills with what remains of each."""

    title = "Bills"
    slug = "bills"
    tab = "bills"
    template_name = "billing/partials/account_bills.html"
    permission = "billing.view_bill"

    def context(self, obj: Account, request: HttpRequest) -> Mapping[str, Any]:
        """Return the newest bills, and whether there are more."""
        found = list(bills_of(obj)[: SHOWN + 1])
        return {"bills": found[:SHOWN], "is_all": True, "more": len(found) > SHOWN}


class AccountLedger(Panel):
    """The account's ledger with the balance after each entry."""

    title = "Ledger"
    slug = "ledger"
    tab = "ledger"
    template_name = "billing/partials/account_ledger.html"
    permission = "billing.view_ledgerentry"

    def context(self, obj: Account, request: HttpRequest) -> Mapping[str, Any]:
        """Return the newest entries."""
        entries = list(ledger_of(obj)[: 2 * SHOWN])
        return {"entries": entries, "shown": 2 * SHOWN, "is_cut": len(entries) == 2 * SHOWN}


class AccountPayments(Panel):
    """The account's payments."""

    title = "Payments"
    slug = "payments"
    tab = "payments"
    template_name = "billing/partials/account_payments.html"
    permission = "billing.view_payment"

    def context(self, obj: Account, request: HttpRequest) -> Mapping[str, Any]:
        """Return the newest payments, and whether there are more."""
        found = list(payments_of(obj)[: SHOWN + 1])
        return {"payments": found[:SHOWN], "more": len(found) > SHOWN}
