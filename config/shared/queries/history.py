"""What people changed on a record and on its parts: newest first, old and new values in words."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from django.conf import settings
from django.db.models import F, Field, Model, OuterRef, Q, QuerySet, Subquery, Value
from django.utils.module_loading import import_string

from config.shared.queries.history_entries import HistoryEntry, entries_of
from config.shared.queries.history_names import Names
from config.shared.queries.history_rows import history_rows

MOST_ENTRIES: Final = 50
MOST_SKIPPED: Final = 10_000


@dataclass(frozen=True, slots=True)
class HistoryPart:
    """Another model whose changes belong to the history of a record.

    `link` is the way to the record through foreign keys (`item__bundle`); a part without one says
    by `where` which of its history rows are meant. `named_by` are the fields that tell parts of one
    record apart; `hidden` ones are left out; `texts` write a field's value in words.
    """

    model: type[Model]
    label: str
    record: type[Model] | None = None
    """The record's model; None: any."""
    link: str = ""
    where: Callable[[Model], Q] | None = None
    named_by: Sequence[str] = ()
    hidden: Sequence[str] = ("sort_order",)
    texts: Mapping[str, Callable[[Any], str]] = field(default_factory=dict)

    def rows(self, record: Model) -> "QuerySet[Any]":
        """Return the history rows of all parts of `record`, those removed since among them."""
        history: QuerySet[Any] = history_rows(self.model)
        if self.where is not None:
            return history.filter(self.where(record))
        return history.filter(_linked(self.model, self.link.split("__"), record.pk))

    @property
    def fields(self) -> "list[Field[Any, Any]]":
        """The fields that are shown: not the key, nor those that only lead somewhere."""
        passed = {name.partition("__")[0] for name in self.named_by if "__" in name}
        key = self.model._meta.pk.name
        left_out = {key, self.link.partition("__")[0], *passed, *self.hidden} - set(self.named_by)
        return [field for field in self.model._meta.fields if field.name not in left_out]

    @property
    def permission(self) -> str:
        """What it takes to see the part; "" where it goes with its record."""
        if self.record is None:
            return ""
        return f"{self.model._meta.app_label}.view_{self.model._meta.model_name}"


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Some acts on a record, newest first; `older` is what to skip for those before, or None."""

    entries: Sequence[HistoryEntry]
    newer: int | None = None
    older: int | None = None


def history_of(
    record: Model,
    *,
    skip: int = 0,
    count: int = MOST_ENTRIES,
    may_see: Callable[[str], bool] = lambda permission: True,
) -> HistoryPage:
    """Return the acts on a record and its parts after the `skip` newest, `count` rows of history.

    Parts for whose permission `may_see` says no are left out. One query finds the rows, two for
    each model involved read them, one for each model named by a foreign key finds the names.
    """
    skip = max(0, min(skip, MOST_SKIPPED))
    parts = [
        HistoryPart(type(record), str(record._meta.verbose_name).capitalize(), hidden=()),
        *(
            part
            for part in _parts()
            if (part.record is None or isinstance(record, part.record))
            and (not part.permission or may_see(part.permission))
        ),
    ]
    found = list(_newest(parts, record, skip + count + 1)[skip:])
    shown: dict[int, list[int]] = {}
    for number, row_id, _ in found[:count]:
        shown.setdefault(number, []).append(row_id)
    wanted = {number: _with_previous(parts[number], ids) for number, ids in shown.items()}
    versions = {number: _versions(parts[number], ids) for number, ids in wanted.items()}
    names = Names()
    for number, rows in versions.items():
        names.need(parts[number], rows.values())
    names.find()
    entries = [
        entry
        for number, ids in wanted.items()
        for entry in entries_of(parts[number], ids, versions[number], names, is_part=number > 0)
    ]
    return HistoryPage(
        sorted(entries, key=lambda entry: entry.at, reverse=True),
        newer=max(0, skip - count) if skip else None,
        older=skip + count if len(found) > count and skip + count <= MOST_SKIPPED else None,
    )


@cache
def _parts() -> tuple[HistoryPart, ...]:
    return tuple(part for path in settings.HISTORY_PARTS for part in import_string(path))


def _linked(model: type[Model], link: Sequence[str], pk: Any) -> Q:
    """Say which history rows lead to the record, by what their parents were at any time."""
    key: Any = model._meta.get_field(link[0])
    if len(link) == 1:
        return Q(**{key.attname: pk})
    parents = history_rows(key.related_model).filter(_linked(key.related_model, link[1:], pk))
    return Q(**{f"{key.attname}__in": parents.values(key.related_model._meta.pk.attname)})


def _newest(parts: Sequence[HistoryPart], record: Model, count: int) -> "QuerySet[Any, Any]":
    """Return the newest rows as (number of the part, row, instant)."""
    branches = []
    for number, part in enumerate(parts):
        key = part.model._meta.pk.attname
        rows = part.rows(record) if number else history_rows(part.model).filter(**{key: record.pk})
        branches.append(
            rows.order_by("-history_date", "-history_id")
            .annotate(part=Value(number), row=F("history_id"), at=F("history_date"))
            .values_list("part", "row", "at")[:count]
        )
    first, *others = branches
    found: QuerySet[Any, Any] = first.union(*others, all=True)
    return found.order_by("-at", "-part", "-row")[:count]


def _with_previous(part: HistoryPart, ids: Sequence[int]) -> dict[int, int | None]:
    """Return for each row of a part's history the one before it of the same record, or None."""
    key = part.model._meta.pk.attname
    earlier = (
        history_rows(part.model)
        .filter(**{key: OuterRef(key), "history_id__lt": OuterRef("history_id")})
        .order_by("-history_id")
    )
    rows = history_rows(part.model).filter(history_id__in=ids)
    found = dict(rows.values_list("history_id", Subquery(earlier.values("history_id")[:1])))
    return {row_id: found[row_id] for row_id in ids}


def _versions(part: HistoryPart, ids: Mapping[int, int | None]) -> dict[int, Any]:
    wanted = {row_id for pair in ids.items() for row_id in pair if row_id is not None}
    rows = history_rows(part.model).filter(history_id__in=wanted).select_related("history_user")
    return {row.history_id: row for row in rows}
