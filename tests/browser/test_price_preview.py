"""Three prices asked about by hand, each explained so that a person can redo it on paper."""

import os
import re
from datetime import date

import pytest
from playwright.sync_api import Browser, expect

from config.demo.people import load_people
from config.shared.operations.clock import set_clock
from config.shared.roles import sync_roles
from tests.billing.previews import plan_with_tiers
from tests.browser.desk import Desk
from tests.catalog.factories import ProductFactory
from tests.pricing.discounts import amount_off, discount
from tests.pricing.factories import vat

# Playwright's event loop runs in the tests' thread, and Django would take the tests for async code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SUMMER = date(2026, 6, 1)


@pytest.fixture
def desk(browser: Browser, live_server) -> Desk:
    """A CSR's desk: 12.00 a seat, VAT of 10 % included; from June on 10.00 for each of two seats
    and 8.00 for more; 10 % and 5.00 off for those who get it.
    """
    sync_roles()
    load_people()
    set_clock(SUMMER, None)
    seats = ProductFactory(name="Seats", code="seats")
    vat(seats, "0.10")
    plan_with_tiers(seats, holds_from=SUMMER)
    discount("loyal", "10")
    amount_off("welcome", "5.00")
    return Desk(browser, live_server.url, "csr")


# 2 × 10.00 + 3 × 8.00 = 44.00; less 4.40 and 5.00 = 34.60; × 16 ÷ 30 = 18.4533…, 18.45;
# of which 18.45 × 10 ÷ 110 = 1.677…, 1.68 tax.
IN_JUNE = [
    ["The conditions of the conditional plan hold: its own rate", ""],
    ["2 tiers of the quantity", ""],
    ["Tier 1 (above 0 up to 2): 2 × 10.00", "20.00"],
    ["Tier 2 (above 2): 3 × 8.00", "44.00"],
    ["The base plan asks 60.00; the conditional plan 16.00 less", "44.00"],
    ["Loyal: 10 % of 44.00 = 4.40 less", "39.60"],
    ["Welcome: 5.00 less", "34.60"],
    [
        "× 16 ÷ 30: 16 of 30 days are charged; the cycle is 1 Jun 2026 – 30 Jun 2026",
        "18.453333…",
    ],
    ["Rounded half up to 0.01", "18.45"],
    ["VAT 10 % is included: 18.45 × 10 ÷ 110 = 1.68", "18.45"],
]
IN_MAY = [
    ["The conditions of the conditional plan do not hold: its base plan's rate", ""],
    ["Price per month", "12.00"],
    ["× 5 (quantity)", "60.00"],
    ["Loyal: 10 % of 60.00 = 6.00 less", "54.00"],
    ["Welcome: 5.00 less", "49.00"],
    [
        "× 17 ÷ 31: 17 of 31 days are charged; the cycle is 1 May 2026 – 31 May 2026",
        "26.870967…",
    ],
    ["Rounded half up to 0.01", "26.87"],
    ["VAT 10 % is included: 26.87 × 10 ÷ 110 = 2.44", "26.87"],
]
# The amount is taken off each cycle: 2 × 10.00 × 3 − 5.00.
A_QUARTER = [
    ["Tier 1 (above 0 up to 2): 2 × 10.00", "20.00"],
    ["× 3: the cycle is 3 months long", "60.00"],
    ["The base plan asks 72.00; the conditional plan 12.00 less", "60.00"],
    ["Welcome: 5.00 less", "55.00"],
    ["VAT 10 % is included: 55.00 × 10 ÷ 110 = 5.00", "55.00"],
]


def steps(desk: Desk) -> list[list[str]]:
    table = desk.content.get_by_role("region", name="Steps to the price of Seats")
    expect(table).to_be_visible()
    return desk.rows(table)


def test_three_prices_can_be_redone_on_paper(desk: Desk) -> None:
    page = desk.page
    desk.type_keys("g")
    desk.key_leads_on("w")
    product = desk.content.get_by_role("combobox", name="Product")
    product.fill("seat")
    product.press("ArrowDown")  # before the search has answered
    product.press("Enter")
    expect(product).to_have_value(re.compile("Seats"))
    desk.fill_in(
        {
            "Price plan": "Summer",
            "Quantity": "5",
            "In service from": "2026-06-15",
            "Billing day": "1",
            "Discount": "Loyal",
            "Second discount": "Welcome",
        }
    )
    desk.send("Work it out")

    assert steps(desk) == IN_JUNE
    expect(page.get_by_role("heading", name="18.45 EUR")).to_be_visible()
    desk.look("price_preview")

    # The same in May: the condition fails, and 5 × 12.00 less 6.00 and 5.00 for 17 of 31 days.
    desk.fill_in({"In service from": "2026-05-15"})
    desk.send("Work it out")

    assert steps(desk) == IN_MAY

    # A whole quarter of two seats from 1 June, by the address alone, without scripts' help.
    page.goto(
        f"{desk.address}/price-preview/?product=seats&plan=summer&quantity=2&on=2026-06-01"
        "&frequency=QUARTERLY&discount_2=welcome&ask=1"
    )

    assert steps(desk)[2:] == A_QUARTER
    assert desk.defects == []
