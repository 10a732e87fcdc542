"""Company ZX by hand, from an empty Ratebook to a bill, a switched-off service and its return.

Each step is done in Chromium by the person whose work it is, on a whole system of the test's own.
Every page on the way is looked at: accessibility rules, console, width; its pictures are kept in
`test-results/company-zx/`.

What the bill must say, worked out on paper. Family TV costs 31.00 EUR a month before tax and is
sold on Thursday 15 January 2026 to an account that is billed on the 1st:

    15 to 31 January    17 of 31 days    31.00 x 17 / 31 =  17.00
    February, ahead     a whole month                       31.00
                                                    net     48.00
    VAT 10 %                                48.00 x 0.10 =   4.80
                                                    total   52.80
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from config.embedded.live import wait_until
from tests.browser.company_zx_setup import (
    move_clock,
    set_up_families_and_brands,
    set_up_head_end,
    set_up_package,
    set_up_prices,
    set_up_products,
    set_up_seller,
    set_up_tax,
    set_up_terms,
    set_up_types,
)
from tests.browser.desk import PATIENCE_MS, Desk
from tests.browser.house import House, house

pytestmark = pytest.mark.browser


def open_account(csr: Desk) -> None:
    """An account with its user."""
    csr.go("Accounts")
    csr.look("accounts_empty")
    csr.follow("New account")
    csr.fill_in(
        {
            "Name": "Maria Georgiou",
            "Currency": "EUR – Euro",
            "Street": "7 Olive Grove",
            "City": "Nicosia",
            "Phone": "+357 99 123456",
            "User": "Maria at home",
        }
    )
    csr.look("account_new")
    csr.send("Open account")
    csr.is_told("Maria Georgiou was opened.")
    csr.look("account_new_page")


def sell_the_package(csr: Desk) -> None:
    """Family TV for Maria, from today on: pick, configure, check, confirm."""
    csr.follow("Add service")
    csr.look("add_service_pick")
    csr.follow("Family TV")
    expect(csr.page.locator("#check")).to_contain_text("18.70 EUR")
    csr.look("add_service_check")
    csr.send("Confirm")
    csr.is_told("Family TV was added")
    csr.look("user")


def look_at_run_definitions(billing: Desk) -> None:
    """Every kind of run has a definition from the start; another one can be made."""
    billing.go("Runs")
    billing.look("runs_empty")
    billing.follow("Start run")
    billing.look("definitions")
    billing.press("New definition")
    billing.follow("Normal billing")
    billing.look("definition_new")


def run_from_console(billing: Desk, definition: str, *, name: str, first: bool = False) -> None:
    """Start a run, see it progress by itself, and see it completed."""
    billing.go("Runs", "Start run", definition, "Start run")
    if first:
        billing.look(f"{name}_start")
    billing.send("Start run")
    if first:
        billing.look(f"{name}_going")
    completed = billing.page.locator(".object-head").get_by_text("Completed", exact=True)
    expect(completed).to_be_visible(timeout=PATIENCE_MS)
    expect(billing.page.get_by_role("progressbar", name="Progress")).to_have_attribute(
        "value", "100"
    )
    billing.look(f"{name}_completed")


def check_bill(csr: Desk) -> None:
    """The bill says what was worked out on paper, on its page and in its PDF."""
    csr.go("Bills")
    csr.look("bills")
    csr.follow("B1-000001")
    csr.look("bill")
    assert csr.rows(csr.panel("Invoices and credit notes")) == [
        [
            "Family TV Explain",
            "15 Jan 2026 – 31 Jan 2026 17 of 31 days",
            "1",
            "31.00",
            "10 %",
            "17.00",
        ],
        ["Family TV Explain", "1 Feb 2026 – 28 Feb 2026", "1", "31.00", "10 %", "31.00"],
        ["Net", "", "48.00"],
        ["VAT 10 % on 48.00", "", "4.80"],
        ["Invoice in all", "", "52.80"],
    ]
    assert csr.rows(csr.panel("Totals"))[-1] == ["To be paid by 16 Feb 2026", "52.80 EUR"]
    text = csr.pdf_text("PDF")
    for figure in ("17 of 31 days", "17.00", "31.00", "48.00", "4.80", "52.80"):
        assert figure in text
    csr.follow("Explain this line: Family TV")
    csr.look("rated_item")


def look_at_the_account(csr: Desk) -> None:
    """Every tab of the account, its user and its subscription."""
    csr.go("Accounts")
    csr.look("accounts")
    csr.follow("A-000001")
    csr.look("account")
    for tab in ("Billing", "Bills", "Ledger", "Provisioning"):
        csr.follow(tab)
        csr.look(f"account_{tab.lower()}")
    csr.go("Subscriptions")
    csr.look("subscriptions")
    csr.follow("S-000001")
    csr.look("subscription")


def expect_service(csr: Desk, state: str) -> None:
    """The package and its component are in this state on the account's page."""
    csr.go("Accounts", "A-000001")
    services = csr.panel("Users and services")
    expect(services.get_by_role("row").filter(has_text="V-000001")).to_contain_text(state)


