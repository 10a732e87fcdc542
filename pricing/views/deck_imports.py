"""Files of rates: reading one, what was rejected, and comparing two versions."""

import csv
from io import StringIO

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views import View
from django.views.generic import TemplateView

from config.shared.operations.clock import today
from config.shared.tables import neutralised
from config.shared.views.form_pages import ActionFormView
from config.shared.views.lists import RatebookListView
from pricing.filters import RejectedRowFilter
from pricing.forms.decks import CompareForm, ImportDeckForm
from pricing.models import DeckImportMode
from pricing.operations.deck_imports import BILLMAX_HEAD, OWN_HEAD, REJECT_HEAD, import_deck
from pricing.queries.deck_differences import (
    DifferenceKind,
    all_differences,
    difference_counts,
    differences,
)
from pricing.queries.decks import all_versions, imports_of
from pricing.tables.decks import RejectedRowTable
from pricing.views.decks import DeckMixin
from pricing.views.usage_records import RecordActMixin

PAGE = 100
FARTHEST = 10_000


class ImportDeck(DeckMixin, RecordActMixin, ActionFormView):
    """Read a file of rates into a new version of a deck."""

    permission_required = "pricing.add_ratedeckversion"
    form_class = ImportDeckForm
    template_name = "pricing/deck_import_form.html"
    submit_label = "Read the rates"
    narrow = False

    def get_title(self):
        """Name the deck."""
        return f"Read rates into {self.get_record()}"

    def get_initial(self):
        """Propose today, and all rows or none."""
        return {"starts_on": today(), "mode": DeckImportMode.ALL_OR_NOTHING}

    def get_context_data(self, **kwargs):
        """Add the heads that are known."""
        heads = {"own_head": ", ".join(OWN_HEAD.values())}
        heads["billmax_head"] = ", ".join(BILLMAX_HEAD.values())
        return super().get_context_data(**{**heads, **kwargs})

    def act(self, form):
        """Read the file."""
        file, name = form.source()
        data = form.cleaned_data
        return import_deck(
            self.get_record(),
            file,
            starts_on=data["starts_on"],
            mode=data["mode"],
            by=self.request.user,
            now=timezone.now(),
            file_name=name,
        )

    def get_success_message(self):
        """Say what was taken."""
        done = self.result
        if done.version is None:
            return (
                f"Nothing was taken. Rows at fault: {done.rejected_count:,} of {done.row_count:,}."
            )
        verb = "row was" if done.version.row_count == 1 else "rows were"
        return f"{done.version.row_count:,} {verb} read, {done.rejected_count:,} rejected."

    def get_message_level(self):
        """Say “Not done” where nothing was taken."""
        return super().get_message_level() if self.result.version else messages.ERROR

    def get_success_url(self):
        """Show what became of the file."""
        return self.url("import_result", self.result.pk)


class ImportMixin(DeckMixin, RecordActMixin):
    """A page of a file that was read for the deck that the address names."""

    def get_import(self):
        """Return the import; one query."""
        if not hasattr(self, "_import"):
            rows = imports_of(self.get_record())
            self._import = get_object_or_404(rows, pk=self.kwargs["pk"])
        return self._import


class ImportResult(ImportMixin, RatebookListView):
    """What became of a file, with the rows that were rejected."""

    permission_required = "pricing.view_ratedeck"
    filterset_class = RejectedRowFilter
    table_class = RejectedRowTable
    template_name = "pricing/deck_import.html"
    empty_text = "No row was rejected."

    def get_queryset(self):
        """Return the rejected rows."""
        return self.get_import().rejects.order_by("line", "pk")

    def get_context_data(self, **kwargs):
        """Add the import."""
        done = self.get_import()
        return {
            **super().get_context_data(**kwargs),
            "done": done,
            "title": done.file_name,
            "parents": self.get_parents(),
        }


class RejectedRows(ImportMixin, PermissionRequiredMixin, View):
    """The rejected rows as a file that can be corrected and read again."""

    permission_required = "pricing.view_ratedeck"

    def get(self, request, **kwargs):
        """Stream the rows with their lines and reasons."""
        done = self.get_import()
        rows = done.rejects.order_by("line", "pk").values_list("line", "values", "reasons")
        lines = (
            [*values, line, " ".join(reasons)]
            for line, values, reasons in rows.iterator(chunk_size=2_000)
        )
        return csv_answer([*done.head, *REJECT_HEAD], lines, f"rejected-{done.pk}")


class CompareDecks(PermissionRequiredMixin, TemplateView):
    """What differs between two versions of decks."""

    permission_required = "pricing.view_ratedeck"
    template_name = "pricing/deck_compare.html"

    def get(self, request, *args, **kwargs):
        """Show a page of the differences, or stream them all."""
        self.form = CompareForm(
            request.GET if "old" in request.GET else None, versions=all_versions()
        )
        if request.GET.get("export") == "csv" and self.form.is_valid():
            return self.export()
        return super().get(request, *args, **kwargs)

    def _chosen(self):
        data = self.form.cleaned_data
        kind = DifferenceKind(data["kind"]) if data["kind"] else None
        return data["old"], data["new"], kind

    def get_context_data(self, **kwargs):
        """Return the differences of a page, with their counts."""
        context = super().get_context_data(**kwargs)
        context.update(
            title="Compare rate decks",
            parents=[("Rate decks", reverse("pricing:deck_list"))],
            form=self.form,
        )
        if not self.form.is_bound or not self.form.is_valid():
            return context
        old, new, kind = self._chosen()
        counts = difference_counts(old, new)
        total = counts[kind] if kind else sum(counts.values())
        start = self._start()
        return {
            **context,
            "old": old,
            "new": new,
            "counts": ", ".join(f"{count:,} {one.value.lower()}" for one, count in counts.items()),
            "rows": differences(old, new, kind=kind, start=start, count=PAGE),
            "total": total,
            "first": start + 1,
            "last": min(start + PAGE, total),
            "previous": start // PAGE if start else 0,
            "next": start // PAGE + 2 if start + PAGE < min(total, FARTHEST) else 0,
        }

    def _start(self) -> int:
        text = self.request.GET.get("page", "")
        page = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1
        return min(max(page - 1, 0) * PAGE, FARTHEST)

    def export(self):
        """Stream all differences as CSV."""
        old, new, kind = self._chosen()
        head = [
            *("Kind", "Prefix", "Description", "Rate before", "Rate after", "Difference %"),
            *("Steps before", "Steps after", "Fee before", "Fee after"),
        ]
        lines = ([row.kind.value, *row[1:-1]] for row in all_differences(old, new, kind=kind))
        return csv_answer(head, lines, "deck-differences")


def csv_answer(head, lines, name):
    """Stream rows as a CSV file that spreadsheets read without running formulas."""
    return StreamingHttpResponse(
        _csv_text(head, lines),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )


def _csv_text(head, lines):
    buffer = StringIO()
    writer = csv.writer(buffer)
    yield "\N{ZERO WIDTH NO-BREAK SPACE}"  # spreadsheets read UTF-8 by it
    writer.writerow(head)
    for line in lines:
        writer.writerow([neutralised(cell) for cell in line])
        if buffer.tell() > 65_536:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()
