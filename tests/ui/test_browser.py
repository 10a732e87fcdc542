"""Pages in Chromium: accessibility rules, no error in the console, no sideways scrolling.

Set SCREENSHOTS to a folder to keep a picture of each page.
"""

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import Group, User
from django.urls import reverse

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SIZES = {1440: 900, 390: 844}
PASSWORD = "correct horse battery"


@pytest.fixture
def administrator():
    return User.objects.create_superuser("administrator", password=PASSWORD)


@pytest.fixture(params=[(s, w) for s in ("light", "dark") for w in SIZES], ids=str)
def screen(request, browser):
    scheme, width = request.param
    context = browser.new_context(
        color_scheme=scheme, viewport={"width": width, "height": SIZES[width]}
    )
    page = context.new_page()
    page.problems = []
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.on(
        "console",
        lambda message: page.problems.append(message.text) if message.type == "error" else None,
    )
    page.label = f"{scheme}_{width}"
    yield page
    context.close()


def sign_in(page, live_server, user):
    page.goto(live_server.url + reverse("login"))
    page.get_by_label("Username").fill(user.username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(live_server.url + reverse("home"))


def assert_sound(page, name):
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}_{page.label}.png")
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}})
    broken = [(rule["id"], rule["nodes"][0]["html"]) for rule in found.response["violations"]]

    assert broken == []
    assert page.problems == []
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


def test_pages_are_sound(screen, live_server, administrator, group_pages):
    sign_in_in_error(screen, live_server)
    sign_in(screen, live_server, administrator)
    assert_sound(screen, "home")
    user_menu(screen)
    empty_list(screen, live_server)
    group = Group.objects.create(name="staff")
    full_list(screen, live_server)
    visit(screen, live_server, "group_page", group.pk)
    assert_sound(screen, "record")
    form_in_error(screen, live_server)
    moved_clock(screen, live_server)
    not_found(screen, live_server)


def visit(page, live_server, name, *args, query=""):
    page.goto(live_server.url + reverse(name, args=args) + query)


def sign_in_in_error(page, live_server):
    visit(page, live_server, "login")
    assert_sound(page, "sign_in")

    page.get_by_label("Username").fill("nobody")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()

    assert page.locator("[data-error-summary]").evaluate("e => e === document.activeElement")
    assert_sound(page, "sign_in_error")


def user_menu(page):
    page.get_by_role("button", name="administrator").click()
    assert_sound(page, "home_menu")


def empty_list(page, live_server):
    visit(page, live_server, "group_list")
    assert_sound(page, "list_empty")


def full_list(page, live_server):
    Group.objects.bulk_create(Group(name=f"group {n:04} with a long name") for n in range(60))
    visit(page, live_server, "group_list", query="?q=group")
    assert_sound(page, "list")


def form_in_error(page, live_server):
    visit(page, live_server, "group_create")
    page.get_by_role("button", name="Save", exact=True).click()

    assert page.locator("[data-error-summary]").evaluate("e => e === document.activeElement")
    assert_sound(page, "form_error")


def moved_clock(page, live_server):
    visit(page, live_server, "business_clock")
    page.get_by_label("Business day").fill("2027-02-01")
    page.get_by_role("button", name="Move the clock").click()

    assert "1 Feb 2027" in page.get_by_role("region", name="Installation").inner_text()
    assert_sound(page, "clock_moved")


def not_found(page, live_server):
    page.goto(live_server.url + "/nowhere/")

    page.problems = [text for text in page.problems if "404" not in text]
    assert_sound(page, "not_found")
