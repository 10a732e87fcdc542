"""Tables of runs, definitions and parked items."""

import django_tables2 as tables
from django_tables2 import A

from config.shared.models import ParkedItem, Run, RunDefinition
from config.shared.runs.kinds import load_kinds
from config.shared.tables import DayColumn, NumberColumn, RatebookTable, StateColumn


class RunTable(RatebookTable):
    """Runs, newest first."""

    caption = "Runs"
    number = tables.Column(linkify=True)
    as_of = DayColumn(verbose_name="Business day")
    state = StateColumn()
    parked_count = NumberColumn(verbose_name="Parked")
    created_at = tables.DateTimeColumn(verbose_name="Created", short=True)
    requested_by = tables.Column(verbose_name="By", default="Ratebook")

    class Meta(RatebookTable.Meta):
        model = Run
        fields = (
            "number",
            "definition",
            "as_of",
            "scope",
            "state",
            "parked_count",
            "requested_by",
            "created_at",
        )


class DefinitionTable(RatebookTable):
    """Definitions with their schedule and last run."""

    caption = "Run definitions"
    name = tables.Column(linkify=True)
    kind = tables.Column()
    state = StateColumn()
    schedule = tables.Column(orderable=False, default="by hand", verbose_name="Runs")
    last_number = tables.Column(
        verbose_name="Last run",
        default="none yet",
        linkify=lambda value, record: f"/runs/{value}/" if record.last_number else None,
    )

    class Meta(RatebookTable.Meta):
        model = RunDefinition
        fields = ("name", "code", "kind", "state", "schedule", "last_number")

    def render_kind(self, value):
        """Write the kind's name."""
        kind = load_kinds().get(value)
        return kind.name if kind else value


class ParkedTable(RatebookTable):
    """What runs skip, and why."""

    caption = "Parked items"
    label = tables.Column(verbose_name="Item")
    run = tables.Column(linkify=True)
    kind = tables.Column(accessor="run__definition__name", verbose_name="Definition")
    parked_at = tables.DateTimeColumn(verbose_name="Parked", short=True)
    release = tables.Column(
        accessor="pk",
        verbose_name="",
        orderable=False,
        exclude_from_export=True,
        linkify=("runs:release", [A("pk")]),
    )

    class Meta(RatebookTable.Meta):
        model = ParkedItem
        fields = ("label", "kind", "run", "step", "reason", "parked_at", "release")

    def render_step(self, value, record):
        """Write the step's label."""
        kind = load_kinds().get(record.kind)
        return kind.step_label(value) if kind else value

    def render_release(self):
        """Write what the link does."""
        return "Release"
