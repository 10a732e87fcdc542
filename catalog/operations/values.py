"""What a product answers to the characteristics of its type."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from django.db import transaction

from catalog.models import (
    Characteristic,
    CharacteristicKind,
    CharacteristicValue,
    Product,
    ProductType,
)
from catalog.operations.errors import ValueNotPossible
from catalog.queries.characteristics import characteristics_of, find_choice, type_change

Values = Mapping[int | str, str]
"""Values by the id or the name of a characteristic; "" takes a value away."""
LONGEST_VALUE: Final = 200
_NUMBER: Final = re.compile(r"[-+]?(?:[0-9]{1,15}(?:\.[0-9]{0,6})?|\.[0-9]{1,6})")
_YES: Final = frozenset({"yes", "y", "true", "1"})
_NO: Final = frozenset({"no", "n", "false", "0"})


def value_field(characteristic: Characteristic) -> str:
    """Return the name of a form's field for a characteristic, at which refusals are shown."""
    return f"char_{characteristic.pk}"


def stored_value(characteristic: Characteristic, text: str, *, field: str | None = None) -> str:
    """Return `text` in the one writing in which values of the kind are stored; "" stays "".

    A number has a point before its decimals and no groups; 1.50 is stored as 1.5. Yes or no and
    choices are taken in any letter case. Raises ValueNotPossible at `field`.
    """
    text = text.strip()
    name, kind = characteristic.name, characteristic.kind
    if not text:
        return ""
    if kind == CharacteristicKind.NUMBER:
        if not _NUMBER.fullmatch(text):
            raise ValueNotPossible(
                f"{name} is a number with at most 15 digits before the point and 6 after it.",
                field=field,
            )
        number = Decimal(text).normalize()
        return f"{number if number else Decimal(0):f}"
    if kind == CharacteristicKind.YES_NO:
        if text.casefold() in _YES:
            return "YES"
        if text.casefold() in _NO:
            return "NO"
        raise ValueNotPossible(f"{name} is yes or no.", field=field)
    if kind == CharacteristicKind.CHOICE:
        choice = find_choice(characteristic.choices, text)
        if choice is None:
            offered = ", ".join(characteristic.choices)
            raise ValueNotPossible(f"{name} is one of {offered}; not {text}.", field=field)
        return choice
    if len(text) > LONGEST_VALUE:
        raise ValueNotPossible(f"{name} has at most {LONGEST_VALUE} letters.", field=field)
    return text


@transaction.atomic
def set_values(product: Product, values: Values) -> None:
    """Set what the product answers to the characteristics named; the others keep their answers.

    All required characteristics must have an answer afterwards. Raises ValueNotPossible at the
    field of the characteristic (`value_field`).
    """
    stored_product = (
        Product.objects.select_for_update(of=("self",), no_key=True)
        .select_related("type")
        .get(pk=product.pk)
    )
    asked = _asked(stored_product.type)
    named = _by_characteristic(stored_product.type, asked, values)
    stored = {row.characteristic_id: row for row in stored_product.values.all()}
    for characteristic in asked:
        row = stored.get(characteristic.pk)
        value = row.value if row else ""
        if characteristic.pk in named:
            field = value_field(characteristic)
            value = stored_value(characteristic, named[characteristic.pk], field=field)
        if characteristic.required and not value:
            raise ValueNotPossible(
                f"{stored_product.type} requires {characteristic.name}.",
                field=value_field(characteristic),
            )
        _store(stored_product, characteristic, row, value)


@transaction.atomic
def set_first_values(product: Product, values: Values) -> None:
    """Set the values of a product that is being created: what is not named gets its default.

    The caller holds the type. A value named and left empty gets none. Raises ValueNotPossible as
    `set_values`.
    """
    asked = list(characteristics_of(product.type))
    if asked or values:
        named = _by_characteristic(product.type, asked, values)
        set_values(product, {one.pk: named.get(one.pk, one.default) for one in asked})


@transaction.atomic
def move_values(product: Product, new_type: ProductType) -> None:
    """Let the values follow a product that takes `new_type`: those of characteristics with the
    same name and kind move, the others are dropped, and what has no value gets its default.

    Required characteristics may be left without a value: the next setting of values asks for
    them.
    """
    asked = _asked(new_type)
    kept = {
        answer.characteristic.pk: answer.value for answer in type_change(product, new_type).kept
    }
    for row in CharacteristicValue.objects.filter(product=product):
        row.delete()
    for characteristic in asked:
        _store(product, characteristic, None, kept.get(characteristic.pk, characteristic.default))


def _asked(product_type: ProductType) -> list[Characteristic]:
    """Return the type's characteristics, held so that they stay until the values are there."""
    ProductType.objects.select_for_update(of=("self",), no_key=True).get(pk=product_type.pk)
    return list(characteristics_of(product_type))


def _by_characteristic(
    product_type: ProductType, asked: list[Characteristic], values: Values
) -> dict[int, str]:
    by_name = {one.name.casefold(): one.pk for one in asked}
    known = {one.pk for one in asked}
    found: dict[int, str] = {}
    for key, text in values.items():
        pk = key if isinstance(key, int) else by_name.get(key.strip().casefold())
        if pk is None or pk not in known:
            raise ValueNotPossible(f"{product_type} has no characteristic {key}.")
        found[pk] = text
    return found


def _store(
    product: Product, characteristic: Characteristic, row: CharacteristicValue | None, value: str
) -> None:
    """Write only what differs, so that history records changes and nothing else."""
    if row is None:
        if value:
            CharacteristicValue.objects.create(
                product=product, characteristic=characteristic, value=value
            )
    elif not value:
        row.delete()
    elif row.value != value:
        row.value = value
        row.save(update_fields=["value"])
