"""Keys, themes and htmx in Chromium."""

import re

import pytest
from django.contrib.auth.models import Group, User
from django.urls import reverse
from playwright.sync_api import expect

from tests.subscriptions.factories import AccountFactory
from tests.ui.test_browser import PASSWORD, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def desk(page, live_server, group_pages):
    """A page of a signed-in administrator, on a list of three groups."""
    Group.objects.bulk_create(Group(name=f"group {n}") for n in range(3))
    sign_in(page, live_server, User.objects.create_superuser("administrator", password=PASSWORD))
    page.goto(live_server.url + reverse("group_list"))
    return page


def slowly(page, *keys):
    """Press keys as a hand does, not as a scanner."""
    for key in keys:
        page.wait_for_timeout(80)
        page.keyboard.press(key)


def test_single_keys_open_rows_pages_and_their_help(desk, live_server):
    slowly(desk, "?")
    expect(desk.get_by_role("dialog")).to_contain_text("Go to Home")

    slowly(desk, "Escape", "j", "j", "Enter")
    expect(desk.get_by_role("heading", level=1)).to_have_text("group 1")

    slowly(desk, "g", "h")
    desk.wait_for_url(live_server.url + reverse("home"))


def test_a_quick_hand_is_no_scanner(desk, live_server):
    desk.keyboard.type("jj")
    expect(desk.get_by_role("link", name="group 1")).to_be_focused()

    desk.keyboard.type("gh")
    desk.wait_for_url(live_server.url + reverse("home"))


def test_keys_are_dead_while_typing_and_for_a_scanner(desk):
    desk.get_by_label("Search").focus()
    slowly(desk, "?", "g", "h")

    expect(desk.get_by_label("Search")).to_have_value("?gh")
    expect(desk.get_by_role("dialog")).to_be_hidden()

    desk.get_by_role("heading", level=1).click()
    # In one task of the page: a busy machine must not stretch a scanner's burst to a hand's.
    desk.evaluate(
        """keys => [...keys].forEach(key => document.body.dispatchEvent(
            new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true})))""",
        "gh?jj",
    )
    desk.wait_for_timeout(300)

    expect(desk.get_by_role("heading", level=1)).to_have_text("Groups")
    expect(desk.get_by_role("dialog")).to_be_hidden()


def test_single_keys_can_be_switched_off(desk):
    slowly(desk, "?")
    desk.get_by_label("Single-key shortcuts").uncheck()
    desk.get_by_role("button", name="Close").click()

    slowly(desk, "?")

    expect(desk.get_by_role("dialog")).to_be_hidden()


def test_ctrl_enter_sends_the_form(desk, live_server):
    desk.goto(live_server.url + reverse("group_create"))
    desk.get_by_label("Name").fill("by key")

    desk.keyboard.press("Control+Enter")

    expect(desk.locator("[data-message]")).to_contain_text("by key was added.")


def test_ctrl_enter_in_the_amount_takes_the_payment(desk, live_server):
    account = AccountFactory()
    address = live_server.url + reverse("billing:take_payment", args=[account.number])
    desk.goto(address)
    expect(desk.get_by_label("Amount")).to_be_focused()
    desk.keyboard.type("12.50")
    desk.get_by_label("Take it all the same").check()
    desk.get_by_label("Amount").focus()

    desk.keyboard.press("Control+Enter")

    desk.wait_for_url(live_server.url + account.get_absolute_url())
    expect(desk.locator("[data-message]")).to_contain_text("12.50 EUR was posted.")


def test_chosen_theme_and_rail_stay(desk):
    desk.get_by_role("button", name="administrator").click()
    desk.get_by_role("button", name="Dark").click()
    desk.get_by_role("button", name="Menu", exact=True).click()

    desk.reload()

    expect(desk.locator("html")).to_have_attribute("data-bs-theme", "dark")
    expect(desk.get_by_role("navigation", name="Main")).to_be_hidden()


def test_filter_answers_in_place_and_in_the_address(desk):
    desk.get_by_label("Search").fill("group 2")
    desk.get_by_role("button", name="Filter", exact=True).click()

    expect(desk.locator("#list-count")).to_contain_text("1")
    expect(desk).to_have_url(re.compile(r"q=group(\+|%20)2"))


def test_panel_form_answers_in_place(desk, live_server):
    group = Group.objects.first()
    desk.goto(live_server.url + reverse("group_page", args=[group.pk]))
    desk.get_by_role("textbox", name="Name").fill("renamed")

    desk.get_by_role("button", name="Save").click()

    expect(desk.locator("#messages")).to_contain_text("Renamed.")
    expect(desk.locator("#name")).to_contain_text("renamed")
