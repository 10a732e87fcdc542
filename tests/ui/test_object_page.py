"""The page of a record: tabs, panels, actions, a panel's form."""

from uuid import uuid4

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

pytestmark = pytest.mark.django_db


@pytest.fixture
def group():
    return Group.objects.create(name="staff")


@pytest.fixture
def address(group, group_pages):
    return reverse("group_page", args=[group.pk])


def slugs(response) -> list[str]:
    return [panel.slug for panel in response.context["panels"]]


def test_first_tab_shows_its_panels(clerk_client, address):
    response = clerk_client.get(address)

    assert slugs(response) == ["name"]
    assert b"Members" in response.content


def test_tab_is_in_the_address(clerk_client, address):
    response = clerk_client.get(address, {"tab": "history"})

    assert slugs(response) == ["history"]
    assert [tab.is_current for tab in response.context["tabs"]] == [False, True]


def test_tab_without_a_panel_is_not_offered(clerk_client, address):
    response = clerk_client.get(address, {"tab": "empty"})

    assert slugs(response) == ["name"]
    assert [tab.slug for tab in response.context["tabs"]] == ["overview", "history"]


def test_panel_that_does_not_suit_is_left_out(clerk_client):
    group = Group.objects.create(name="without history")

    response = clerk_client.get(reverse("group_page", args=[group.pk]))

    assert [tab.slug for tab in response.context["tabs"]] == ["overview"]


def test_actions_need_their_permission(clerk_client, address):
    response = clerk_client.get(address)

    assert [action.label for action in response.context["primary_actions"]] == ["Rename"]
    assert response.context["more_actions"] == []


def test_panel_form_has_its_effect_once(clerk_client, address, group):
    sent = {"panel": "name", "name-name": "crew", "form_token": str(uuid4())}

    first = clerk_client.post(address, sent)
    Group.objects.filter(pk=group.pk).update(name="other")
    clerk_client.post(address, sent)

    group.refresh_from_db()
    assert first.headers["Location"] == f"{address}#name"
    assert group.name == "other"


def test_panel_form_answers_htmx_with_the_panel(clerk_client, address):
    response = clerk_client.post(
        address, {"panel": "name", "name-name": "crew"}, headers={"HX-Request": "true"}
    )

    assert b"<html" not in response.content
    assert b'<section id="name"' in response.content
    assert b"Renamed." in response.content


def test_panel_form_shows_a_refusal(clerk_client, address):
    response = clerk_client.post(address, {"panel": "name", "name-name": "refused"})

    assert b"Not on a Sunday." in response.content


def test_unknown_panel_is_a_bad_request(clerk_client, address):
    assert clerk_client.post(address, {"panel": "nonsense"}).status_code == 400


def test_panel_form_needs_its_permission(clerk_client, clerk, address, group):
    clerk.user_permissions.remove(*clerk.user_permissions.filter(codename="change_group"))

    response = clerk_client.post(address, {"panel": "name", "name-name": "crew"})

    group.refresh_from_db()
    assert response.status_code == 403
    assert group.name == "staff"
