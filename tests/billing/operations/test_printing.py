"""A bill's PDF: made once from what was stored, readable, the same bytes ever after."""

from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from pypdf import PdfReader

from billing.models import Bill, BillPrint, DocumentState
from billing.operations.printing import NotPosted, bill_pdf
from billing.providers.typst import UnknownTemplate, render
from subscriptions.models import Seller
from tests.billing.factories import bill_run
from tests.catalog.factories import ProductFactory
from tests.pricing.factories import CurrencyFactory, PricePlanFactory, vat
from tests.subscriptions.factories import AccountFactory, SchemeFactory, subscribe

pytestmark = pytest.mark.django_db

START = date(2026, 1, 15)
AMOUNTS = (
    "net_amount",
    "tax_amount",
    "total_debit",
    "total_credit",
    "total_billed",
    "brought_forward",
    "credits_between",
    "to_be_paid",
)
DATED = datetime(2026, 2, 1, tzinfo=UTC)


def text_of(pdf: bytes) -> str:
    pages = PdfReader(BytesIO(pdf)).pages
    return " ".join("\n".join(page.extract_text() for page in pages).split())


def billed(currency: str = "EUR", digits: int = 2, price: str = "31.00", **account) -> Bill:
    money = CurrencyFactory(code=currency, minor_digits=digits)
    product = ProductFactory(name="Sports", billing_display="Sports channels")
    vat(product, "0.10")
    subscribe(
        product,
        on=START,
        account=AccountFactory(currency=money, **account),
        price=price,
        scheme=SchemeFactory(default_plan=PricePlanFactory(currency=currency)),
    )
    bill_run(date(2026, 2, 1))
    return Bill.objects.get()


def test_the_pdf_shows_the_figures_of_the_bill() -> None:
    bill = billed(street="12 Harbour Road", postal_code="3010", city="Limassol")

    text = text_of(bill_pdf(bill))

    assert f"Bill number {bill.number}" in text
    assert "Ανδρέας Γεωργίου" in text
    assert "3010 Limassol" in text
    assert "To be paid by 16 Feb 2026" in text
    assert "52.80 EUR" in text
    assert "Sports channels 15 – 31 Jan 2026 17 of 31 days 1 31.00 10 % 17.00" in text
    assert "VAT 10 % 48.00 4.80" in text
    assert "Brought forward, past due 0.00" in text
    assert f"Payment reference: {bill.number}" in text


def test_the_same_bytes_come_out_whatever_changes_afterwards() -> None:
    bill = billed()
    first = bill_pdf(bill)
    Seller.objects.update(name="Another name")

    assert bill_pdf(Bill.objects.get()) == first


def test_two_makers_get_the_same_bytes() -> None:
    bill = billed()
    content = BillPrint.objects.get(bill=bill).content

    assert render("bill-1", content, dated=DATED) == render("bill-1", content, dated=DATED)


def test_the_pdf_is_tagged_and_has_title_and_language() -> None:
    bill = billed()

    reader = PdfReader(BytesIO(bill_pdf(bill)))

    catalog = reader.trailer["/Root"]
    assert reader.metadata.title == f"Bill {bill.number}"
    assert catalog["/Lang"] == "en"
    assert catalog["/MarkInfo"]["/Marked"].value is True


@pytest.mark.parametrize(
    ("currency", "digits", "price", "total"),
    [
        pytest.param("JPY", 0, "3100", "5,280 JPY", id="no minor unit"),
        pytest.param("KWD", 3, "3.100", "5.280 KWD", id="three digits"),
    ],
)
def test_amounts_have_the_digits_of_their_currency(currency, digits, price, total) -> None:
    bill = billed(currency, digits, price)

    assert total in text_of(bill_pdf(bill))


def test_a_name_in_a_script_that_the_fonts_lack_does_not_stop_the_bill() -> None:
    bill = billed(name="王小明")

    assert bill_pdf(bill).startswith(b"%PDF")


def test_typst_commands_in_a_name_are_printed_and_not_obeyed() -> None:
    bill = billed(name='#panic("no") *bold* $x$')

    assert '#panic("no") *bold* $x$' in text_of(bill_pdf(bill))


def test_a_draft_bill_is_not_printed() -> None:
    draft = Bill.objects.create(
        account=AccountFactory(),
        state=DocumentState.DRAFT,
        as_of=START,
        issued_on=START,
        due_on=START,
        period=DateRange(START, date(2026, 2, 1)),
        currency="EUR",
        **dict.fromkeys(AMOUNTS, 0),
    )

    with pytest.raises(NotPosted, match="not posted yet"):
        bill_pdf(draft)


@pytest.mark.parametrize("name", ["bill-0", "../secret", "/etc/passwd"])
def test_only_templates_of_the_installation_are_used(name: str) -> None:
    with pytest.raises(UnknownTemplate):
        render(name, {}, dated=DATED)
