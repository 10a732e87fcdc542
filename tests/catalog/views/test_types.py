"""Pages of product types."""

import pytest
from django.urls import reverse

from catalog.models import ProductType
from catalog.operations.values import set_values
from catalog.queries.characteristics import values_of
from tests.catalog.factories import CharacteristicFactory, ProductFactory, ProductTypeFactory

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
    assert (answer.status_code, answer.url) == (302, created.get_absolute_url())
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
    ("sent", "field"),
    [
        ({"classification": "PHYSICAL_GOOD", "good_type": "TRACEABLE"}, "service_type"),
        ({"good_type": "TRACEABLE"}, "good_type"),
    ],
)
def test_the_kind_of_the_other_classification_is_refused_at_its_field(admin_client, sent, field):
    answer = admin_client.post(reverse("catalog:type_new"), {**NEW, **sent})

    assert list(answer.context["form"].errors) == [field]
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


def test_a_type_in_use_shows_what_stays_and_refuses_it_at_the_field(admin_client):
    used = ProductFactory().type
    address = reverse("catalog:type_edit", args=[used.code])
    sent = {"panel": "main"} | {f"main-{name}": value for name, value in NEW.items()}

    page = admin_client.get(address)
    answer = admin_client.post(address, {**sent, "main-service_type": "EXPENSE"})

    assert b"classification, kind and composition stay" in page.content
    assert page.content.count(b"Stays: products of this type exist.") == 3
    assert "Products of this type exist, so its service type stays." in answer.content.decode()
    used.refresh_from_db()
    assert used.service_type == "TERMED"


def test_a_type_in_use_is_renamed(admin_client):
    used = ProductFactory().type

    admin_client.post(
        reverse("catalog:type_edit", args=[used.code]),
        {"panel": "main", "main-name": "Channels", "main-code": used.code},
    )

    used.refresh_from_db()
    assert (used.name, used.service_type, used.composition) == ("Channels", "TERMED", "FLAT")


def characteristic_rows(*rows, stored=0):
    data = {
        "panel": "characteristics",
        "characteristics-rows-TOTAL_FORMS": len(rows),
        "characteristics-rows-INITIAL_FORMS": stored,
    }
    for number, row in enumerate(rows):
        data |= {f"characteristics-rows-{number}-{name}": value for name, value in row.items()}
    return data


def test_characteristics_are_set_in_the_order_of_their_numbers(admin_client):
    of_type = ProductTypeFactory()

    admin_client.post(
        of_type.get_absolute_url(),
        characteristic_rows(
            {"name": "Quality", "kind": "CHOICE", "choices": "HD\n4K\n", "place": 2},
            {"name": "Speed", "kind": "NUMBER", "unit": "Mbit/s", "required": "on", "place": 1},
        ),
    )

    rows = of_type.characteristics.order_by("sort_order")
    assert list(rows.values_list("name", "choices", "unit", "required")) == [
        ("Speed", [], "Mbit/s", True),
        ("Quality", ["HD", "4K"], "", False),
    ]


def test_a_refused_characteristic_is_marked_in_its_row(admin_client):
    of_type = ProductTypeFactory()

    answer = admin_client.post(
        of_type.get_absolute_url(),
        characteristic_rows(
            {"name": "Quality", "kind": "CHOICE", "choices": "HD", "place": 2},
            {"name": "Speed", "kind": "NUMBER", "place": 1},
        ),
    )

    shown = answer.content.decode()
    assert "Row 1: Give two choices or more." in shown
    assert shown.count("Give two choices or more.") == 2
    assert not of_type.characteristics.exists()


def test_a_characteristic_that_cannot_be_removed_is_marked_in_its_row(admin_client):
    of_type = ProductTypeFactory()
    speed = CharacteristicFactory(type=of_type, name="Speed", kind="NUMBER")
    set_values(ProductFactory(type=of_type), {"Speed": "100"})
    other = {"name": "Quality", "kind": "TEXT"}

    answer = admin_client.post(
        of_type.get_absolute_url(),
        characteristic_rows(
            {"id": speed.pk, "name": "Speed", "kind": "NUMBER", "DELETE": "on"}, other, stored=1
        ),
    )

    shown = answer.content.decode()
    assert "Row 1: Speed cannot be removed: 1 product has a value for it." in shown
    assert shown.count("Speed cannot be removed") == 2
    assert of_type.characteristics.get() == speed


def test_a_renamed_characteristic_keeps_its_values(admin_client):
    of_type = ProductTypeFactory()
    speed = CharacteristicFactory(type=of_type, name="Speed", kind="NUMBER")
    product = ProductFactory(type=of_type)
    set_values(product, {"Speed": "100"})

    admin_client.post(
        of_type.get_absolute_url(),
        characteristic_rows({"id": speed.pk, "name": "Downlink", "kind": "NUMBER"}, stored=1),
    )

    assert [(one.characteristic.name, one.value) for one in values_of(product)] == [
        ("Downlink", "100")
    ]


def test_a_reader_reads_a_type_and_what_it_asks(reader_client):
    quality = CharacteristicFactory(name="Quality", kind="CHOICE", choices=["HD", "4K"])
    product = ProductFactory(type=quality.type)

    page = reader_client.get(quality.type.get_absolute_url())

    assert page.status_code == 200
    for text in ("Quality", "HD, 4K", product.code, f"?type={quality.type.code}"):
        assert text in page.content.decode()
    assert b"<textarea" not in page.content


@pytest.mark.parametrize("tab", ["overview", "history"])
def test_the_page_of_a_type_takes_few_queries(admin_client, django_assert_max_num_queries, tab):
    of_type = ProductTypeFactory()
    for number in range(20):
        CharacteristicFactory(type=of_type, sort_order=number)
        ProductFactory(type=of_type)

    with django_assert_max_num_queries(20):
        answer = admin_client.get(of_type.get_absolute_url(), {"tab": tab})

    assert answer.status_code == 200


def test_an_unused_type_is_deleted_and_a_used_one_is_not(admin_client):
    unused, used = ProductTypeFactory(), ProductFactory().type

    admin_client.post(reverse("catalog:type_delete", args=[unused.code]))
    answer = admin_client.post(reverse("catalog:type_delete", args=[used.code]))

    assert b"used by products" in answer.content
    assert ProductType.objects.get() == used
