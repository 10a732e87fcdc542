"""Payments: recorded as a draft or posted, rejected while a draft, cancelled once posted."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Sum

from billing.models import Allocation, EntryKind, LedgerEntry, Payment, PaymentState
from billing.operations.activation import activate_if_settled
from billing.operations.errors import BillingError
from billing.operations.ledger import allocate_open, book, lock_account, pay
from config.shared.operations.numbers import new_number
from pricing.queries.currencies import coin_of
from subscriptions.models import Account


class PaymentError(BillingError):
    """A payment cannot be taken or changed as asked."""


class PaymentNotPositive(PaymentError):
    """The amount is 0 or less."""

    field = "amount"


class WrongCurrency(PaymentError):
    """The account pays in another currency."""

    field = "currency"


class AmountTooFine(PaymentError):
    """The amount has more decimals than the currency."""

    field = "amount"


class NotReceivedYet(PaymentError):
    """The day of receipt is still to come."""

    field = "received_on"


class PaymentNotDraft(PaymentError):
    """Only a draft is edited, posted or rejected."""


class PaymentNotPosted(PaymentError):
    """Only a posted payment is cancelled."""


class ReasonMissing(PaymentError):
    """Rejecting and cancelling ask for a reason."""

    field = "reason"


@dataclass(frozen=True)
class PaymentDetails:
    """What is known of money received: amount in `currency`, how, when, under which reference."""

    amount: Decimal
    currency: str
    method: str
    received_on: date
    reference: str = ""


def record_payment(
    account: Account,
    details: PaymentDetails,
    *,
    by: User | None,
    on: date,
    now: datetime,
    draft: bool = False,
) -> Payment:
    """Record money received from an account; unless a `draft`, post it on the day `on`.

    Raises PaymentNotPositive, WrongCurrency, AmountTooFine or NotReceivedYet; then nothing is
    changed.
    """
    with transaction.atomic():
        locked = lock_account(account.pk)
        _check(locked, details)
        _check_received(details.received_on, on)
        pk, number = new_number(Payment, "P")
        payment = Payment.objects.create(
            pk=pk,
            number=number,
            account=locked,
            state=PaymentState.DRAFT,
            entered_by=by,
            **vars(details),
        )
        if not draft:
            _post(payment, locked, on=on, now=now)
    if not draft:
        activate_if_settled(account.pk, by=by, on=on, now=now)
    return payment


def update_payment(payment: Payment, details: PaymentDetails) -> Payment:
    """Change a draft payment. Raises PaymentNotDraft, or as `record_payment`."""
    with transaction.atomic():
        account = lock_account(payment.account_id)
        draft = _draft(payment)
        _check(account, details)
        for name, value in vars(details).items():
            setattr(draft, name, value)
        draft.save(update_fields=[*vars(details)])
    return draft


def post_payment(payment: Payment, *, by: User | None, on: date, now: datetime) -> Payment:
    """Post a draft payment on the day `on`: it enters the balance and pays what is open.

    Raises PaymentNotDraft.
    """
    with transaction.atomic():
        account = lock_account(payment.account_id)
        draft = _draft(payment)
        _post(draft, account, on=on, now=now)
    activate_if_settled(account.pk, by=by, on=on, now=now)
    return draft


def reject_payment(payment: Payment, *, reason: str) -> Payment:
    """Reject a draft payment, with a reason. Raises PaymentNotDraft or ReasonMissing."""
    with transaction.atomic():
        lock_account(payment.account_id)
        draft = _draft(payment)
        draft.reason = _given(reason)
        draft.state = PaymentState.REJECTED
        draft.save(update_fields=["reason", "state"])
    return draft


@transaction.atomic
def cancel_payment(payment: Payment, *, reason: str, on: date, now: datetime) -> Payment:
    """Cancel a posted payment: a debit of the same amount, and what it paid is open again.

    Other credits of the account then pay what they can. Raises PaymentNotPosted or ReasonMissing.
    """
    account = lock_account(payment.account_id)
    posted = Payment.objects.select_for_update(no_key=True).get(pk=payment.pk)
    if posted.state != PaymentState.POSTED:
        raise PaymentNotPosted(
            f"Payment {posted.number} is {posted.get_state_display().lower()}; "
            "only a posted payment is cancelled."
        )
    posted.reason = _given(reason)
    posted.state = PaymentState.CANCELLED
    posted.save(update_fields=["reason", "state"])
    credit = LedgerEntry.objects.get(payment=posted, kind=EntryKind.PAYMENT)
    _take_back(credit, now=now)
    debit = book(
        account,
        EntryKind.PAYMENT_CANCELLATION,
        posted.amount,
        number=f"{posted.number}-C",
        posted_on=on,
        due_on=on,
        payment=posted,
        reverses=credit,
    )
    pay(account.pk, [(credit.pk, debit.pk, posted.amount)], now=now)
    allocate_open(account.pk, now=now)
    return posted


def _post(payment: Payment, account: Account, *, on: date, now: datetime) -> None:
    _check_received(payment.received_on, on)
    payment.state = PaymentState.POSTED
    payment.posted_on = on
    payment.save(update_fields=["state", "posted_on"])
    book(
        account,
        EntryKind.PAYMENT,
        -payment.amount,
        number=payment.number,
        posted_on=on,
        payment=payment,
    )
    allocate_open(account.pk, now=now)


def _take_back(credit: LedgerEntry, *, now: datetime) -> None:
    """Take back what the credit paid, by allocations with the opposite amount."""
    paid = (
        Allocation.objects.filter(credit=credit)
        .values_list("debit_id")
        .annotate(total=Sum("amount"))
        .order_by("debit_id")
    )
    back = [(credit.pk, debit_id, -total) for debit_id, total in paid if total]
    pay(credit.account_id, back, now=now)


def _draft(payment: Payment) -> Payment:
    found = Payment.objects.select_for_update(no_key=True).get(pk=payment.pk)
    if found.state != PaymentState.DRAFT:
        raise PaymentNotDraft(
            f"Payment {found.number} is {found.get_state_display().lower()} and does not change; "
            "cancel it instead."
            if found.state == PaymentState.POSTED
            else f"Payment {found.number} is {found.get_state_display().lower()}."
        )
    return found


def _check(account: Account, details: PaymentDetails) -> None:
    if details.amount <= 0:
        raise PaymentNotPositive("A payment is more than 0.")
    if details.currency != account.currency_id:
        raise WrongCurrency(
            f"Account {account.number} pays in {account.currency_id}, not {details.currency}."
        )
    if details.amount % coin_of(account.currency_id):
        raise AmountTooFine(
            f"{details.amount} has more decimals than an amount in {details.currency} may have."
        )


def _check_received(received_on: date, on: date) -> None:
    if received_on > on:
        raise NotReceivedYet(f"Money received on {received_on:%-d %b %Y} is not here yet.")


def _given(reason: str) -> str:
    if not reason.strip():
        raise ReasonMissing("Give a reason.")
    return reason.strip()
