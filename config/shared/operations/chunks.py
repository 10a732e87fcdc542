"""Working on runs: a worker claims a chunk, works on it, and parks what cannot be done.

A chunk is one transaction. Its row lock is the lease: a killed worker's lock goes with its
session, a stopped one's session is ended by the server, and neither can have committed.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import (
    DatabaseError,
    DataError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    connection,
    transaction,
)

from config.shared.models import ChunkState, ParkedItem, Run, RunChunk, RunState
from config.shared.operations.runs import chunks_left, fail_run, finish_if_done, start_run
from config.shared.runs.counts import Counts, counts_to_json, sum_counts
from config.shared.runs.kinds import RunKind, kind_of, step_of

# A statement may take this many idle time-outs: it bounds what idling does not, a stopped COPY.
_STATEMENT_TIMEOUTS = 6
_DEADLOCK_TRIES = 3
_RAISED_BY_TRIGGER = "P0001"
_STATEMENT_TIMED_OUT = "57014"
_ROLLED_BACK_STATES = ("40",)  # deadlock, serialization: doing it again helps
_LOST_SESSION_STATES = ("08", "25P03", "57P")


def run_here(run: Run, *, now: datetime, worker: str = "here") -> Run:
    """Start a run if it is a draft, work on it in this process, and return it as it then is.

    For a few items, for commands without workers, and for tests. It is not finished on return
    if it failed or if other workers are on it as well and have chunks in hand.
    """
    if run.state == RunState.DRAFT:
        start_run(run, now=now, wake=False)
    work_on(run.pk, worker=worker, clock=lambda: now)
    run.refresh_from_db()
    return run


def work_on(
    run_id: int,
    *,
    worker: str,
    clock: Callable[[], datetime],
    seconds: float | None = None,
) -> bool:
    """Do chunks of a run until none is free or `seconds` are over, and finish it if it is done.

    `clock` gives the instant that each chunk is worked on at. Returns whether chunks may be left
    that nobody works on.
    """
    until = None if seconds is None else time.monotonic() + seconds
    deadlocks = 0
    while until is None or time.monotonic() < until:
        try:
            if not claim_and_work(run_id, worker=worker, now=clock()):
                finish_if_done(run_id, now=clock())
                return False
        except OperationalError as error:
            deadlocks += 1
            if not _sqlstate(error).startswith(_ROLLED_BACK_STATES) or deadlocks > _DEADLOCK_TRIES:
                raise
        else:
            deadlocks = 0
    return True


def claim_and_work(run_id: int, *, worker: str, now: datetime) -> bool:
    """Claim one chunk of a run that nobody has, work on it and commit; False if there is none.

    An error that is neither a refusal of an item nor a lost session fails the run, and is raised.
    """
    with _Failing(run_id), transaction.atomic():
        _limit_session()
        run = Run.objects.select_related("definition").get(pk=run_id)
        chunk = (
            run.chunks.filter(chunks_left(run.state))
            .select_for_update(skip_locked=True, no_key=True)
            .order_by("pass_number", "position")
            .first()
        )
        # Read again: who paused, cancelled or discarded the run waits for claimed chunks alone.
        run.refresh_from_db(fields=["state"])
        if chunk is None or run.state not in (RunState.RUNNING, RunState.DISCARDING):
            return False
        if run.state == RunState.RUNNING and chunk.state == ChunkState.PENDING:
            _do(run, chunk, worker=worker, now=now)
        elif run.state == RunState.DISCARDING:
            _undo(run, chunk)
        return True


@dataclass(slots=True)
class _Outcome:
    """What came of some keys: counts of what was done, and errors by key."""

    counts: list[Counts] = field(default_factory=list)
    refused: dict[int, Exception] = field(default_factory=dict)


def _do(run: Run, chunk: RunChunk, *, worker: str, now: datetime) -> None:
    started = time.monotonic()
    kind = kind_of(run)
    kind.lock(chunk.keys)
    # Another run may have parked some since the keys were identified; the locks keep it so.
    parked = set(
        ParkedItem.objects.filter(kind=run.kind, released_at=None, key__in=chunk.keys).values_list(
            "key", flat=True
        )
    )
    keys = [key for key in chunk.keys if key not in parked]
    outcome = _Outcome()
    if keys:
        _work(kind, run, keys, outcome, now)
        _park(kind, run, outcome.refused, now)
    chunk.state = ChunkState.DONE
    chunk.counts = counts_to_json(sum_counts(outcome.counts))
    chunk.done_at = now
    chunk.seconds = round(time.monotonic() - started, 3)
    chunk.worker = worker[:80]
    chunk.save(update_fields=["state", "counts", "done_at", "seconds", "worker"])


def _undo(run: Run, chunk: RunChunk) -> None:
    kind = kind_of(run)
    kind.lock(chunk.keys)
    kind.discard(run, chunk.keys)
    chunk.state = ChunkState.UNDONE
    chunk.save(update_fields=["state"])


def _work(kind: RunKind, run: Run, keys: Sequence[int], outcome: _Outcome, now: datetime) -> None:
    """Work on `keys` in a savepoint; where they are refused, on each half, down to single ones."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            counts = kind.work(run, keys, stop_after=run.stop_after, now=now)
            # What commit would check, while it can still be put down to these keys.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    except _refusals(kind) as error:
        if isinstance(error, DatabaseError) and not _refuses_data(error, kind):
            raise
        if len(keys) == 1:
            outcome.refused[keys[0]] = error
            return
        middle = len(keys) // 2
        _work(kind, run, keys[:middle], outcome, now)
        _work(kind, run, keys[middle:], outcome, now)
    else:
        outcome.counts.append(counts)


