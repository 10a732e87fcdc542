"""The first bill of a service, from the sale to the bill, by the normal run."""

from datetime import date
from decimal import Decimal

import pytest

from billing.models import Bill, BillPrint, RatedBillingItem
from config.shared.models import RunState
from tests.billing.factories import bill_run
from tests.catalog.factories import ProductFactory
from tests.pricing.factories import vat
from tests.subscriptions.factories import subscribe

pytestmark = pytest.mark.django_db

START = date(2026, 1, 15)


@pytest.mark.case("billmax:P1a")
def test_a_service_sold_in_the_middle_of_a_month_is_billed_for_the_days_left() -> None:
    subscribe(ProductFactory(name="Sports"), on=START, price="31.00")

    run = bill_run(START)

    assert run.state == RunState.COMPLETED
    bill = Bill.objects.get()
    assert (bill.net_amount, bill.tax_amount, bill.total_billed) == (17, 0, 17)
    assert (bill.period.lower, bill.period.upper) == (START, date(2026, 2, 1))
    assert bill.number == f"B{bill.account.seller_id}-000001"
    item = RatedBillingItem.objects.get()
    assert (item.amount, item.rate_amount, item.directive) == (17, 31, "BILLED")
    assert item.service.mark.rated_up_to == date(2026, 2, 1)


@pytest.mark.case("billmax:P8")
def test_without_the_next_term_the_first_part_is_billed_alone() -> None:
    service = subscribe(ProductFactory(), on=START, price="31.00", bill_next_term=False)

    bill_run(START)

    assert Bill.objects.get().total_billed == Decimal("17.00")
    assert service.mark.rated_up_to == date(2026, 2, 1)


@pytest.mark.case("billmax:P9")
def test_with_the_next_term_the_first_part_and_a_full_month_are_billed() -> None:
    service = subscribe(ProductFactory(), on=START, price="31.00", bill_next_term=True)

    bill_run(START)

    assert Bill.objects.get().total_billed == Decimal("48.00")
    amounts = RatedBillingItem.objects.order_by("period").values_list("amount", flat=True)
    assert list(amounts) == [17, 31]
    assert service.mark.rated_up_to == date(2026, 3, 1)


def test_tax_is_on_the_bill_and_in_what_it_is_printed_from() -> None:
    product = ProductFactory(name="Sports", billing_display="Sports channels")
    vat(product, "0.10")
    service = subscribe(product, on=START, price="31.00")

    bill_run(date(2026, 2, 1))

    bill = Bill.objects.get()
    assert (bill.net_amount, bill.tax_amount, bill.to_be_paid) == (
        48,
        Decimal("4.80"),
        Decimal("52.80"),
    )
    content = BillPrint.objects.get().content
    assert content["bill"]["number"] == bill.number
    assert content["totals"]["to_be_paid"] == "52.80"
    (document,) = content["documents"]
    assert document["subscription"] == service.subscription.number
    assert document["taxes"] == [
        {"name": "VAT 10 %", "percent": "10", "net": "48.00", "tax": "4.80"}
    ]
    assert document["lines"][0] == {
        "kind": "RECURRING",
        "text": "Sports channels",
        "from": "2026-01-15",
        "to": "2026-01-31",
        "days": 17,
        "cycle_days": 31,
        "quantity": "1",
        "rate": "31.00",
        "tax_inclusive": False,
        "tax_percent": "10",
        "net": "17.00",
        "tax": "1.70",
        "gross": "18.70",
    }
