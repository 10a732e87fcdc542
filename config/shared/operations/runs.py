"""Runs: made from a definition, started, paused, resumed, cancelled, discarded, finished.

The work itself is in `operations/chunks.py`. A state changes under the run's row lock, here and
nowhere else; workers read it after they have claimed a chunk.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q

from config.shared.db import refused_by
from config.shared.models import (
    ChunkState,
    DefinitionState,
    ParkedItem,
    Run,
    RunChunk,
    RunDefinition,
    RunScope,
    RunState,
)
from config.shared.operations.numbers import new_number
from config.shared.operations.wake import wake_workers
from config.shared.runs.counts import counts_from_json, counts_to_json, sum_counts
from config.shared.runs.kinds import RunError, RunKind, kind_of, load_kinds


class NoActiveDefinition(RunError):
    """A run needs an active definition (CRM.COM: one active definition per kind of run)."""


class AmbiguousDefinition(RunError):
    """Several active definitions fit; their codes are in the message."""


class RunAlreadyLive(RunError):
    """Another batch run of the definition for the same day is not finished."""


class RunNotInState(RunError):
    """The run's state does not allow this."""


class UnknownStep(RunError):
    """The kind has no such step, or the run is past it."""


class WorkIsBinding(RunError):
    """The run is past the step from which its work can only be reversed."""


def ensure_definitions() -> list[RunDefinition]:
    """Create the default definition of every kind that has none, and return the new ones."""
    with_definition = set(RunDefinition.objects.values_list("kind", flat=True))
    created = []
    for slug, kind in load_kinds().items():
        code, name = kind.default_definition
        if slug not in with_definition:
            created.append(RunDefinition.objects.create(code=code, name=name, kind=slug))
    return created


def get_active_definition(code_or_kind: str) -> RunDefinition:
    """Return the active definition with this code, or the only active one of this kind.

    Raises NoActiveDefinition or AmbiguousDefinition.
    """
    active = RunDefinition.objects.filter(state=DefinitionState.ACTIVE).order_by("code")
    found = list(active.filter(code=code_or_kind)) or list(active.filter(kind=code_or_kind))
    if not found:
        raise NoActiveDefinition(
            f"There is no active run definition “{code_or_kind}”, so no run can be created."
        )
    if len(found) > 1:
        codes = ", ".join(definition.code for definition in found)
        raise AmbiguousDefinition(f"Name one of the definitions of {code_or_kind}: {codes}.")
    return found[0]


@transaction.atomic
def create_run(
    definition: RunDefinition,
    *,
    as_of: date,
    by: User | None,
    now: datetime,
    stop_after: str = "",
    criteria: Mapping[str, Any] | None = None,
    parameters: Mapping[str, Any] | None = None,
    scope: RunScope = RunScope.BATCH,
) -> Run:
    """Make a draft run of an active definition for the business day `as_of`.

    `criteria` and `parameters` go on top of the definition's. Two BATCH runs of one definition
    and day cannot be live at once; INDIVIDUAL ones (a few named items) always can.

    Raises NoActiveDefinition, RunAlreadyLive, UnknownStep, UnknownRunKind, or what the kind
    refuses.
    """
    definition = RunDefinition.objects.select_for_update(no_key=True).get(pk=definition.pk)
    if definition.state != DefinitionState.ACTIVE:
        raise NoActiveDefinition(
            f"“{definition}” is not active, so no run can be created. Activate it first."
        )
    kind = kind_of(definition)
    _check_step(kind, stop_after)
    pk, number = new_number(Run, "R")
    run = Run(
        pk=pk,
        number=number,
        definition=definition,
        kind=definition.kind,
        scope=scope,
        as_of=as_of,
        criteria={**definition.criteria, **(criteria or {})},
        parameters={**definition.defaults, **(parameters or {})},
        stop_after=_stop(kind, stop_after),
        requested_by_id=by.pk if by else None,
        created_at=now,
    )
    kind.check(run)
    with refused_by("run_one_live_batch", _already_live(run)):
        run.save(force_insert=True)
    return run


@transaction.atomic
def start_run(run: Run, *, now: datetime, wake: bool = True) -> Run:
    """Identify what a draft run works on, cut it into chunks, and wake the workers on commit.

    A run with nothing to do is finished at once. Raises RunNotInState.
    """
    run = _locked(run, RunState.DRAFT)
    run.state = RunState.RUNNING
    run.started_at = now
    run.save(update_fields=["state", "started_at"])
    _begin_pass(run, 1, (), now=now, wake=wake)
    return run


