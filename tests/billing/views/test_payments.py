"""Taking payments and what is done with them; what billing shows on an account."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse

from billing.models import AccountBalance, Bill, Payment
from config.shared.models import RunDefinition
from pricing.models import Currency
from subscriptions.models import Account, ServiceState, SubscribedService
from tests.billing.factories import bill_run, pay, run
from tests.billing.views.test_bills import FEBRUARY, START, billed, text_of
from tests.catalog.factories import ProductFactory
from tests.pricing.factories import CurrencyFactory
from tests.subscriptions.factories import AccountFactory, subscribe

pytestmark = pytest.mark.django_db

TYPED = {
    "amount": "52.80",
    "currency": "EUR",
    "method": "CASH",
    "received_on": "2026-02-01",
    "reference": "R-17",
    "posting": "post",
}


def take(client, account: Account, **changes):
    """Send the form of a payment from the account's page."""
    address = reverse("billing:take_payment", args=[account.number])
    token = changes.pop("form_token", str(uuid4()))
    return client.post(address, {**TYPED, "form_token": token, **changes}, follow=True)


def errors(response) -> dict[str, list[str]]:
    return dict(response.context["form"].errors)


def switched_off() -> SubscribedService:
    """Return a service that is off because its January bill is overdue."""
    service = subscribe(ProductFactory(), on=START, price="31.00")
    bill_run(START)
    run("deactivation", FEBRUARY)
    service.refresh_from_db()
    assert service.state == ServiceState.NOT_EFFECTIVE
    return service


def test_a_payment_is_posted_and_pays_the_bill(csr):
    bill = billed()

    page = text_of(take(csr, bill.account))

    payment = Payment.objects.get()
    assert (payment.state, payment.amount) == ("POSTED", Decimal("52.80"))
    assert payment.entered_by.username == "csr"
    assert f"Payment {payment.number} of 52.80 EUR was posted." in page
    assert AccountBalance.objects.get().balance == 0


def test_paying_what_is_due_switches_services_on_and_says_so(csr):
    service = switched_off()
    account = service.subscription.account

    page = text_of(take(csr, account, amount="17.00"))

    service.refresh_from_db()
    assert service.state == ServiceState.EFFECTIVE
    assert "1 service is switched on again." in page


def test_paying_too_little_leaves_services_off_and_says_so(csr):
    service = switched_off()

    page = text_of(take(csr, service.subscription.account, amount="5.00"))

    service.refresh_from_db()
    assert service.state == ServiceState.NOT_EFFECTIVE
    assert "1 service is still off: not all that is due is paid." in page


def test_services_that_no_activation_run_takes_are_told_apart(csr):
    service = switched_off()
    RunDefinition.objects.filter(kind="activation").delete()

    page = text_of(take(csr, service.subscription.account, amount="17.00"))

    assert "1 service is still off: nothing is past due; look at the activation runs" in page


def test_the_form_says_what_is_unpaid_and_past_due(csr):
    account = switched_off().subscription.account

    page = text_of(csr.get(reverse("billing:take_payment", args=[account.number])))

    assert "Unpaid: 17.00 EUR, 17.00 EUR of it past due." in page


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        pytest.param({"amount": "0"}, "amount", "A payment is more than 0.", id="zero"),
        pytest.param({"amount": "-5"}, "amount", "A payment is more than 0.", id="negative"),
        pytest.param(
            {"amount": "1.234"}, "amount", "more decimals than an amount in EUR", id="too fine"
        ),
        pytest.param({"currency": "USD"}, "currency", "pays in EUR, not USD", id="currency"),
        pytest.param({"received_on": "soon"}, "received_on", "Enter a valid date", id="date"),
        pytest.param({"received_on": "2099-01-01"}, "received_on", "is not here yet", id="to come"),
    ],
)
def test_a_refusal_stands_at_its_field_and_nothing_is_changed(csr, changes, field, message):
    CurrencyFactory(code="USD", name="Dollar")
    account = billed().account

    response = take(csr, account, **changes)

    assert message in str(errors(response)[field])
    assert not Payment.objects.exists()


