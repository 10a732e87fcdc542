"""Provisioning's background work: deliver what is due."""

import logging

from celery import shared_task
from django.db import connection, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerError
from redis.exceptions import RedisError

from provisioning.operations.delivery import LANES_A_TURN, deliver_due

logger = logging.getLogger(__name__)


@shared_task
def deliver() -> None:
    """Deliver what is due, turn by turn, until a turn answers nothing more."""
    while True:
        done = deliver_due(now=timezone.now(), limit=LANES_A_TURN)
        if not done.completed:
            return
        logger.info("Delivered %s requests, %s rejected.", done.completed, done.rejected)


def wake_delivery() -> None:
    """Ask a worker to deliver now. Without a broker the next tick does it."""
    try:
        deliver.delay()
    except (BrokerError, RedisError, OSError) as error:
        logger.warning("No worker could be woken (%s); the next tick delivers.", error)


def wake_delivery_on_commit() -> None:
    """Wake delivery once when the transaction at hand commits, however often this is called."""
    if not any(hook[1] is wake_delivery for hook in connection.run_on_commit):
        transaction.on_commit(wake_delivery)
