"""Selling in Chromium: few clicks, keys, a preview that follows, nothing broken on any page."""

import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import expect

from subscriptions.models import SubscribedService
from tests.subscriptions.flexible import sports_pack

# Playwright's event loop runs in the tests' thread, and Django would take the tests for async code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PASSWORD = "correct horse battery"


@pytest.fixture(params=[1440, 390])
def screen(request, browser, live_server, shop):
    """A signed-in administrator's page at two widths; `problems` are what the console told."""
    User.objects.create_superuser("administrator", password=PASSWORD)
    context = browser.new_context(viewport={"width": request.param, "height": 900})
    page = context.new_page()
    page.problems = []
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.goto(live_server.url + reverse("login"))
    page.get_by_label("Username").fill("administrator")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(live_server.url + reverse("home"))
    yield page
    context.close()


def test_a_service_is_added_by_key_search_one_click_and_confirmed_by_key(screen, live_server, shop):
    screen.goto(live_server.url + shop.account.get_absolute_url())
    screen.keyboard.press("a")
    screen.get_by_role("searchbox").press_sequentially("mov")
    expect(screen.locator(".offer-table tbody a")).to_have_text(["Movies"])
    screen.locator(".offer-table").get_by_role("link", name="Movies").click()
    screen.get_by_label("Quantity").fill("2")
    screen.get_by_label("Comment").focus()
    screen.locator("#check", has_text="Add 2 × Movies").wait_for()

    screen.keyboard.press("Control+Enter")

    screen.wait_for_url(live_server.url + shop.user.get_absolute_url())
    service = SubscribedService.objects.get(product=shop.movies)
    assert (service.subscription, service.quantity) == (shop.subscription, 2)
    assert screen.problems == []


@pytest.mark.parametrize("screen", [1440], indirect=True)
def test_a_flexible_bundle_with_six_services_is_added_in_ten_interactions(
    screen, live_server, shop
):
    """Key, word, pick, six ticks, confirm: the counter follows, a wrong choice is said."""
    channels = ["Golf", "Polo", "Rugby", "Tennis", "Darts", "Cricket"]
    pack = sports_pack(channels=(*channels, "Sailing"), most=6).pack
    screen.goto(live_server.url + shop.account.get_absolute_url())

    screen.keyboard.press("a")
    screen.get_by_role("searchbox").first.press_sequentially("pack")
    screen.locator(".offer-table").get_by_role("link", name="Sports pack").click()
    counter = screen.locator("[data-counter]")
    expect(counter).to_contain_text("Sports 0 of 1–6 choose 1 more")
    expect(screen.locator("#check")).to_contain_text("Choose its services")
    screen.get_by_label("Golf", exact=True).check()
    screen.get_by_label("Golf", exact=True).uncheck()
    expect(screen.locator("#check")).to_contain_text("Sports: at least 1, 0 chosen.")
    for name in channels:
        screen.get_by_label(name, exact=True).check()
    expect(counter).to_contain_text("Sports 6 of 1–6 enough")
    expect(screen.locator("#check")).to_contain_text("Sports pack with News, Cricket, Darts, Golf")
    found = Axe().run(screen, options={"runOnly": {"type": "tag", "values": RULES}})
    screen.keyboard.press("Control+Enter")

    screen.wait_for_url(live_server.url + shop.user.get_absolute_url())
    head = SubscribedService.objects.get(product=pack)
    assert head.components.count() == 7
    assert found.response["violations"] == []
    assert screen.problems == []


def test_the_search_field_shows_all_of_its_placeholder(screen, live_server):
    screen.goto(live_server.url + reverse("subscriptions:account_list"))
    field = screen.get_by_placeholder("Number, name or phone")

    room, needed = field.evaluate(
        """field => {
            const style = getComputedStyle(field);
            const pen = document.createElement("canvas").getContext("2d");
            pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
            const padding = parseFloat(style.paddingLeft) + parseFloat(style.paddingRight);
            return [field.clientWidth - padding, pen.measureText(field.placeholder).width];
        }"""
    )

    # The cross that empties a search field takes 20 pixels.
    assert room >= needed + 20


def test_the_pages_are_sound(screen, live_server, shop):
    account, user, subscription = shop.account, shop.user, shop.subscription
    addresses = [
        reverse("subscriptions:account_list"),
        reverse("subscriptions:account_new"),
        account.get_absolute_url(),
        user.get_absolute_url(),
        reverse("subscriptions:add_service", args=[user.number]) + f"?item=p{shop.movies.pk}",
        subscription.get_absolute_url(),
        reverse("subscriptions:subscription_cancel", args=[subscription.number]),
        shop.type.schemes.get().get_absolute_url(),
        shop.type.get_absolute_url(),
        reverse("subscriptions:type_add_product", args=[shop.type.code]),
    ]

    for address in addresses:
        screen.goto(live_server.url + address)
        found = Axe().run(screen, options={"runOnly": {"type": "tag", "values": RULES}})
        broken = [(rule["id"], rule["nodes"][0]["html"]) for rule in found.response["violations"]]
        width = screen.evaluate("document.documentElement.scrollWidth")

        assert (address, broken) == (address, [])
        assert width <= screen.viewport_size["width"], address
    assert screen.problems == []
