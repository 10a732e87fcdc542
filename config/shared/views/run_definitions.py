"""Run definitions: list, page, changes, and starting a run."""

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse, reverse_lazy

from config.shared.models import DefinitionState, RunDefinition
from config.shared.operations.clock import now, today
from config.shared.operations.definitions import (
    create_definition,
    set_definition_state,
    update_definition,
)
from config.shared.operations.runs import create_run, start_run
from config.shared.queries.runs import run_definitions
from config.shared.runs.filters import DefinitionFilter
from config.shared.runs.forms import DefinitionForm, StartRunForm, with_kind_fields
from config.shared.runs.kinds import RunError, load_kinds
from config.shared.runs.panels import CriteriaPanel, DefinitionRunsPanel, SchedulePanel
from config.shared.runs.tables import DefinitionTable
from config.shared.views.form_pages import ActionFormView, ConfirmView
from config.shared.views.lists import RatebookListView
from config.shared.views.object_page import Action, Fact, ObjectPageView

LIST = ("Run definitions", reverse_lazy("runs:definition_list"))


class DefinitionList(RatebookListView):
    """All definitions, with schedule and last run."""

    permission_required = "shared.view_rundefinition"
    queryset = run_definitions()
    filterset_class = DefinitionFilter
    table_class = DefinitionTable
    template_name = "runs/definition_list.html"
    title = "Run definitions"
    empty_text = "A definition says which kind of run, over what, and when. Make the first one."

    def get_context_data(self, **kwargs):
        """Add the kinds that a new definition may have."""
        may_add = self.request.user.has_perm("shared.add_rundefinition")
        return super().get_context_data(**kwargs, kinds=load_kinds().values() if may_add else [])


class KindPermissionMixin(PermissionRequiredMixin):
    """Asks, beside `permission_required`, for the permission that the kind of run names."""

    def get_kind(self):
        """Return the kind of run at hand; 404 if the installation has it no more."""
        kind = load_kinds().get(self.get_kind_slug())
        if kind is None:
            raise Http404("No such run kind.")
        return kind

    def get_permission_required(self):
        """Return both permissions."""
        return (*super().get_permission_required(), self.get_kind().permission)


class DefinitionMixin:
    """The definition that the address names."""

    @property
    def definition(self) -> RunDefinition:
        """The definition, read once."""
        if not hasattr(self, "_definition"):
            self._definition = get_object_or_404(run_definitions(), code=self.kwargs["code"])
        return self._definition

    def get_kind_slug(self) -> str:
        """Return the slug of its kind."""
        return self.definition.kind

    def get_parents(self):
        """Return the list and the definition's page."""
        return [LIST, (self.definition.name, self.definition.get_absolute_url())]


class DefinitionPage(ObjectPageView):
    """A definition: last runs, schedule, criteria."""

    permission_required = "shared.view_rundefinition"
    queryset = run_definitions()
    slug_field = "code"
    slug_url_kwarg = "code"
    own_panels = (DefinitionRunsPanel, SchedulePanel, CriteriaPanel)

    def get_number(self) -> str:
        """Return the code."""
        return self.object.code

    def get_state(self):
        """Return the state for the badge."""
        return self.object.state, self.object.get_state_display()

    def get_parents(self):
        """Return the list."""
        return [LIST]

    def get_facts(self):
        """Return kind, schedule and last run."""
        kind = load_kinds().get(self.object.kind)
        schedule = getattr(self.object, "schedule", None)
        return [
            Fact("Kind", kind.name if kind else self.object.kind),
            Fact("Runs", str(schedule) if schedule and schedule.active else "by hand"),
            Fact("Last run", self.object.last_number or "none yet"),
        ]

    def get_actions(self):
        """Return start, change, switch on or off."""
        code = self.object.code
        kind = load_kinds().get(self.object.kind)
        active = self.object.state == DefinitionState.ACTIVE
        actions = [
            Action(
                "Change",
                reverse("runs:definition_update", args=[code]),
                "shared.change_rundefinition",
                primary=True,
            ),
            Action(
                "Deactivate" if active else "Activate",
                reverse(f"runs:definition_{'deactivate' if active else 'activate'}", args=[code]),
                "shared.change_rundefinition",
            ),
        ]
        if kind is not None and active:
            start = reverse("runs:start", args=[code])
            actions.insert(
                0, Action("Start run", start, kind.permission, primary=True, icon="play")
            )
        return actions


