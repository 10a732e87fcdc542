"""Imports: a file is sent, checked, looked at, and then applied or given up."""

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views import View
from django_htmx.http import HttpResponseClientRefresh

from config.shared.imports.files import read_rows
from config.shared.imports.filters import BatchFilter, RowFilter
from config.shared.imports.forms import ApplyForm, NewImportForm
from config.shared.imports.resources import ADDED, kinds_for
from config.shared.imports.tables import BatchTable, RowTable
from config.shared.imports.writers import FORMATS, download
from config.shared.models import ImportBatch, ImportMode, ImportState
from config.shared.operations.imports import (
    WAITING,
    ImportRefused,
    discard_import,
    is_in_work,
    order_import,
    receive_file,
    work_on_import,
)
from config.shared.queries.imports import imports, rejected_lines, rows_of
from config.shared.views.form_pages import ActionFormView, ConfirmView
from config.shared.views.import_kinds import LIST, kind_or_404
from config.shared.views.lists import RatebookListView
from config.shared.views.object_page import Action, Alert, Fact


class BatchList(RatebookListView):
    """All imports, newest first."""

    permission_required = "shared.view_importbatch"
    queryset = imports()
    filterset_class = BatchFilter
    table_class = BatchTable
    title = "Imports"
    empty_text = (
        "Send a CSV or Excel file with products, prices, taxes or usage plans. It is checked "
        "first, and nothing is stored before you say so."
    )
    new_action = ("New import", "imports:new", "shared.add_importbatch")


class NewImport(ActionFormView):
    """Send a file of a kind."""

    permission_required = "shared.add_importbatch"
    form_class = NewImportForm
    template_name = "imports/new.html"
    title = "New import"
    submit_label = "Check the file"
    lead = "The file is checked first. Nothing is stored before you have seen what it would change."
    parents = (LIST,)
    refusals = (ImportRefused,)
    narrow = False

    def get_form_kwargs(self):
        """Offer the kinds that the user may import."""
        return {**super().get_form_kwargs(), "kinds": kinds_for(self.request.user)}

    def get_initial(self):
        """Begin with the kind that the address names."""
        return {"kind": self.request.GET.get("kind", "")}

    def act(self, form):
        """Receive the file."""
        file = form.cleaned_data["file"]
        return receive_file(
            form.cleaned_data["kind"], file, file.name, by=self.request.user, clock=timezone.now
        )

    def get_success_url(self):
        """Return the import's page."""
        return self.result.get_absolute_url()

    def get_context_data(self, **kwargs):
        """Add what is said of each kind."""
        kinds = kinds_for(self.request.user)
        return super().get_context_data(kinds=kinds, formats=FORMATS.items(), **kwargs)


class BatchMixin(PermissionRequiredMixin):
    """The import that the address names."""

    permission_required = "shared.view_importbatch"

    @property
    def batch(self) -> ImportBatch:
        """The import, read once."""
        if not hasattr(self, "_batch"):
            self._batch = get_object_or_404(imports(), number=self.kwargs["number"])
        return self._batch


class BatchPage(BatchMixin, RatebookListView):
    """An import: what is known of it, what may be done, and its rows."""

    filterset_class = RowFilter
    table_class = RowTable
    template_name = "imports/batch.html"
    title = "Rows"
    empty_text = "No row."

    def get_queryset(self):
        """Return its rows."""
        return rows_of(self.batch)

    def get_table_kwargs(self):
        """Tell the table the columns of the kind."""
        resource = kind_or_404(self.batch.kind)()
        resource.add_columns(None)
        key = [column.name for column in map(resource.column, resource.key) if column]
        return {"key_columns": key, "columns": [column.name for column in resource.columns()]}

    def get_context_data(self, **kwargs):
        """Add the header of a record's page."""
        batch = self.batch
        kind = kind_or_404(batch.kind)
        actions = self._actions()
        context = {
            "batch": batch,
            "title": f"{kind.title}: {batch.file_name}",
            "parents": [LIST],
            "number": batch.number,
            "state": (batch.state, batch.get_state_display()),
            "facts": self._facts(),
            "alerts": self._alerts(),
            "primary_actions": [action for action in actions if action.primary],
            "more_actions": [action for action in actions if not action.primary],
            "counts": self._counts(),
            "formats": FORMATS.items(),
            "is_waiting": batch.state in WAITING,
            "in_work": is_in_work(batch),
        }
        return {**super().get_context_data(**kwargs), **context, "exports": ()}

    def _facts(self):
        batch = self.batch
        facts = [
            Fact("Received", _instant(batch.created_at)),
            Fact("By", batch.created_by or "Ratebook"),
            Fact("Checked", _took(batch.checked_at, batch.check_seconds)),
        ]
        if batch.applied_at:
            facts += [
                Fact("Applied", _took(batch.applied_at, batch.apply_seconds)),
                Fact("Applied by", batch.applied_by or "Ratebook"),
                Fact("How", batch.get_mode_display()),
            ]
        return facts

    def _counts(self):
        batch = self.batch
        return [
            ("All rows", batch.row_count, ""),
            ("New", batch.new_count, "NEW"),
            ("Changed", batch.changed_count, "CHANGED"),
            ("Same as stored", batch.same_count, "SAME"),
            ("Rejected", batch.rejected_count, "REJECTED"),
        ]

    def _alerts(self):
        batch = self.batch
        if batch.failure:
            return [
                Alert(batch.failure, "error" if batch.state == ImportState.FAILED else "warning")
            ]
        if batch.state == ImportState.CHECKED and not batch.new_count + batch.changed_count:
            return [Alert("There is nothing to apply: no row would change anything.", "info")]
        if batch.state == ImportState.CHECKED:
            return [Alert("Nothing is stored yet. Look at the rows, then apply them.", "info")]
        return []

    def _actions(self):
        batch, user = self.batch, self.request.user
        if not user.has_perms(
            ["shared.change_importbatch", *kind_or_404(batch.kind).permissions()]
        ):
            return []
        actions = []
        if _is_applicable(batch):
            apply = reverse("imports:apply", args=[batch.number])
            actions.append(Action("Apply …", apply, primary=True, icon="check"))
        if batch.state not in (ImportState.APPLIED, ImportState.DISCARDED):
            discard = reverse("imports:discard", args=[batch.number])
            actions.append(Action("Discard", discard, group="discard"))
        return actions


