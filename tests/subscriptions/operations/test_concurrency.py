"""Two acts at the same time on one account."""

import threading
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection, transaction

from subscriptions.models import ActionKind, SubscriptionAction
from subscriptions.operations.actions import ActionRequest, Addition, perform
from subscriptions.operations.refusals import WrongTransition
from tests.catalog.factories import ProductFactory
from tests.subscriptions.factories import noon, offer, subscribe

pytestmark = pytest.mark.django_db(transaction=True)

JAN_15 = date(2026, 1, 15)
FEB_1 = date(2026, 2, 1)


class Meanwhile:
    """Does something on a connection of its own, and keeps what came of it."""

    def __init__(self, what: Callable[[], object]) -> None:
        self._what = what
        self.error: Exception | None = None
        self.backend = 0
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._do)
        self._thread.start()
        self._ready.wait(10)

    def _do(self) -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                self.backend = cursor.fetchone()[0]
            self._ready.set()
            self._what()
        except WrongTransition as error:
            self.error = error
        finally:
            connection.close()

    def is_waiting(self) -> bool:
        """Wait until the other connection waits for a lock; False if it is done first."""
        while self._thread.is_alive():
            with connection.cursor() as cursor:
                cursor.execute("SELECT cardinality(pg_blocking_pids(%s))", [self.backend])
                if cursor.fetchone()[0]:
                    return True
            self._thread.join(0.02)
        return False

    def join(self) -> None:
        self._thread.join(10)
        assert not self._thread.is_alive()


def test_acts_on_one_account_wait_for_each_other() -> None:
    service = subscribe(ProductFactory(), on=JAN_15)
    request = ActionRequest(
        kind=ActionKind.DEACTIVATE, performed_on=FEB_1, subscription=service.subscription
    )

    with transaction.atomic():
        perform(request, now=noon(FEB_1))
        other = Meanwhile(lambda: perform(request, now=noon(FEB_1)))
        waited = other.is_waiting()
    other.join()

    assert waited
    assert "no service that can be deactivated" in str(other.error)
    assert SubscriptionAction.objects.filter(kind="DEACTIVATE").count() == 1
    assert service.spells.count() == 2


def test_acts_on_two_subscriptions_of_one_account_wait_for_each_other() -> None:
    first = subscribe(ProductFactory(), on=JAN_15)
    second = subscribe(ProductFactory(), on=JAN_15, account=first.subscription.account)
    product = ProductFactory()
    offer(product, subscription_type=second.subscription.type)
    cancel = ActionRequest(
        kind=ActionKind.CANCEL, performed_on=FEB_1, subscription=first.subscription
    )
    add = ActionRequest(
        kind=ActionKind.ADD_SERVICE,
        performed_on=FEB_1,
        subscription=second.subscription,
        additions=(Addition(product),),
    )

    with transaction.atomic():
        perform(cancel, now=noon(FEB_1))
        other = Meanwhile(lambda: perform(add, now=noon(FEB_1)))
        waited = other.is_waiting()
    other.join()

    assert waited
    assert other.error is None
    assert second.subscription.services.count() == 2


def test_acts_on_different_accounts_do_not_wait() -> None:
    first = subscribe(ProductFactory(), on=JAN_15)
    second = subscribe(ProductFactory(), on=JAN_15)
    cancel = [
        ActionRequest(kind=ActionKind.CANCEL, performed_on=FEB_1, subscription=service.subscription)
        for service in (first, second)
    ]

    with transaction.atomic():
        perform(cancel[0], now=noon(FEB_1))
        other = Meanwhile(lambda: perform(cancel[1], now=noon(FEB_1)))
        waited = other.is_waiting()
        other.join()

    assert not waited
