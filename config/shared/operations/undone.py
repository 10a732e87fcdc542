"""Runs left undone: found by the tick, and given to workers again or finished."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from config.shared.models import Run, RunState
from config.shared.operations.runs import chunks_left, finish_if_done
from config.shared.operations.wake import wake_workers


def requeue_undone(*, now: datetime) -> list[str]:
    """Wake workers for runs with chunks that nobody works on, and finish runs that are done.

    Returns the numbers of the runs that got workers.
    """
    woken = []
    going = Run.objects.filter(state__in=(RunState.RUNNING, RunState.DISCARDING))
    for run in going.order_by("pk"):
        missing = _missing_workers(run)
        if missing:
            wake_workers(run.pk, missing)
            woken.append(run.number)
        else:
            finish_if_done(run.pk, now=now)
    return woken


@transaction.atomic
def _missing_workers(run: Run) -> int:
    """Return how many workers the run could do with: of RUN_WORKERS, those that hold no chunk.

    Looks at as many chunks as there can be workers and then some: they are taken in order.
    """
    left = run.chunks.filter(chunks_left(run.state)).order_by("pass_number", "position")
    some = list(left.values_list("pk", flat=True)[: 2 * settings.RUN_WORKERS])
    free = list(
        run.chunks.filter(chunks_left(run.state), pk__in=some)
        .select_for_update(skip_locked=True, no_key=True)
        .values_list("pk", flat=True)
    )
    in_work = len(some) - len(free)
    return int(max(0, min(len(free), settings.RUN_WORKERS - in_work)))
