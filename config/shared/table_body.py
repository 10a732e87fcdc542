"""The body of a table in one pass: what django-tables2 shows, without a template for every cell."""

from collections.abc import Callable, Hashable
from functools import lru_cache
from inspect import ismethod
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.utils.formats import localize
from django.utils.safestring import SafeString, mark_safe
from django_tables2.columns import Column, ManyToManyColumn
from django_tables2.rows import BoundRow
from django_tables2.utils import AttributeDict, call_with_appropriate, computed_values, signature

from config.shared.escaping import escaped

_UNKNOWN = object()


class _Cells:
    """The cells of one column: what is the same for all of its rows is looked up once."""

    def __init__(self, column: Any) -> None:
        self.column = column
        self.name = column.name
        self.accessor = str(column.accessor)
        self.default = column.default
        self.empty_values = column.column.empty_values
        self.attributes = None if _varies(column) else column.attrs["td"].as_html()
        self.render = column.render
        self.arguments = (
            _argument_names(column.render.__func__) if ismethod(column.render) else None
        )
        self.is_many = isinstance(column.column, ManyToManyColumn)
        self.is_as_it_is = ismethod(column.render) and column.render.__func__ is Column.render
        # A method that draws every row from its record alone needs no value.
        self.needs_value = self.empty_values != () or self.arguments not in ((), ("record",))
        self.link = _Link(column) if column.link else None

    def content(self, row: BoundRow) -> Any:
        """Return what is shown of a row."""
        record = row.record
        value = None
        if self.needs_value or self.is_many:
            value = _UNKNOWN if self.is_many else _value(record, self.accessor)
            if value is _UNKNOWN:
                return row.get_cell(self.name)
            if value in self.empty_values:
                return self.default
        if self.is_as_it_is:
            content = value
        elif self.arguments is None:
            content = call_with_appropriate(self.render, self._given(row, value))
        else:
            content = self.render(**{name: self._one(name, row, value) for name in self.arguments})
        if self.link is None:
            return content
        return self.link.around(content, record, lambda: self._given(row, value))

    def _one(self, name: str, row: BoundRow, value: Any) -> Any:
        if name == "value":
            return value
        return row.record if name == "record" else self._given(row, value)[name]

    def _given(self, row: BoundRow, value: Any) -> dict[str, Any]:
        given: dict[str, Any] = row._optional_cell_arguments(self.column, value)
        return given

    def attributes_of(self, row: BoundRow, content: Any) -> str:
        """Return the attributes of the cell."""
        if self.attributes is not None:
            return str(self.attributes)
        self.column.current_value, self.column.current_record = content, row.record
        return str(self.column.attrs["td"].as_html())


class _Link:
    """The link of a column's cells, to the page of the record or of what the column names."""

    def __init__(self, column: Any) -> None:
        self.link = column.link
        self.name = column.name
        attrs = self.link.attrs or {}
        is_plain = not (self.link.url or self.link.reverse_args or self.link.accessor)
        is_fixed = not any(callable(value) for value in attrs.values())
        self.is_quick = is_plain and is_fixed and column.name.isidentifier()
        self.attributes = (
            AttributeDict(computed_values(attrs, kwargs={})).as_html() if attrs else ""
        )

    def around(self, content: Any, record: Any, given: Callable[[], dict[str, Any]]) -> Any:
        """Return the content as a link."""
        if not self.is_quick or not hasattr(record, self.name):
            return self.link(content, **given())
        named = getattr(record, self.name)
        target = named if hasattr(named, "get_absolute_url") else record
        url = target.get_absolute_url()
        if url is None:
            return content
        attributes = f"{self.attributes} " if self.attributes else ""
        return mark_safe(f'<a {attributes}href="{escaped(url)}">{escaped(content)}</a>')


def table_body(table: Any) -> SafeString:
    """Return the rows of the table's page as markup."""
    columns = [_Cells(column) for column in table.columns]
    rows = []
    for row in table.paginated_rows:
        cells = []
        for cell in columns:
            content = cell.content(row)
            text = content if isinstance(content, str) else localize(content)
            cells.append(f"<td {cell.attributes_of(row, content)}>{escaped(text)}</td>")
        rows.append(f"<tr{_attributes(table, row.record)}>{''.join(cells)}</tr>")
    return mark_safe("\n".join(rows))


def _value(record: Any, accessor: str) -> Any:
    """Return what an accessor finds in a record, its label where it has choices; _UNKNOWN where
    django-tables2 has to find out itself.
    """
    steps = _steps(accessor)
    if not steps or not isinstance(record, Model):
        return _UNKNOWN
    found: Any = record
    for name in steps[:-1]:
        found = _called(getattr(found, name, _UNKNOWN))
        if not isinstance(found, Model):
            return _UNKNOWN
    value = getattr(found, steps[-1], _UNKNOWN)
    record_class: Any = type(found)
    labels = _labels(record_class, steps[-1])
    if labels is None:
        return _called(value)
    return labels.get(value, value) if isinstance(value, Hashable) else _UNKNOWN


def _called(found: Any) -> Any:
    if not callable(found) or getattr(found, "do_not_call_in_templates", False):
        return found
    return _UNKNOWN if getattr(found, "alters_data", False) else found()


@lru_cache(maxsize=1_000)
def _steps(accessor: str) -> tuple[str, ...]:
    """Return the attributes that an accessor names one after the other; none if it is no path."""
    steps = tuple(accessor.split("__"))
    return steps if all(step.isidentifier() for step in steps) else ()


@lru_cache(maxsize=1_000)
def _argument_names(function: Callable[..., Any]) -> tuple[str, ...] | None:
    """Return what a method asks for beside itself; None if it takes whatever there is."""
    names, keywords = signature(function)
    return None if keywords else tuple(names[1:])


@lru_cache(maxsize=1_000)
def _labels(record_class: type[Model], name: str) -> dict[Any, Any] | None:
    """Return the labels of a field with choices; None for any other attribute."""
    try:
        field: Any = record_class._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    if not getattr(field, "choices", None):
        return None
    return dict(field.flatchoices)


def _varies(column: Any) -> bool:
    given = {**column._table.attrs.get("td", {}), **column.column.attrs.get("td", {})}
    return any(callable(value) for value in given.values())


def _attributes(table: Any, record: Any) -> str:
    if not table.row_attrs:
        return ""
    found = computed_values(table.row_attrs, kwargs={"table": table, "record": record})
    return "".join(
        f' {name}="{escaped(value)}"' for name, value in found.items() if value is not None
    )
