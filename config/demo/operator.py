"""The generated operator: acts the drawn histories out, day by day, through the operations.

What the pages and the runs do is done here by the same functions: accounts are opened, services
sold, suspended and cancelled, the first month is billed by a run, and payments are recorded.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from operator import itemgetter
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction

from billing.models import Bill
from billing.operations.payments import PaymentDetails, record_payment
from config.demo.histories import FIRST_RUN, CustomerHistory
from config.demo.operator_catalogue import Offer
from config.demo.sports import PICK
from config.shared.models import Run
from config.shared.operations.chunks import run_here
from config.shared.operations.runs import create_run, get_active_definition
from subscriptions.models import Account, ActionKind, Subscription
from subscriptions.operations.accounts import create_account
from subscriptions.operations.actions import ActionRequest, Addition, ExpenseAddition, perform

CENT = Decimal("0.01")
SOURCE = "demo"
Progress = Callable[[str], None]


def at_noon(day: date) -> datetime:
    """Return noon of a business day in the operator's time zone."""
    return datetime.combine(day, time(12), ZoneInfo(settings.OPERATOR_TIME_ZONE))


@dataclass(frozen=True, slots=True)
class Customer:
    """A history that has been acted out up to its sign-up."""

    history: CustomerHistory
    account: Account
    subscription: Subscription


def act_out(histories: list[CustomerHistory], offer: Offer, *, by: User, progress: Progress) -> Run:
    """Act all histories out and return the run that billed the first month."""
    early = [each for each in histories if each.signs_up_on < FIRST_RUN]
    late = [each for each in histories if each.signs_up_on >= FIRST_RUN]
    progress(f"Signing up {len(early)} customers of last year")
    customers = [sign_up(each, offer, by=by) for each in _by_day(early)]
    progress(f"Billing them as of {FIRST_RUN:%-d %B %Y}")
    run = bill_first_month(by=by)
    progress(f"Signing up {len(late)} customers of January")
    customers += [sign_up(each, offer, by=by) for each in _by_day(late)]
    progress("Suspensions, cancellations and payments of January")
    for _, act in sorted(_events(customers, by=by), key=itemgetter(0)):
        act()
    return run


def _by_day(histories: list[CustomerHistory]) -> list[CustomerHistory]:
    return sorted(histories, key=lambda each: each.signs_up_on)


@transaction.atomic
def sign_up(history: CustomerHistory, offer: Offer, *, by: User) -> Customer:
    """Open the account and sell it what its history says."""
    day = history.signs_up_on
    account = create_account(
        name=history.name,
        seller=offer.seller,
        currency="EUR",
        billing_day=history.billing_day,
        opened_on=day,
        by=by,
        technology=offer.technologies[history.technology],
        account_class=offer.classes[history.account_class],
        street=history.street,
        city=history.city,
        postal_code=history.postal_code,
        country="CY",
        phone=history.phone,
    )
    additions = [Addition(product=offer.products[code]) for code in history.products]
    if history.bundle:
        additions.append(Addition(sales_bundle=offer.welcome))
    if history.channels:
        choices = tuple((offer.products[code], 1) for code in history.channels)
        additions.append(Addition(product=offer.products[PICK], choices=choices))
    action = perform(
        ActionRequest(
            kind=ActionKind.BECOME_SUBSCRIBER,
            performed_on=day,
            by=by,
            source=SOURCE,
            account_user=account.users.get(),
            subscription_type=offer.subscription_type,
            scheme=offer.scheme,
            frequency=history.frequency,
            additions=tuple(additions),
        ),
        now=at_noon(day),
    )
    subscription = action.subscription
    if history.installation:
        fee = ExpenseAddition(product=offer.products["installation"])
        perform(
            ActionRequest(
                kind=ActionKind.ADD_EXPENSE,
                performed_on=day,
                by=by,
                source=SOURCE,
                subscription=subscription,
                expenses=(fee,),
            ),
            now=at_noon(day),
        )
    return Customer(history, account, subscription)


def bill_first_month(*, by: User) -> Run:
    """Bill everybody by a straight-through normal run on the first day of January."""
    now = at_noon(FIRST_RUN)
    run = create_run(get_active_definition("normal-billing"), as_of=FIRST_RUN, by=by, now=now)
    return run_here(run, now=now)


def _events(
    customers: list[Customer], *, by: User
) -> Iterator[tuple[tuple[date, int], Callable[[], None]]]:
    """Yield what happens after sign-up, with its day and a number that settles the order."""
    bills = dict(Bill.objects.values_list("account_id", "to_be_paid"))
    for place, customer in enumerate(customers):
        history = customer.history
        for day, kind in (
            (history.suspends_on, ActionKind.DEACTIVATE),
            (history.resumes_on, ActionKind.ACTIVATE),
            (history.cancels_on, ActionKind.CANCEL),
        ):
            if day is not None:
                yield (day, 3 * place), _act(customer, kind, day, by=by)
        owed = bills.get(customer.account.pk, Decimal(0))
        if history.pays_on is not None and owed > 0:
            amount = (owed * history.paid_share).quantize(CENT)
            yield (history.pays_on, 3 * place + 1), _pay(customer, amount, history.pays_on, by=by)


def _act(customer: Customer, kind: ActionKind, day: date, *, by: User) -> Callable[[], None]:
    request = ActionRequest(
        kind=kind,
        performed_on=day,
        by=by,
        source=SOURCE,
        subscription=customer.subscription,
        state_reason="CUSTOMER" if kind == ActionKind.DEACTIVATE else "",
        classification="Customer asked",
    )
    return lambda: _done(perform(request, now=at_noon(day)))


def _pay(customer: Customer, amount: Decimal, day: date, *, by: User) -> Callable[[], None]:
    details = PaymentDetails(amount=amount, currency="EUR", method="BANK", received_on=day)
    return lambda: _done(record_payment(customer.account, details, by=by, on=day, now=at_noon(day)))


def _done(_: object) -> None:
    """Take a result nobody needs."""
