"""The body of a table in one pass: what django-tables2 shows, without a template for every cell."""

from collections.abc import Callable
from functools import lru_cache
from inspect import ismethod
from typing import Any

from django.utils.formats import localize
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django_tables2.rows import BoundRow
from django_tables2.utils import call_with_appropriate, computed_values, signature


class _Row(BoundRow):  # type: ignore[misc]
    """A row that looks at the arguments of a column's method once, not for every cell."""

    def _call_render(self, bound_column: Any, value: Any = None) -> Any:
        given = self._optional_cell_arguments(bound_column, value)
        render = bound_column.render
        names = _argument_names(render.__func__) if ismethod(render) else None
        if names is None:
            content = call_with_appropriate(render, given)
        else:
            content = render(**{name: given[name] for name in names})
        return bound_column.link(content, **given) if bound_column.link else content


@lru_cache(maxsize=1_000)
def _argument_names(function: Callable[..., Any]) -> tuple[str, ...] | None:
    """Return what a method asks for beside itself; None if it takes whatever there is."""
    names, keywords = signature(function)
    return None if keywords else tuple(names[1:])


def table_body(table: Any) -> SafeString:
    """Return the rows of the table's page as markup."""
    columns = list(table.columns)
    fixed = {
        column.name: None if _varies(column) else column.attrs["td"].as_html() for column in columns
    }
    rows = []
    for shown in table.paginated_rows:
        row = _Row(shown.record, table)
        cells = []
        for column in columns:
            content = row.get_cell(column.name)
            attributes = fixed[column.name]
            if attributes is None:
                column.current_value, column.current_record = content, row.record
                attributes = column.attrs["td"].as_html()
            text = content if isinstance(content, str) else localize(content)
            cells.append(f"<td {attributes}>{conditional_escape(text)}</td>")
        rows.append(f"<tr{_attributes(table, row.record)}>{''.join(cells)}</tr>")
    return mark_safe("\n".join(rows))


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
