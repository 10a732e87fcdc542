"""Entries of a history: one for each act on one record, with the fields that it changed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django.contrib.postgres.fields import ArrayField
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import ForeignKey
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst

from config.shared.queries.history_names import Names, linked_fields, target_of
from config.shared.templatetags.ui_tags import days

if TYPE_CHECKING:
    from config.shared.queries.history import HistoryPart

WORDS: Final = {"+": "added", "~": "changed", "-": "removed"}
NOTHING: Final = "–"
SHORT_LIST: Final = 12
# Saving a form writes a record more than once: itself, and each list that hangs on it.
ONE_ACT: Final = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Change:
    """One field: its old and new value in words. What was added or removed has only one."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One act on one record. `source` is the run or import it came from, or ""."""

    at: datetime
    by: str
    subject: str
    word: str
    changes: Sequence[Change] = ()
    source: str = ""


def entries_of(
    part: "HistoryPart",
    ids: Mapping[int, int | None],
    versions: Mapping[int, Any],
    names: Names,
    *,
    is_part: bool,
) -> Iterator[HistoryEntry]:
    """Return the acts that the rows `ids` (row → the row before) record; none where nothing that
    is shown changed.
    """
    words = _Words(part, names, versions)
    for newest, oldest in _acts(ids, versions):
        before = ids[oldest.history_id]
        older = None if before is None else versions[before]
        word = WORDS["+" if oldest.history_type == "+" else newest.history_type]
        changes: Sequence[Change] = ()
        if word != WORDS["~"]:
            changes = words.values(newest, word)
        elif older is not None:
            changes = words.differences(older, newest)
            if not changes:
                continue
        subject = f"{part.label} {words.name(newest)}".strip() if is_part else part.label
        user = newest.history_user
        yield HistoryEntry(
            oldest.history_date if word == WORDS["+"] else newest.history_date,
            user.get_username() if user else "system",
            subject,
            word,
            changes,
            newest.history_change_reason or "",
        )


def _acts(ids: Mapping[int, int | None], versions: Mapping[int, Any]) -> Iterator[tuple[Any, Any]]:
    """Return (newest, oldest) row of each act: rows of one record that one person wrote at once."""
    newest = oldest = None
    pk = next(iter(versions.values())).instance_type._meta.pk.attname if versions else ""
    rows = sorted(
        (versions[row_id] for row_id in ids),
        key=lambda row: (getattr(row, pk), row.history_id),
        reverse=True,
    )
    for row in rows:
        if oldest is not None and _is_same_act(newest, oldest, row, pk):
            oldest = row
            continue
        if newest is not None:
            yield newest, oldest
        newest = oldest = row
    if newest is not None:
        yield newest, oldest


def _is_same_act(newest: Any, oldest: Any, row: Any, pk: str) -> bool:
    return bool(
        getattr(row, pk) == getattr(newest, pk)
        and newest.history_type == oldest.history_type == "~"
        and row.history_type in "+~"
        and row.history_user_id == newest.history_user_id
        and row.history_change_reason == newest.history_change_reason
        and abs(newest.history_date - row.history_date) < ONE_ACT
    )


class _Words:
    """The fields of one model's history rows in words."""

    def __init__(self, part: "HistoryPart", names: Names, versions: Mapping[int, Any]) -> None:
        self.part = part
        self.names = names
        self.linked = linked_fields(versions.values())
        self.fields = [field for field in part.fields if field.name not in part.hidden]

    def differences(self, older: Any, newer: Any) -> list[Change]:
        """Return what differs between two versions."""
        changes = []
        for field in self.fields:
            old, new = self.text(older, field), self.text(newer, field)
            if old != new:
                changes.append(Change(_label(field), old, new))
        for field in self.linked:
            changes += self.links_changed(older, newer, field)
        return changes

    def links_changed(self, older: Any, newer: Any, field: Any) -> list[Change]:
        """Return both lists of names; of long ones only what one has and the other has not."""
        old, new = (self.names.linked(row, self.part.model, field) for row in (older, newer))
        if old == new:
            return []
        label = _label(field)
        if max(len(old), len(new)) > SHORT_LIST:
            label = f"{label}, only what differs"
            kept = set(old) & set(new)
            old, new = ([one for one in names if one not in kept] for names in (old, new))
        return [Change(label, ", ".join(old) or NOTHING, ", ".join(new) or NOTHING)]

    def values(self, row: Any, word: str) -> list[Change]:
        """Return what was added or removed, but for what is empty or as it usually is."""
        texts = [
            (_label(field), self.text(row, field))
            for field in self.fields
            if field.name not in self.part.named_by and not _is_usual(row, field)
        ]
        texts += [(_label(field), self.links(row, field)) for field in self.linked]
        removed = word == WORDS["-"]
        return [
            Change(label, text if removed else "", "" if removed else text)
            for label, text in texts
            if text != NOTHING
        ]

    def name(self, row: Any) -> str:
        """Return what tells the part from others of the record."""
        fields = {field.name: field for field in row.instance_type._meta.fields}
        texts = [
            self.names.along(self.part.model, row, name)
            if "__" in name
            else self.text(row, fields[name])
            for name in self.part.named_by
        ]
        return " · ".join(text for text in texts if text not in ("", NOTHING))

    def links(self, row: Any, field: Any) -> str:
        """Return the names of what a row was linked to."""
        return ", ".join(self.names.linked(row, self.part.model, field)) or NOTHING

    def text(self, row: Any, field: Any) -> str:
        """Return the value of a field in words."""
        value = getattr(row, field.attname, None)
        if value is None or value in ("", [], {}):
            return NOTHING
        if field.name in self.part.texts:
            return self.part.texts[field.name](value)
        if isinstance(field, ForeignKey):
            return self.names.of(target_of(field), value)
        if field.choices:
            return _choice(field, value)
        if isinstance(field, ArrayField) and field.base_field.choices:
            return ", ".join(_choice(field.base_field, one) for one in value)
        return _plain(value)


def _choice(field: Any, value: Any) -> str:
    return str(dict(field.flatchoices).get(value, value))


def _label(field: Any) -> str:
    return str(capfirst(field.verbose_name))


def _is_usual(row: Any, field: Any) -> bool:
    value = getattr(row, field.attname, None)
    return value is False or (field.has_default() and value == field.get_default())


def _plain(value: Any) -> str:
    match value:
        case bool():
            return "Yes" if value else "No"
        case Decimal():
            return f"{value.normalize():,f}"
        case DateRange():
            return days(value)
        case datetime():
            return date_format(timezone.localtime(value), "DATETIME_FORMAT")
        case date():
            return date_format(value)
        case list():
            return ", ".join(_plain(one) for one in value)
        case dict():
            return "; ".join(f"{name}: {_plain(one)}" for name, one in value.items())
    return str(value)