def test_a_form_sent_twice_takes_the_money_once(csr):
    account = billed().account
    token = str(uuid4())

    take(csr, account, form_token=token)
    page = text_of(take(csr, account, form_token=token))

    assert Payment.objects.count() == 1
    assert "This form was sent before." in page


def test_an_equal_amount_on_the_same_day_is_taken_only_if_ticked(csr):
    account = billed().account
    first = pay(account, "20.00", on=FEBRUARY)

    refused = take(csr, account, amount="20.00")
    taken = take(csr, account, amount="20.00", anyway="on")

    assert errors(refused) == {
        "anyway": [f"20.00 EUR was posted today already: {first.number}."],
    }
    assert 'type="checkbox"' in text_of(refused)
    assert "20.00 EUR was posted." in text_of(taken)
    assert Payment.objects.count() == 2


def test_with_nothing_unpaid_the_form_warns_and_asks_for_a_tick(csr):
    account = AccountFactory()

    page = text_of(csr.get(reverse("billing:take_payment", args=[account.number])))
    refused = take(csr, account)
    take(csr, account, posting="draft")
    take(csr, account, anyway="on")

    assert "Nothing is unpaid: what is taken stays in the account&#x27;s favour." in page
    assert "Take it all the same" in page
    assert list(errors(refused)) == ["anyway"]
    assert sorted(Payment.objects.values_list("state", flat=True)) == ["DRAFT", "POSTED"]


def test_another_amount_or_day_is_taken_without_a_question(csr):
    account = billed().account
    pay(account, "20.00", on=date(2026, 1, 31))
    csr.get(reverse("billing:take_payment", args=[account.number]))

    page = text_of(take(csr, account, amount="20.00"))

    assert "20.00 EUR was posted." in page


def test_the_currency_of_the_account_is_chosen_and_listed_first(csr):
    for code in ("AED", "CHF", "USD"):
        CurrencyFactory(code=code, name=code)
    account = AccountFactory()
    AccountFactory(currency=Currency.objects.get(pk="USD"))

    form = csr.get(reverse("billing:take_payment", args=[account.number])).context["form"]
    unnamed = csr.get(reverse("billing:payment_new")).context["form"]

    assert form["currency"].value() == "EUR"
    assert [label for _, label in form.fields["currency"].choices][:3] == ["EUR", "USD", "AED"]
    assert [label for _, label in unnamed.fields["currency"].choices][:3] == ["EUR", "USD", "AED"]


def test_a_payment_is_taken_for_the_account_that_is_named(csr):
    account = billed().account
    address = reverse("billing:payment_new")

    refused = csr.post(address, {**TYPED, "account": "A-9"})
    csr.post(address, {**TYPED, "account": account.number.lower()})

    assert "There is no account A-9." in str(errors(refused)["account"])
    assert Payment.objects.get().account == account


def test_a_draft_is_changed_and_posted(csr, operator):
    account = billed().account
    take(csr, account, posting="draft")
    payment = Payment.objects.get()
    change = reverse("billing:payment_change", args=[payment.number])

    assert operator.get(change).status_code == 200
    operator.post(change, {**TYPED, "amount": "50.00"})
    page = text_of(
        operator.post(reverse("billing:payment_post", args=[payment.number]), follow=True)
    )

    payment.refresh_from_db()
    assert (payment.state, payment.amount, payment.posted_on) == ("POSTED", 50, FEBRUARY)
    assert f"Payment {payment.number} was posted." in page


def test_a_draft_is_rejected_with_a_reason(operator):
    payment = pay(billed().account, "10.00", on=FEBRUARY, draft=True)
    address = reverse("billing:payment_reject", args=[payment.number])

    refused = operator.post(address, {"reason": "  "})
    page = text_of(operator.post(address, {"reason": "Cheque bounced"}, follow=True))

    payment.refresh_from_db()
    assert "reason" in errors(refused)
    assert payment.state == "REJECTED"
    assert "Rejected: Cheque bounced" in page


def test_a_posted_payment_is_cancelled_and_its_bill_is_open_again(operator):
    bill = billed()
    payment = pay(bill.account, "52.80", on=FEBRUARY)

    page = text_of(
        operator.post(
            reverse("billing:payment_cancel", args=[payment.number]),
            {"reason": "Wrong account"},
            follow=True,
        )
    )

    assert "Cancelled: Wrong account" in page
    assert AccountBalance.objects.get().balance == Decimal("52.80")


