"""Runs and payments for tests, through the operations."""

from datetime import date
from decimal import Decimal
from typing import Any

from billing.models import Payment, PaymentMethod
from billing.operations.payments import PaymentDetails, record_payment
from config.shared.models import Run, RunDefinition, RunScope
from config.shared.operations.chunks import run_here
from config.shared.operations.runs import create_run, ensure_definitions
from subscriptions.models import Account
from tests.subscriptions.factories import noon


def definition(kind: str) -> RunDefinition:
    """Return the default definition of a kind of run."""
    ensure_definitions()
    return RunDefinition.objects.get(kind=kind)


def run(kind: str, on: date, **options: Any) -> Run:
    """Run a kind on a business day in this process, and return the finished run."""
    made = create_run(
        definition(kind),
        as_of=on,
        by=None,
        now=noon(on),
        scope=options.pop("scope", RunScope.BATCH),
        **options,
    )
    return run_here(made, now=noon(on))


def bill_run(on: date, **options: Any) -> Run:
    """Run normal billing on a day."""
    return run("normal-billing", on, **options)


def details(amount: str, *, on: date, currency: str = "EUR") -> PaymentDetails:
    """Return cash of so much received on a day."""
    return PaymentDetails(
        amount=Decimal(amount), currency=currency, method=PaymentMethod.CASH, received_on=on
    )


def pay(account: Account, amount: str, *, on: date, draft: bool = False) -> Payment:
    """Record a cash payment on a day."""
    return record_payment(
        account, details(amount, on=on), by=None, on=on, now=noon(on), draft=draft
    )
