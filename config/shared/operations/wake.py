"""Waking workers. A wake-up may get lost: all state is in the database, the tick wakes again."""

import logging
import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from celery import current_app
from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from config.shared.connections import ask_broker, find_unreachable

logger = logging.getLogger(__name__)

WORK_ON_RUN = "config.shared.tasks.work_on_run"
# A broker that did not answer is left alone for so long: trying takes seconds each time.
_LEFT_ALONE_SECONDS = 10.0
_left_alone_until = 0.0
_SILENCE = (OperationalError, RedisConnectionError, RedisTimeoutError)


def wake_workers(run_id: int, count: int) -> None:
    """Ask `count` workers to work on a run, once the caller's transaction is committed."""
    transaction.on_commit(partial(_wake, run_id, count))


def send_task(name: str, **arguments: object) -> bool:
    """Queue a task by name; return False, with a line in the log, if no broker answers.

    After that, this process does not ask the broker again for ten seconds.
    """
    global _left_alone_until
    if time.monotonic() < _left_alone_until:
        return False
    try:
        _ask()
        current_app.send_task(name, kwargs=arguments, retry=False)
    except _SILENCE as error:
        _left_alone_until = time.monotonic() + _LEFT_ALONE_SECONDS
        problem = find_unreachable(error)
        logger.warning("Task %s was not queued. %s", name, problem and problem.with_reason())
        return False
    return True


@contextmanager
def broker_optional() -> Iterator[None]:
    """Leave a broker that does not answer alone inside, without a line in the log: for a command
    that loads data where no worker needs to run; the tick finds what is due later.
    """
    global _left_alone_until
    before = _left_alone_until
    try:
        _ask()
    except _SILENCE:
        _left_alone_until = math.inf
    try:
        yield
    finally:
        _left_alone_until = before


def _ask() -> None:
    if settings.CELERY_BROKER_URL == settings.REDIS_URL:
        ask_broker()


def _wake(run_id: int, count: int) -> None:
    for _ in range(count):
        if not send_task(WORK_ON_RUN, run_id=run_id):
            return
