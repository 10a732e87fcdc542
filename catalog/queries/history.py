"""What people changed on a product: newest first, each change with the old and the new value."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any, Final

from django.apps import apps
from django.db import models

from catalog.models import BundleComponent, Product, ProductValidity
from config.shared.templatetags.ui_tags import days

WORDS: Final = {"+": "added", "~": "changed", "-": "removed"}
MOST_ENTRIES: Final = 50
# label, model of the links' history, and the field that names what is linked.
LINKS: Final = (
    ("Account classes", "HistoricalProduct_account_classes", "accountclass"),
    ("Technologies", "HistoricalProduct_technologies", "technology"),
)


@dataclass(frozen=True, slots=True)
class Change:
    """One field that changed."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One act on one record. `changes` is empty where the record was added or removed."""

    at: datetime
    by: str
    subject: str
    word: str
    changes: Sequence[Change] = ()


def history_of(product: Product) -> list[HistoryEntry]:
    """Return the latest acts on a product, its validity and its components; a fixed number of
    queries.
    """
    own = Product.history.filter(id=product.pk).select_related("type", "brand", "family")
    validities = ProductValidity.history.filter(product_id=product.pk).select_related("product")
    components = BundleComponent.history.filter(bundle_id=product.pk).select_related(
        "bundle", "product", "type", "family"
    )
    acts = _latest(own)
    for row in acts:
        row.linked = {}
    for label, through, target in LINKS:
        _add_linked(acts, label, through, target)
    entries = [
        *_entries(acts, "Product"),
        *_entries(_latest(validities), "Validity"),
        *_entries(_latest(components), "Component"),
    ]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)[:MOST_ENTRIES]


def _latest(records: "models.QuerySet[Any]") -> list[Any]:
    rows = records.select_related("history_user").order_by("-history_date", "-history_id")
    return list(rows[: MOST_ENTRIES + 1])


def _add_linked(acts: Sequence[Any], label: str, through: str, target: str) -> None:
    """Add to each act the names it was linked to, as one text under `label`; one query."""
    links: Any = apps.get_model("catalog", through)
    names: dict[int, list[str]] = {}
    rows = links.objects.filter(history_id__in=[act.history_id for act in acts])
    for act_id, name in rows.values_list("history_id", f"{target}__name").order_by(
        f"{target}__name", "pk"
    ):
        names.setdefault(act_id, []).append(name or "deleted since")
    for act in acts:
        act.linked[label] = ", ".join(names.get(act.history_id, ())) or "–"


def _entries(rows: Iterable[Any], subject: str) -> Iterable[HistoryEntry]:
    by_record: dict[int, list[Any]] = {}
    for row in rows:
        by_record.setdefault(row.id, []).append(row)
    for versions in by_record.values():
        for newer, older in pairwise([*versions, None]):
            entry = _entry(newer, older, subject)
            if entry is not None:
                yield entry


def _entry(newer: Any, older: Any, subject: str) -> HistoryEntry | None:
    changes: list[Change] = []
    if newer.history_type == "~" and older is not None:
        changes = _differences(newer, older)
        if not changes:
            return None
    name = subject if subject == "Product" else f"{subject} {_name(newer)}"
    by = newer.history_user.get_username() if newer.history_user else "system"
    return HistoryEntry(newer.history_date, by, name, WORDS[newer.history_type], changes)


def _name(row: Any) -> str:
    if hasattr(row, "period"):
        return days(row.period)
    return str(row.product or "by type or family")


def _differences(newer: Any, older: Any) -> list[Change]:
    changes = []
    for field in newer.tracked_fields:
        old, new = _text(older, field), _text(newer, field)
        if old != new:
            changes.append(Change(str(field.verbose_name).capitalize(), old, new))
    for label, new in getattr(newer, "linked", {}).items():
        if older.linked[label] != new:
            changes.append(Change(label, older.linked[label], new))
    return changes


def _text(row: Any, field: "models.Field[Any, Any]") -> str:
    if isinstance(field, models.ForeignKey):
        return _target(row, field)
    if field.choices:
        return str(getattr(row, f"get_{field.name}_display")())
    value = getattr(row, field.attname)
    return "–" if value in (None, "") else str(value)


def _target(row: Any, field: "models.ForeignKey[Any, Any]") -> str:
    key = getattr(row, field.attname)
    if key is None:
        return "–"
    target = getattr(row, field.name)
    return f"no. {key}, deleted since" if target is None else str(target)
