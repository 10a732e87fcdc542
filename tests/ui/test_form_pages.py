"""Pages with a form: one effect, refusals shown, errors linked to their fields."""

from uuid import uuid4

import pytest
from django.contrib.auth.models import Group
from django.contrib.messages import get_messages
from django.urls import reverse

pytestmark = pytest.mark.django_db


@pytest.fixture
def group():
    return Group.objects.create(name="staff")


def messages_of(response) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_act_has_its_effect_and_says_so(clerk_client, group):
    response = clerk_client.post(reverse("group_rename", args=[group.pk]), {"name": "!"})

    group.refresh_from_db()
    assert group.name == "staff!"
    assert response.headers["Location"] == reverse("group_page", args=[group.pk])
    assert messages_of(response) == ["Renamed to staff!."]


def test_a_form_sent_twice_has_one_effect(clerk_client, group):
    sent = {"name": "!", "form_token": str(uuid4())}
    clerk_client.post(reverse("group_rename", args=[group.pk]), sent)

    response = clerk_client.post(reverse("group_rename", args=[group.pk]), sent)

    group.refresh_from_db()
    assert group.name == "staff!"
    assert response.headers["Location"] == reverse("group_page", args=[group.pk])
    assert messages_of(response)[-1] == "This form was sent before. It had its effect once."


def test_a_refused_form_may_be_sent_again(clerk_client, group):
    token = str(uuid4())
    address = reverse("group_rename", args=[group.pk])
    clerk_client.post(address, {"name": "refused", "form_token": token})

    clerk_client.post(address, {"name": "!", "form_token": token})

    group.refresh_from_db()
    assert group.name == "staff!"


def test_every_form_carries_a_token_of_its_own(clerk_client, group):
    address = reverse("group_rename", args=[group.pk])

    tokens = {clerk_client.get(address).context["form_token"] for _ in range(2)}

    assert len(tokens) == 2


def test_refusal_stands_on_top_and_keeps_what_was_typed(clerk_client, group):
    response = clerk_client.post(reverse("group_rename", args=[group.pk]), {"name": "refused"})

    assert response.context["form"].non_field_errors() == ["Not on a Sunday."]
    assert b'value="refused"' in response.content


def test_refusal_that_names_a_field_stands_there(clerk_client, group):
    response = clerk_client.post(reverse("group_rename", args=[group.pk]), {"name": "taken"})

    assert response.context["form"].errors == {"name": ["That name is taken."]}
    assert b'<a href="#id_name">' in response.content


def test_new_record(clerk_client):
    response = clerk_client.post(reverse("group_create"), {"name": "new"})

    assert Group.objects.filter(name="new").count() == 1
    assert messages_of(response) == ["new was added."]


def test_save_and_new_leads_back_to_the_form(clerk_client):
    response = clerk_client.post(reverse("group_create"), {"name": "new", "save_and_new": "yes"})

    assert response.headers["Location"] == reverse("group_create")


def test_changed_record(clerk_client, group):
    response = clerk_client.post(reverse("group_change", args=[group.pk]), {"name": "crew"})

    group.refresh_from_db()
    assert group.name == "crew"
    assert messages_of(response) == ["crew was saved."]
