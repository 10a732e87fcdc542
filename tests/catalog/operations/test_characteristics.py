"""Characteristics of types: what fits together, and what stays once products answer."""

from typing import Any

import pytest

from catalog.models import Characteristic, ProductType
from catalog.operations.characteristics import CharacteristicRow, set_characteristics
from catalog.operations.errors import CatalogError, StillInUse
from catalog.operations.values import set_values
from catalog.queries.characteristics import values_of
from tests.catalog.factories import CharacteristicFactory, ProductFactory, ProductTypeFactory

pytestmark = pytest.mark.django_db

SPEED = CharacteristicRow("Speed", "NUMBER", unit="Mbit/s", required=True, default="100.0")
QUALITY = CharacteristicRow("Quality", "CHOICE", choices=["HD", "4K"], default="hd")


def row(**fields: Any) -> CharacteristicRow:
    return CharacteristicRow(**{"name": "Colour", "kind": "TEXT", **fields})


def stored(product_type: ProductType) -> list[tuple[Any, ...]]:
    rows = Characteristic.objects.filter(type=product_type).order_by("sort_order", "id")
    return list(rows.values_list("name", "kind", "unit", "choices", "required", "default"))


def test_rows_become_the_characteristics_in_their_order() -> None:
    of_type = ProductTypeFactory()

    set_characteristics(of_type, [SPEED, QUALITY])
    set_characteristics(of_type, [QUALITY, SPEED])

    assert stored(of_type) == [
        ("Quality", "CHOICE", "", ["HD", "4K"], False, "HD"),
        ("Speed", "NUMBER", "Mbit/s", [], True, "100"),
    ]


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"name": " "}, "name", "Give it a name"),
        ({"kind": ""}, "kind", "Choose a kind"),
        ({"unit": "GB"}, "unit", "Only numbers have a unit"),
        ({"choices": ["a", "b"]}, "choices", "Only the kind Choice has choices"),
        ({"kind": "CHOICE", "choices": ["a"]}, "choices", "Give two choices or more"),
        ({"kind": "CHOICE", "choices": ["a", "A"]}, "choices", "The choice A stands there twice"),
        ({"kind": "NUMBER", "default": "many"}, "default", "Colour is a number"),
        ({"kind": "YES_NO", "default": "maybe"}, "default", "Colour is yes or no"),
        (
            {"kind": "CHOICE", "choices": ["a", "b"], "default": "c"},
            "default",
            "Colour is one of a, b; not c",
        ),
        ({"name": "QUALITY"}, "name", "already has a characteristic QUALITY"),
    ],
)
def test_a_row_fits_together(fields: dict[str, Any], field: str, words: str) -> None:
    of_type = ProductTypeFactory()

    with pytest.raises(CatalogError, match=words) as refusal:
        set_characteristics(of_type, [QUALITY, row(**fields)])
    assert (refusal.value.row, refusal.value.field) == (1, field)
    assert stored(of_type) == []


def test_names_may_be_swapped_and_values_follow() -> None:
    of_type = ProductTypeFactory()
    first = CharacteristicFactory(type=of_type, name="Up", kind="NUMBER")
    second = CharacteristicFactory(type=of_type, name="Down", kind="NUMBER")
    product = ProductFactory(type=of_type)
    set_values(product, {"Up": "1", "Down": "2"})

    set_characteristics(
        of_type,
        [
            CharacteristicRow("Down", "NUMBER", id=first.pk),
            CharacteristicRow("Up", "NUMBER", id=second.pk),
        ],
    )

    assert [(one.characteristic.name, one.value) for one in values_of(product)] == [
        ("Down", "1"),
        ("Up", "2"),
    ]


def test_what_products_answer_stays() -> None:
    of_type = ProductTypeFactory()
    quality = CharacteristicFactory(
        type=of_type, name="Quality", kind="CHOICE", choices=["HD", "4K", "8K"]
    )
    product = ProductFactory(type=of_type)
    set_values(product, {"Quality": "4K"})

    with pytest.raises(StillInUse, match="so its kind stays") as kind:
        set_characteristics(of_type, [CharacteristicRow("Quality", "TEXT", id=quality.pk)])
    with pytest.raises(StillInUse, match="Products have the choice 4K, so it stays") as choice:
        set_characteristics(of_type, [CharacteristicRow("Quality", "CHOICE", choices=["HD", "8K"])])
    with pytest.raises(StillInUse, match="1 product has a value for it"):
        set_characteristics(of_type, [SPEED])
    assert (kind.value.field, choice.value.field) == ("kind", "choices")
    assert [one.value for one in values_of(product)] == ["4K"]


def test_a_choice_no_product_has_is_removed_and_one_in_use_changes_its_letter_case() -> None:
    of_type = ProductTypeFactory()
    set_characteristics(of_type, [QUALITY])
    product = ProductFactory(type=of_type)
    set_values(product, {"Quality": "HD"})

    set_characteristics(of_type, [CharacteristicRow("Quality", "CHOICE", choices=["Hd", "SD"])])

    assert stored(of_type) == [("Quality", "CHOICE", "", ["Hd", "SD"], False, "")]
    assert [one.value for one in values_of(product)] == ["Hd"]


def test_a_characteristic_of_another_type_is_refused() -> None:
    other = CharacteristicFactory()

    with pytest.raises(CatalogError, match="was removed meanwhile"):
        set_characteristics(ProductTypeFactory(), [row(id=other.pk)])


def test_an_unchanged_row_leaves_no_history() -> None:
    of_type = ProductTypeFactory()
    set_characteristics(of_type, [SPEED, QUALITY])

    set_characteristics(of_type, [SPEED, QUALITY])

    assert Characteristic.history.count() == 2
