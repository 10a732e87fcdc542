"""A type made on the way to a product: what was typed for the product stays."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from catalog.models import Product, ProductType
from catalog.operations.values import set_values
from tests.catalog.factories import CharacteristicFactory, ProductFactory, ProductTypeFactory

pytestmark = pytest.mark.django_db

TYPE = {
    "name": "Channels",
    "classification": "SERVICE",
    "service_type": "TERMED",
    "composition": "FLAT",
}
SHEET = {f"new-type-{name}": value for name, value in TYPE.items()}


def test_the_sheet_makes_a_type_and_tells_the_page(admin_client):
    asked = admin_client.get(reverse("catalog:type_sheet"))
    answer = admin_client.post(reverse("catalog:type_sheet"), SHEET)

    assert 'name="new-type-name"' in asked.content.decode()
    assert (answer.status_code, answer.content) == (200, b"")
    assert json.loads(answer.headers["HX-Trigger"]) == {
        "type-created": {"value": "channels", "label": "Channels"}
    }


def test_the_sheet_shows_what_is_refused(admin_client):
    ProductTypeFactory(name="CHANNELS")

    answer = admin_client.post(reverse("catalog:type_sheet"), SHEET)

    assert "Another product type has the name Channels." in answer.content.decode()
    assert "HX-Trigger" not in answer.headers
    assert ProductType.objects.count() == 1


def test_without_scripts_a_new_product_comes_back_with_all_that_was_typed(admin_client):
    typed = {
        "code": "SPORT",
        "name": "Sport <1>",
        "description": "Two\nlines",
        "type": "",
        "draft_for": "",
        "validity-kind": "ALWAYS",
    }

    kept = admin_client.post(reverse("catalog:keep_for_new_type"), typed)
    made = admin_client.post(kept.url, TYPE)
    form = admin_client.get(made.url).context["form"]

    assert urlsplit(kept.url).path == reverse("catalog:type_new")
    assert urlsplit(made.url).path == reverse("catalog:product_new")
    assert [form[name].value() for name in ("code", "name", "description", "type")] == [
        "SPORT",
        "Sport <1>",
        "Two\nlines",
        "channels",
    ]
    assert not form.errors
    assert not Product.objects.exists()


def test_without_scripts_a_stored_product_comes_back_too(admin_client):
    product = ProductFactory(code="SPORT", name="Sport")
    typed = {
        "panel": "main-information",
        "main-information-name": "Sport today",
        "main-information-type": product.type.code,
        "draft_for": "SPORT",
    }

    kept = admin_client.post(reverse("catalog:keep_for_new_type"), typed)
    made = admin_client.post(kept.url, TYPE)
    page = admin_client.get(made.url).content.decode()

    assert urlsplit(made.url).path == product.get_absolute_url()
    assert parse_qs(urlsplit(made.url).query)["type"] == ["channels"]
    assert 'value="Sport today"' in page
    assert 'value="channels"' in page
    product.refresh_from_db()
    assert product.name == "Sport"


def test_a_draft_is_seen_by_its_writer_only(admin_client, client):
    kept = admin_client.post(
        reverse("catalog:keep_for_new_type"), {"name": "Secret", "draft_for": ""}
    )
    key = parse_qs(urlsplit(kept.url).query)["draft"][0]
    admin_client.session.flush()
    admin_client.logout()

    answer = client.get(f"{reverse('catalog:product_new')}?draft={key}")

    assert b"Secret" not in answer.content


def test_only_who_may_add_types_is_offered_one(reader_client):
    assert reader_client.get(reverse("catalog:type_sheet")).status_code == 403
    assert reader_client.post(reverse("catalog:keep_for_new_type"), {}).status_code == 403


def test_a_change_of_type_says_what_becomes_of_the_values(admin_client):
    speed = CharacteristicFactory(name="Speed", kind="NUMBER", unit="Mbit/s")
    product = ProductFactory(type=speed.type)
    set_values(product, {"Speed": "100"})
    other = ProductTypeFactory()

    answer = admin_client.get(
        reverse("catalog:type_change", args=[product.code]),
        {"main-information-type": other.code},
    )

    assert answer.content.decode() == (
        "Drops Speed (100 Mbit/s), which the new type does not ask; the history keeps them."
    )
