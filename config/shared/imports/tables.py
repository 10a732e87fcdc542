"""Tables of imports and of their rows."""

import django_tables2 as tables
from django.utils.html import format_html, format_html_join

from config.shared.imports.resources import load_resources
from config.shared.models import ImportBatch, ImportRow, RowOutcome
from config.shared.tables import NumberColumn, RatebookTable, StateColumn
from config.shared.templatetags import ui_tags


class BatchTable(RatebookTable):
    """Imports, newest first."""

    caption = "Imports"
    number = tables.Column(linkify=True)
    kind = tables.Column(verbose_name="Rows are")
    file_name = tables.Column(verbose_name="File")
    state = StateColumn()
    row_count = NumberColumn(verbose_name="Rows")
    new_count = NumberColumn(verbose_name="New")
    changed_count = NumberColumn(verbose_name="Changed")
    rejected_count = NumberColumn(verbose_name="Rejected")
    created_by = tables.Column(verbose_name="By", default="Ratebook")
    created_at = tables.DateTimeColumn(verbose_name="Received", short=True)

    class Meta(RatebookTable.Meta):
        model = ImportBatch
        fields = (
            "number",
            "kind",
            "file_name",
            "state",
            "row_count",
            "new_count",
            "changed_count",
            "rejected_count",
            "created_by",
            "created_at",
        )

    def render_kind(self, value):
        """Write the kind's title."""
        kind = load_resources().get(value)
        return kind.title if kind else value


class RowTable(RatebookTable):
    """Rows of a file with what becomes of them: reasons, or stored and new values."""

    caption = "Rows"
    line = NumberColumn()
    key = tables.Column(accessor="values", orderable=False, verbose_name="Row")
    details = tables.Column(
        accessor="pk", orderable=False, verbose_name="What and why", attrs={"td": {"class": "diff"}}
    )

    class Meta(RatebookTable.Meta):
        model = ImportRow
        fields = ("line", "key", "details")

    def __init__(self, *args, key_columns=(), columns=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.key_columns = key_columns
        self.order = {name: place for place, name in enumerate(columns)}

    def render_key(self, record):
        """Write what the row is about, and its outcome."""
        texts = {name.casefold(): text for name, text in record.values.items()}
        key = " · ".join(filter(None, (texts.get(name) for name in self.key_columns)))
        badge = ui_tags.badge(record.outcome, record.get_outcome_display())
        return format_html('{} <div class="outcome">{}</div>', key or "–", badge)

    def render_details(self, record):
        """Write the reasons of a rejected row, the differences of any other."""
        if record.outcome == RowOutcome.REJECTED:
            return format_html_join(
                "",
                '<div class="diff-line">{}{}</div>',
                (
                    (format_html("<strong>{}</strong>: ", name) if name else "", reason)
                    for name, reasons in self._in_order(record.errors)
                    for reason in reasons
                ),
            )
        if record.outcome == RowOutcome.NEW:
            pairs = (
                (name, new)
                for name, (_, new) in self._in_order(record.changes)
                if name not in self.key_columns
            )
            return format_html_join(" · ", '<span class="quiet">{}:</span> {}', pairs)
        return format_html_join(
            "",
            '<div class="diff-line"><span class="quiet">{}:</span> <del>{}</del> → '
            "<ins>{}</ins></div>",
            (
                (name, old or "empty", new or "empty")
                for name, (old, new) in self._in_order(record.changes)
            ),
        )

    def _in_order(self, values):
        return sorted(values.items(), key=lambda pair: self.order.get(pair[0], -1))