class StartRun(DefinitionMixin, KindPermissionMixin, ActionFormView):
    """Create a run and start it."""

    permission_required = "shared.add_run"
    submit_label = "Start run"
    refusals = (RunError,)
    success_message = "{result} was started."

    def get_template_names(self):
        """Show the refusal alone where nothing can be started."""
        return ["runs/start_refused.html"] if self.is_inactive else super().get_template_names()

    def get_context_data(self, **kwargs):
        """Add the way to activate an inactive definition, for those who may."""
        may_change = self.request.user.has_perm("shared.change_rundefinition")
        activate = reverse("runs:definition_activate", args=[self.definition.code])
        context = {"definition": self.definition, "activate_url": activate if may_change else ""}
        return super().get_context_data(**context, **kwargs)

    @property
    def is_inactive(self) -> bool:
        """Whether the definition is switched off."""
        return self.definition.state != DefinitionState.ACTIVE

    def get_title(self) -> str:
        """Return the heading."""
        return f"Start {self.definition}"

    def get_lead(self) -> str:
        """Say what will happen."""
        return f"The run works on all {self.get_kind().items} that the definition takes."

    def get_form_class(self):
        """Return the page's fields with those of the kind."""
        return with_kind_fields(StartRunForm, self.get_kind().run_form)

    def get_form_kwargs(self):
        """Start from the definition's criteria and settings, for today."""
        form = self.get_form_class()
        known = form.initial_of(self.definition.criteria, self.definition.defaults)
        return {
            **super().get_form_kwargs(),
            "kind": self.get_kind(),
            "initial": {**known, "as_of": today()},
        }

    def act(self, form):
        """Create and start the run."""
        instant = now()
        run = create_run(
            self.definition,
            as_of=form.cleaned_data["as_of"],
            by=self.request.user,
            now=instant,
            stop_after=form.cleaned_data["stop_after"],
            criteria=form.criteria(),
            parameters=form.kind_settings(),
        )
        return start_run(run, now=instant)

    def get_success_url(self):
        """Return the run's page."""
        return self.result.get_absolute_url()


class CreateDefinition(ActionFormView):
    """Make a definition of a kind."""

    permission_required = "shared.add_rundefinition"
    refusals = (RunError,)
    narrow = False
    success_message = "{result} was added."
    parents = (LIST,)

    def get_kind(self):
        """Return the kind that the address names."""
        kind = load_kinds().get(self.kwargs["kind"])
        if kind is None:
            raise Http404("No such run kind.")
        return kind

    def get_title(self) -> str:
        """Return the heading."""
        return f"New definition: {self.get_kind().name}"

    def get_form_class(self):
        """Return the page's fields with those of the kind."""
        return with_kind_fields(DefinitionForm, self.get_kind().definition_form)

    def act(self, form):
        """Make the definition."""
        return create_definition(
            code=form.cleaned_data["code"],
            name=form.cleaned_data["name"],
            kind=self.get_kind().slug,
            description=form.cleaned_data["description"],
            criteria=form.criteria(),
            defaults=form.kind_settings(),
        )

    def get_success_url(self):
        """Return the definition's page."""
        return self.result.get_absolute_url()


class UpdateDefinition(DefinitionMixin, ActionFormView):
    """Change a definition."""

    permission_required = "shared.change_rundefinition"
    refusals = (RunError,)
    narrow = False
    success_message = "{result} was saved."

    def get_title(self) -> str:
        """Return the heading."""
        return f"Change {self.definition}"

    def get_form_class(self):
        """Return the page's fields with those of the kind."""
        kind = load_kinds().get(self.definition.kind)
        return with_kind_fields(DefinitionForm, kind.definition_form if kind else None)

    def get_form_kwargs(self):
        """Start from what the definition says."""
        definition = self.definition
        known = self.get_form_class().initial_of(definition.criteria, definition.defaults)
        own = {"name": definition.name, "description": definition.description}
        kwargs = super().get_form_kwargs()
        return {**kwargs, "definition": definition, "initial": {**known, **own}}

    def act(self, form):
        """Save what was changed."""
        return update_definition(
            self.definition,
            name=form.cleaned_data["name"],
            description=form.cleaned_data["description"],
            criteria=form.criteria(),
            defaults=form.kind_settings(),
        )


class DeactivateDefinition(DefinitionMixin, ConfirmView):
    """Switch a definition off."""

    permission_required = "shared.change_rundefinition"
    submit_label = "Deactivate"
    lead = "No run can be created from an inactive definition, and its schedule rests."
    success_message = "{result} is inactive."
    state = DefinitionState.INACTIVE

    def get_title(self) -> str:
        """Return the heading."""
        return f"{self.submit_label} {self.definition}"

    def act(self, form):
        """Set the state."""
        return set_definition_state(self.definition, self.state)


class ActivateDefinition(DeactivateDefinition):
    """Switch a definition on."""

    submit_label = "Activate"
    lead = "Runs can be created from it again, and its schedule works."
    success_message = "{result} is active."
    danger = False
    state = DefinitionState.ACTIVE
