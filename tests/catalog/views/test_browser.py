"""Product types in Chromium: nothing that was chosen is lost, however slow the answers are."""

import os
import time

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import expect

from catalog.models import ProductType
from catalog.views.types import TypeKinds

# Playwright's event loop runs in the tests' thread, and Django would take the tests for async code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


PASSWORD = "correct horse battery"


@pytest.fixture
def screen(browser, live_server):
    """A signed-in administrator's page."""
    User.objects.create_superuser("administrator", password=PASSWORD)
    context = browser.new_context()
    page = context.new_page()
    page.goto(live_server.url + reverse("login"))
    page.get_by_label("Username").fill("administrator")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(live_server.url + reverse("home"))
    yield page
    context.close()


@pytest.fixture
def _late_answers(monkeypatch):
    answer = TypeKinds.get

    def late(*args, **kwargs):
        time.sleep(0.3)
        return answer(*args, **kwargs)

    monkeypatch.setattr(TypeKinds, "get", late)


@pytest.mark.usefixtures("_late_answers")
def test_choices_made_before_the_answers_come_are_kept(screen, live_server):
    screen.goto(live_server.url + reverse("catalog:type_new"))
    screen.get_by_label("Name").fill("Packages")

    screen.evaluate(
        """() => {
            const choices = {classification: "SERVICE", service_type: "TERMED",
                             composition: "FIXED_BUNDLE"};
            for (const [name, value] of Object.entries(choices)) {
                const field = document.querySelector(`[name=${name}]`);
                field.value = value;
                field.dispatchEvent(new Event("change", {bubbles: true}));
            }
        }"""
    )
    expect(screen.locator("[name=good_type]")).to_have_count(0)
    expect(screen.locator("[name=composition]")).to_have_value("FIXED_BUNDLE")
    screen.get_by_role("button", name="Save").first.click()

    screen.wait_for_url(live_server.url + reverse("catalog:type_edit", args=["packages"]))
    created = ProductType.objects.get()
    assert (created.service_type, created.composition) == ("TERMED", "FIXED_BUNDLE")
