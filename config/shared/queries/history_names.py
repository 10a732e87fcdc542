"""Names of what history rows refer to, found for all rows at once."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import ForeignKey, Model, QuerySet

from config.shared.queries.history_rows import history_rows

if TYPE_CHECKING:
    from config.shared.queries.history import HistoryPart


class Names:
    """Collects what rows refer to (`need`), then asks once for each model (`find`)."""

    def __init__(self) -> None:
        self._keys: dict[type[Model], set[Any]] = {}
        self._texts: dict[tuple[type[Model], Any], str] = {}
        self._links: dict[tuple[type[Model], str], dict[int, list[Any]]] = {}
        self._steps: dict[tuple[type[Model], str], dict[Any, Any]] = {}

    def need(self, part: "HistoryPart", rows: Iterable[Any]) -> None:
        """Note what the foreign keys of `rows` refer to, those that names of parts follow further
        on among them, and read what the rows were linked to many-to-many.
        """
        rows = list(rows)
        for field in part.fields:
            if isinstance(field, ForeignKey):
                keys = {getattr(row, field.attname, None) for row in rows} - {None}
                self._keys.setdefault(target_of(field), set()).update(keys)
        for path in part.named_by:
            if "__" in path:
                self._read_step(part.model, path, rows)
        for field in linked_fields(rows):
            self._read_links(part.model, field, rows)

    def find(self) -> None:
        """Read the names: of what is gone since, as it was last."""
        for model, keys in self._keys.items():
            if not keys:
                continue
            found = model._default_manager.in_bulk(list(keys))
            self._texts |= {(model, key): str(one) for key, one in found.items()}
            gone = keys - found.keys()
            if gone and hasattr(model._meta, "simple_history_manager_attribute"):
                self._texts |= _last_names(model, gone)

    def of(self, model: type[Model], key: Any) -> str:
        """Return the name of a record."""
        return self._texts.get((model, key), f"no. {key}, deleted since")

    def along(self, model: type[Model], row: Any, path: str) -> str:
        """Return the name of what a row refers to along a path of two foreign keys, or ""."""
        first, last = path.split("__")
        passed: Any = model._meta.get_field(first)
        key = self._steps[model, path].get(getattr(row, passed.attname))
        return (
            "" if key is None else self.of(target_of(target_of(passed)._meta.get_field(last)), key)
        )

    def linked(self, row: Any, model: type[Model], field: Any) -> list[str]:
        """Return the names that a row was linked to, in order."""
        keys = self._links[model, field.name].get(row.history_id, ())
        return sorted((self.of(field.related_model, key) for key in keys), key=str.casefold)

    def _read_step(self, model: type[Model], path: str, rows: Iterable[Any]) -> None:
        first, last = path.split("__")
        field: Any = model._meta.get_field(first)
        key: Any = target_of(field)._meta.get_field(last)
        passed = _last(target_of(field), {getattr(row, field.attname) for row in rows} - {None})
        found = dict(passed.values_list("id", key.attname))
        self._steps[model, path] = found
        self._keys.setdefault(target_of(key), set()).update(set(found.values()) - {None})

    def _read_links(self, model: type[Model], field: Any, rows: Iterable[Any]) -> None:
        through = field.remote_field.through._meta
        links: Any = apps.get_model(through.app_label, f"Historical{through.object_name}")
        keys = self._links.setdefault((model, field.name), {})
        pairs = links.objects.filter(history_id__in=[row.history_id for row in rows])
        target = f"{field.m2m_reverse_field_name()}_id"
        for row_id, key in pairs.values_list("history_id", target):
            keys.setdefault(row_id, []).append(key)
            self._keys.setdefault(field.related_model, set()).add(key)


def target_of(field: Any) -> type[Model]:
    """Return the model that a foreign key refers to."""
    target: type[Model] = field.remote_field.model
    return target


def linked_fields(rows: Iterable[Any]) -> list[Any]:
    """Return the many-to-many fields that the history of `rows` follows."""
    return next((list(row._history_m2m_fields) for row in rows), [])


def _last_names(model: type[Model], keys: Iterable[Any]) -> dict[tuple[type[Model], Any], str]:
    return {(model, row.id): f"{row.instance}, deleted since" for row in _last(model, keys)}


def _last(model: type[Model], keys: Iterable[Any]) -> "QuerySet[Any]":
    """Return the last history row of each record, deleted or not."""
    rows = history_rows(model).filter(id__in=keys)
    return rows.order_by("id", "-history_id").distinct("id")
