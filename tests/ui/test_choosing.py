"""Fields that search: by code without scripts, with a list in Chromium."""

import pytest
from django import forms
from django.contrib.auth.models import Group, User
from django.urls import reverse
from playwright.sync_api import expect

from config.shared.choosing import ChosenField
from config.shared.queries.matching import matching_ids
from tests.ui.test_browser import PASSWORD, assert_sound, sign_in

pytestmark = pytest.mark.django_db


class PickForm(forms.Form):
    group = ChosenField(Group.objects.all(), search="login", code_field="name", required=False)


@pytest.fixture
def sales():
    return Group.objects.create(name="Sales")


def choices(client, **query):
    answer = client.get(reverse("group_choices"), query)
    return [choice["value"] for choice in answer.json()["choices"]]


def test_a_code_names_the_record_in_any_letter_case(sales):
    form = PickForm({"group": " sALES "})

    assert form.is_valid()
    assert form.cleaned_data == {"group": sales}


def test_nothing_is_chosen_where_nothing_is_typed():
    form = PickForm({"group": " "})

    assert form.is_valid()
    assert form.cleaned_data == {"group": None}


def test_an_unknown_code_is_refused_and_stays_to_be_mended():
    form = PickForm({"group": "Sails"})

    assert form.errors == {"group": ["There is no group with the code “Sails”."]}
    assert 'value="Sails"' in str(form["group"])


def test_a_record_is_shown_by_code_and_name_without_a_query(sales, django_assert_num_queries):
    with django_assert_num_queries(0):
        shown = str(PickForm(initial={"group": sales})["group"])

    assert 'value="Sales"' in shown
    assert 'data-label="Sales"' in shown


def test_a_primary_key_is_shown_by_its_code(sales):
    assert 'value="Sales"' in str(PickForm(initial={"group": sales.pk})["group"])


@pytest.mark.parametrize(("typed", "has_changed"), [("sales", False), ("Staff", True), ("", True)])
def test_another_letter_case_is_no_change(sales, typed, has_changed):
    assert PickForm({"group": typed}, initial={"group": sales}).has_changed() is has_changed


def test_no_choice_reaches_another_form(sales):
    PickForm({"group": "Sales"}).is_valid()

    assert PickForm().fields["group"].widget.known == {}


def test_the_exact_code_comes_first_and_then_what_contains_it(clerk_client):
    for name in ("A sale", "Sale", "Sales", "Staff"):
        Group.objects.create(name=name)

    assert choices(clerk_client, q="sale") == ["Sale", "A sale", "Sales"]


def test_without_a_text_the_first_twenty_are_offered(clerk_client):
    Group.objects.bulk_create(Group(name=f"group {n:02}") for n in range(30))

    assert choices(clerk_client) == [f"group {n:02}" for n in range(20)]


def test_one_or_two_letters_begin_a_word():
    for name in ("Sales", "Pre sales", "Pre-sales", "Presales"):
        Group.objects.create(name=name)

    found = Group.objects.filter(pk__in=matching_ids(Group.objects.all(), ["name"], "sa"))

    assert {group.name for group in found} == {"Sales", "Pre sales", "Pre-sales"}


@pytest.mark.usefixtures("group_pages")
def test_choices_are_for_those_who_may_see_the_records(client, visitor):
    client.force_login(visitor)

    assert client.get(reverse("group_choices")).status_code == 403


def test_a_list_is_narrowed_by_a_code_in_the_address(clerk_client, sales):
    Group.objects.create(name="Staff")

    page = clerk_client.get(reverse("group_list"), {"same": "sales"})

    assert [row.record for row in page.context["table"].rows] == [sales]
    assert [chip.value for chip in page.context["chips"]] == ["Sales"]


@pytest.fixture
def screen(page):
    page.problems = []
    page.label = "light_1440"
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.on(
        "console",
        lambda message: page.problems.append(message.text) if message.type == "error" else None,
    )
    return page


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("group_pages")
def test_a_record_is_found_and_chosen_with_the_keyboard_alone(screen, live_server):
    for name in ("Sales", "Sales abroad", "Staff"):
        Group.objects.create(name=name)
    administrator = User.objects.create_superuser("administrator", password=PASSWORD)
    sign_in(screen, live_server, administrator)
    screen.goto(live_server.url + reverse("group_pick"))
    group, other = screen.get_by_label("Group"), screen.get_by_label("Other")
    options = screen.get_by_role("option")

    # A list that is open, nothing typed: Tab chooses nothing.
    group.press("ArrowDown")
    expect(options).to_have_text(["Sales", "Sales abroad", "Staff"])
    assert_sound(screen, "choosing")
    group.press("Tab")
    expect(group).to_have_value("")
    expect(group).to_have_attribute("aria-expanded", "false")

    # What was typed and matches nothing is sent, and the message stands at the field.
    other.fill("nobody")
    expect(options).to_have_text(["Nothing matches."])
    other.press("Escape")
    other.press("Enter")
    expect(screen.locator(".invalid-feedback")).to_have_count(2)
    expect(other).to_have_value("nobody")
    expect(other).to_have_attribute("aria-invalid", "true")
    assert_sound(screen, "choosing_error")

    # Esc takes back what was typed; Tab takes the first match, Enter the one pointed at.
    group.fill("staf")
    expect(options).to_have_text(["Staff"])
    group.press("Tab")
    expect(group).to_have_value("Staff")
    other.fill("sal")
    expect(options).to_have_text(["Sales", "Sales abroad"])
    other.press("ArrowDown")
    other.press("Enter")
    expect(other).to_have_value("Sales abroad")
    other.press("Enter")

    expect(screen.get_by_text("Picked Staff and Sales abroad.")).to_be_visible()
    assert screen.problems == []
