"""Panels of the run and definition pages, and what runs show on the home page."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from django.http import HttpRequest

from config.shared.models import Run, RunDefinition, RunState
from config.shared.operations.clock import now
from config.shared.operations.schedules import set_schedule
from config.shared.panels import Panel
from config.shared.queries.runs import (
    chunks_of,
    counts_so_far,
    parked_by,
    parked_items,
    previous_run,
    progress_of,
    runs,
)
from config.shared.runs.counts import Count
from config.shared.runs.forms import ScheduleForm
from config.shared.runs.kinds import RunError, load_kinds

# A run whose page is worth asking for again every other second.
GOING = (RunState.RUNNING, RunState.DISCARDING)
_SHOWN = 100
_SHOWN_ON_HOME = 5


@dataclass(frozen=True, slots=True)
class CountLine:
    """A line of the counts: this run's figure and the previous run's. `currency` may be ""."""

    label: str
    currency: str
    value: Count | None
    previous: Count | None

    @property
    def is_amount(self) -> bool:
        """Whether the figures are amounts of money."""
        return isinstance(self.value, Decimal) or isinstance(self.previous, Decimal)


@dataclass(frozen=True, slots=True)
class StepShown:
    """A step of the stepper: state is done, current or ahead."""

    label: str
    state: str
    is_stop: bool


def count_lines(counts: Mapping[str, Any], previous: Mapping[str, Any]) -> list[CountLine]:
    """Return the counts of a run beside those of the previous one: numbers, then amounts."""
    these, those = dict(_flat(counts)), dict(_flat(previous))
    lines = [
        CountLine(names[0].replace("_", " ").capitalize(), " ".join(names[1:]), value, old)
        for names in dict.fromkeys([*these, *those])
        for value, old in [(these.get(names), those.get(names))]
    ]
    return sorted(lines, key=lambda line: (line.is_amount, line.label, line.currency))


def steps_shown(run: Run) -> list[StepShown]:
    """Return the steps of a run's kind with how far the run is."""
    kind = load_kinds().get(run.kind)
    if kind is None:
        return []
    codes = kind.step_codes()
    reached = codes.index(run.step_reached) if run.step_reached in codes else -1
    stop = codes.index(run.stop_after) if run.stop_after in codes else len(codes) - 1
    going = run.state in (RunState.RUNNING, RunState.PAUSED)

    def state_at(place: int) -> str:
        if place <= reached:
            return "done"
        return "current" if going and place <= stop else "ahead"

    return [
        StepShown(step.label, state_at(place), place == stop and bool(run.stop_after))
        for place, step in enumerate(kind.steps)
    ]


def progress_context(run: Run) -> dict[str, Any]:
    """Return what runs/partials/progress.html reads."""
    kind = load_kinds().get(run.kind)
    return {
        "run": run,
        "progress": progress_of(run),
        "steps": steps_shown(run),
        "is_going": run.state in GOING,
        "items_name": kind.items if kind else "items",
    }


class ProgressPanel(Panel):
    """How far the run is; asks again every two seconds while it is going."""

    title = "Progress"
    slug = "progress"
    template_name = "runs/partials/progress_panel.html"
    permission = "shared.view_run"
    order = 10

    def context(self, obj: Run, request: HttpRequest) -> Mapping[str, Any]:
        """Return the progress; five queries."""
        return progress_context(obj)


class CountsPanel(Panel):
    """Control totals: this run's beside those of the previous run of the definition."""

    title = "Totals"
    slug = "totals"
    template_name = "runs/partials/counts_panel.html"
    permission = "shared.view_run"
    order = 20

    def context(self, obj: Run, request: HttpRequest) -> Mapping[str, Any]:
        """Return the lines and the run compared with."""
        previous = previous_run(obj)
        lines = count_lines(counts_so_far(obj), counts_so_far(previous) if previous else {})
        return {"lines": lines, "previous": previous}


class ParkedPanel(Panel):
    """What the run could not do, and why."""

    title = "Exceptions"
    slug = "exceptions"
    template_name = "runs/partials/parked_panel.html"
    permission = "shared.view_parkeditem"
    order = 30

    def context(self, obj: Run, request: HttpRequest) -> Mapping[str, Any]:
        """Return the first parked items and how many there are."""
        parked = parked_by(obj)
        kind = load_kinds().get(obj.kind)
        return {
            "parked": [
                (item, kind.step_label(item.step) if kind else item.step)
                for item in parked[:_SHOWN]
            ],
            "count": parked.count(),
            "shown": _SHOWN,
            "waiting": parked.filter(released_at=None).count(),
            "may_release": request.user.has_perm("shared.change_parkeditem"),
        }


