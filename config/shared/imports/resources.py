"""Kinds of imports: which columns a file has, what a row means, and how it is stored.

A kind is a subclass of `MasterResource` that the settings list `IMPORTS` names. Rows go through
the row import of django-import-export: its fields read the cells into a `Draft`, which is compared
with what is stored and then handed to the operations of the app, so that a file is refused what a
form is refused, in the same words.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from itertools import islice
from typing import Any, ClassVar, Final

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.utils.module_loading import import_string
from import_export.resources import Resource
from import_export.results import RowResult

from config.shared.imports.columns import Column, RecordCell, quoted
from config.shared.imports.drafts import Draft, RowReport, plain_text
from config.shared.imports.files import FileRefused, Line
from config.shared.models import RowOutcome

# What a reject file adds to the columns of the file; ignored when it is imported again.
ADDED: Final = ("line", "reasons")
EXPORT_CHUNK: Final = 1_000
_OUTCOMES: Final = {
    RowResult.IMPORT_TYPE_NEW: RowOutcome.NEW,
    RowResult.IMPORT_TYPE_UPDATE: RowOutcome.CHANGED,
    RowResult.IMPORT_TYPE_SKIP: RowOutcome.SAME,
    RowResult.IMPORT_TYPE_INVALID: RowOutcome.REJECTED,
}


class MasterResource(Resource):  # type: ignore[misc]  # import-export has no types
    """One kind of import and export.

    A subclass declares its `Column`s and says how a row finds its record (`find`) and how records
    are made and changed (`create`, `change`). Where single operation calls are too slow it writes
    many at once in `finish`.
    """

    slug: ClassVar[str]
    title: ClassVar[str]
    about: ClassVar[str] = ""
    model: ClassVar[type[models.Model]]
    key: ClassVar[tuple[str, ...]] = ("code",)
    """Attributes whose columns say which record a row is about; the first that is filled."""
    refusals: ClassVar[tuple[type[Exception], ...]] = ()
    line_word: ClassVar[str] = "Line"
    """What the number of a row counts, for reasons that name another row."""
    rows_at_once: ClassVar[int] = 1_000
    examples: ClassVar[Sequence[Mapping[str, str]]] = ()
    """Rows of the sample file, by column."""

    class Meta:
        skip_diff = True
        use_transactions = False
        store_instance = True

    def __init__(self, *, by: AbstractBaseUser | None = None, reason: str = "") -> None:
        super().__init__()
        self.by, self.reason = by, reason
        self.dry_run = True
        self.given: list[Column] = self.columns()
        self.names: dict[str, str] = {}
        self.seen: dict[str, int] = {}
        self.touched: set[int] = set()

    # ---- what a subclass fills in

    def find(self, row: Mapping[str, str]) -> models.Model | None:
        """Return the stored record that a row is about, or None for a new one."""
        raise NotImplementedError(f"{type(self).__name__} has no find().")

    def create(self, draft: Draft) -> models.Model | None:
        """Make the record; None if it is made in `finish`."""
        raise NotImplementedError(f"{type(self).__name__} has no create().")

    def change(self, draft: Draft) -> models.Model | None:
        """Change the record by `draft.changes()`."""
        raise NotImplementedError(f"{type(self).__name__} has no change().")

    def add_columns(self, names: Iterable[str] | None) -> None:
        """Add columns that depend on what is stored: those among `names`, or all for None."""

    def load(self, lines: Sequence[Line]) -> None:
        """Look up what the rows name, many at once; called before each lot of rows."""

    def stored_values(self, record: models.Model) -> dict[str, Any]:
        """Return what is stored, by attribute; line ends as files have them."""
        return {
            column.attribute: plain_text(getattr(record, column.attribute))
            for column in self.columns()
        }

    def first_values(self) -> dict[str, Any]:
        """Return the values that a new record begins with, by attribute."""
        return {column.attribute: column.widget.empty for column in self.columns()}

    def problems(self, draft: Draft) -> Iterator[tuple[str, str]]:
        """Yield (attribute, reason) for what is wrong with a row. A cell that cannot be read leaves
        what is stored, or what a new record begins with; what is said of it is not shown.
        """
        yield from ()

    def accepted(self, draft: Draft) -> None:
        """Note a row with which nothing is wrong, before it is stored."""

    def finish(self) -> None:
        """Write what the rows of a lot have gathered; not called when nothing is to be written."""

    def in_order(self, lines: Sequence[Line]) -> Sequence[Line]:
        """Return the rows of a lot in the order in which they can be stored."""
        return lines

    def prepared(self, records: Sequence[Any]) -> None:
        """Load what `stored_values` needs for records that are to be written to a file."""
        named = [one.attribute for one in self.columns() if isinstance(one.widget, RecordCell)]
        models.prefetch_related_objects(list(records), *named)

    def history(self, pks: set[int]) -> Iterable[Any]:
        """Return the history rows (querysets) of records that were made or changed."""
        manager: Any = self.model
        return [manager.history.filter(id__in=pks)]

    # ---- who may

    @classmethod
    def permissions(cls) -> list[str]:
        """Return what one needs to import."""
        meta = cls.model._meta
        return [f"{meta.app_label}.{verb}_{meta.model_name}" for verb in ("add", "change")]

    @classmethod
    def view_permission(cls) -> str:
        """Return what one needs to export."""
        return f"{cls.model._meta.app_label}.view_{cls.model._meta.model_name}"

    # ---- importing

    def columns(self) -> list[Column]:
        """Return the columns, in their order."""
        return list(self.fields.values())

    def column(self, attribute: str) -> Column | None:
        """Return the column of an attribute, if there is one."""
        return next((one for one in self.columns() if one.attribute == attribute), None)

    def begin(self, head: Sequence[str]) -> None:
        """Take up the first line of a file. Raises FileRefused if it names wrong columns."""
        self.add_columns(head)
        by_name = {column.name.casefold(): column for column in self.columns()}
        unknown = [name for name in head if name.casefold() not in {*by_name, *ADDED}]
        if unknown:
            raise FileRefused(
                f"{self.title} have no column {quoted(unknown)}. Their columns are "
                f"{', '.join(column.name for column in self.columns())}."
            )
        self.names = {
            name: by_name[name.casefold()].name for name in head if name.casefold() in by_name
        }
        given = set(self.names.values())
        missing = [one.name for one in self.columns() if one.required and one.name not in given]
        if missing:
            raise FileRefused(f"The column {quoted(missing)} is missing.")
        self.given = [column for column in self.columns() if column.name in given]

    def process(self, lines: Sequence[Line], *, dry_run: bool) -> list[RowReport]:
        """Check a lot of rows, and store them unless `dry_run`; return what becomes of each."""
        self.dry_run = dry_run
        self.load(lines)
        reports = [self._process_line(line) for line in self.in_order(lines)]
        if not dry_run:
            self.finish()
        return sorted(reports, key=lambda report: report.line.number)

    def _process_line(self, line: Line) -> RowReport:
        row = {
            known: line.values[name] for name, known in self.names.items() if name in line.values
        }
        faults = {self.names.get(name, name): [why] for name, why in line.faults.items()}
        twin = self._earlier_line(line.number, row)
        if twin:
            faults.setdefault(twin[0], []).append(twin[1])
        if faults:
            return RowReport(line, RowOutcome.REJECTED, errors=self._own_faults(row) | faults)
        result = self.import_row(row, None, row_number=line.number)
        for error in result.errors:
            raise error.error
        if result.validation_error is not None:
            faults = self._by_column(result.validation_error)
            return RowReport(line, RowOutcome.REJECTED, errors=faults)
        return RowReport(line, _OUTCOMES[result.import_type], self._differences(result.instance))

    def _own_faults(self, row: Mapping[str, str]) -> dict[str, list[str]]:
        """Return what else is wrong with a row that is rejected anyway."""
        if any(column.name not in row for column in self.given):
            return {}
        draft = self.get_or_init_instance(None, row)[0]
        unread: dict[str, Any] = {}
        try:
            self.import_instance(draft, row)
        except ValidationError as error:
            unread = error.update_error_dict({})
        return self._by_column(ValidationError(self._all_faults(draft, unread)))

    def key_of(self, row: Mapping[str, str]) -> tuple[str, str]:
        """Return the column that says which record a row is about, and its text."""
        for attribute in self.key:
            column = self.column(attribute)
            if column is not None and row.get(column.name):
                return column.name, row[column.name]
        return "", ""

    def _earlier_line(self, number: int, row: Mapping[str, str]) -> tuple[str, str] | None:
        name, text = self.key_of(row)
        if not text:
            return None
        first = self.seen.setdefault(f"{name}\n{text.upper()}", number)
        return None if first == number else (name, f"{self.line_word} {first} has the same {name}.")

    def _by_column(self, error: ValidationError) -> dict[str, list[str]]:
        names = {column.attribute: column.name for column in self.columns()}
        found: dict[str, list[str]] = {}
        for attribute, messages in error.message_dict.items():
            found.setdefault(names.get(attribute, ""), []).extend(messages)
        return found

    def _differences(self, draft: Draft) -> dict[str, list[str]]:
        changed = draft.changes() if draft.record else draft.values()
        pairs = {
            column.name: [
                column.text(draft.stored[column.attribute]) if draft.record else "",
                column.text(changed[column.attribute]),
            ]
            for column in self.columns()
            if column.attribute in changed
        }
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}

    # ---- steps of the row import of django-import-export

    def get_import_fields(self) -> list[Column]:
        """Return the columns that the file has."""
        return self.given

    def get_or_init_instance(self, instance_loader: Any, row: Any) -> tuple[Draft, bool]:
        """Return the row's draft, and whether it is of a new record."""
        record = self.find(row)
        if record is None:
            return Draft(None, self.first_values()), True
        return Draft(record, self.stored_values(record)), False

    def import_instance(self, instance: Draft, row: Any, **kwargs: Any) -> None:
        """Read the cells; what a stored record was found by stays in its own letter case."""
        try:
            super().import_instance(instance, row, **kwargs)
        finally:
            if instance.record is not None:
                setattr(instance, self.key[0], instance.stored[self.key[0]])

    def skip_row(self, instance: Draft, original: Any, row: Any, errors: Any = None) -> bool:
        """Return whether the row says what is stored."""
        return not errors and instance.record is not None and not instance.changes()

    def validate_instance(self, instance: Draft, errors: Any = None, **kwargs: Any) -> None:
        """Raise all that is wrong with the row: its cells, and what `problems` finds in others."""
        found = self._all_faults(instance, errors or {})
        if found:
            raise ValidationError(found)
        self.accepted(instance)

    def _all_faults(self, instance: Draft, unread: Mapping[str, Any]) -> dict[str, Any]:
        found = dict(unread)
        for attribute, reason in self.problems(instance):
            if attribute not in unread:
                found.setdefault(attribute, []).append(reason)
        return found

    def save_instance(self, instance: Draft, *args: Any, **kwargs: Any) -> None:
        """Make or change the record; what is refused is said at its column."""
        try:
            record = self.change(instance) if instance.record else self.create(instance)
        except self.refusals as refusal:
            raise ValidationError({self.attribute_of(refusal): [str(refusal)]}) from refusal
        if record is not None:
            self.touched.add(record.pk)

    def attribute_of(self, refusal: Exception) -> str:
        """Return the attribute that a refusal is about."""
        name = getattr(refusal, "field", None)
        return name if name and self.column(name) else NON_FIELD_ERRORS

    def save_m2m(self, instance: Draft, row: Any, **kwargs: Any) -> None:
        """Do nothing: operations write links too."""

    def load_records(self, lines: Sequence[Line]) -> None:
        """Look up for all columns that name records what the rows name."""
        for column in self.given:
            if isinstance(column.widget, RecordCell):
                name = next(key for key, known in self.names.items() if known == column.name)
                column.widget.load(line.values.get(name, "") for line in lines)

    def texts_of(self, lines: Sequence[Line], attribute: str) -> list[str]:
        """Return what the rows have in an attribute's column, but what is empty or no text."""
        column = self.column(attribute)
        names = [key for key, known in self.names.items() if column and known == column.name]
        texts = [line.values.get(name, "") for name in names for line in lines]
        return [text for text in texts if text and "\x00" not in text]

    def say_why(self, since: datetime) -> None:
        """Put the reason into the history that operations wrote since an instant."""
        if not self.touched or not self.reason:
            return
        for rows in self.history(self.touched):
            rows.filter(history_date__gte=since, history_change_reason=None).update(
                history_change_reason=self.reason
            )

    # ---- exporting

    def export_head(self) -> list[str]:
        """Return the names of the columns of an export."""
        return [column.name for column in self.columns()]

    def export_rows(self, records: models.QuerySet[Any]) -> Iterator[list[Any]]:
        """Yield the cells of each record, read in lots through a cursor."""
        plain = records.select_related(None).prefetch_related(None)
        rows = iter(plain.iterator(chunk_size=EXPORT_CHUNK))
        while lot := list(islice(rows, EXPORT_CHUNK)):
            self.prepared(lot)
            for record in lot:
                values = self.stored_values(record)
                yield [column.widget.render(values[column.attribute]) for column in self.columns()]

    def all_records(self) -> models.QuerySet[Any]:
        """Return all records of the kind, in the order of an export."""
        return self.model._default_manager.order_by("pk")


@cache
def load_resources() -> dict[str, type[MasterResource]]:
    """Return the kinds that IMPORTS names, by slug."""
    kinds = [import_string(path) for path in settings.IMPORTS]
    return {kind.slug: kind for kind in kinds}


def kinds_for(user: Any) -> list[type[MasterResource]]:
    """Return the kinds that a user may import."""
    return [kind for kind in load_resources().values() if user.has_perms(kind.permissions())]
