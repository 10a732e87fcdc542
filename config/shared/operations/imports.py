"""Imports: take a file, check it, apply it, or give it up.

Checking writes nothing but the report. Applying does all its work in one transaction, and checks
every row again, for the stored data may have changed since. Both hold the batch's row lock, which
is the lease: what nobody holds, the tick queues again.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from functools import partial
from itertools import islice
from pathlib import PurePath
from types import SimpleNamespace
from typing import IO, Any, Final

from django.conf import settings
from django.contrib.auth.models import User
from django.core.files import File
from django.db import IntegrityError, InterfaceError, OperationalError, connection, transaction
from django.utils import timezone
from simple_history.models import HistoricalRecords

from config.shared.imports.files import FileRefused, read_rows
from config.shared.imports.resources import MasterResource, load_resources
from config.shared.imports.spool import Spool
from config.shared.models import ImportBatch, ImportMode, ImportState
from config.shared.operations.numbers import new_number
from config.shared.operations.wake import send_task

WORK_ON_IMPORT: Final = "config.shared.tasks.work_on_import"
Clock = Callable[[], datetime]
# What waits for a worker, and for which button.
WAITING: Final = (ImportState.UPLOADED, ImportState.ORDERED)
# A file of so many bytes is some hundreds of rows: the page that sends it waits for it.
AT_ONCE_BYTES: Final = 60_000
_IDLE_TIMEOUTS: Final = 6
# The class of the advisory locks that tell of imports in work.
_LOCKS: Final = 1_227_706_962
_ROLLED_BACK: Final = "The catalogue was changed while the file was applied; nothing was stored."


class ImportRefused(Exception):
    """The import cannot go on as asked; says why, in words that a user may read."""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


@transaction.atomic
def receive_file(
    kind: str, file: IO[bytes], name: str, *, by: User | None, clock: Clock
) -> ImportBatch:
    """Keep a file and have it checked: a short one on commit, a long one by a worker.

    Raises ImportRefused for a file that cannot be read as rows of the kind.
    """
    resource = load_resources()[kind](by=by)
    try:
        head = read_rows(file, known=_names(resource), name=name).head
        resource.begin(head)
    except FileRefused as refusal:
        raise ImportRefused(str(refusal), field="file") from refusal
    pk, number = new_number(ImportBatch, "I")
    batch = ImportBatch(
        pk=pk,
        number=number,
        kind=kind,
        file_name=PurePath(name).name[-120:] or "file",
        created_at=clock(),
        created_by=by,
    )
    file.seek(0)
    batch.file.save(f"imports/{number}{PurePath(name).suffix.lower()[:8]}", File(file), save=False)
    batch.save(force_insert=True)
    transaction.on_commit(partial(_start, batch.pk, batch.file.size, clock))
    return batch


@transaction.atomic
def order_import(batch: ImportBatch, mode: str, *, by: User | None, clock: Clock) -> ImportBatch:
    """Have a checked import applied: all its rows or none, or only the good ones.

    Raises ImportRefused.
    """
    stored = ImportBatch.objects.select_for_update(no_key=True, of=("self",)).get(pk=batch.pk)
    if stored.state != ImportState.CHECKED:
        raise ImportRefused(
            f"{stored} is not waiting for this: {stored.get_state_display().lower()}."
        )
    if mode == ImportMode.ALL_OR_NOTHING and stored.rejected_count:
        raise ImportRefused(
            f"{rows_are(stored.rejected_count)} rejected, so not all can be applied.", field="mode"
        )
    if not stored.new_count + stored.changed_count:
        raise ImportRefused("No row would change anything.", field="mode")
    stored.state, stored.mode, stored.applied_by = ImportState.ORDERED, ImportMode(mode), by
    stored.failure = ""
    stored.save(update_fields=["state", "mode", "applied_by", "failure"])
    transaction.on_commit(partial(_start, stored.pk, stored.file.size, clock))
    return stored


@transaction.atomic
def discard_import(batch: ImportBatch) -> ImportBatch:
    """Give up an import that was not applied; its report stays. Raises ImportRefused."""
    stored = (
        ImportBatch.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
        .filter(pk=batch.pk)
        .first()
    )
    if stored is None:
        raise ImportRefused(f"{batch} is being worked on; wait until that is over.")
    if stored.state in (ImportState.APPLIED, ImportState.DISCARDED):
        raise ImportRefused(f"{stored} is {stored.get_state_display().lower()} already.")
    stored.state = ImportState.DISCARDED
    stored.save(update_fields=["state"])
    return stored


def work_on_import(batch_id: int, *, clock: Clock) -> bool:
    """Check or apply an import that waits for it; False if it does not, or somebody is at it.

    An error that is neither a refusal nor a lost session fails the import, and is raised.
    """
    with _Failing(batch_id), transaction.atomic():
        _limit_session()
        batch = (
            ImportBatch.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
            .filter(pk=batch_id, state__in=WAITING)
            .first()
        )
        if batch is None:
            return False
        _show_work(batch)
        try:
            if batch.state == ImportState.UPLOADED:
                _check(batch, clock)
            else:
                _apply(batch, clock)
        except FileRefused as refusal:
            batch.state, batch.failure = ImportState.FAILED, str(refusal)
        batch.save()
    return True


def requeue_imports() -> list[int]:
    """Queue imports that wait and that nobody works on; return their keys."""
    with transaction.atomic():
        free = list(
            ImportBatch.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
            .filter(state__in=WAITING)
            .order_by("pk")
            .values_list("pk", flat=True)
        )
    for pk in free:
        send_task(WORK_ON_IMPORT, batch_id=pk)
    return free


def rows_are(count: int) -> str:
    """Return "1 row is" or "2 rows are"."""
    return "1 row is" if count == 1 else f"{count:,} rows are"


def is_in_work(batch: ImportBatch) -> bool:
    """Return whether somebody checks or applies an import just now; one query.

    Asked of an advisory lock, which, unlike a look at the row's own, keeps no worker from it.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted"
            " AND classid = %s AND objid = %s AND objsubid = 2 AND database ="
            " (SELECT oid FROM pg_database WHERE datname = current_database()))",
            [_LOCKS, batch.pk],
        )
        return bool(cursor.fetchone()[0])


