"""Values of products: they fit the characteristics of the type, and follow a change of type."""

from typing import Any

import pytest

from catalog.models import CharacteristicValue, Product
from catalog.operations.errors import ValueNotPossible
from catalog.operations.products import create_product, update_product
from catalog.operations.values import set_values, stored_value
from catalog.queries.characteristics import type_change, values_of
from tests.catalog.factories import CharacteristicFactory, ProductFactory, ProductTypeFactory

pytestmark = pytest.mark.django_db


def answers(product: Product) -> dict[str, str]:
    return {answer.characteristic.name: answer.text for answer in values_of(product)}


@pytest.mark.parametrize(
    ("fields", "text", "stored"),
    [
        ({"kind": "TEXT"}, "  two words ", "two words"),
        ({"kind": "NUMBER"}, "100", "100"),
        ({"kind": "NUMBER"}, "1.50", "1.5"),
        ({"kind": "NUMBER"}, "-0", "0"),
        ({"kind": "NUMBER"}, "1000000", "1000000"),
        ({"kind": "YES_NO"}, "yes", "YES"),
        ({"kind": "YES_NO"}, "No", "NO"),
        ({"kind": "CHOICE", "choices": ["HD", "4K"]}, "hd", "HD"),
        ({"kind": "NUMBER"}, " ", ""),
    ],
)
def test_a_value_is_stored_in_one_writing(fields: dict[str, Any], text: str, stored: str) -> None:
    characteristic = CharacteristicFactory.build(**fields)

    assert stored_value(characteristic, text) == stored


@pytest.mark.parametrize(
    ("fields", "text", "words"),
    [
        ({"kind": "NUMBER"}, "fast", "Speed is a number"),
        ({"kind": "NUMBER"}, "1e5000", "Speed is a number"),
        ({"kind": "NUMBER"}, "NaN", "Speed is a number"),
        ({"kind": "NUMBER"}, "1.1234567", "6 after it"),
        ({"kind": "YES_NO"}, "perhaps", "Speed is yes or no"),
        ({"kind": "CHOICE", "choices": ["HD", "4K"]}, "8K", "Speed is one of HD, 4K; not 8K"),
        ({"kind": "TEXT"}, "x" * 201, "at most 200 letters"),
    ],
)
def test_a_value_fits_the_kind(fields: dict[str, Any], text: str, words: str) -> None:
    characteristic = CharacteristicFactory.build(name="Speed", **fields)

    with pytest.raises(ValueNotPossible, match=words):
        stored_value(characteristic, text)


def test_a_new_product_gets_the_defaults_of_its_type() -> None:
    of_type = ProductTypeFactory()
    CharacteristicFactory(type=of_type, name="Speed", kind="NUMBER", unit="Mbit/s", default="100")
    CharacteristicFactory(type=of_type, name="Static address", kind="YES_NO", default="NO")
    CharacteristicFactory(type=of_type, name="Remark")

    product = create_product(code="NET", type=of_type, values={"static address": "yes"})

    assert answers(product) == {"Speed": "100 Mbit/s", "Static address": "Yes", "Remark": ""}


def test_a_product_is_not_created_without_a_required_value() -> None:
    characteristic = CharacteristicFactory(name="Speed", required=True)

    with pytest.raises(ValueNotPossible, match="requires Speed") as refusal:
        create_product(code="NET", type=characteristic.type)
    assert refusal.value.field == f"char_{characteristic.pk}"
    assert not Product.objects.exists()


def test_values_that_are_not_named_stay_and_an_empty_one_is_taken_away() -> None:
    of_type = ProductTypeFactory()
    for name in ("Colour", "Remark"):
        CharacteristicFactory(type=of_type, name=name)
    product = ProductFactory(type=of_type)
    set_values(product, {"Colour": "red", "Remark": "new"})

    set_values(product, {"Remark": ""})

    assert answers(product) == {"Colour": "red", "Remark": ""}
    kinds = CharacteristicValue.history.order_by("history_id").values_list("history_type", "value")
    assert list(kinds) == [("+", "red"), ("+", "new"), ("-", "new")]


def test_setting_values_asks_for_the_required_ones() -> None:
    of_type = ProductTypeFactory()
    CharacteristicFactory(type=of_type, name="Remark")
    CharacteristicFactory(type=of_type, name="Speed", required=True)
    product = ProductFactory(type=of_type)

    with pytest.raises(ValueNotPossible, match="requires Speed"):
        set_values(product, {"Remark": "new"})
    assert not CharacteristicValue.objects.exists()


def test_a_value_of_another_type_is_refused() -> None:
    other = CharacteristicFactory(name="Colour")
    product = ProductFactory()

    with pytest.raises(ValueNotPossible, match="has no characteristic Colour"):
        set_values(product, {"Colour": "red"})
    with pytest.raises(ValueNotPossible, match="has no characteristic"):
        set_values(product, {other.pk: "red"})


def test_values_follow_to_another_type_where_it_asks_the_same() -> None:
    old, new = ProductTypeFactory(), ProductTypeFactory()
    CharacteristicFactory(type=old, name="Speed", kind="NUMBER", unit="Mbit/s")
    CharacteristicFactory(type=old, name="Quality", kind="CHOICE", choices=["HD", "SD"])
    CharacteristicFactory(type=old, name="Colour")
    CharacteristicFactory(type=new, name="SPEED", kind="NUMBER", unit="Mbit/s")
    CharacteristicFactory(type=new, name="Quality", kind="CHOICE", choices=["hd", "4K"])
    CharacteristicFactory(type=new, name="Colour", kind="CHOICE", choices=["red"])
    CharacteristicFactory(type=new, name="Country", default="Cyprus")
    product = ProductFactory(type=old)
    set_values(product, {"Speed": "100", "Quality": "HD", "Colour": "red"})

    preview = type_change(product, new)
    update_product(product, type=new)

    assert preview.text == (
        "Keeps SPEED (100 Mbit/s), Quality (hd). Drops Colour (red), which the new type does not "
        "ask; the history keeps them."
    )
    product.refresh_from_db()
    assert answers(product) == {
        "SPEED": "100 Mbit/s",
        "Quality": "hd",
        "Colour": "",
        "Country": "Cyprus",
    }
    dropped = CharacteristicValue.history.filter(history_type="-").values_list("value", flat=True)
    assert sorted(dropped) == ["100", "HD", "red"]


def test_a_product_has_one_answer() -> None:
    product = ProductFactory(type=CharacteristicFactory(name="Speed").type)

    set_values(product, {"Speed": "1"})
    set_values(product, {"Speed": "2"})

    assert CharacteristicValue.objects.get(product=product).value == "2"
