"""The run console: runs, a run's page with live progress, steering it, parked items."""

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.shortcuts import get_object_or_404, render
from django.urls import reverse, reverse_lazy
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.views import View
from django_htmx.http import HttpResponseClientRefresh

from config.shared.models import ParkedItem, Run, RunState
from config.shared.operations.clock import now
from config.shared.operations.runs import (
    cancel_run,
    discard_run,
    pause_run,
    release_parked,
    resume_run,
    start_run,
)
from config.shared.queries.runs import parked_by, parked_items, runs
from config.shared.runs.filters import ParkedFilter, RunFilter
from config.shared.runs.forms import ResumeRunForm
from config.shared.runs.kinds import RunError, load_kinds
from config.shared.runs.panels import (
    GOING,
    ChunksPanel,
    CountsPanel,
    CriteriaPanel,
    ParkedPanel,
    ProgressPanel,
    progress_context,
)
from config.shared.runs.tables import ParkedTable, RunTable
from config.shared.views.form_pages import ActionFormView, ConfirmView
from config.shared.views.lists import RatebookListView
from config.shared.views.object_page import Action, Alert, Fact, ObjectPageView
from config.shared.views.run_definitions import KindPermissionMixin

LIST = ("Runs", reverse_lazy("runs:run_list"))
PARKED = ("Parked items", reverse_lazy("runs:parked_list"))

# What may be done in which state: (label, url name), the first is the main one.
STEERING = {
    RunState.DRAFT: (("Start", "start_draft"), ("Cancel run", "cancel")),
    RunState.RUNNING: (("Pause", "pause"), ("Cancel run", "cancel")),
    RunState.PAUSED: (("Continue", "resume"), ("Cancel run", "cancel"), ("Discard", "discard")),
    RunState.STOPPED: (("Continue", "resume"), ("Discard", "discard"), ("Cancel run", "cancel")),
    RunState.FAILED: (("Continue", "resume"), ("Cancel run", "cancel"), ("Discard", "discard")),
}


class RunList(RatebookListView):
    """All runs, newest first."""

    permission_required = "shared.view_run"
    queryset = runs()
    filterset_class = RunFilter
    table_class = RunTable
    title = "Runs"
    empty_text = "No run yet. Start one from its definition."
    new_action = ("Start run", "runs:definition_list", "shared.add_run")


class RunPage(ObjectPageView):
    """A run: stepper and progress, totals, exceptions, chunks, and panels of other apps."""

    permission_required = "shared.view_run"
    queryset = runs()
    slug_field = "number"
    slug_url_kwarg = "number"
    template_name = "runs/run_page.html"
    panel_setting = "RUN_PANELS"
    own_panels = (ProgressPanel, CountsPanel, ParkedPanel, ChunksPanel, CriteriaPanel)
    tabs = (("overview", "Overview"), ("chunks", "Chunks"), ("criteria", "Criteria"))

    def get_title(self) -> str:
        """Return the heading."""
        return f"{self.object.definition} for {date_format(self.object.as_of)}"

    def get_number(self) -> str:
        """Return the run's number."""
        return self.object.number

    def get_state(self):
        """Return the state for the badge."""
        return self.object.state, self.object.get_state_display()

    def get_parents(self):
        """Return the list."""
        return [LIST]

    def get_facts(self):
        """Return the business day, who asked for the run, and when it began and ended."""
        run = self.object
        kind = load_kinds().get(run.kind)
        stop = kind.step_label(run.stop_after) if kind and run.stop_after else "the end"
        return [
            Fact("Business day", date_format(run.as_of)),
            Fact("Scope", run.get_scope_display()),
            Fact("Runs up to", stop),
            Fact("Asked for by", run.requested_by or "Ratebook"),
            Fact("Started", _instant(run.started_at)),
            Fact("Finished", _instant(run.finished_at)),
        ]

    def get_actions(self):
        """Return what the run's state allows, to those whom its kind does."""
        kind = load_kinds().get(self.object.kind)
        if kind is None:
            return []
        return [
            Action(
                label,
                reverse(f"runs:{name}", args=[self.object.number]),
                kind.permission,
                primary=place == 0,
            )
            for place, (label, name) in enumerate(STEERING.get(self.object.state, ()))
        ]

    def get_alerts(self):
        """Return why the run failed, or that it waits for review."""
        run = self.object
        kind = load_kinds().get(run.kind)
        if run.state == RunState.FAILED:
            return [
                Alert(
                    f"The run met an error that is nobody's input: {run.failure}. What was done "
                    "is kept; once mended, continue.",
                    "error",
                )
            ]
        if run.state == RunState.STOPPED and kind:
            step = kind.step_label(run.step_reached)
            return [Alert(f"Stopped after “{step}” for review. Continue it or discard it.", "info")]
        return []


class RunProgress(PermissionRequiredMixin, View):
    """The progress of a run, for htmx; reloads the page once the run stands still."""

    permission_required = "shared.view_run"

    def get(self, request, number):
        """Answer with the partial, or for `?spoken` with a sentence for screen readers."""
        run = get_object_or_404(Run, number=number)
        if "spoken" in request.GET:
            return render(request, "runs/partials/progress_spoken.html", progress_context(run))
        if run.state not in GOING and request.htmx:
            return HttpResponseClientRefresh()
        return render(request, "runs/partials/progress.html", progress_context(run))


