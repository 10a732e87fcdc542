"""`manage.py run normal-billing --as-of 2026-02-01`: a run from the command line."""

import json
import os
import socket
import time
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.shared.day_bounds import fault_of_day
from config.shared.models import Run, RunScope, RunState
from config.shared.operations.chunks import run_here, work_on
from config.shared.operations.clock import now, today
from config.shared.operations.runs import create_run, get_active_definition, start_run
from config.shared.queries.runs import Progress, progress_of
from config.shared.runs.counts import counts_to_json
from config.shared.runs.kinds import RunError

_POLL_SECONDS = 0.5
# A run that no worker has moved for so long is worked on by the command itself.
_PATIENCE_SECONDS = 5.0
_GOING = (RunState.DRAFT, RunState.RUNNING, RunState.DISCARDING)


class Command(BaseCommand):
    """Create and start a run; with --wait, see it through."""

    help = (
        "Creates a run of a definition (by its code, or by its kind if that has one active "
        "definition) and starts it. Workers do the work; with --here, this command does."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("definition", help="code of a run definition, or a kind of run")
        parser.add_argument("--as-of", type=_day, help="business day, 2026-02-01; default: today")
        parser.add_argument("--accounts", help="only these, by number: A-000001,A-000002")
        parser.add_argument("--stop-after", default="", help="step after which to stop for review")
        parser.add_argument("--wait", action="store_true", help="return when the run is finished")
        parser.add_argument("--here", action="store_true", help="work in this process, and wait")
        parser.add_argument("--json", action="store_true", help="print one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        try:
            run = _create(options)
            if options["here"]:
                run = run_here(run, now=now(), worker=_worker_name())
            else:
                run = start_run(run, now=now())
        except RunError as refusal:
            raise CommandError(str(refusal)) from refusal
        if options["wait"] or options["here"]:
            _see_through(run)
        progress = progress_of(run)
        if options["json"]:
            seconds = round(time.monotonic() - started, 1)
            self.stdout.write(json.dumps(_summary(run, progress, seconds)))
        else:
            self.stdout.write(_sentence(run, progress))
        if run.state == RunState.FAILED:
            raise CommandError(f"{run} failed: {run.failure}")


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is no day such as 2026-02-01.") from error
    if fault := fault_of_day(day, may_be_empty=False):
        raise ArgumentTypeError(fault)
    return day


def _create(options: dict[str, Any]) -> Run:
    numbers = [part.strip() for part in (options["accounts"] or "").split(",") if part.strip()]
    return create_run(
        get_active_definition(options["definition"]),
        as_of=options["as_of"] or today(),
        by=None,
        now=now(),
        stop_after=options["stop_after"],
        criteria={"accounts": numbers} if numbers else None,
        scope=RunScope.INDIVIDUAL if numbers else RunScope.BATCH,
    )


def _see_through(run: Run) -> None:
    """Wait until the run is finished; work on it too if it does not move."""
    done, moved_at = -1, time.monotonic()
    while True:
        run.refresh_from_db()
        if run.state not in _GOING:
            return
        chunks_done = progress_of(run).chunks_done
        if chunks_done != done:
            done, moved_at = chunks_done, time.monotonic()
        elif time.monotonic() - moved_at > _PATIENCE_SECONDS:
            work_on(run.pk, worker=_worker_name(), clock=now)
            moved_at = time.monotonic()
        time.sleep(_POLL_SECONDS)


def _worker_name() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"


def _summary(run: Run, progress: Progress, seconds: float) -> dict[str, Any]:
    return {
        "run": run.number,
        "definition": run.definition.code,
        "as_of": run.as_of.isoformat(),
        "state": run.state,
        "step_reached": run.step_reached,
        "items": progress.items,
        "items_done": progress.items_done,
        "parked": progress.parked,
        "counts": counts_to_json(progress.counts),
        "seconds": seconds,
    }


def _sentence(run: Run, progress: Progress) -> str:
    parked = f", {progress.parked} parked" if progress.parked else ""
    return (
        f"{run} {run.definition} for {run.as_of}: {run.get_state_display().lower()}, "
        f"{progress.items_done} of {progress.items} done{parked}."
    )
