"""Taxes on posted documents: rules, levels, groups, places, exemptions, and what comes back."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from billing.models import Bill, CreditNote, Invoice, InvoiceTax, TaxMonth
from config.shared.models import ParkedItem
from pricing.kernel.tax_rules import WHOLE, RuleKind, TaxRule
from pricing.models import RateDate, TaxClass, TaxKind, TaxRate, TaxRegion
from pricing.operations.tax_exemptions import exempt_product
from pricing.operations.tax_places import (
    GroupTax,
    add_location_rule,
    save_tax_class,
    save_tax_region,
    set_product_tax_class,
    set_tax_group,
)
from pricing.operations.taxes import add_tax_rate, create_tax_code, set_percentage, set_product_tax
from subscriptions.models import ActionKind, SubscribedService
from subscriptions.operations.exemptions import exempt_account
from tests.billing.factories import bill_run
from tests.catalog.factories import ProductFactory
from tests.subscriptions.factories import AccountFactory, act, subscribe

pytestmark = pytest.mark.django_db

D = Decimal
JANUARY, FEBRUARY, MARCH = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)
EXEMPT_25 = TaxRule(RuleKind.MONTHLY_EXEMPTION, D(25))


def tax(
    name: str = "Texas",
    fraction: str = "0.0825",
    *,
    kind: str = TaxKind.SALES_TAX,
    rule: TaxRule = WHOLE,
    starts_on: date = date(2020, 1, 1),
    rate_date: str = RateDate.POSTING,
) -> TaxRate:
    """Return the one rate of a tax code of its own."""
    code = create_tax_code(code=name.lower().replace(" ", "-"), name=name, kind=kind)
    code.rate_date = rate_date
    code.save(update_fields=["rate_date"])
    return add_tax_rate(
        code, code="full", name=name, fraction=D(fraction), rule=rule, starts_on=starts_on
    )


def sell(price: str, *rates: TaxRate, on: date = JANUARY, **options: Any) -> SubscribedService:
    """Sell a service at so much a month that takes these taxes."""
    product = ProductFactory()
    for rate in rates:
        set_product_tax(product, rate)
    return subscribe(product, on=on, price=price, **options)


def taxes() -> list[tuple[str, Decimal, Decimal]]:
    """Return the taxes of all invoices: name, taxable amount and tax."""
    rows = InvoiceTax.objects.order_by("pk").values_list("name", "net_amount", "tax_amount")
    return list(rows)


@pytest.mark.parametrize(
    ("price", "expected"),
    [
        pytest.param("100.00", "8.25", marks=pytest.mark.case("billmax:X0")),
        pytest.param("49.95", "4.12", marks=pytest.mark.case("billmax:X0b")),
    ],
)
def test_a_tax_without_a_rule_falls_on_everything(price: str, expected: str) -> None:
    sell(price, tax())

    bill_run(JANUARY)

    assert taxes() == [("Texas", D(price), D(expected))]


@pytest.mark.parametrize(
    ("rule", "taxable", "expected"),
    [
        pytest.param(EXEMPT_25, "15.00", "1.24", marks=pytest.mark.case("billmax:X1")),
        pytest.param(
            TaxRule(RuleKind.PERCENTAGE, D("0.9")),
            "36.00",
            "2.97",
            marks=pytest.mark.case("billmax:X2"),
        ),
        pytest.param(
            TaxRule(RuleKind.MONTHLY_MAXIMUM, D(25)),
            "25.00",
            "2.06",
            marks=pytest.mark.case("billmax:X3"),
        ),
    ],
)
def test_a_rule_says_what_part_is_taxed(rule: TaxRule, taxable: str, expected: str) -> None:
    sell("40.00", tax(rule=rule))

    bill_run(JANUARY)

    assert taxes() == [("Texas", D(taxable), D(expected))]
    assert Bill.objects.get().tax_amount == D(expected)


@pytest.mark.case("billmax:X1b")
def test_two_bills_of_a_month_use_up_one_exemption_and_the_next_month_has_its_own() -> None:
    rate, account = tax(rule=EXEMPT_25), AccountFactory()
    sell("20.00", rate, account=account, billing_day=1)
    bill_run(JANUARY)
    sell("20.00", rate, account=account, billing_day=1)
    bill_run(JANUARY)

    assert list(Bill.objects.order_by("pk").values_list("tax_amount", flat=True)) == [0, D("1.24")]
    assert TaxMonth.objects.values_list("month", "base_amount", "taxed_amount").get() == (
        JANUARY,
        D(40),
        D(15),
    )

    bill_run(FEBRUARY)

    assert Bill.objects.latest("pk").tax_amount == D("1.24")
    assert TaxMonth.objects.count() == 2


@pytest.mark.case("billmax:X1c")
def test_a_return_in_the_month_gives_back_its_tax() -> None:
    service = sell("40.00", tax(rule=EXEMPT_25), on=FEBRUARY)
    bill_run(FEBRUARY)
    act(ActionKind.CANCEL, service.subscription, on=date(2026, 2, 15))

    bill_run(date(2026, 2, 15))

    note = CreditNote.objects.get()
    assert (note.net_amount, note.tax_amount) == (D("20.00"), D("1.24"))
    assert TaxMonth.objects.values_list("base_amount", "taxed_amount").get() == (D(20), D(0))


def test_what_comes_back_in_another_month_is_taken_from_its_own() -> None:
    rate = tax(rule=EXEMPT_25)
    service = sell("40.00", rate)
    bill_run(JANUARY)
    act(ActionKind.CANCEL, service.subscription, on=date(2026, 1, 1), comment="regret")

    bill_run(FEBRUARY)

    assert CreditNote.objects.get().tax_amount == D("1.24")
    assert list(TaxMonth.objects.values_list("month", "base_amount", "taxed_amount")) == [
        (JANUARY, 0, 0)
    ]


@pytest.mark.case("billmax:X4")
def test_an_exempt_account_is_not_taxed() -> None:
    sell("100.00", tax(), account=AccountFactory(taxable=False))

    bill_run(JANUARY)

    bill = Bill.objects.get()
    assert (bill.net_amount, bill.tax_amount) == (100, 0)
    assert taxes() == []


def test_certificates_exempt_from_one_code_on_their_days() -> None:
    state, city = tax("State", "0.10"), tax("City", "0.02")
    service = sell("100.00", state, city)
    exempt_account(
        service.subscription.account,
        tax_code=state.tax_code,
        certificate_number="TX-1",
        starts_on=JANUARY,
        ends_on=date(2026, 1, 31),
        by=None,
    )

    bill_run(JANUARY)
    bill_run(FEBRUARY)

    assert taxes() == [("City", 100, 2), ("State", 100, 10), ("City", 100, 2)]


def test_an_exempt_product_is_not_taxed() -> None:
    service = sell("100.00", tax())
    exempt_product(service.product, reason="Emergency line", starts_on=JANUARY)

    bill_run(JANUARY)

    assert Bill.objects.get().tax_amount == 0


@pytest.mark.parametrize(
    ("rounding", "expected"),
    [
        pytest.param("LINE", "2.46", marks=pytest.mark.case("billmax:X5")),
        pytest.param("DOCUMENT", "2.47", marks=pytest.mark.case("billmax:X6")),
    ],
)
def test_tax_is_rounded_per_line_or_on_the_sum(settings: Any, rounding: str, expected: str) -> None:
    settings.TAX_ROUNDING = rounding
    sell("9.99", tax())

    bill_run(MARCH)

    invoice = Invoice.objects.get()
    assert invoice.lines.count() == 3
    assert (invoice.net_amount, invoice.tax_amount) == (D("29.97"), D(expected))


def region_a(**classes: list[GroupTax]) -> TaxRegion:
    """Return Region A with a group for each tax class."""
    region = save_tax_region(TaxRegion(), code="a", name="Region A")
    for name, items in classes.items():
        tax_class = save_tax_class(TaxClass(), code=name, name=name)
        set_tax_group(tax_class, region, items, starts_on=JANUARY, on=JANUARY)
    return region


@pytest.mark.case("billmax:X7")
def test_a_tax_on_tax_is_charged_on_the_lower_level_too_and_comes_back_as_it_was() -> None:
    state, city = tax("State", "0.10"), tax("City", "0.05")
    region = region_a(sales=[GroupTax(state), GroupTax(city, level=2)])
    product = ProductFactory()
    set_product_tax_class(product, TaxClass.objects.get())
    account = AccountFactory(tax_region=region)
    service = subscribe(product, on=JANUARY, price="100.00", account=account)

    bill_run(JANUARY)

    assert taxes() == [("State", D(100), D("10.00")), ("City", D(110), D("5.50"))]
    assert Bill.objects.get().tax_amount == D("15.50")

    set_percentage(state, D("0.20"), starts_on=date(2026, 1, 2), on=JANUARY)
    act(ActionKind.CANCEL, service.subscription, on=JANUARY)
    bill_run(date(2026, 1, 5))

    note = CreditNote.objects.get()
    assert (note.net_amount, note.tax_amount) == (D(100), D("15.50"))
    assert list(note.taxes.order_by("pk").values_list("name", "tax_amount")) == [
        ("State", D("10.00")),
        ("City", D("5.50")),
    ]


def test_region_and_class_pick_the_tax_items() -> None:
    names = ["State Sales", "County Sales", "City Sales", "State VoIP", "USF", "County Internet"]
    rates = {name: tax(name, "0.01") for name in names}
    table = {
        "Sales": ["State Sales", "County Sales", "City Sales"],
        "VoIP": ["State VoIP", "USF"],
        "Internet": ["State Sales", "County Internet", "USF"],
    }
    region = region_a(
        **{name: [GroupTax(rates[each]) for each in items] for name, items in table.items()}
    )
    for name in table:
        product = ProductFactory()
        set_product_tax_class(product, TaxClass.objects.get(name=name))
        account = AccountFactory(name=name)
        account.users.update(tax_region=region)
        subscribe(product, on=JANUARY, price="100.00", account=account)

    bill_run(JANUARY)

    for name, items in table.items():
        found = InvoiceTax.objects.filter(document__account__name=name)
        assert sorted(found.values_list("name", flat=True)) == sorted(items)


@pytest.mark.case("billmax:X8")
def test_a_tax_by_days_of_service_falls_on_the_days_from_its_start() -> None:
    rate = tax(starts_on=date(2026, 1, 16), rate_date=RateDate.SERVICE_PERIOD)
    sell("31.00", rate)

    bill_run(JANUARY)

    assert taxes() == [("Texas", D("16.00"), D("1.32"))]
    assert Bill.objects.get().total_billed == D("32.32")


@pytest.mark.case("crmcom:C5")
def test_ten_percent_on_a_price_without_tax() -> None:
    sell("5.00", tax("VAT", "0.10", kind=TaxKind.VAT))

    bill_run(JANUARY)

    bill = Bill.objects.get()
    assert (bill.net_amount, bill.tax_amount, bill.total_billed) == (5, D("0.50"), D("5.50"))


def test_location_rules_pick_the_vat_of_the_place_where_the_service_is_taken() -> None:
    home, spain = tax("VAT CY", "0.19", kind=TaxKind.VAT), tax("VAT ES", "0.21", kind=TaxKind.VAT)
    free = create_tax_code(code="exempt", name="Exempt", kind=TaxKind.EXEMPT)
    for name, country, prefix, code in (
        ("Canaries", "ES", "35", free),
        ("Spain", "ES", "", spain.tax_code),
        ("Elsewhere", "", "", home.tax_code),
    ):
        add_location_rule(
            name=name,
            country=country,
            postal_prefix=prefix,
            tax_codes=[code],
            starts_on=JANUARY,
            on=JANUARY,
        )
    for country, postal_code in (("CY", "1010"), ("ES", "28001"), ("ES", "35001")):
        account = AccountFactory(name=postal_code, country=country, postal_code=postal_code)
        sell("100.00", home, spain, account=account)

    bill_run(JANUARY)

    bills = Bill.objects.order_by("account__name").values_list("account__name", "tax_amount")
    assert list(bills) == [("1010", 19), ("28001", 21), ("35001", 0)]


def test_what_the_setup_does_not_tell_parks_the_account_with_the_reason() -> None:
    region = region_a(sales=[])
    product = ProductFactory(name="Internet")
    set_product_tax_class(product, save_tax_class(TaxClass(), code="net", name="Internet"))
    subscribe(product, on=JANUARY, price="9.00", account=AccountFactory(tax_region=region))

    bill_run(JANUARY)

    assert not Bill.objects.exists()
    assert "Internet: there is no tax group" in ParkedItem.objects.get().reason