class ChunksPanel(Panel):
    """The slices that workers claim."""

    title = "Chunks"
    slug = "chunks"
    tab = "chunks"
    template_name = "runs/partials/chunks_panel.html"
    permission = "shared.view_run"

    def context(self, obj: Run, request: HttpRequest) -> Mapping[str, Any]:
        """Return the first chunks and how many there are."""
        chunks = chunks_of(obj)
        return {"chunks": chunks[:_SHOWN], "count": obj.chunks.count(), "shown": _SHOWN}


class CriteriaPanel(Panel):
    """What the run or definition takes, and the settings of its kind."""

    title = "Criteria and settings"
    slug = "criteria"
    tab = "criteria"
    template_name = "runs/partials/criteria_panel.html"
    order = 40

    def context(self, obj: Run | RunDefinition, request: HttpRequest) -> Mapping[str, Any]:
        """Return names and values, in words."""
        chosen = obj.parameters if isinstance(obj, Run) else obj.defaults
        return {"criteria": _in_words(obj.criteria), "chosen": _in_words(chosen)}


class SchedulePanel(Panel):
    """When a definition runs by itself."""

    title = "Schedule"
    slug = "schedule"
    template_name = "runs/partials/schedule_panel.html"
    order = 20
    wide = False
    form_class = ScheduleForm
    form_permission = "shared.change_schedule"
    refusals: ClassVar[tuple[type[Exception], ...]] = (RunError,)

    def context(self, obj: RunDefinition, request: HttpRequest) -> Mapping[str, Any]:
        """Return the schedule, if any."""
        return {"schedule": getattr(obj, "schedule", None)}

    def form_kwargs(self, obj: RunDefinition, request: HttpRequest) -> dict[str, Any]:
        """Return what the schedule says now."""
        schedule = getattr(obj, "schedule", None)
        if schedule is None:
            return {"initial": {"active": True}}
        names = ("active", "daily_at", "every_minutes")
        return {"initial": {name: getattr(schedule, name) for name in names}}

    def submit(self, obj: RunDefinition, request: HttpRequest, form: Any) -> str:
        """Set the schedule."""
        obj.schedule = set_schedule(obj, now=now(), **form.cleaned_data)
        return "The schedule was saved."


class DefinitionRunsPanel(Panel):
    """The last runs of a definition."""

    title = "Last runs"
    slug = "runs"
    template_name = "runs/partials/runs_panel.html"
    permission = "shared.view_run"
    order = 10

    def context(self, obj: RunDefinition, request: HttpRequest) -> Mapping[str, Any]:
        """Return the last runs."""
        return {"runs": runs().filter(definition=obj)[:10]}


class LastRunsPanel(Panel):
    """The last runs, on the home page."""

    title = "Last runs"
    slug = "last-runs"
    template_name = "runs/partials/runs_panel.html"
    permission = "shared.view_run"
    order = 30

    def context(self, obj: Any, request: HttpRequest) -> Mapping[str, Any]:
        """Return the last runs."""
        return {"runs": runs()[:_SHOWN_ON_HOME]}


class ParkedOnHomePanel(Panel):
    """What runs skip until somebody has looked at it, on the home page."""

    title = "Parked"
    slug = "parked"
    template_name = "runs/partials/parked_on_home.html"
    permission = "shared.view_parkeditem"
    order = 20

    def context(self, obj: Any, request: HttpRequest) -> Mapping[str, Any]:
        """Return the newest parked items and how many there are."""
        parked = parked_items()
        return {"parked": parked[:_SHOWN_ON_HOME], "count": parked.count()}


def _flat(counts: Mapping[str, Any], *names: str) -> Iterator[tuple[tuple[str, ...], Count]]:
    for name, value in counts.items():
        if isinstance(value, Mapping):
            yield from _flat(value, *names, name)
        else:
            yield (*names, name), value


def _in_words(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [
        (
            name.replace("_", " ").capitalize(),
            ", ".join(map(str, value)) if isinstance(value, list) else str(value),
        )
        for name, value in values.items()
    ]
