"""Reads of runs: lists, and how far one is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Func, IntegerField, Max, OuterRef, Q, QuerySet, Subquery, Sum

from config.shared.models import (
    ChunkState,
    ParkedItem,
    Run,
    RunChunk,
    RunDefinition,
    RunScope,
    RunState,
)
from config.shared.runs.counts import counts_from_json, sum_counts


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the pass at hand of a run is. Chunks in work count as not done."""

    pass_number: int
    chunks: int
    chunks_done: int
    items: int
    items_done: int
    parked: int
    workers: int
    last_done_at: datetime | None
    counts: dict[str, Any]
    """Sums over all passes, amounts as `Decimal`."""
    items_per_minute: int | None
    seconds_left: int | None
    """None while nothing is done, and when the run is not going."""

    @property
    def percent(self) -> int:
        """Whole percent of the items done; 100 only when all are."""
        return 100 if self.items == 0 else self.items_done * 100 // self.items


def runs() -> QuerySet[Run]:
    """Return the runs, newest first, with definition, requester and number of parked items."""
    return (
        Run.objects.select_related("definition", "requested_by")
        .annotate(parked_count=Count("parked"))
        .order_by("-pk")
    )


def run_definitions() -> QuerySet[RunDefinition]:
    """Return the definitions by name, with schedule and the newest run's number and state."""
    newest = Run.objects.filter(definition=OuterRef("pk")).order_by("-pk")
    return (
        RunDefinition.objects.select_related("schedule")
        .annotate(
            last_number=Subquery(newest.values("number")[:1]),
            last_state=Subquery(newest.values("state")[:1]),
        )
        .order_by("name", "pk")
    )


def parked_items() -> QuerySet[ParkedItem]:
    """Return the items that runs skip until they are released, the newest first."""
    return (
        ParkedItem.objects.filter(released_at=None)
        .select_related("run__definition")
        .order_by("-parked_at", "-pk")
    )


def parked_by(run: Run) -> QuerySet[ParkedItem]:
    """Return the items that a run parked, released or not, by label."""
    return run.parked.select_related("released_by").order_by("label", "pk")


def previous_run(run: Run) -> Run | None:
    """Return the newest finished batch run of the same definition before this one."""
    finished = (RunState.COMPLETED, RunState.COMPLETED_WITH_ERRORS)
    earlier = Run.objects.filter(definition_id=run.definition_id, pk__lt=run.pk)
    return earlier.filter(scope=RunScope.BATCH, state__in=finished).order_by("-pk").first()


def chunks_of(run: Run) -> QuerySet[RunChunk]:
    """Return a run's chunks without their keys, but with the number of them."""
    return run.chunks.defer("keys").annotate(size=_key_count()).order_by("-pass_number", "position")


def progress_of(run: Run) -> Progress:
    """Return how far a run is; three queries, however many items it has."""
    newest_pass = run.chunks.aggregate(newest=Max("pass_number"))["newest"] or 1
    done = Q(state=ChunkState.DONE)
    sums = run.chunks.filter(pass_number=newest_pass).aggregate(
        chunks=Count("pk"),
        chunks_done=Count("pk", filter=done),
        items=Sum(_key_count()),
        items_done=Sum(_key_count(), filter=done),
        seconds=Sum("seconds", filter=done),
        workers=Count("worker", filter=done, distinct=True),
        last_done_at=Max("done_at"),
    )
    items, items_done = sums["items"] or 0, sums["items_done"] or 0
    per_second = items_done * sums["workers"] / sums["seconds"] if sums["seconds"] else None
    going = run.state == RunState.RUNNING
    return Progress(
        pass_number=newest_pass,
        chunks=sums["chunks"],
        chunks_done=sums["chunks_done"],
        items=items,
        items_done=items_done,
        parked=run.parked.count(),
        workers=sums["workers"],
        last_done_at=sums["last_done_at"],
        counts=counts_so_far(run),
        items_per_minute=round(per_second * 60) if per_second else None,
        seconds_left=round((items - items_done) / per_second) if per_second and going else None,
    )


def counts_so_far(run: Run) -> dict[str, Any]:
    """Return what a run has counted: the sums kept when it finished, or of its done chunks."""
    if run.finished_at is not None:
        return counts_from_json(run.counts)
    done = run.chunks.filter(state=ChunkState.DONE).order_by("pass_number", "position")
    return sum_counts(counts_from_json(counts) for counts in done.values_list("counts", flat=True))


def _key_count() -> Func:
    return Func(F("keys"), function="cardinality", output_field=IntegerField())
