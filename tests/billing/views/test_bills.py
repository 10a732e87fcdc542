"""Bills: list, page, PDF; rated items and what explains them."""

import re
from datetime import date
from decimal import Decimal
from html import unescape

import pytest
from django.urls import reverse

from billing.models import Bill, BillPrint, CreditNote, RatedBillingItem
from pricing.kernel.periods import Duration, Unit
from pricing.kernel.rates import Basis, Phase
from pricing.kernel.steps import Rule, Step
from pricing.operations.plans import add_rate
from pricing.templatetags.step_tags import discounts_text
from subscriptions.models import ActionKind
from tests.billing.factories import bill_run, pay
from tests.catalog.factories import ProductFactory
from tests.pricing.discounts import amount_off, discount
from tests.pricing.factories import vat
from tests.subscriptions.factories import AccountFactory, SchemeFactory, act, subscribe

pytestmark = pytest.mark.django_db

START = date(2026, 1, 15)
FEBRUARY = date(2026, 2, 1)
MONTH = Duration(1, Unit.MONTH)


def text_of(response) -> str:
    """Return the page with single spaces, and those that keep words together as spaces."""
    return " ".join(response.content.decode().replace("\N{NO-BREAK SPACE}", " ").split())


def billed(on: date = FEBRUARY, **fields) -> Bill:
    """Sell a service in the middle of January, bill it, and return the account's bill."""
    product = ProductFactory(name="Sports", billing_display="Sports channels")
    vat(product, "0.10")
    service = subscribe(product, on=START, price="31.00", **fields)
    bill_run(on)
    return Bill.objects.get(account=service.subscription.account)


def detail(bill: Bill) -> str:
    return reverse("billing:bill_detail", args=[bill.number])


def test_the_bill_page_shows_lines_taxes_and_totals(csr):
    bill = billed()

    page = text_of(csr.get(detail(bill)))

    assert "15 Jan 2026 – 31 Jan 2026" in page
    assert "17 of 31 days" in page
    assert "31.00" in page
    assert "17.00" in page
    assert "VAT 10 % on 48.00" in page
    assert "4.80" in page
    assert "52.80 EUR" in page
    assert "16 Feb 2026" in page
    assert "Unsettled" in page


def test_a_line_names_its_discounts_and_leads_to_its_explanation(csr):
    discount("eyes-ten", "10")
    amount_off("eyes-five", "5.00")
    bill = billed()

    page = text_of(csr.get(detail(bill)))

    item = RatedBillingItem.objects.earliest("pk")
    assert "− 10 % Eyes ten, − 5.00 Eyes five" in page
    assert (
        f'<a href="{item.get_absolute_url()}" '
        'aria-label="Explain this line: Sports channels">Explain</a>'
    ) in page


def test_a_free_period_is_named():
    free = Step(Rule.FREE_PERIOD, Decimal(0), (("name", "Start"), ("discount", "1")))

    assert discounts_text((Step(Rule.BASE_PRICE, Decimal(30)), free)) == "free: Start"


def test_what_is_given_back_names_the_discounts_of_what_was_charged(csr):
    discount("eyes-ten", "10")
    service = subscribe(ProductFactory(), on=START, price="31.00")
    bill_run(FEBRUARY)
    act(ActionKind.CANCEL, service.subscription, on=date(2026, 1, 25))
    bill_run(date(2026, 2, 2))
    note = CreditNote.objects.get()

    page = text_of(csr.get(detail(note.bill)))

    assert "− 10 % Eyes ten" in page[page.index("given back") :]


def test_a_part_paid_bill_shows_what_paid_it_and_what_remains(csr):
    bill = billed()
    payment = pay(bill.account, "20.00", on=FEBRUARY)

    page = text_of(csr.get(detail(bill)))

    assert "Partially settled" in page
    assert "32.80 EUR" in page
    assert payment.get_absolute_url() in page


def test_an_overdue_bill_says_so(csr):
    bill = billed(on=START)

    page = text_of(csr.get(detail(bill)))

    assert bill.due_on == date(2026, 1, 30)
    assert "Overdue since 30 Jan 2026." in page


