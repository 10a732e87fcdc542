"""Kinds of imports: their columns, a sample of each, and all that is stored of it."""

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import Http404
from django.urls import reverse, reverse_lazy
from django.views import View
from django.views.generic import TemplateView

from config.shared.imports.resources import load_resources
from config.shared.imports.writers import FORMATS, download

LIST = ("Imports", reverse_lazy("imports:batch_list"))


def kind_or_404(slug):
    """Return the kind of import that a slug names."""
    kind = load_resources().get(slug)
    if kind is None:
        raise Http404("No such kind of import.")
    return kind


class KindMixin(PermissionRequiredMixin):
    """What pages of one kind share: its view permission is needed too."""

    permission_required = "shared.view_importbatch"

    @property
    def kind(self):
        """The kind that the address names."""
        return kind_or_404(self.kwargs["kind"])

    def get_permission_required(self):
        """Return both permissions."""
        return (*super().get_permission_required(), self.kind.view_permission())

    def dispatch(self, request, *args, **kwargs):
        """Know two formats only."""
        if kwargs.get("file_format", "csv") not in FORMATS:
            raise Http404("No such format.")
        return super().dispatch(request, *args, **kwargs)


class KindPage(KindMixin, TemplateView):
    """The columns of a kind, with a sample and all that is stored to download."""

    template_name = "imports/kind.html"

    def get_context_data(self, **kwargs):
        """Add the columns."""
        resource = self.kind()
        resource.add_columns(None)
        parents = [LIST, ("New import", reverse("imports:new"))]
        context = {
            "title": self.kind.title,
            "parents": parents,
            "kind": self.kind,
            "columns": [(one, one.widget.hints()) for one in resource.columns()],
            "formats": FORMATS.items(),
            "may_import": self.request.user.has_perms(
                [*self.kind.permissions(), "shared.add_importbatch"]
            ),
        }
        return {**super().get_context_data(**kwargs), **context}


class Sample(KindMixin, View):
    """A file with the columns of a kind and rows to go by."""

    def get(self, request, kind, file_format):
        """Send it."""
        head = self.kind().export_head()
        rows = [[example.get(name, "") for name in head] for example in self.kind.examples]
        return download(rows, head=head, name=f"{kind}-sample", file_format=file_format)


class ExportAll(KindMixin, View):
    """All that is stored of a kind."""

    def get(self, request, kind, file_format):
        """Stream it."""
        resource = self.kind()
        resource.add_columns(None)
        rows = resource.export_rows(resource.all_records())
        return download(rows, head=resource.export_head(), name=kind, file_format=file_format)
