"""Pages of types and of the entries of short lists: read by all, changed by those who may."""

from django.shortcuts import redirect
from django.urls import reverse

from catalog.operations.errors import CatalogError
from catalog.views.editing import ByCodeMixin
from config.shared.history_panel import HistoryPanel
from config.shared.views.form_pages import ActionFormView
from config.shared.views.object_page import Action, ObjectPageView

TABS = (("overview", "Overview"), ("history", "History"))


class RecordPage(ByCodeMixin, ObjectPageView):
    """The page of a record with a code.

    Attributes: `model`, `parents`, `panels` (classes; its history is added), `delete_url_name`,
    `merge_url_name` ("" where records of the kind are not merged), `change_url_name` ("" where its
    panels change it).
    """

    tabs = TABS
    panels = ()
    parents = ()
    delete_url_name = ""
    merge_url_name = ""
    change_url_name = ""

    @property
    def own_panels(self):
        """The panels of this page, its history last."""
        return (*self.panels, HistoryPanel)

    def get_parents(self):
        """Lead back to the list."""
        return self.parents

    def get_number(self):
        """Show the code beside the name."""
        return self.object.code

    def get_actions(self):
        """Offer to change it, to merge it and to delete it."""
        meta = self.object._meta
        code = self.object.code
        actions = []
        if self.change_url_name:
            permission = f"{meta.app_label}.change_{meta.model_name}"
            address = reverse(self.change_url_name, args=[code])
            actions.append(Action("Change", address, permission, primary=True))
        if self.merge_url_name:
            permission = f"{meta.app_label}.delete_{meta.model_name}"
            address = reverse(self.merge_url_name, args=[code])
            actions.append(Action("Merge into another…", address, permission))
        if self.delete_url_name:
            permission = f"{meta.app_label}.delete_{meta.model_name}"
            address = reverse(self.delete_url_name, args=[code])
            actions.append(Action("Delete…", address, permission, group="delete"))
        return actions

    def post(self, request, *args, **kwargs):
        """Follow a record whose code was changed to its new address."""
        response = super().post(request, *args, **kwargs)
        if response.status_code == 302 and self.object.code != self.kwargs["code"]:
            return redirect(self.object)
        return response


class MergeView(ByCodeMixin, ActionFormView):
    """Merges a record into another of its kind.

    Attributes: `model`, `list_url_name`, and `merge`, the operation, as a staticmethod;
    `get_lead` says what moves.
    """

    submit_label = "Merge"
    danger = True
    refusals = (CatalogError,)
    list_url_name = ""
    merge = None

    def get_queryset(self):
        """Look among all records of the kind."""
        return self.model._default_manager.all()

    def setup(self, request, *args, **kwargs):
        """Leave the record to be found once the permission is checked."""
        super().setup(request, *args, **kwargs)
        self.object = None

    def dispatch(self, request, *args, **kwargs):
        """Find the record for those who may merge it."""
        if self.has_permission():
            self.object = self.get_object()
        return super().dispatch(request, *args, **kwargs)

    def get_parents(self):
        """Lead back to the record."""
        title = str(self.object._meta.verbose_name_plural).capitalize()
        return [
            (title, reverse(self.list_url_name)),
            (str(self.object), self.object.get_absolute_url()),
        ]

    def get_title(self):
        """Return the heading."""
        return f"Merge {self.object} into another"

    def act(self, form):
        """Merge it."""
        target = form.cleaned_data["target"]
        name = str(self.object)
        self.merge(self.object, target, by=self.request.user)
        self.object = target
        return f"{name} was merged into {target}."

    def get_success_message(self):
        """Say what was done."""
        return self.result

    def get_success_url(self):
        """Go to the record that has it all now."""
        return self.object.get_absolute_url()


def merge_lead(source, moving, *, is_one):
    """Return what a merge does, in words; `moving` are counted nouns, `is_one` if they are one."""
    end = f"{source} is deleted. Its history stays."
    if not moving:
        return f"Nothing uses it: {end}"
    listed = " and ".join(filter(None, [", ".join(moving[:-1]), moving[-1]]))
    return f"{listed} {'moves' if is_one else 'move'} to the other one; then {end}"