class Progress(BatchMixin, View):
    """What a worker does with an import, for htmx; reloads the page once it is done."""

    def get(self, request, number):
        """Answer with the partial."""
        if self.batch.state not in WAITING and request.htmx:
            return HttpResponseClientRefresh()
        context = {
            "batch": self.batch,
            "in_work": is_in_work(self.batch),
            "is_waiting": self.batch.state in WAITING,
        }
        return render(request, "imports/partials/progress.html", context)


class ActMixin(BatchMixin):
    """An act on an import, for those who may do to the records what it does."""

    permission_required = "shared.change_importbatch"
    refusals = (ImportRefused,)

    def get_permission_required(self):
        """Return what the kind asks for, too."""
        return (*super().get_permission_required(), *kind_or_404(self.batch.kind).permissions())

    def get_parents(self):
        """Return the list and the import's page."""
        return [LIST, (self.batch.number, self.batch.get_absolute_url())]


def _are(count: int) -> str:
    return f"{count:,} {'is' if count == 1 else 'are'}"


class Apply(ActMixin, ActionFormView):
    """Apply a checked import."""

    form_class = ApplyForm
    submit_label = "Apply"

    def get(self, request, *args, **kwargs):
        """Show the import instead, where there is nothing to apply."""
        if not _is_applicable(self.batch):
            return redirect(self.batch.get_absolute_url())
        return super().get(request, *args, **kwargs)

    def get_form_kwargs(self):
        """Tell the form what was found."""
        return {**super().get_form_kwargs(), "batch": self.batch}

    def get_title(self):
        """Return the heading."""
        return f"Apply {self.batch.number}"

    def get_lead(self):
        """Say what will happen."""
        batch = self.batch
        return (
            f"{kind_or_404(batch.kind).title}: {_are(batch.new_count)} added and "
            f"{batch.changed_count:,} changed; {_are(batch.same_count)} the same already, "
            f"{_are(batch.rejected_count)} rejected. All is stored at once, or nothing."
        )

    def act(self, form):
        """Order it."""
        mode = ImportMode(form.cleaned_data["mode"])
        return order_import(self.batch, mode, by=self.request.user, clock=timezone.now)


class WorkNow(ActMixin, ConfirmView):
    """Check or apply an import here, where no worker takes it up."""

    submit_label = "Do it now"
    danger = False
    lead = "The page answers when it is done; ten thousand rows take some seconds."

    def get_title(self):
        """Return the heading."""
        return f"Do {self.batch.number} now"

    def form_valid(self, form):
        """Work outside of the form's own transaction, then show the import."""
        work_on_import(self.batch.pk, clock=timezone.now)
        return super().form_valid(form)

    def act(self, form):
        """Return the import: the work is done by now."""
        return self.batch


class Discard(ActMixin, ConfirmView):
    """Give up an import that was not applied."""

    submit_label = "Discard"
    lead = "Nothing of the file will be stored; what was found stays here to be read."
    success_message = "{result} was discarded."

    def get_title(self):
        """Return the heading."""
        return f"Discard {self.batch.number}"

    def act(self, form):
        """Discard it."""
        return discard_import(self.batch)


class OriginalFile(BatchMixin, View):
    """The file as it was sent."""

    def get(self, request, number):
        """Send it, as a download in any case."""
        return FileResponse(
            self.batch.file.open("rb"), as_attachment=True, filename=self.batch.file_name
        )


class RejectedRows(BatchMixin, View):
    """Rejected rows as they were, with line and reasons: to be corrected and imported again."""

    def get(self, request, number, file_format):
        """Send them."""
        if file_format not in FORMATS:
            raise Http404("No such format.")
        with self.batch.file.open("rb") as file:
            head = read_rows(file).head
        rows = rejected_lines(self.batch, head)
        columns = [*(name for name in head if name.casefold() not in ADDED), *ADDED]
        return download(rows, head=columns, name=f"{number}-rejected", file_format=file_format)


def _is_applicable(batch: ImportBatch) -> bool:
    """Say whether a checked file has a row that would be stored."""
    return batch.state == ImportState.CHECKED and bool(batch.new_count + batch.changed_count)


def _instant(moment):
    return date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT") if moment else "–"


def _took(moment, seconds):
    return f"{_instant(moment)}, in {seconds:.1f} s" if moment else "–"
