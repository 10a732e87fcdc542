"""The history of any record on a page of its own: also of one that was deleted."""

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.views.generic import DetailView

from config.shared.history_panel import HistoryPanel
from config.shared.views.access import SignedInMixin
from config.shared.views.object_page import ObjectPageMixin


class RecordHistoryView(SignedInMixin, ObjectPageMixin, DetailView):
    """Who changed what on a record; the right to view its model is asked for.

    The address names the model (`catalog.salesbundle`) and the primary key.
    """

    own_panels = (HistoryPanel,)
    is_deleted = False

    def get_object(self, queryset=None):
        """Return the record, or as it was last; answer 404 where there never was one."""
        try:
            model = apps.get_model(self.kwargs["kind"])
        except (LookupError, ValueError) as unknown:
            raise Http404("No such kind of record.") from unknown
        if not hasattr(model._meta, "simple_history_manager_attribute"):
            raise Http404("Records of this kind keep no history.")
        meta = model._meta
        if not self.request.user.has_perm(f"{meta.app_label}.view_{meta.model_name}"):
            raise PermissionDenied
        pk = self.kwargs["pk"]
        record = model._default_manager.filter(pk=pk).first()
        if record is None:
            history = getattr(model, meta.simple_history_manager_attribute)
            last = history.filter(**{meta.pk.attname: pk}).order_by("-history_id").first()
            if last is None:
                raise Http404("There was no such record.")
            record = last.instance
            self.is_deleted = True
        return record

    def get_title(self):
        """Say whose history it is."""
        noun = self.object._meta.verbose_name
        return f"History of the {noun} {self.object}"

    def get_state(self):
        """Say so where the record is gone."""
        return ("DELETED", "Deleted") if self.is_deleted else None

    def get_parents(self):
        """Lead back to the record's page."""
        if self.is_deleted or not hasattr(self.object, "get_absolute_url"):
            return []
        return [(str(self.object), self.object.get_absolute_url())]
