"""Provisioning's background work: deliver what is due."""

import logging

from celery import shared_task
from django.db import connection, transaction
from django.utils import timezone

from config.shared.operations.wake import send_task
from config.shared.tasks import left_to_next_tick
from provisioning.operations.delivery import LANES_A_TURN, deliver_due

logger = logging.getLogger(__name__)

DELIVER = "provisioning.tasks.deliver"


@shared_task(name=DELIVER)
def deliver() -> None:
    """Deliver what is due, turn by turn, until a turn answers nothing more."""
    with left_to_next_tick():
        while True:
            done = deliver_due(now=timezone.now(), limit=LANES_A_TURN)
            if not done.completed:
                return
            logger.info("Delivered %s requests, %s rejected.", done.completed, done.rejected)


def wake_delivery() -> None:
    """Ask a worker to deliver now. Without a broker the next tick does it."""
    send_task(DELIVER)


def wake_delivery_on_commit() -> None:
    """Wake delivery once when the transaction at hand commits, however often this is called."""
    if not any(hook[1] is wake_delivery for hook in connection.run_on_commit):
        transaction.on_commit(wake_delivery)