def _park(kind: RunKind, run: Run, refused: Mapping[int, Exception], now: datetime) -> None:
    if not refused:
        return
    labels = kind.labels(list(refused))
    ParkedItem.objects.bulk_create(
        ParkedItem(
            run=run,
            kind=run.kind,
            key=key,
            label=labels.get(key, str(key))[:120],
            step=step_of(error)[:30],
            reason=reason_of(error),
            parked_at=now,
        )
        for key, error in refused.items()
    )


def reason_of(error: Exception) -> str:
    """Return what a refusal says, in words: the database's own message without its context."""
    if isinstance(error, DatabaseError):
        diag = getattr(error.__cause__, "diag", None)
        if diag is not None and diag.message_primary:
            details = (diag.message_primary, diag.message_detail)
            return "The database refused: " + ". ".join(filter(None, details))
    return str(error) or type(error).__name__


def _refusals(kind: RunKind) -> tuple[type[Exception], ...]:
    return (DatabaseError, ValueError, ArithmeticError, *kind.refusals)


def _refuses_data(error: DatabaseError, kind: RunKind) -> bool:
    """Tell an item's fault (a constraint, a trigger, a value, too long a statement) from others."""
    if isinstance(error, (IntegrityError, DataError, *kind.refusals)):
        return True
    return _sqlstate(error) in (_RAISED_BY_TRIGGER, _STATEMENT_TIMED_OUT)


def _sqlstate(error: BaseException) -> str:
    return getattr(error.__cause__, "sqlstate", None) or ""


def _limit_session() -> None:
    """Let the server end this transaction if the process is stopped, so that its lease ends."""
    idle = settings.RUN_IDLE_TIMEOUT_SECONDS * 1000
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('idle_in_transaction_session_timeout', %s, true),"
            " set_config('statement_timeout', %s, true)",
            [str(idle), str(idle * _STATEMENT_TIMEOUTS)],
        )


class _Failing(AbstractContextManager[Any]):
    """Fail the run on an error that doing it again would not mend, and let the error pass."""

    def __init__(self, run_id: int) -> None:
        self.run_id = run_id

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        if isinstance(error, Exception) and not _may_pass(error):
            fail_run(self.run_id, reason=f"{type(error).__name__}: {error}")


def _may_pass(error: Exception) -> bool:
    """Tell whether an error is of the moment: a lost session, a deadlock, a full disk."""
    return isinstance(error, OperationalError | InterfaceError) or _sqlstate(error).startswith(
        _LOST_SESSION_STATES
    )
