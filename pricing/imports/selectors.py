"""Cells that name products, types and families: "product SPORTS; 2 x type tv in family pay-tv"."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from catalog.models import Product, ProductFamily, ProductType
from config.shared.imports.columns import Cell, RecordCell, join, split

_WORDS: Final = ("product", "type", "family")
_PART: Final = re.compile(
    r"(?:(?P<least>\d+(?:\.\d+)?)\s*[x×]\s+)?"
    r"(?:product\s+(?P<product>\S+)"
    r"|type\s+(?P<type>\S+)(?:\s+in\s+family\s+(?P<both>\S+))?"
    r"|family\s+(?P<family>\S+))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Named:
    """One part of a cell: the records it names, and how many of them; equal by what it names."""

    product: Product | None = None
    type: ProductType | None = None
    family: ProductFamily | None = None
    least_quantity: Decimal = Decimal(1)


class SelectorsCell(Cell):
    """Products, or types and/or families; with `counted`, how many of each there have to be."""

    empty = ()

    def __init__(self, *, counted: bool = False) -> None:
        super().__init__()
        self.counted = counted
        self.records = {
            "product": RecordCell(Product),
            "type": RecordCell(ProductType),
            "family": RecordCell(ProductFamily),
        }

    def load(self, texts: Iterable[str]) -> None:
        """Look up what many cells name; a query for each kind of record."""
        wanted: dict[str, set[str]] = {word: set() for word in _WORDS}
        for text in texts:
            for part in split(text):
                match = _PART.fullmatch(part)
                for word, code in _codes(match).items() if match else ():
                    wanted[word].add(code)
        for word, codes in wanted.items():
            self.records[word].load(codes)

    def read(self, text: str) -> tuple[Named, ...]:
        """Return what the cell names, in its order."""
        return tuple(map(self._part, split(text)))

    def write(self, value: Any) -> Any:
        """Return it as it is read."""
        return join(map(self._text, value))

    def hints(self) -> str:
        """Return how it is written."""
        return "product CODE; type CODE; family CODE; type CODE in family CODE"

    def _part(self, text: str) -> Named:
        match = _PART.fullmatch(text)
        if match is None or (match["least"] and not self.counted):
            raise ValueError(f"“{text}” names nothing; write {self.hints()}.")
        named = {word: self.records[word].read(code) for word, code in _codes(match).items()}
        return Named(**named, least_quantity=Decimal(match["least"] or 1))

    def _text(self, named: Named) -> str:
        count = ""
        if self.counted and named.least_quantity != 1:
            count = f"{named.least_quantity.normalize():f} x "
        if named.product is not None:
            return f"{count}product {named.product.code}"
        texts = [
            f"{word} {record.code}"
            for word, record in (("type", named.type), ("family", named.family))
            if record is not None
        ]
        return count + " in ".join(texts)


def _codes(match: re.Match[str]) -> dict[str, str]:
    found = {word: match[word] for word in _WORDS if match[word]}
    if match["both"]:
        found["family"] = match["both"]
    return found