def expect_head_end(csr: Desk, address: str, states: list[str], *, name: str = "") -> None:
    """The simulator's page comes to show the services in these states."""
    screen = csr.page.context.new_page()

    def shown() -> list[str]:
        screen.goto(address)
        return screen.locator("td:last-child").all_inner_texts()

    wait_until(lambda: shown() == states, seconds=PATIENCE_MS / 1000)
    assert shown() == states
    if name:
        csr.look(name, page=screen)
    screen.close()


def pay_by_keyboard(csr: Desk) -> None:
    """Find the account and take the 52.80 without touching the mouse; the service comes on."""
    find_account_by_keyboard(csr, "georgiou", "A-000001")
    csr.look("account_overdue")
    csr.type_keys("$")
    csr.page.wait_for_url("**/payment/")
    expect(csr.content.locator("[name=amount]")).to_be_focused()
    csr.page.keyboard.type("52.80")
    csr.look("payment_new")
    csr.key_leads_on("Control+Enter")
    csr.is_told("1 service is switched on again.")
    csr.look("account_paid")
    csr.follow("Payments")
    csr.look("account_payments")
    csr.follow("P-000001")
    csr.look("payment")


def sell_by_keyboard(csr: Desk) -> None:
    """Find the account and sell it one more service, again by keys alone."""
    find_account_by_keyboard(csr, "georgiou", "A-000001")
    csr.type_keys("a")
    csr.page.wait_for_url("**/add-service/")
    expect(csr.content.get_by_label("Search packages, services and bundles")).to_be_focused()
    with csr.page.expect_response("**/add-service/?*q=PPV*"):
        csr.page.keyboard.type("PPV")
    expect(csr.page.locator(".htmx-request")).to_have_count(0)
    csr.tab_to("PPV Service")
    csr.key_leads_on("Enter")
    expect(csr.page.locator("#check")).to_contain_text("Add PPV Service")
    csr.key_leads_on("Control+Enter")
    csr.is_told("PPV Service was added")


def find_account_by_keyboard(csr: Desk, name: str, number: str) -> None:
    """From any page to an account by its name: g a / name Enter j Enter."""
    csr.type_keys("g", "a")
    csr.page.wait_for_url("**/accounts/")
    csr.type_keys("/")
    expect(csr.content.get_by_label("Search")).to_be_focused()
    csr.page.keyboard.type(name)
    csr.page.keyboard.press("Enter")
    csr.page.wait_for_url(f"**/accounts/?q={name}*")
    expect(csr.page.locator("#list tbody tr")).to_have_count(1)
    csr.tab_to(number)
    csr.key_leads_on("Enter")
    csr.page.wait_for_url(f"**/accounts/{number}/")


@pytest.fixture(scope="module")
def zx() -> Iterator[House]:
    """The house in which the story plays."""
    with house() as running:
        yield running


def test_company_zx(zx: House, browser: Browser) -> None:
    defects: list[str] = []
    catalogue, configurator, csr, billing = (
        Desk(browser, zx.address, name, defects)
        for name in ("catalogue", "configurator", "csr", "billing")
    )

    move_clock(configurator, "2026-01-15", look=True)
    set_up_tax(configurator)
    set_up_types(catalogue)
    set_up_families_and_brands(catalogue)
    set_up_products(catalogue)
    set_up_package(catalogue)
    set_up_prices(catalogue)
    set_up_seller(configurator)
    set_up_terms(configurator)
    set_up_head_end(configurator, zx.head_end)
    open_account(csr)
    sell_the_package(csr)
    expect_head_end(csr, zx.head_end, ["on"])

    look_at_run_definitions(billing)
    move_clock(configurator, "2026-02-01")
    run_from_console(billing, "Normal billing", name="billing_run", first=True)
    check_bill(csr)
    look_at_the_account(csr)

    move_clock(configurator, "2026-02-17")
    run_from_console(billing, "Deactivation of overdue accounts", name="deactivation_run")
    expect_service(csr, "Not effective")
    expect_head_end(csr, zx.head_end, ["off"], name="head_end_off")
    pay_by_keyboard(csr)
    expect_service(csr, "Effective")
    expect_head_end(csr, zx.head_end, ["on"], name="head_end_on_again")

    sell_by_keyboard(csr)
    expect_head_end(csr, zx.head_end, ["on", "on"])
    assert defects == []
