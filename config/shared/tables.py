"""Tables: the base class, the columns that every app needs, paging without a full count, export."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from itertools import islice
from typing import Any

import django_tables2 as tables
from django.core.paginator import Page, Paginator
from django.utils.html import strip_tags
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString

from config.shared.day_text import day_text
from config.shared.money_format import figure_text
from config.shared.queries.counts import count_text, count_up_to_cap
from config.shared.templatetags import ui_tags

MOST_PER_PAGE = 200
FARTHEST_OFFSET = 10_000
EXPORT_CHUNK = 2_000
# What a spreadsheet reads as a formula, also behind marks that say that it is none.
_FORMULA = re.compile(r"'*[=+\-@\t\r]")


class RatebookTable(tables.Table):
    """A table as every list shows it. `list_id` names the element that htmx replaces on sorting.

    A subclass sets `Meta(RatebookTable.Meta)` with `model` and `fields`; `caption` is read out by
    screen readers.
    """

    caption = ""
    list_id = ""

    class Meta:
        attrs = {"class": "table table-hover", "data-rows": "yes"}
        template_name = "components/table.html"
        empty_text = "Nothing here yet."
        default = "–"
        order_by_field = "sort"

    @classmethod
    def read_more(cls, records: Sequence[Any]) -> None:
        """Read what columns need of the records of a page, besides their own query."""


class NumberColumn(tables.Column):
    """A whole number, to the right."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **right_aligned(kwargs))


class MoneyColumn(tables.Column):
    """An amount, to the right, written with the digits of its currency.

    `currency` is a code (name it in the column's head) or, where rows differ, the accessor of
    one: then the code stands beside each amount.
    """

    def __init__(self, *args, currency="", currency_accessor="", **kwargs):
        super().__init__(*args, **right_aligned(kwargs))
        self.currency = currency
        self.currency_accessor = currency_accessor

    def render(self, value, record):
        """Write the amount; a negative one has a real minus."""
        if not self.currency_accessor:
            return figure_text(value, self.currency)
        code = tables.A(self.currency_accessor).resolve(record)
        return f"{figure_text(value, code)}\N{NO-BREAK SPACE}{code}"

    def value(self, value):
        """Give the bare number to exports."""
        return value


class DayColumn(tables.Column):
    """A day: 15 Jan 2026."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("attrs", {"td": {"class": "nowrap"}})
        super().__init__(*args, **kwargs)

    def render(self, value):
        """Write the day with the month as a word."""
        return day_text(value)

    def value(self, value):
        """Give the ISO date to exports."""
        return value.isoformat() if isinstance(value, date) else value


class PeriodColumn(tables.Column):
    """A half-open period of days, its last day inclusive."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("attrs", {"td": {"class": "nowrap"}})
        super().__init__(*args, **kwargs)

    def render(self, value):
        """Write the period."""
        return ui_tags.days(value)


class StateColumn(tables.Column):
    """A state as icon and word, for a field with choices."""

    def render(self, value, record, bound_column):
        """Draw the badge from the stored value; the word is the choice's label."""
        return ui_tags.badge(str(bound_column.accessor.resolve(record)), str(value))

    def value(self, value):
        """Give the word to exports."""
        return str(value)


class ListColumn:
    """A column that an upper app adds to a lower app's list, named in a settings list."""

    name = ""

    def column(self) -> tables.Column:
        """Return the column as django-tables2 draws it."""
        raise NotImplementedError(f"{type(self).__name__} has no column().")

    def annotate(self, queryset):
        """Return the list's rows with what the column shows; no query a row."""
        return queryset

    def read_more(self, records: Sequence[Any]) -> None:
        """Read what the column shows of the records of a page, besides the list's own query."""


@cache
def load_columns(paths: tuple[str, ...]) -> tuple[ListColumn, ...]:
    """Return one instance of each ListColumn that the dotted paths name, in their order."""
    return tuple(import_string(path)() for path in paths)


def right_aligned(options: dict) -> dict:
    """Add to a column's options what puts its head and cells to the right."""
    options.setdefault("attrs", {"th": {"class": "num"}, "td": {"class": "num"}})
    return options


class CappedPage(Page):
    """A page that knows from one row more whether another follows."""

    def __init__(self, object_list, number, paginator, *, more):
        super().__init__(object_list, number, paginator)
        self.more = more

    def has_next(self):
        """Return whether another page may be opened."""
        return self.more and self.number < self.paginator.last_number

    def next_page_number(self):
        """Return the number of the next page; Django's own would count all rows."""
        return self.number + 1

    @property
    def is_cut(self):
        """Whether rows follow that are too far to page to."""
        return self.more and not self.has_next()

    def start_index(self):
        """Return the position of the first row, from 1; 0 for an empty page."""
        return (self.number - 1) * self.paginator.per_page + 1 if len(self.object_list) else 0

    def end_index(self):
        """Return the position of the last row."""
        return (self.number - 1) * self.paginator.per_page + len(self.object_list)


class CappedPaginator(Paginator):
    """Pages without counting: at most 200 rows each, none that starts beyond row 10,000.

    A page that does not exist is the first one.
    """

    def __init__(self, object_list, per_page, **kwargs):
        super().__init__(object_list, min(max(int(per_page), 1), MOST_PER_PAGE), **kwargs)

    @property
    def last_number(self) -> int:
        """The number of the farthest page that may be opened."""
        return FARTHEST_OFFSET // self.per_page + 1

    def page(self, number) -> CappedPage:
        """Return a page; one query for its rows and one more."""
        number = number if 1 <= number <= self.last_number else 1
        start = (number - 1) * self.per_page
        rows = list(self.object_list[start : start + self.per_page + 1])
        if not rows and number > 1:
            return self.page(1)
        return CappedPage(rows[: self.per_page], number, self, more=len(rows) > self.per_page)


def capped_count(queryset, page: CappedPage) -> str:
    """Return how many rows there are, at most "1,000+"; no query if the page shows them all."""
    if page.number == 1 and not page.more:
        return f"{len(page.object_list):,}"
    return count_text(count_up_to_cap(queryset))


def table_rows(table_class, queryset, read_more, **table_options) -> Iterator[list]:
    """Yield the head and then the rows of a table, read in chunks through a cursor.

    `read_more` reads what the columns need of a chunk besides.
    """
    rows = queryset.iterator(chunk_size=EXPORT_CHUNK)
    yield next(table_class([], **table_options).as_values())
    while chunk := list(islice(rows, EXPORT_CHUNK)):
        read_more(chunk)
        values = table_class(chunk, **table_options).as_values()
        next(values)
        yield from values


def neutralised(cell: Any) -> Any:
    """Return a cell that no spreadsheet reads as a formula; numbers stay as they are."""
    if cell is None:
        return ""
    if isinstance(cell, SafeString):
        cell = strip_tags(cell)
    if isinstance(cell, str) and _FORMULA.match(cell):
        return f"'{cell}"
    return cell
