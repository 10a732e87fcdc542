"""Pages of product types."""

import pytest
from django.urls import reverse

from catalog.models import ProductType
from tests.catalog.factories import ProductFactory, ProductTypeFactory

pytestmark = pytest.mark.django_db

NEW = {
    "name": "Termed Services",
    "classification": "SERVICE",
    "service_type": "TERMED",
    "composition": "FLAT",
    "provisioned": "on",
}


def test_a_type_is_created(admin_client):
    answer = admin_client.post(reverse("catalog:type_new"), NEW)

    created = ProductType.objects.get()
    assert (answer.status_code, answer.url) == (302, reverse("catalog:type_list"))
    assert (created.code, created.service_type, created.provisioned) == (
        "termed-services",
        "TERMED",
        True,
    )


def test_what_a_kind_cannot_be_is_not_offered_and_refused_at_the_field(admin_client):
    answer = admin_client.post(
        reverse("catalog:type_new"),
        {**NEW, "service_type": "USAGE", "composition": "FIXED_BUNDLE"},
    )

    form = answer.context["form"]
    assert form.fields["composition"].choices == [("FLAT", "Flat")]
    assert list(form.errors) == ["composition"]
    assert not ProductType.objects.exists()


@pytest.mark.parametrize(
    ("chosen", "fields"),
    [
        ({}, ["service_type", "good_type", "composition"]),
        ({"classification": "SERVICE"}, ["service_type", "composition"]),
        ({"classification": "PHYSICAL_GOOD"}, ["good_type", "composition"]),
        ({"classification": "nonsense"}, ["service_type", "good_type", "composition"]),
    ],
)
def test_the_kinds_follow_the_classification(admin_client, chosen, fields):
    answer = admin_client.get(reverse("catalog:type_kinds"), chosen)

    assert [field.name for field in answer.context["form"].kind_fields()] == fields


def test_a_type_in_use_is_refused_at_the_field(admin_client):
    used = ProductFactory().type

    answer = admin_client.post(
        reverse("catalog:type_edit", args=[used.code]), {**NEW, "service_type": "EXPENSE"}
    )

    assert answer.context["form"].errors == {
        "service_type": ["Products of this type exist, so its service type stays."]
    }
    assert b"classification, kind and composition stay" in answer.content
    used.refresh_from_db()
    assert used.service_type == "TERMED"


def test_an_unused_type_is_deleted_and_a_used_one_is_not(admin_client):
    unused, used = ProductTypeFactory(), ProductFactory().type

    admin_client.post(reverse("catalog:type_delete", args=[unused.code]))
    answer = admin_client.post(reverse("catalog:type_delete", args=[used.code]))

    assert b"used by products" in answer.content
    assert ProductType.objects.get() == used
