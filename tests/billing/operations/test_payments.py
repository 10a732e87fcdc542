"""Payments: taken, posted, rejected, cancelled; what they pay, first in, first out."""

from datetime import date
from decimal import Decimal

import pytest

from billing.models import Allocation, EntryKind, LedgerEntry, OpenItem, PaymentState
from billing.operations.ledger import allocate_open, book, lock_account
from billing.operations.payments import (
    AmountTooFine,
    PaymentNotDraft,
    PaymentNotPositive,
    PaymentNotPosted,
    ReasonMissing,
    WrongCurrency,
    cancel_payment,
    post_payment,
    record_payment,
    reject_payment,
    update_payment,
)
from billing.queries.outstanding import balances, outstanding, unsettled, unused_credits
from subscriptions.models import Account
from tests.billing.factories import details, pay
from tests.subscriptions.factories import AccountFactory, noon

pytestmark = pytest.mark.django_db

TODAY = date(2026, 6, 2)


def invoice(account: Account, amount: str, *, due_on: date, number: str = "I-A") -> LedgerEntry:
    """Book a debit as an invoice would be."""
    entry = book(
        lock_account(account.pk),
        EntryKind.INVOICE,
        Decimal(amount),
        number=number,
        posted_on=date(2026, 5, 20),
        due_on=due_on,
    )
    allocate_open(account.pk, now=noon(TODAY))
    return entry


def open_amounts() -> dict[str, Decimal]:
    """Return what is open, by the entry's number."""
    return dict(OpenItem.objects.values_list("entry__number", "open_amount"))


@pytest.mark.case("crmcom:L1")
def test_a_payment_pays_the_debit_that_is_due_first() -> None:
    account = AccountFactory()
    invoice(account, "50.00", due_on=date(2026, 6, 10), number="A")
    invoice(account, "30.00", due_on=date(2026, 6, 5), number="B")

    payment = pay(account, "60.00", on=TODAY)

    assert open_amounts() == {"A": 20, "B": 0, payment.number: 0}


@pytest.mark.case("crmcom:L5")
def test_a_draft_payment_pays_nothing_until_it_is_posted() -> None:
    account = AccountFactory()
    invoice(account, "50.00", due_on=date(2026, 6, 10), number="A")

    payment = pay(account, "60.00", on=TODAY, draft=True)

    assert open_amounts() == {"A": 50}
    assert balances([account.pk]) == {account.pk: 50}

    post_payment(payment, by=None, on=TODAY, now=noon(TODAY))

    assert open_amounts() == {"A": 0, payment.number: 10}
    assert balances([account.pk]) == {account.pk: -10}


@pytest.mark.case("crmcom:G6")
def test_what_is_unpaid_is_outstanding_once_it_is_past_due() -> None:
    account = AccountFactory()
    invoice(account, "100.00", due_on=date(2026, 6, 10))

    pay(account, "60.00", on=TODAY)

    assert balances([account.pk]) == {account.pk: 40}
    assert unsettled([account.pk]) == {account.pk: 40}
    assert outstanding([account.pk], on=date(2026, 6, 10)) == {}
    assert outstanding([account.pk], on=date(2026, 6, 11)) == {account.pk: 40}


@pytest.mark.case("crmcom:G4")
def test_a_posted_payment_is_not_edited() -> None:
    account = AccountFactory()
    payment = pay(account, "60.00", on=TODAY)

    with pytest.raises(PaymentNotDraft, match="posted and does not change"):
        update_payment(payment, details("70.00", on=TODAY))

    payment.refresh_from_db()
    assert payment.amount == 60


@pytest.mark.case("crmcom:G5")
def test_a_posted_payment_is_not_rejected() -> None:
    payment = pay(AccountFactory(), "60.00", on=TODAY)

    with pytest.raises(PaymentNotDraft, match="cancel it instead"):
        reject_payment(payment, reason="Bounced")

    assert LedgerEntry.objects.count() == 1


def test_a_draft_is_edited_and_rejected_with_a_reason() -> None:
    payment = pay(AccountFactory(), "60.00", on=TODAY, draft=True)

    changed = update_payment(payment, details("70.00", on=TODAY))
    with pytest.raises(ReasonMissing):
        reject_payment(changed, reason=" ")
    rejected = reject_payment(changed, reason="Wrong account")

    assert (rejected.amount, rejected.state) == (70, PaymentState.REJECTED)
    assert LedgerEntry.objects.count() == 0
    with pytest.raises(PaymentNotDraft):
        post_payment(rejected, by=None, on=TODAY, now=noon(TODAY))


def test_a_cancelled_payment_leaves_its_debits_open_again_for_other_credits() -> None:
    account = AccountFactory()
    invoice(account, "50.00", due_on=date(2026, 6, 10), number="A")
    first = pay(account, "60.00", on=TODAY)
    second = pay(account, "15.00", on=TODAY)

    cancelled = cancel_payment(first, reason="Bounced", on=TODAY, now=noon(TODAY))

    assert cancelled.state == PaymentState.CANCELLED
    assert open_amounts() == {
        "A": 35,
        first.number: 0,
        f"{first.number}-C": 0,
        second.number: 0,
    }
    assert balances([account.pk]) == {account.pk: 35}
    paid = Allocation.objects.filter(debit__number="A").order_by("pk")
    assert list(paid.values_list("amount", flat=True)) == [50, -50, 15]
    with pytest.raises(PaymentNotPosted):
        cancel_payment(first, reason="Again", on=TODAY, now=noon(TODAY))


@pytest.mark.parametrize(
    ("amount", "currency", "refusal"),
    [
        ("0", "EUR", PaymentNotPositive),
        ("-5.00", "EUR", PaymentNotPositive),
        ("5.00", "USD", WrongCurrency),
        ("5.005", "EUR", AmountTooFine),
    ],
)
def test_an_amount_that_is_none_is_refused(
    amount: str, currency: str, refusal: type[Exception]
) -> None:
    account = AccountFactory()

    with pytest.raises(refusal):
        record_payment(
            account,
            details(amount, on=TODAY, currency=currency),
            by=None,
            on=TODAY,
            now=noon(TODAY),
        )

    assert account.payments.count() == 0


def test_a_payment_in_advance_waits_for_the_next_debit() -> None:
    account = AccountFactory()
    pay(account, "60.00", on=TODAY)

    invoice(account, "50.00", due_on=date(2026, 6, 10), number="A")

    assert unused_credits([account.pk]) == {account.pk: 10}
    assert unsettled([account.pk]) == {}
