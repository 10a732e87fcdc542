"""A row of a file as a record, and what becomes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from config.shared.imports.files import Line
from config.shared.models import RowOutcome


class Draft:
    """A record as a row would have it: its values are attributes, named as the columns name them.

    `record` is the stored one or None; `stored` are its values, or those that a new one begins
    with.
    """

    def __init__(self, record: models.Model | None, stored: Mapping[str, Any]) -> None:
        self.record = record
        self.stored = dict(stored)
        self.__dict__.update(stored)

    def values(self) -> dict[str, Any]:
        """Return the values by attribute."""
        return {name: getattr(self, name) for name in self.stored}

    def changes(self) -> dict[str, Any]:
        """Return the new values of what differs from the stored ones."""
        return {name: new for name, new in self.values().items() if new != self.stored[name]}


@dataclass(frozen=True, slots=True)
class RowReport:
    """What becomes of a line. `changes` is column → [stored, new]; `errors` column → reasons."""

    line: Line
    outcome: RowOutcome
    changes: dict[str, list[str]] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)


def plain_text(value: Any) -> Any:
    """Return a value; text with the line ends that files have."""
    return value.replace("\r\n", "\n") if isinstance(value, str) else value
