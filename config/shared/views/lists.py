"""The one list page: filter bar, sortable table, capped paging, export of the current filter."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.urls import reverse
from django_filters.views import FilterView
from django_tables2 import SingleTableMixin

from config.shared.imports.resources import load_resources
from config.shared.imports.writers import FORMATS, download
from config.shared.tables import CappedPaginator, capped_count, load_columns, table_rows
from config.shared.views.partials import PartialTemplateMixin

EXPORT = "export"


@dataclass(frozen=True)
class Chip:
    """One filter in force: what it says, and the list without it."""

    label: str
    value: str
    url: str


class RatebookListView(PermissionRequiredMixin, PartialTemplateMixin, SingleTableMixin, FilterView):
    """A list of records.

    Attributes: `permission_required`, `queryset` (ordered; joins what the table shows),
    `filterset_class` (a RatebookFilterSet), `table_class` (a RatebookTable), `title`,
    `empty_text` (teaches the next step), `new_action` ((label, url name, permission) or None),
    `parents` (breadcrumbs), `paginate_by`, `import_kind` (a slug of `IMPORTS`: exports have its
    columns). In the address: filters, `sort`, `page`, `per_page`, `export` (csv or xlsx).
    """

    template_name = "components/list_page.html"
    partial_template_name = "components/list_results.html"
    paginate_by = 50
    title = ""
    empty_text = "Nothing here yet."
    new_action: tuple[str, str, str] | None = None
    parents = ()
    import_kind = ""

    def get(self, request, *args, **kwargs):
        """Show the list, or stream it as a file."""
        if request.GET.get(EXPORT) in FORMATS:
            return self.export(request.GET[EXPORT])
        return super().get(request, *args, **kwargs)

    def export(self, file_format):
        """Stream the rows of the current filter and order: what is shown, or, where there is a
        kind of import for them, all that can be imported.
        """
        filterset = self.get_filterset(self.get_filterset_class())
        rows = (
            filterset.qs
            if not filterset.is_bound or filterset.is_valid()
            else filterset.queryset.none()
        )
        self.object_list = rows
        table = self._ordered_table(**self.get_table_kwargs())
        found = table.data.data
        if self.import_kind:
            resource = load_resources()[self.import_kind]()
            resource.add_columns(None)
            head, lines = resource.export_head(), resource.export_rows(found)
        else:
            options = self.get_table_kwargs()
            lines = table_rows(self.get_table_class(), found, self.read_more, **options)
            head = next(lines)
        name = self.title.lower().replace(" ", "-") or "export"
        return download(lines, head=head, name=name, file_format=file_format)

    def get_table(self, **kwargs):
        """Return the table: ordered as asked, ending in the primary key, one page of it."""
        table = self._ordered_table(**kwargs)
        table.list_id = "list"
        table.caption = table.caption or self.title
        per_page = self._number("per_page") or self.paginate_by
        table.paginate(CappedPaginator, per_page=per_page, page=self._number("page") or 1)
        self.read_more([row.record for row in table.page.object_list])
        return table

    def read_more(self, records) -> None:
        """Read what the columns need of the records that are shown, besides the list's query."""
        self.get_table_class().read_more(records)

    def get_paginate_by(self, queryset) -> int | None:
        """Keep Django's own paging, which counts all rows, out of the way."""
        return None

    def _ordered_table(self, **kwargs):
        table = self.get_table_class()(data=self.get_table_data(), **kwargs)
        table.request = self.request
        sort = self.request.GET.getlist(table.prefixed_order_by_field)
        if sort:
            table.order_by = sort
        rows = table.data.data
        if not {"pk", "-pk", "id", "-id"} & set(map(str, rows.query.order_by)):
            table.data.data = rows.order_by(*rows.query.order_by, "pk")
        return table

    def _number(self, name) -> int:
        text = self.request.GET.get(name, "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0

    def get_context_data(self, **kwargs):
        """Add what components/list_page.html reads."""
        context = super().get_context_data(**kwargs)
        table = context["table"]
        context.update(
            title=self.title,
            parents=self.parents,
            empty_text=self.empty_text,
            new_action=self.get_new_action(),
            count=capped_count(self.object_list, table.page),
            chips=self.get_chips(),
            exports=[
                (label, self._address(**{EXPORT: file_format, "page": None}))
                for file_format, label in FORMATS.items()
            ],
            import_url=self.get_import_url(),
        )
        return context

    def get_new_action(self):
        """Return (label, url) of the button for a new record, or None without the permission."""
        if self.new_action is None or not self.request.user.has_perm(self.new_action[2]):
            return None
        return self.new_action[0], reverse(self.new_action[1])

    def get_import_url(self) -> str:
        """Return where such rows are imported, or "" for those who may not."""
        if not self.import_kind:
            return ""
        needed = load_resources()[self.import_kind].permissions()
        if not self.request.user.has_perms([*needed, "shared.add_importbatch"]):
            return ""
        return reverse("imports:new", query={"kind": self.import_kind})

    def get_chips(self) -> list[Chip]:
        """Return the filters in force."""
        if not self.filterset.is_bound or not self.filterset.is_valid():
            return []
        form = self.filterset.form
        return [
            Chip(
                str(form[name].label),
                chip_text(form.fields[name], value),
                self._address(**{name: None, "page": None}),
            )
            for name, value in form.cleaned_data.items()
            if name in self.request.GET and value not in (None, "", [], ())
        ]

    def _address(self, **changes) -> str:
        query = self.request.GET.copy()
        for name, value in changes.items():
            query.pop(name, None)
            if value is not None:
                query[name] = value
        return f"?{query.urlencode()}"


def chip_text(field, value) -> str:
    """Return a filter's value in words: the label of a choice, Yes or No."""
    if value in (True, False):
        return "Yes" if value else "No"
    labels = dict(getattr(field, "choices", ())) if isinstance(value, str) else {}
    if isinstance(value, list | tuple) or hasattr(value, "all"):
        return ", ".join(map(str, value))
    return str(labels.get(value, value))


class ColumnsMixin:
    """Adds the columns of upper apps that the settings list `column_setting` names to a list.

    Stands before RatebookListView.
    """

    column_setting = ""

    def _columns(self):
        return load_columns(tuple(getattr(settings, self.column_setting)))

    def get_queryset(self):
        """Return the rows with what the columns show."""
        queryset = super().get_queryset()
        for column in self._columns():
            queryset = column.annotate(queryset)
        return queryset

    def read_more(self, records) -> None:
        """Read what the columns show too."""
        super().read_more(records)
        for column in self._columns():
            column.read_more(records)

    def get_table_kwargs(self):
        """Add the columns after the table's own."""
        extra = [(column.name, column.column()) for column in self._columns()]
        return {**super().get_table_kwargs(), "extra_columns": extra}