def test_a_credit_note_stands_on_its_bill(csr):
    service = subscribe(ProductFactory(), on=START, price="31.00")
    bill_run(FEBRUARY)
    act(ActionKind.CANCEL, service.subscription, on=date(2026, 1, 25))
    bill_run(date(2026, 2, 2))
    note = CreditNote.objects.get()

    page = text_of(csr.get(detail(note.bill)))

    assert f"Credit note {note.number}" in page
    assert "given back" in page


def test_a_draft_bill_is_seen_before_it_is_posted(operator):
    subscribe(ProductFactory(), on=START, price="31.00")
    run = bill_run(FEBRUARY, stop_after="assemble")
    draft = Bill.objects.get()

    page = text_of(operator.get(draft.get_absolute_url()))
    listed = text_of(operator.get(reverse("billing:bill_list"), {"run": run.number}))

    assert draft.get_absolute_url().endswith(f"/draft-{draft.pk}/")
    assert "A draft: it gets its number when the run posts it." in page
    assert draft.get_absolute_url() in listed


@pytest.mark.parametrize("number", ["B9-000001", "draft-1", "draft-x", "draft-²"])
def test_there_is_no_page_of_a_bill_that_is_not_there(csr, number):
    assert csr.get(reverse("billing:bill_detail", args=[number])).status_code == 404


def test_the_pdf_is_the_same_whenever_it_is_asked_for(csr):
    bill = billed()
    address = reverse("billing:bill_pdf", args=[bill.number])

    first, second = csr.get(address), csr.get(address)

    assert first["Content-Type"] == "application/pdf"
    assert first["Content-Disposition"] == f'inline; filename="{bill.number}.pdf"'
    assert first.content == second.content
    assert BillPrint.objects.get().pdf_made_at is not None


@pytest.mark.parametrize("name", ["bill_list", "payment_list", "rated_item_list", "payment_new"])
def test_lists_are_closed_to_strangers(stranger, name):
    assert stranger.get(reverse(f"billing:{name}")).status_code == 403


@pytest.mark.parametrize("name", ["bill_detail", "bill_pdf"])
def test_a_bill_is_closed_to_strangers_and_to_technicians(stranger, browse, name):
    address = reverse(f"billing:{name}", args=[billed().number])

    assert stranger.get(address).status_code == 403
    assert browse("Technician").get(address).status_code == 403


def test_bills_are_found_by_number_account_state_and_run(csr):
    bill, other = billed(), billed()
    pay(other.account, "52.80", on=FEBRUARY)
    address = reverse("billing:bill_list")

    def found(**filters) -> set[str]:
        rows = csr.get(address, filters).context["table"].page.object_list
        return {row.record.number for row in rows}

    assert found(q=bill.number.lower()) == {bill.number}
    assert found(q=other.account.number) == {other.number}
    assert found(settlement="SETTLED") == {other.number}
    assert found(settlement="UNSETTLED") == {bill.number}
    assert found(overdue="yes") == set()
    assert found(run=bill.run.number) == {bill.number}
    assert found(q="B1") == set()


def test_an_empty_list_says_where_bills_come_from(csr):
    assert "A billing run makes them." in text_of(csr.get(reverse("billing:bill_list")))


@pytest.mark.parametrize("name", ["bill_list", "rated_item_list"])
def test_a_list_of_20_costs_as_many_queries_as_one_of_1(
    csr, name, django_assert_num_queries, django_assert_max_num_queries
):
    billed()
    address = reverse(f"billing:{name}")
    with django_assert_max_num_queries(12) as few:
        csr.get(address)
    product = ProductFactory()
    for _ in range(19):
        subscribe(product, on=START, price="31.00")
    bill_run(date(2026, 2, 2))

    with django_assert_num_queries(len(few.captured_queries)):
        csr.get(address)

    assert Bill.objects.count() == 20


def test_a_bill_page_costs_as_many_queries_however_many_lines(
    csr, django_assert_num_queries, django_assert_max_num_queries
):
    first = billed()
    with django_assert_max_num_queries(20) as few:
        csr.get(detail(first))
    account = AccountFactory()
    for _ in range(5):
        subscribe(ProductFactory(), on=START, price="31.00", account=account)
    bill_run(date(2026, 2, 2))
    second = Bill.objects.get(account=account)

    with django_assert_num_queries(len(few.captured_queries)):
        csr.get(detail(second))