@transaction.atomic
def pause_run(run: Run) -> Run:
    """Let workers finish the chunks in their hands and take no more. Raises RunNotInState."""
    run = _locked(run, RunState.RUNNING)
    run.state = RunState.PAUSED
    run.save(update_fields=["state"])
    return run


@transaction.atomic
def resume_run(run: Run, *, now: datetime, stop_after: str = "", wake: bool = True) -> Run:
    """Go on with a paused, failed or stopped run.

    A paused or failed run goes on with the chunks left, up to the step it was to stop after. A
    run stopped for review goes through its items again, up to `stop_after` ("" is to the end):
    those of the passes before and those that qualify only now, in a new pass of chunks.

    Raises RunNotInState, UnknownStep, RunAlreadyLive.
    """
    run = _locked(run, RunState.PAUSED, RunState.FAILED, RunState.STOPPED)
    kind = kind_of(run)
    was_stopped = run.state == RunState.STOPPED
    if run.chunks.filter(state=ChunkState.UNDONE).exists():
        raise RunNotInState(f"{run} is partly discarded: discard it again to finish that.")
    if was_stopped:
        _check_step(kind, stop_after, after=run.step_reached)
        run.stop_after = _stop(kind, stop_after)
    run.state, run.failure, run.finished_at = RunState.RUNNING, "", None
    with refused_by("run_one_live_batch", _already_live(run)):
        run.save(update_fields=["state", "stop_after", "failure", "finished_at"])
    if was_stopped:
        passes = run.chunks.order_by("pass_number", "position").values_list("pass_number", "keys")
        earlier = list(passes)
        worked_on = [key for _, keys in earlier for key in keys]
        _begin_pass(
            run,
            max((number for number, _ in earlier), default=0) + 1,
            worked_on,
            now=now,
            wake=wake,
        )
    elif wake:
        wake_workers(run.pk, settings.RUN_WORKERS)
    return run


@transaction.atomic
def cancel_run(run: Run, *, now: datetime) -> Run:
    """End a run early: what is done stays, what is left is given up.

    Waits for the chunks in work. Raises RunNotInState.
    """
    run = _locked(
        run, RunState.DRAFT, RunState.RUNNING, RunState.PAUSED, RunState.STOPPED, RunState.FAILED
    )
    run.state = RunState.CANCELLED
    run.finished_at = now
    # Claimed chunks are locked until they commit, and then no longer PENDING.
    run.chunks.filter(state=ChunkState.PENDING).update(state=ChunkState.UNDONE)
    run.counts = _sum_of_chunks(run)
    run.save(update_fields=["state", "finished_at", "counts"])
    return run


