"""Celery tasks of the run engine. Each may run twice, or be lost: the tick makes up for it."""

import logging
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from celery import shared_task
from django.conf import settings
from django.db import OperationalError
from django.utils import timezone

from config.shared.connections import find_unreachable
from config.shared.operations.chunks import work_on
from config.shared.operations.clock import now
from config.shared.operations.imports import WORK_ON_IMPORT, requeue_imports, work_on_import
from config.shared.operations.kept_uploads import drop_old_uploads
from config.shared.operations.schedules import due_schedules, run_schedule
from config.shared.operations.undone import requeue_undone
from config.shared.operations.wake import WORK_ON_RUN, send_task

logger = logging.getLogger(__name__)

# A worker goes back to the queue after this long, so that a long run leaves room for other tasks.
_TURN_SECONDS = 5.0
START_SCHEDULED_RUN = "config.shared.tasks.start_scheduled_run"


@contextmanager
def left_to_next_tick() -> Iterator[None]:
    """End a task with a line that names the setting if the database is out of reach."""
    try:
        yield
    except OperationalError as error:
        problem = find_unreachable(error)
        if problem is None:
            raise
        logger.warning("Left to the next tick. %s", problem.with_reason())


@shared_task(name="config.shared.tasks.tick")
def tick() -> None:
    """Do what is due: runs and imports left undone, tasks of TICK_TASKS, schedules; drop uploads
    that were kept too long.
    """
    with left_to_next_tick():
        requeue_undone(now=now())
        requeue_imports()
        drop_old_uploads()
        for name in settings.TICK_TASKS:
            send_task(name)
        for schedule_id in due_schedules(now()):
            send_task(START_SCHEDULED_RUN, schedule_id=schedule_id)


@shared_task(name=START_SCHEDULED_RUN)
def start_scheduled_run(*, schedule_id: int) -> None:
    """Start the run of a schedule, if it is still due."""
    with left_to_next_tick():
        run_schedule(schedule_id, now=now())


@shared_task(name=WORK_ON_RUN)
def work_on_run(*, run_id: int) -> None:
    """Do chunks of a run for a turn, and queue up again while there are any."""
    worker = f"{socket.gethostname()}:{os.getpid()}"
    with left_to_next_tick():
        if work_on(run_id, worker=worker, clock=now, seconds=_TURN_SECONDS):
            send_task(WORK_ON_RUN, run_id=run_id)


@shared_task(name=WORK_ON_IMPORT)
def work_on_import_batch(*, batch_id: int) -> None:
    """Check or apply an import, if it still waits for that."""
    with left_to_next_tick():
        work_on_import(batch_id, clock=timezone.now)
