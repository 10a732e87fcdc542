"""The body of a table in one pass: what django-tables2 shows, without a template for every cell."""

from collections.abc import Callable
from functools import lru_cache
from inspect import ismethod
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.utils.formats import localize
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django_tables2.columns import Column, ManyToManyColumn
from django_tables2.rows import BoundRow
from django_tables2.utils import call_with_appropriate, computed_values, signature


class _Row(BoundRow):  # type: ignore[misc]
    """A row that looks at the arguments of a column's method once, not for every cell."""

    def _call_render(self, bound_column: Any, value: Any = None) -> Any:
        render = bound_column.render
        names = _argument_names(render.__func__) if ismethod(render) else None
        given = self._optional_cell_arguments(bound_column, value)
        if names is None:
            content = call_with_appropriate(render, given)
        else:
            content = render(**{name: given[name] for name in names})
        return bound_column.link(content, **given) if bound_column.link else content


class _Cells:
    """The cells of one column: what is the same for all of its rows is looked up once."""

    def __init__(self, column: Any) -> None:
        self.column = column
        self.name = column.name
        self.default = column.default
        self.empty_values = column.column.empty_values
        self.attributes = None if _varies(column) else column.attrs["td"].as_html()
        self.is_as_it_is = (
            type(column.column) is Column
            and not column.link
            and ismethod(column.render)
            and column.render.__func__ is Column.render
        )

    def content(self, row: _Row) -> Any:
        """Return what is shown of a row."""
        record_class: Any = type(row.record)
        attribute = _own_attribute(record_class, str(self.column.accessor))
        if attribute is None or isinstance(self.column.column, ManyToManyColumn):
            return row.get_cell(self.name)
        value = getattr(row.record, attribute)
        if callable(value):
            value = value()
        if value in self.empty_values:
            return self.default
        return value if self.is_as_it_is else row._call_render(self.column, value)

    def attributes_of(self, row: _Row, content: Any) -> str:
        """Return the attributes of the cell."""
        if self.attributes is not None:
            return str(self.attributes)
        self.column.current_value, self.column.current_record = content, row.record
        return str(self.column.attrs["td"].as_html())


def table_body(table: Any) -> SafeString:
    """Return the rows of the table's page as markup."""
    columns = [_Cells(column) for column in table.columns]
    rows = []
    for shown in table.paginated_rows:
        row = _Row(shown.record, table)
        cells = []
        for cell in columns:
            content = cell.content(row)
            text = content if isinstance(content, str) else localize(content)
            cells.append(f"<td {cell.attributes_of(row, content)}>{conditional_escape(text)}</td>")
        rows.append(f"<tr{_attributes(table, row.record)}>{''.join(cells)}</tr>")
    return mark_safe("\n".join(rows))


@lru_cache(maxsize=1_000)
def _argument_names(function: Callable[..., Any]) -> tuple[str, ...] | None:
    """Return what a method asks for beside itself; None if it takes whatever there is."""
    names, keywords = signature(function)
    return None if keywords else tuple(names[1:])


@lru_cache(maxsize=1_000)
def _own_attribute(record_class: type[Any], accessor: str) -> str | None:
    """Return the attribute of a record that an accessor shows, its label where it has choices; None
    where django-tables2 has to find out itself.
    """
    if not issubclass(record_class, Model) or not accessor.isidentifier() or "__" in accessor:
        return None
    try:
        field: Any = record_class._meta.get_field(accessor)
    except FieldDoesNotExist:
        return None
    if not field.concrete or field.many_to_many:
        return None
    return f"get_{accessor}_display" if field.choices else accessor


def _varies(column: Any) -> bool:
    given = {**column._table.attrs.get("td", {}), **column.column.attrs.get("td", {})}
    return any(callable(value) for value in given.values())


def _attributes(table: Any, record: Any) -> str:
    if not table.row_attrs:
        return ""
    found = computed_values(table.row_attrs, kwargs={"table": table, "record": record})
    return "".join(
        f' {name}="{conditional_escape(value)}"'
        for name, value in found.items()
        if value is not None
    )
