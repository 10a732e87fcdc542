"""What the imports share whose rows are records with a code."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

from django.db import models

from config.shared.imports.columns import RecordCell
from config.shared.imports.drafts import Draft
from config.shared.imports.files import Line
from config.shared.imports.lookups import Found, find_by_text
from config.shared.imports.resources import MasterResource
from pricing.queries.errors import PricingError

_DAYS: Final = ("valid_from", "valid_until")


class PricingResource(MasterResource):
    """Rows that are operation calls of pricing."""

    refusals = (PricingError,)
    part_of: ClassVar[type[models.Model] | None] = None
    """What the rows are a part of, where who may change that may change them."""

    @classmethod
    def permissions(cls) -> list[str]:
        """Return what one needs to import."""
        return [_permission("change", cls.part_of)] if cls.part_of else super().permissions()

    @classmethod
    def view_permission(cls) -> str:
        """Return what one needs to export."""
        return _permission("view", cls.part_of) if cls.part_of else super().view_permission()

    def found(self, attribute: str) -> list[Any]:
        """Return the records that rows name in a column; look them up by `load_records`."""
        column: Any = self.column(attribute)
        return list(column.widget.found.values())

    def named(self, attribute: str, row: Mapping[str, str]) -> Any:
        """Return the record that a row names in a column, or None; look it up by `load_records`."""
        column: Any = self.column(attribute)
        cell: RecordCell = column.widget
        text = row.get(column.name, "")
        return cell.found.get(text) or cell.made.get(text.upper())

    def key_of(self, row: Mapping[str, str]) -> tuple[str, str]:
        """Return the last column of the key, and all of them as one text."""
        names = [column.name for column in map(self.column, self.key) if column]
        texts = [row.get(name, "") for name in names]
        return (names[-1], "\n".join(texts)) if all(texts) else ("", "")

    def attribute_of(self, refusal: Exception) -> str:
        """Return the column at fault: both days of a period are one."""
        if getattr(refusal, "field", "") in _DAYS and self.column("validity"):
            return "validity"
        return super().attribute_of(refusal)


class SetResource(PricingResource):
    """Rows that are set by one operation, whether they are there or not: `create` sets them."""

    def change(self, draft: Draft) -> models.Model | None:
        """Set the row in the place of what is there."""
        return self.create(draft)


class CodedResource(PricingResource):
    """Records that are found by their code."""

    key = ("code",)

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.by_code: Found = {}

    def load(self, lines: Sequence[Line]) -> None:
        """Look up the rows' records and what they name."""
        found = find_by_text(self.model, "code", self.texts_of(lines, "code"))
        self.prepared(list(found.values()))
        self.by_code |= found
        self.load_records(lines)

    def find(self, row: Mapping[str, str]) -> models.Model | None:
        """Find the record by its code."""
        return self.by_code.get(row.get("code", ""))

    def all_records(self) -> models.QuerySet[Any]:
        """Return all, by code."""
        return self.model._default_manager.order_by("code", "pk")


def _permission(verb: str, model: type[models.Model]) -> str:
    return f"{model._meta.app_label}.{verb}_{model._meta.model_name}"
