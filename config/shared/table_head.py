"""The head of a table: labels, and where they lead where the table can be sorted."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict


@dataclass(frozen=True, slots=True)
class Head:
    """The head of one column. `order` is how it sorts the table now, "" if it does not."""

    name: str
    label: Any
    attributes: str
    address: str
    order: str


def table_heads(table: Any, query: QueryDict) -> list[Head]:
    """Return the heads of a table's columns.

    Where the table has a `list_id`, columns lead to the first page in another order, with the
    rest of the page's `query`.
    """
    sort_field = table.prefixed_order_by_field
    kept = query.copy()
    kept.pop(sort_field, None)
    kept.pop(table.prefixed_page_field, None)
    start = f"?{kept.urlencode()}&" if kept else "?"
    heads = []
    for column in table.columns:
        address = order = ""
        alias = column.order_by_alias
        if column.is_ordered:
            order = "descending" if alias.is_descending else "ascending"
        if table.list_id and column.orderable:
            address = f"{start}{urlencode({sort_field: alias.next})}"
        attributes = str(column.attrs["th"].as_html())
        heads.append(Head(column.name, column.header, attributes, address, order))
    return heads
