"""What the pages of tier plans, voice plans, rate decks and usage catalogues share."""

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime

from config.shared.views.form_pages import ActionFormView, ConfirmView, RatebookUpdateView
from config.shared.views.object_page import Action, Alert, Fact, ObjectPageView
from pricing.forms.usage_records import CloneForm
from pricing.queries.errors import PricingError


class RecordMixin:
    """A page of the record that the address names.

    Attributes: `model`, `names` (how the names of its URLs begin), `list_title`, `noun`,
    `joined` (what to select with the record).
    """

    slug_field = slug_url_kwarg = "code"
    names = ""
    list_title = ""
    noun = ""
    joined = ()
    refusals = (PricingError,)

    def records(self):
        """Join what pages show."""
        return self.model.objects.select_related(*self.joined)

    def get_queryset(self):
        """Find the record among all."""
        return self.records()

    def get_record(self):
        """Return the record; one query."""
        if not hasattr(self, "_record"):
            self._record = get_object_or_404(self.records(), code=self.kwargs["code"])
        return self._record

    def url(self, act, *args):
        """Return the address of a page of the record."""
        return reverse(f"pricing:{self.names}_{act}", args=[self.kwargs["code"], *args])

    def permission(self, verb):
        """Return the name of a permission on records of this kind."""
        return f"pricing.{verb}_{self.model._meta.model_name}"

    def list_parents(self):
        """Lead back to the list."""
        return [(self.list_title, reverse(f"pricing:{self.names}_list"))]


class RecordPage(RecordMixin, ObjectPageView):
    """A record with its panels."""

    tabs = (("overview", "Overview"), ("history", "History"))
    may_be_cloned = True
    frozen_text = "Used: it stays as it is. To change a price, clone it."

    def get_number(self):
        """Show the code."""
        return self.object.code

    def get_parents(self):
        """Lead back to the list."""
        return self.list_parents()

    def get_facts(self):
        """Show since when the record is in use."""
        used = self.object.used_at
        return [Fact("Used since", date_format(localtime(used)) if used else "not used yet")]

    def get_alerts(self):
        """Say what a used record allows."""
        return [Alert(self.frozen_text, "info")] if self.object.used_at else []

    def get_actions(self):
        """Offer change, clone, and delete while unused."""
        actions = [Action("Change", self.url("change"), self.permission("change"))]
        if self.may_be_cloned:
            actions.append(Action("Clone", self.url("clone"), self.permission("add")))
        if self.object.used_at is None:
            delete = self.permission("delete")
            actions.append(Action("Delete", self.url("delete"), delete, group="delete"))
        return actions


class RecordActMixin(RecordMixin):
    """An act on the record that the address names."""

    def get_parents(self):
        """Lead back to the record."""
        record = self.get_record()
        return [*self.list_parents(), (str(record), record.get_absolute_url())]


class ChangeRecord(RecordMixin, RatebookUpdateView):
    """Change a record's own fields and rows."""

    def get_parents(self):
        """Lead back to the record, under the name it has in the database."""
        return [*self.list_parents(), (self.stored_name, self.url("detail"))]

    def get_object(self, queryset=None):
        """Note the name before the form sets another."""
        found = super().get_object(queryset)
        self.stored_name = str(found)
        return found


class CloneRecord(RecordActMixin, ActionFormView):
    """A copy under another code. Subclasses have `clone`, the operation."""

    form_class = CloneForm
    submit_label = "Clone"
    success_message = "{result} was made. It has not been used: change it as you like."

    def get_title(self):
        """Name what is copied."""
        return f"Clone {self.get_record()}"

    def act(self, form):
        """Copy it."""
        return type(self).clone(self.get_record(), **form.cleaned_data)

    def get_success_url(self):
        """Go on with the copy."""
        return self.result.get_absolute_url()


class DeleteRecord(RecordActMixin, ConfirmView):
    """Delete a record that has not been used. Subclasses have `delete`, the operation."""

    submit_label = "Delete"

    def get_title(self):
        """Name it."""
        return f"Delete {self.get_record()}"

    def get_lead(self):
        """Say what follows."""
        return f"The {self.noun} is deleted with all its rows. Its history stays."

    def get_success_message(self):
        """Say what was deleted."""
        return f"{self.get_record()} was deleted."

    def act(self, form):
        """Delete it."""
        type(self).delete(self.get_record())

    def get_success_url(self):
        """Go back to the list."""
        return self.list_parents()[0][1]