def steps_in(page: str) -> list[tuple[str, str]]:
    """Return the steps on a page: the words of each, and the amount after it."""
    table = page[page.index("<caption") :]
    return [
        (unescape(words), amount)
        for words, amount in re.findall(
            r"<td>([^<]+)</td> <td class=\"num\"> (?:<strong>)?([^<]*?)(?:</strong>)? </td>", table
        )
    ]


def item_page(client, **which) -> str:
    item = RatedBillingItem.objects.filter(**which).earliest("pk")
    return text_of(client.get(item.get_absolute_url()))


def test_an_item_is_explained_from_the_plan_to_the_bill(csr):
    bill = billed()

    page = item_page(csr)

    item = RatedBillingItem.objects.earliest("pk")
    assert str(item.rate.plan) in page
    assert steps_in(page) == [
        ("Price per month", "31.00"),
        (
            "× 17 ÷ 31: 17 of 31 days are charged; the cycle is 1 Jan 2026 – 31 Jan 2026",
            "17.00",
        ),
    ]
    assert "VAT 10 % on 17.00: 1.70 EUR" in page
    assert f"line 1 of invoice I{bill.account.seller_id}-000001" in page


def test_an_item_of_a_phase_says_which(csr):
    product, scheme = ProductFactory(), SchemeFactory()
    add_rate(
        scheme.default_plan,
        product=product,
        basis=Basis.MATURITY,
        base_amount=Decimal(0),
        phases=[Phase(MONTH, 1, Decimal(10)), Phase(MONTH, 0, Decimal(20))],
    )
    subscribe(product, on=date(2026, 1, 1), scheme=scheme, price=None)
    bill_run(FEBRUARY)

    assert steps_in(item_page(csr, amount=10)) == [("Phase 1 of 2: price per month", "10.00")]
    assert steps_in(item_page(csr, amount=20)) == [("Phase 2 of 2: price per month", "20.00")]


def test_an_agreed_price_is_named(csr):
    subscribe(
        ProductFactory(),
        on=date(2026, 1, 1),
        price="31.00",
        addition={"price_override": Decimal("25.00"), "override_reason": "kept as customer"},
    )
    bill_run(date(2026, 1, 1))

    assert steps_in(item_page(csr)) == [("Agreed price, in place of the plan's", "25.00")]


def test_a_reversal_and_what_it_gives_back_name_each_other(csr):
    service = subscribe(ProductFactory(), on=START, price="31.00")
    bill_run(FEBRUARY)
    act(ActionKind.CANCEL, service.subscription, on=date(2026, 1, 25))
    bill_run(date(2026, 2, 2))
    reversal = RatedBillingItem.objects.filter(reverses__isnull=False).earliest("pk")

    page = text_of(csr.get(reversal.get_absolute_url()))
    reversed_page = text_of(csr.get(reversal.reverses.get_absolute_url()))

    assert f"item {reversal.reverses_id}" in page
    assert f"item {reversal.pk}" in reversed_page
    assert "Reversed on" in reversed_page


def test_rated_items_are_found_by_account_directive_kind_and_product(operator):
    bill = billed()
    subscribe(ProductFactory(name="News"), on=START, price="9.00")
    bill_run(FEBRUARY, stop_after="rate", scope="INDIVIDUAL")
    address = reverse("billing:rated_item_list")

    def count(**filters) -> int:
        return len(operator.get(address, filters).context["table"].page.object_list)

    assert count() == 4
    assert count(q=bill.account.number) == 2
    assert count(directive="NOT_BILLED") == 2
    assert count(kind="SETUP") == 0
    assert count(product=bill.invoices.get().lines.first().product.code) == 2


def test_rated_items_are_closed_to_technicians(browse):
    billed()
    item = RatedBillingItem.objects.earliest("pk")

    assert browse("Technician").get(item.get_absolute_url()).status_code == 403
