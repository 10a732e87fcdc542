"""Pages on Django's Group, composed as apps compose theirs: what the tests of the edge visit."""

import django_filters
import django_tables2 as tables
from django import forms
from django.contrib.auth.models import Group
from django.urls import include, path, reverse

from config.shared.choosing import ChosenField
from config.shared.filters import ChosenFilter, RatebookFilterSet, SearchFilter
from config.shared.forms import RatebookForm, RatebookModelForm
from config.shared.panels import Panel
from config.shared.tables import RatebookTable
from config.shared.views.choices import ChoicesView
from config.shared.views.form_pages import ActionFormView, RatebookCreateView, RatebookUpdateView
from config.shared.views.lists import RatebookListView
from config.shared.views.object_page import Action, Fact, ObjectPageView


class GroupTable(RatebookTable):
    name = tables.Column(linkify=lambda record: reverse("group_page", args=[record.pk]))

    class Meta(RatebookTable.Meta):
        model = Group
        fields = ("id", "name")


class GroupFilter(RatebookFilterSet):
    q = SearchFilter(lookups=("name__icontains",))
    start = django_filters.ChoiceFilter(
        field_name="name",
        lookup_expr="startswith",
        choices=[("group", "group …"), ("team", "team …")],
        label="Name starts with",
    )
    same = ChosenFilter(
        queryset=Group.objects.order_by("name"),
        search="group_choices",
        code_field="name",
        field_name="pk",
        method="only",
        label="Group",
    )
    advanced = ("start",)

    class Meta:
        model = Group
        fields = ()

    def only(self, queryset, name, value):
        return queryset.filter(pk=value.pk)


class GroupList(RatebookListView):
    permission_required = "auth.view_group"
    queryset = Group.objects.order_by("name")
    table_class = GroupTable
    filterset_class = GroupFilter
    title = "Groups"
    empty_text = "Groups say what people may do. Add the first one."
    new_action = ("New group", "group_create", "auth.add_group")


class GroupForm(RatebookModelForm):
    class Meta:
        model = Group
        fields = ("name",)


class GroupCreate(RatebookCreateView):
    permission_required = "auth.add_group"
    form_class = GroupForm

    def get_parents(self):
        return [("Groups", reverse("group_list"))]


class GroupChange(RatebookUpdateView):
    permission_required = "auth.change_group"
    model = Group
    form_class = GroupForm

    def get_parents(self):
        return [("Groups", reverse("group_list"))]


class NameTaken(Exception):
    field = "name"


class Refused(Exception):
    pass


class RenameForm(RatebookForm):
    name = forms.CharField()


class GroupRename(ActionFormView):
    """Adds a letter for each time the act is done, so that a second effect shows."""

    permission_required = "auth.change_group"
    form_class = RenameForm
    title = "Rename"
    refusals = (NameTaken, Refused)
    success_message = "Renamed to {result}."

    def get_success_url(self):
        return reverse("group_page", args=[self.kwargs["pk"]])

    def act(self, form):
        name = form.cleaned_data["name"]
        if name == "taken":
            raise NameTaken("That name is taken.")
        if name == "refused":
            raise Refused("Not on a Sunday.")
        group = Group.objects.get(pk=self.kwargs["pk"])
        group.name += name
        group.save()
        return group.name


class RenamePanel(Panel):
    title = "Name"
    slug = "name"
    template_name = "ui_rename_panel.html"
    form_class = RenameForm
    form_permission = "auth.change_group"
    refusals = (Refused,)

    def submit(self, obj, request, form):
        if form.cleaned_data["name"] == "refused":
            raise Refused("Not on a Sunday.")
        obj.name = form.cleaned_data["name"]
        obj.save()
        return "Renamed."


class SecretPanel(Panel):
    title = "Secret"
    slug = "secret"
    template_name = "ui_rename_panel.html"
    permission = "auth.delete_group"


class HistoryPanel(Panel):
    title = "History"
    slug = "history"
    tab = "history"
    template_name = "ui_rename_panel.html"

    def suits(self, obj):
        return obj.name != "without history"


class GroupPage(ObjectPageView):
    permission_required = "auth.view_group"
    model = Group
    tabs = (("overview", "Overview"), ("history", "History"), ("empty", "Empty"))
    own_panels = (RenamePanel, SecretPanel, HistoryPanel)

    def get_facts(self):
        return [Fact("Members", 3)]

    def get_actions(self):
        return [
            Action("Rename", reverse("group_rename", args=[self.object.pk]), primary=True),
            Action("Delete", "/nowhere/", permission="auth.delete_group"),
        ]


class GroupChoices(ChoicesView):
    permission_required = "auth.view_group"
    queryset = Group.objects.order_by("name")
    code_field = "name"
    searched = ("name",)


class PickForm(RatebookForm):
    group = ChosenField(
        Group.objects.order_by("name"),
        search="group_choices",
        code_field="name",
        help_text="One that exists.",
    )
    other = ChosenField(
        Group.objects.order_by("name"), search="group_choices", code_field="name", required=False
    )


class GroupPick(ActionFormView):
    """Says what was picked."""

    permission_required = "auth.change_group"
    form_class = PickForm
    title = "Pick"
    success_message = "Picked {result}."

    def get_success_url(self):
        return reverse("group_pick")

    def act(self, form):
        return f"{form.cleaned_data['group']} and {form.cleaned_data['other']}"


urlpatterns = [
    path("groups/choices/", GroupChoices.as_view(), name="group_choices"),
    path("groups/pick/", GroupPick.as_view(), name="group_pick"),
    path("groups/", GroupList.as_view(), name="group_list"),
    path("groups/new/", GroupCreate.as_view(), name="group_create"),
    path("groups/<int:pk>/", GroupPage.as_view(), name="group_page"),
    path("groups/<int:pk>/change/", GroupChange.as_view(), name="group_change"),
    path("groups/<int:pk>/rename/", GroupRename.as_view(), name="group_rename"),
    path("", include("config.urls")),
]

handler403 = "config.shared.views.errors.permission_denied"
handler404 = "config.shared.views.errors.page_not_found"
handler500 = "config.shared.views.errors.server_error"