@pytest.mark.parametrize("name", ["post", "change", "reject"])
def test_a_posted_payment_does_not_change(operator, name):
    payment = pay(billed().account, "10.00", on=FEBRUARY)

    response = operator.post(
        reverse(f"billing:payment_{name}", args=[payment.number]), {**TYPED, "reason": "x"}
    )

    assert "cancel it instead" in str(errors(response))


@pytest.mark.parametrize("name", ["post", "change", "reject", "cancel"])
def test_only_those_who_change_payments_change_them(csr, name):
    payment = pay(billed().account, "10.00", on=FEBRUARY, draft=True)
    address = reverse(f"billing:payment_{name}", args=[payment.number])

    assert csr.get(address).status_code == 403
    assert csr.post(address).status_code == 403
    assert f'href="{address}"' not in text_of(csr.get(payment.get_absolute_url()))


def test_an_auditor_takes_no_payment(browse):
    account = AccountFactory()
    auditor = browse("Auditor")

    assert auditor.get(reverse("billing:payment_list")).status_code == 200
    assert take(auditor, account).status_code == 403


def test_a_list_of_20_payments_costs_as_many_queries_as_one_of_1(
    csr, django_assert_num_queries, django_assert_max_num_queries
):
    pay(AccountFactory(), "1.00", on=FEBRUARY)
    address = reverse("billing:payment_list")
    with django_assert_max_num_queries(12) as few:
        csr.get(address)
    for _ in range(19):
        pay(AccountFactory(), "1.00", on=FEBRUARY)

    with django_assert_num_queries(len(few.captured_queries)):
        csr.get(address)


def test_the_account_page_shows_balance_last_bills_and_what_is_past_due(csr):
    account = switched_off().subscription.account

    page = text_of(csr.get(account.get_absolute_url()))

    bill = Bill.objects.get()
    assert "17.00 EUR is past due, the oldest since 30 Jan 2026." in page
    assert bill.get_absolute_url() in page
    assert reverse("billing:bill_pdf", args=[bill.number]) in page
    assert 'data-key="$"' in page


def test_the_ledger_runs_from_the_first_entry_to_the_balance(csr):
    account = billed().account
    payment = pay(account, "20.00", on=FEBRUARY)

    response = csr.get(account.get_absolute_url(), {"tab": "ledger"})

    (panel,) = response.context["panels"]
    running = [(entry.amount, entry.running) for entry in panel.context["entries"]]
    assert running == [(-20, Decimal("32.80")), (Decimal("52.80"), Decimal("52.80"))]
    assert payment.get_absolute_url() in text_of(response)


@pytest.mark.parametrize("tab", ["bills", "ledger", "payments"])
def test_an_account_without_money_says_what_comes_next(csr, tab):
    page = text_of(csr.get(AccountFactory().get_absolute_url(), {"tab": tab}))

    assert any(
        text in page
        for text in (
            "The next billing run bills what is due.",
            "Bills and payments appear here.",
            "Take the first one",
        )
    )


def test_a_technician_sees_no_money_on_an_account(browse):
    page = text_of(browse("Technician").get(billed().account.get_absolute_url()))

    assert "Balance" not in page
    assert "Take payment" not in page


def test_the_account_list_shows_balances_without_a_query_a_row(
    csr, django_assert_num_queries, django_assert_max_num_queries
):
    account = billed().account
    address = reverse("subscriptions:account_list")
    with django_assert_max_num_queries(15) as few:
        page = text_of(csr.get(address))
    for _ in range(5):
        AccountFactory(seller=account.seller)

    with django_assert_num_queries(len(few.captured_queries)):
        csr.get(address)

    assert "52.80 EUR" in page


def test_home_shows_what_is_past_due(csr):
    switched_off()

    page = text_of(csr.get(reverse("home")))

    assert "17.00 EUR" in page
    assert "on 1 account" in page


def test_a_billing_run_shows_its_bills(operator):
    bill = billed()

    page = text_of(operator.get(bill.run.get_absolute_url()))

    assert f"{reverse('billing:bill_list')}?run={bill.run.number}" in page
    assert "52.80" in page