class SteerMixin(KindPermissionMixin):
    """An act on the run that the address names."""

    permission_required = "shared.view_run"
    refusals = (RunError,)

    @property
    def run(self) -> Run:
        """The run, read once."""
        if not hasattr(self, "_run"):
            self._run = get_object_or_404(runs(), number=self.kwargs["number"])
        return self._run

    def get_kind_slug(self) -> str:
        """Return the slug of its kind."""
        return self.run.kind

    def get_title(self) -> str:
        """Return the heading."""
        return f"{self.submit_label} {self.run}"

    def get_parents(self):
        """Return the list and the run's page."""
        return [LIST, (self.run.number, self.run.get_absolute_url())]


class StartDraft(SteerMixin, ConfirmView):
    """Start a run that was created only."""

    submit_label = "Start"
    danger = False
    lead = "The items are identified, and the workers begin."
    success_message = "{result} was started."

    def act(self, form):
        """Start it."""
        return start_run(self.run, now=now())


class PauseRun(SteerMixin, ConfirmView):
    """Pause a run."""

    submit_label = "Pause"
    danger = False
    lead = "Chunks in work are finished; no further one is begun until the run is continued."
    success_message = "{result} is paused."

    def act(self, form):
        """Pause it."""
        return pause_run(self.run)


class ResumeRun(SteerMixin, ActionFormView):
    """Go on with a run; one that was stopped for review goes on up to a later step."""

    form_class = ResumeRunForm
    submit_label = "Continue"
    success_message = "{result} goes on."

    def get_lead(self) -> str:
        """Say what will happen."""
        if self.run.state == RunState.STOPPED:
            return "What changed since the run stopped is taken in, then the next steps follow."
        return "The run goes on with the chunks that are left."

    def get_form_kwargs(self):
        """Offer the steps that lie ahead."""
        kwargs = super().get_form_kwargs()
        return {**kwargs, "kind": self.get_kind(), "after": self.run.step_reached}

    def get_form(self, form_class=None):
        """Ask for the step only where the run was stopped at one."""
        form = super().get_form(form_class)
        if self.run.state != RunState.STOPPED:
            del form.fields["stop_after"]
        return form

    def act(self, form):
        """Resume it."""
        return resume_run(self.run, now=now(), stop_after=form.cleaned_data.get("stop_after", ""))


class CancelRun(SteerMixin, ConfirmView):
    """End a run early."""

    submit_label = "Cancel run"
    lead = "What is done stays done; what is left is given up. A later run can do it."
    success_message = "{result} was cancelled."

    def act(self, form):
        """Cancel it."""
        return cancel_run(self.run, now=now())


class DiscardRun(SteerMixin, ConfirmView):
    """Take back what a run did."""

    submit_label = "Discard"
    lead = "Everything that this run did is taken back, chunk by chunk."
    success_message = "{result} is being discarded."

    def act(self, form):
        """Discard it."""
        return discard_run(self.run, now=now())


class ParkedList(RatebookListView):
    """What runs skip until it is released."""

    permission_required = "shared.view_parkeditem"
    queryset = parked_items()
    filterset_class = ParkedFilter
    table_class = ParkedTable
    title = "Parked items"
    empty_text = "Nothing is parked: runs could do everything."

    def get_table_kwargs(self):
        """Offer the release to those who may."""
        may_release = self.request.user.has_perm("shared.change_parkeditem")
        return {} if may_release else {"exclude": ("release",)}


class ReleaseParked(ConfirmView):
    """Let runs take an item again."""

    permission_required = "shared.change_parkeditem"
    submit_label = "Release"
    danger = False
    parents = (PARKED,)
    success_message = "{result.label} was released: the next run takes it again."

    @property
    def item(self) -> ParkedItem:
        """The parked item, read once."""
        if not hasattr(self, "_item"):
            self._item = get_object_or_404(ParkedItem, pk=self.kwargs["pk"])
        return self._item

    def get_title(self) -> str:
        """Return the heading."""
        return f"Release {self.item.label}"

    def get_lead(self) -> str:
        """Say why it was parked."""
        return f"It was parked because: {self.item.reason} Once that is mended, release it."

    def act(self, form):
        """Release it."""
        release_parked(self.item, by=self.request.user, now=now())
        return self.item


class ReleaseAllOfRun(SteerMixin, ConfirmView):
    """Release all that a run parked."""

    permission_required = "shared.change_parkeditem"
    submit_label = "Release all of"
    danger = False
    lead = "The next run takes all of them again; those that are not mended are parked again."
    success_message = "{result} items were released."

    def act(self, form):
        """Release them and return how many."""
        waiting = parked_by(self.run).filter(released_at=None)
        instant = now()
        return sum(release_parked(item, by=self.request.user, now=instant) for item in waiting)


def _instant(moment) -> str:
    return date_format(localtime(moment), "SHORT_DATETIME_FORMAT") if moment else "–"