@transaction.atomic
def discard_run(run: Run, *, now: datetime, wake: bool = True) -> Run:
    """Take back what a run has done before its binding step, chunk by chunk, by the workers.

    Raises RunNotInState, or WorkIsBinding once anything is past that step.
    """
    run = _locked(run, RunState.DRAFT, RunState.PAUSED, RunState.STOPPED, RunState.FAILED)
    # Waits for the chunks that a worker still has in hand when a run was paused.
    list(run.chunks.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    if _is_binding(run):
        kind = kind_of(run)
        raise WorkIsBinding(
            f"{run} is past the step “{kind.step_label(kind.binding_step)}”: what it did can only "
            "be reversed. Cancel the run to give up what is left of it."
        )
    run.chunks.filter(state=ChunkState.PENDING).update(state=ChunkState.UNDONE)
    run.state, run.finished_at = RunState.DISCARDING, None
    with refused_by("run_one_live_batch", _already_live(run)):
        run.save(update_fields=["state", "finished_at"])
    if not finish_if_done(run.pk, now=now) and wake:
        wake_workers(run.pk, settings.RUN_WORKERS)
    run.refresh_from_db()
    return run


@transaction.atomic
def finish_if_done(run_id: int, *, now: datetime) -> bool:
    """Finish a run none of whose chunks is left to do; return whether this call did.

    Chunks in work count as left: whoever does the last one calls again, and so does the tick.
    """
    run = Run.objects.select_for_update(no_key=True).get(pk=run_id)
    if run.state not in (RunState.RUNNING, RunState.DISCARDING):
        return False
    if run.chunks.filter(chunks_left(run.state)).exists():
        return False
    kind = kind_of(run)
    run.counts = _sum_of_chunks(run)
    run.finished_at = now
    if run.state == RunState.DISCARDING:
        run.state = RunState.DISCARDED
    else:
        run.step_reached = run.stop_after or kind.step_codes()[-1]
        if run.stop_after:
            run.state = RunState.STOPPED
        elif run.parked.exists():
            run.state = RunState.COMPLETED_WITH_ERRORS
        else:
            run.state = RunState.COMPLETED
        if run.state != RunState.STOPPED:
            kind.on_finished(run)
    run.save(update_fields=["state", "counts", "finished_at", "step_reached"])
    return True


def fail_run(run_id: int, *, reason: str) -> bool:
    """Stop a run because of an error in Ratebook itself; return whether it was still going."""
    going = Q(state__in=(RunState.RUNNING, RunState.DISCARDING))
    updated = Run.objects.filter(going, pk=run_id).update(state=RunState.FAILED, failure=reason)
    return updated == 1


def release_parked(item: ParkedItem, *, by: User | None, now: datetime) -> bool:
    """Let runs take a parked item again; return whether it was still parked."""
    unreleased = ParkedItem.objects.filter(pk=item.pk, released_at=None)
    return unreleased.update(released_at=now, released_by_id=by.pk if by else None) == 1


def chunks_left(state: str) -> Q:
    """Return which chunks a run in this state still has to work on."""
    if state == RunState.DISCARDING:
        return ~Q(state=ChunkState.UNDONE)
    return Q(state=ChunkState.PENDING)


def chunk_size(key_count: int) -> int:
    """Return how many keys go into a chunk: RUN_CHUNK_SIZE, fewer where workers would idle."""
    for_all_workers = -(-key_count // (2 * settings.RUN_WORKERS))
    return int(max(1, min(settings.RUN_CHUNK_SIZE, for_all_workers)))


def _begin_pass(
    run: Run, number: int, earlier: Iterable[int], *, now: datetime, wake: bool
) -> None:
    kind = kind_of(run)
    kind.before_start(run)
    parked = set(
        ParkedItem.objects.filter(kind=run.kind, released_at=None).values_list("key", flat=True)
    )
    keys = sorted({*kind.keys(run), *earlier} - parked)
    slices = _slices(keys, chunk_size(len(keys)))
    RunChunk.objects.bulk_create(
        RunChunk(run=run, pass_number=number, position=position, keys=some)
        for position, some in enumerate(slices, start=1)
    )
    if not keys:
        finish_if_done(run.pk, now=now)
        run.refresh_from_db()
    elif wake:
        wake_workers(run.pk, min(settings.RUN_WORKERS, len(slices)))


def _slices(keys: Sequence[int], size: int) -> list[Sequence[int]]:
    return [keys[start : start + size] for start in range(0, len(keys), size)]


def _locked(run: Run, *states: RunState) -> Run:
    run = Run.objects.select_for_update(no_key=True).get(pk=run.pk)
    if run.state not in states:
        raise RunNotInState(
            f"{run} is {run.get_state_display().lower()}: this is not possible now."
        )
    return run


def _check_step(kind: RunKind, code: str, *, after: str = "") -> None:
    codes = kind.step_codes()
    if code and code not in codes:
        raise UnknownStep(f"{kind.name} has no step “{code}”; its steps are {', '.join(codes)}.")
    if code and after and codes.index(code) <= codes.index(after):
        raise UnknownStep(f"The run is past the step “{kind.step_label(code)}” already.")


def _stop(kind: RunKind, code: str) -> str:
    """Return the step to stop after; to stop after the last is to go to the end."""
    return "" if code == kind.step_codes()[-1] else code


def _already_live(run: Run) -> RunAlreadyLive:
    return RunAlreadyLive(
        f"A run of “{run.definition}” for {run.as_of:%-d %b %Y} is not finished yet. "
        "Continue, cancel or discard it first."
    )


def _is_binding(run: Run) -> bool:
    kind = kind_of(run)
    if not kind.binding_step:
        return False
    codes = kind.step_codes()
    binding = codes.index(kind.binding_step)
    if run.step_reached and codes.index(run.step_reached) >= binding:
        return True
    if run.stop_after and codes.index(run.stop_after) < binding:
        return False
    newest = run.chunks.order_by("-pass_number").first()
    done = run.chunks.filter(state=ChunkState.DONE)
    return newest is not None and done.filter(pass_number=newest.pass_number).exists()


def _sum_of_chunks(run: Run) -> dict[str, Any]:
    done = run.chunks.filter(state=ChunkState.DONE).order_by("pass_number", "position")
    stored = done.values_list("counts", flat=True)
    return counts_to_json(sum_counts(counts_from_json(counts) for counts in stored))