def _show_work(batch: ImportBatch) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCKS, batch.pk])


def _start(batch_id: int, size: int, clock: Clock) -> None:
    """Do a short file here and now, and leave a long one to a worker, if one can be told."""
    if size <= AT_ONCE_BYTES or not send_task(WORK_ON_IMPORT, batch_id=batch_id):
        work_on_import(batch_id, clock=clock)


def _check(batch: ImportBatch, clock: Clock) -> None:
    started = time.monotonic()
    resource = _resource(batch)
    with Spool() as spool:
        with _rolled_back():
            _process(resource, batch, spool, dry_run=True)
        spool.store(batch)
    batch.state, batch.checked_at = ImportState.CHECKED, clock()
    batch.check_seconds = round(time.monotonic() - started, 3)
    if not batch.row_count:
        raise FileRefused("The file has no rows below its first line.")


def _apply(batch: ImportBatch, clock: Clock) -> None:
    started = time.monotonic()
    resource = _resource(batch)
    try:
        with Spool() as spool:
            with transaction.atomic(), _acting(batch.applied_by):
                since = timezone.now()
                _process(resource, batch, spool, dry_run=False)
                if batch.mode == ImportMode.ALL_OR_NOTHING and spool.rejected:
                    raise _Rejected
                resource.say_why(since)
            spool.store(batch)
    except (_Rejected, IntegrityError) as refusal:
        _check(batch, clock)
        batch.failure = (
            f"{rows_are(batch.rejected_count)} wrong since the stored data changed, so none was "
            "applied. Look at the rows and decide anew."
            if isinstance(refusal, _Rejected)
            else _ROLLED_BACK
        )
        return
    batch.state, batch.applied_at = ImportState.APPLIED, clock()
    batch.apply_seconds = round(time.monotonic() - started, 3)


class _Rejected(Exception):
    """A row is rejected where all were to be applied."""


class _RolledBack(Exception):
    """Ends a savepoint whose work is not to stay."""


@contextmanager
def _rolled_back() -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
            raise _RolledBack
    except _RolledBack:
        pass


def _process(resource: MasterResource, batch: ImportBatch, spool: Spool, *, dry_run: bool) -> None:
    """Put the file's rows through the resource; one import of a kind at a time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"import {batch.kind}"])
    with batch.file.open("rb") as file:
        rows = read_rows(file, known=_names(resource))
        resource.begin(rows.head)
        while lot := list(islice(rows.lines, resource.rows_at_once)):
            spool.add(resource.process(lot, dry_run=dry_run))


def _names(resource: MasterResource) -> list[str]:
    return [column.name for column in resource.columns()]


def _resource(batch: ImportBatch) -> MasterResource:
    kind = load_resources()[batch.kind]
    return kind(by=batch.applied_by or batch.created_by, reason=f"import {batch.number}")


@contextmanager
def _acting(user: Any) -> Iterator[None]:
    """Let the history name `user`, as it does in a request."""
    context: Any = HistoricalRecords.context
    before = getattr(context, "request", None)
    context.request = SimpleNamespace(user=user)
    try:
        yield
    finally:
        if before is None:
            del context.request
        else:
            context.request = before


def _limit_session() -> None:
    """Let the server end this transaction if the process is stopped, so that its lease ends."""
    milliseconds = str(settings.RUN_IDLE_TIMEOUT_SECONDS * _IDLE_TIMEOUTS * 1000)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('idle_in_transaction_session_timeout', %s, true)", [milliseconds]
        )


class _Failing(AbstractContextManager[Any]):
    """Fail the import on an error that doing it again would not mend, and let the error pass."""

    def __init__(self, batch_id: int) -> None:
        self.batch_id = batch_id

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        passing = isinstance(error, OperationalError | InterfaceError)
        if isinstance(error, Exception) and not passing:
            ImportBatch.objects.filter(pk=self.batch_id, state__in=WAITING).update(
                state=ImportState.FAILED, failure=f"{type(error).__name__}: {error}"
            )
