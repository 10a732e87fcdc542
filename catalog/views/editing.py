"""What the data-entry pages of the catalogue share: addresses by code, refusals, deleting."""

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic.detail import SingleObjectMixin

from catalog.operations.errors import CatalogError
from catalog.operations.lists import delete_unused
from config.shared.views.form_pages import ConfirmView, RatebookCreateView, RatebookUpdateView


class ByCodeMixin:
    """Finds the record by the code in the address, whatever its letter case."""

    def get_object(self, queryset=None):
        """Return the record, or answer 404."""
        rows = self.get_queryset() if queryset is None else queryset
        return get_object_or_404(rows, code__iexact=self.kwargs["code"])


class CatalogCreateView(RatebookCreateView):
    """A page for a new record of the catalogue; afterwards back to the list."""

    refusals = (CatalogError,)

    def get_success_url(self):
        """Return the list."""
        return self.get_cancel_url()


class CatalogUpdateView(ByCodeMixin, RatebookUpdateView):
    """A page that changes a record of the catalogue, with a way to delete it."""

    template_name = "catalog/edit_page.html"
    refusals = (CatalogError,)
    delete_url_name = ""

    def get_success_url(self):
        """Return the list."""
        return self.get_cancel_url()

    def get_context_data(self, **kwargs):
        """Add the addresses of the history and, for those who may, of the page that deletes."""
        meta = self.object._meta
        may_delete = self.request.user.has_perm(f"{meta.app_label}.delete_{meta.model_name}")
        delete_url = ""
        if self.delete_url_name and may_delete:
            delete_url = reverse(self.delete_url_name, args=[self.object.code])
        history_url = reverse("record_history", args=[meta.label_lower, self.object.pk])
        return super().get_context_data(history_url=history_url, delete_url=delete_url, **kwargs)


class CatalogDeleteView(ByCodeMixin, SingleObjectMixin, ConfirmView):
    """Asks before it deletes a record that nothing refers to."""

    refusals = (CatalogError,)
    submit_label = "Delete"
    # Unused here: it goes with the mixins that name what the pages of one record share.
    delete_url_name = ""

    def setup(self, request, *args, **kwargs):
        """Leave the record to be found once the permission is checked."""
        super().setup(request, *args, **kwargs)
        self.object = None

    def dispatch(self, request, *args, **kwargs):
        """Find the record for those who may delete it."""
        if self.has_permission():
            self.object = self.get_object()
        return super().dispatch(request, *args, **kwargs)

    def get_form_class(self):
        """Ask for nothing but a yes."""
        return ConfirmView.form_class

    def get_title(self):
        """Return the heading."""
        return f"Delete {self.object}"

    def get_lead(self):
        """Say what happens."""
        noun = self.object._meta.verbose_name
        return f"The {noun} {self.object} is deleted if nothing refers to it. Its history stays."

    def act(self, form):
        """Delete it."""
        name = str(self.object)
        delete_unused(self.object)
        return name

    def get_success_message(self):
        """Say what is gone."""
        return f"{self.result} was deleted."
