"""Worker processes: warm and connected before the clock starts, as a Celery worker is."""

import multiprocessing
import time
from collections.abc import Callable
from datetime import datetime
from multiprocessing.synchronize import Barrier
from typing import Final

import django
from django.db import connection
from django.utils.module_loading import import_string

WORKERS: Final = 2
_PATIENCE_SECONDS: Final = 900


class WorkerFailed(Exception):
    """A worker process ended with an error; it said which on stderr."""


def timed(job: str, begin: Callable[[], None], *, run_id: int, now: datetime) -> float:
    """Return the seconds that `begin` here, and then the job in two processes, took together.

    `job` is the path of a class whose instance makes itself ready in `__init__(run_id, now)` and
    does its part of the run in `work()`. The processes talk to the database in use here.
    """
    context = multiprocessing.get_context("spawn")
    ready, go, done = (context.Barrier(WORKERS + 1) for _ in range(3))
    database = str(connection.settings_dict["NAME"])
    processes = [
        context.Process(target=_work, args=(job, database, run_id, now, ready, go, done))
        for _ in range(WORKERS)
    ]
    for process in processes:
        process.start()
    try:
        ready.wait(_PATIENCE_SECONDS)
        start = time.perf_counter()
        begin()
        go.wait(_PATIENCE_SECONDS)
        done.wait(_PATIENCE_SECONDS)
        seconds = time.perf_counter() - start
    except multiprocessing.BrokenBarrierError as broken:
        raise WorkerFailed(f"A process of {job} did not end well.") from broken
    finally:
        for process in processes:
            process.join(_PATIENCE_SECONDS)
    return seconds


def _work(
    job: str,
    database: str,
    run_id: int,
    now: datetime,
    ready: Barrier,
    go: Barrier,
    done: Barrier,
) -> None:
    try:
        django.setup()
        connection.settings_dict["NAME"] = database
        connection.ensure_connection()
        worker = import_string(job)(run_id, now)
        ready.wait(_PATIENCE_SECONDS)
        go.wait(_PATIENCE_SECONDS)
        worker.work()
        done.wait(_PATIENCE_SECONDS)
    finally:
        connection.close()
        for barrier in (ready, go, done):
            if barrier.n_waiting:  # whoever waits for this process waits in vain
                barrier.abort()
