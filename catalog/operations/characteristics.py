"""What a product type asks of its products: its characteristics as one list of rows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.db import transaction

from catalog.models import Characteristic, CharacteristicKind, CharacteristicValue, ProductType
from catalog.operations.errors import CharacteristicNotPossible, StillInUse, ValueNotPossible
from catalog.operations.values import stored_value
from catalog.queries.characteristics import characteristics_of, find_choice

MOST_CHARACTERISTICS: Final = 100
LONGEST_CHOICE: Final = 80
FIELDS: Final = ("name", "kind", "unit", "choices", "required", "default")


@dataclass(frozen=True, slots=True)
class CharacteristicRow:
    """One characteristic. With the `id` of a stored one it may have another name; without, it is
    the stored one of the same name, or a new one.
    """

    name: str
    kind: str
    unit: str = ""
    choices: Sequence[str] = ()
    required: bool = False
    default: str = ""
    id: int | None = None


@transaction.atomic
def set_characteristics(product_type: ProductType, rows: Sequence[CharacteristicRow]) -> None:
    """Make `rows` the characteristics of a type, in their order; values keep theirs.

    Raises CharacteristicNotPossible or ValueNotPossible (the default) with the row and field at
    fault, or StillInUse for what products answer already, also where it would be removed.
    """
    held = ProductType.objects.select_for_update(of=("self",), no_key=True).get(pk=product_type.pk)
    if len(rows) > MOST_CHARACTERISTICS:
        raise CharacteristicNotPossible(f"A type has at most {MOST_CHARACTERISTICS}.")
    stored = {one.pk: one for one in characteristics_of(held)}
    by_name = {one.name.casefold(): one for one in stored.values()}
    clean = [_clean(row, place) for place, row in enumerate(rows)]
    matched: list[Characteristic | None] = []
    for place, row in enumerate(clean):
        _check_name(clean, place)
        one = stored.get(row.id) if row.id is not None else by_name.get(row.name.casefold())
        if row.id is not None and one is None:
            raise CharacteristicNotPossible(
                f"{row.name} was removed meanwhile: load the page anew.", field="name", row=place
            )
        if one is not None:
            _check_use(one, row, place)
        matched.append(one)
    _remove([one for one in stored.values() if one not in matched])
    _make_room(clean, matched)
    for place, (row, one) in enumerate(zip(clean, matched, strict=True)):
        _save(held, row, one, place)


def _clean(row: CharacteristicRow, place: int) -> CharacteristicRow:
    """Return the row in one writing, checked by itself."""
    row = replace(
        row,
        name=row.name.strip(),
        unit=row.unit.strip(),
        choices=[choice.strip() for choice in row.choices if choice.strip()],
        default=row.default.strip(),
    )
    if not row.name:
        raise CharacteristicNotPossible("Give it a name.", field="name", row=place)
    if row.kind not in CharacteristicKind.values:
        raise CharacteristicNotPossible("Choose a kind.", field="kind", row=place)
    if row.unit and row.kind != CharacteristicKind.NUMBER:
        raise CharacteristicNotPossible("Only numbers have a unit.", field="unit", row=place)
    _check_choices(row, place)
    try:
        probe = Characteristic(name=row.name, kind=row.kind, choices=list(row.choices))
        return replace(row, default=stored_value(probe, row.default))
    except ValueNotPossible as refusal:
        raise ValueNotPossible(str(refusal), field="default", row=place) from refusal


def _check_choices(row: CharacteristicRow, place: int) -> None:
    if row.kind != CharacteristicKind.CHOICE:
        if row.choices:
            raise CharacteristicNotPossible(
                "Only the kind Choice has choices.", field="choices", row=place
            )
        return
    for number, choice in enumerate(row.choices):
        if find_choice(row.choices[:number], choice) is not None:
            raise CharacteristicNotPossible(
                f"The choice {choice} stands there twice.", field="choices", row=place
            )
        if len(choice) > LONGEST_CHOICE:
            raise CharacteristicNotPossible(
                f"A choice has at most {LONGEST_CHOICE} letters.", field="choices", row=place
            )
    if len(row.choices) < 2:
        raise CharacteristicNotPossible("Give two choices or more.", field="choices", row=place)


def _check_name(rows: Sequence[CharacteristicRow], place: int) -> None:
    name = rows[place].name
    if name.casefold() in {row.name.casefold() for row in rows[:place]}:
        raise CharacteristicNotPossible(
            f"The type already has a characteristic {name}.", field="name", row=place
        )


def _check_use(one: Characteristic, row: CharacteristicRow, place: int) -> None:
    """Refuse what would leave values behind that do not fit."""
    if not one.values.exists():
        return
    if row.kind != one.kind:
        raise StillInUse(
            f"Products have a value for {one.name}, so its kind stays.", field="kind", row=place
        )
    used = CharacteristicValue.objects.filter(characteristic=one).order_by("value")
    for value in used.values_list("value", flat=True).distinct() if row.choices else ():
        if find_choice(row.choices, value) is None:
            raise StillInUse(
                f"Products have the choice {value}, so it stays.", field="choices", row=place
            )


def _remove(gone: Sequence[Characteristic]) -> None:
    for one in gone:
        count = one.values.count()
        if count:
            holders = "1 product has" if count == 1 else f"{count} products have"
            raise StillInUse(
                f"{one.name} cannot be removed: {holders} a value for it.", removed=one.pk
            )
    for one in gone:
        one.delete()


def _make_room(rows: Sequence[CharacteristicRow], matched: Sequence[Characteristic | None]) -> None:
    """Free the names that stored characteristics give up, so that two may swap theirs."""
    for row, one in zip(rows, matched, strict=True):
        if one is not None and row.name.casefold() != one.name.casefold():
            Characteristic.objects.filter(pk=one.pk).update(name=f"\u241f{one.pk}")


def _save(
    product_type: ProductType, row: CharacteristicRow, one: Characteristic | None, place: int
) -> None:
    """Save only what differs, so that history records changes and nothing else."""
    wanted = {field: getattr(row, field) for field in FIELDS} | {
        "choices": list(row.choices),
        "sort_order": place,
    }
    if one is None:
        Characteristic.objects.create(type=product_type, **wanted)
        return
    if all(getattr(one, field) == value for field, value in wanted.items()):
        return
    for field, value in wanted.items():
        setattr(one, field, value)
    one.save()
    _rewrite_choices(one)


def _rewrite_choices(one: Characteristic) -> None:
    """Follow a choice that is written in another letter case now."""
    if one.kind != CharacteristicKind.CHOICE:
        return
    for row in CharacteristicValue.objects.filter(characteristic=one).exclude(
        value__in=one.choices
    ):
        row.value = find_choice(one.choices, row.value) or row.value
        row.save(update_fields=["value"])
