"""Characteristics of types, and what products answer to them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from catalog.models import Characteristic, CharacteristicKind, CharacteristicValue, Product
from catalog.models import ProductType as Type
from config.shared.statements import Given, Statement

_WORDS = {"YES": "Yes", "NO": "No"}


@dataclass(frozen=True, slots=True)
class Answer:
    """A characteristic of a product's type and the value stored for it; "" where there is none."""

    characteristic: Characteristic
    value: str

    @property
    def text(self) -> str:
        """The value as people read it: 100 Mbit/s, Yes; "" where there is none."""
        return value_text(self.characteristic, self.value)


@dataclass(frozen=True, slots=True)
class TypeChange:
    """What becomes of a product's values when it takes another type."""

    kept: list[Answer]
    dropped: list[Answer]

    @property
    def text(self) -> str:
        """The change in words; "" where the product has no values."""
        parts = []
        if self.kept:
            parts.append(f"Keeps {_named(self.kept)}.")
        if self.dropped:
            parts.append(
                f"Drops {_named(self.dropped)}, which the new type does not ask; the history "
                "keeps them."
            )
        return " ".join(parts)


def characteristics_of(product_type: Type) -> QuerySet[Characteristic]:
    """Return the characteristics of a type in their order."""
    return Characteristic.objects.filter(type=product_type).order_by("sort_order", "id")


def values_of(product: Product) -> list[Answer]:
    """Return an answer for each characteristic of the product's type, in order; one query."""
    asked = _ASKED.ask(product=product.pk, type=product.type_id)
    return [Answer(each, each.stored or "") for each in asked]


def type_change(product: Product, new_type: Type) -> TypeChange:
    """Return which values move when the product takes `new_type`: those of a characteristic of
    the same name and kind (of a choice: that is offered there too).
    """
    targets = {match_key(asked): asked for asked in characteristics_of(new_type)}
    kept, dropped = [], []
    rows = (
        CharacteristicValue.objects.filter(product=product)
        .select_related("characteristic")
        .order_by("characteristic__sort_order", "characteristic_id")
    )
    for row in rows:
        old = row.characteristic
        new = targets.get(match_key(old))
        value = value_for(new, row.value) if new is not None else ""
        if new is not None and value:
            kept.append(Answer(new, value))
        else:
            dropped.append(Answer(old, row.value))
    return TypeChange(kept, dropped)


def match_key(characteristic: Characteristic) -> tuple[str, str]:
    """Return by what characteristics of two types are the same."""
    return characteristic.name.casefold(), characteristic.kind


def value_for(characteristic: Characteristic, value: str) -> str:
    """Return a stored value in the writing of another characteristic of its kind; "" if it does
    not offer it.
    """
    if characteristic.kind != CharacteristicKind.CHOICE:
        return value
    return find_choice(characteristic.choices, value) or ""


def find_choice(choices: Iterable[str], text: str) -> str | None:
    """Return the choice that `text` names, whatever its letter case."""
    return next((choice for choice in choices if choice.casefold() == text.casefold()), None)


def value_text(characteristic: Characteristic, value: str) -> str:
    """Return a stored value as people read it: with its unit, Yes or No."""
    if characteristic.kind == CharacteristicKind.YES_NO:
        return _WORDS.get(value, value)
    return f"{value} {characteristic.unit}" if value and characteristic.unit else value


def _named(answers: Iterable[Answer]) -> str:
    return ", ".join(f"{answer.characteristic.name} ({answer.text})" for answer in answers)


def _with_values() -> QuerySet[Characteristic]:
    values = CharacteristicValue.objects.filter(
        product=Given("product"), characteristic=OuterRef("pk")
    )
    return (
        Characteristic.objects.filter(type=Given("type"))
        .annotate(stored=Subquery(values.values("value")[:1]))
        .order_by("sort_order", "id")
    )


_ASKED: Statement[Any] = Statement(_with_values)
