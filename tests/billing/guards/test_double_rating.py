"""The database refuses a second live charge for the same days of a service."""

import threading
from datetime import date
from typing import Any

import psycopg
import pytest
from django.db import connection

from billing.models import RatedBillingItem
from subscriptions.models import SubscribedService
from tests.billing.factories import bill_run
from tests.catalog.factories import ProductFactory
from tests.subscriptions.factories import subscribe

pytestmark = pytest.mark.django_db(transaction=True)

INSERT = (
    "INSERT INTO billing_ratedbillingitem (account_id, subscription_id, service_id, kind, "
    "  source_key, period, cycle, product_id, quantity, rate_amount, amount, tax_inclusive, "
    "  currency, directive, rated_at, reverses_id) "
    "SELECT account_id, subscription_id, service_id, kind, source_key, %(period)s::daterange, "
    "  cycle, product_id, quantity, rate_amount, %(amount)s, tax_inclusive, currency, "
    "  'NOT_BILLED', now(), %(reverses)s "
    "FROM billing_ratedbillingitem WHERE id = %(item)s RETURNING id"
)


@pytest.fixture
def item() -> RatedBillingItem:
    """A billed month of a service: January."""
    service: SubscribedService = subscribe(ProductFactory(), on=date(2026, 1, 1), price="31.00")
    bill_run(date(2026, 1, 1))
    return RatedBillingItem.objects.get(service=service)


def connect() -> psycopg.Connection[Any]:
    """Return a session of its own, outside Django."""
    params = connection.get_connection_params()
    names = ("dbname", "user", "password", "host", "port")
    return psycopg.connect(**{name: params[name] for name in names if name in params})


def test_a_second_live_charge_of_the_same_days_is_refused(item: RatedBillingItem) -> None:
    values = {"period": "[2026-01-31,2026-02-15)", "amount": 5, "reverses": None, "item": item.pk}

    with connect() as session, pytest.raises(psycopg.errors.ExclusionViolation) as refusal:
        session.execute(INSERT, values)

    assert refusal.value.diag.constraint_name == "rbi_no_double_rating"


def test_two_sessions_cannot_both_charge_days_that_overlap(item: RatedBillingItem) -> None:
    first, second = connect(), connect()
    outcome: list[str] = []

    def insert_too() -> None:
        try:
            second.execute(
                INSERT,
                {"period": "[2026-02-10,2026-03-10)", "amount": 5, "reverses": None}
                | {"item": item.pk},
            )
            second.commit()
            outcome.append("accepted")
        except psycopg.errors.ExclusionViolation:
            second.rollback()
            outcome.append("refused")

    with first, second:
        values = {"period": "[2026-02-01,2026-03-01)", "amount": 31, "reverses": None}
        first.execute(INSERT, values | {"item": item.pk})
        waiting = threading.Thread(target=insert_too)
        waiting.start()
        waiting.join(timeout=0.5)
        assert waiting.is_alive(), "the second session waits for the first"
        first.commit()
        waiting.join(timeout=10)

    assert outcome == ["refused"]
    live = RatedBillingItem.objects.filter(reversed_at=None, reverses=None)
    assert live.count() == 2


def test_reversing_and_rating_again_is_accepted(item: RatedBillingItem) -> None:
    with connect() as session:
        session.execute(
            "UPDATE billing_ratedbillingitem SET reversed_at = now() WHERE id = %s", [item.pk]
        )
        values = {"period": "[2026-01-01,2026-02-01)", "item": item.pk}
        session.execute(INSERT, values | {"amount": -31, "reverses": item.pk})
        session.execute(INSERT, values | {"amount": 20, "reverses": None})

    live = RatedBillingItem.objects.filter(reversed_at=None, reverses=None)
    assert list(live.values_list("amount", flat=True)) == [20]


def test_an_item_is_reversed_once(item: RatedBillingItem) -> None:
    values = {"period": "[2026-01-01,2026-02-01)", "amount": -31, "item": item.pk}

    with connect() as session:
        session.execute(INSERT, values | {"reverses": item.pk})
        with pytest.raises(psycopg.errors.UniqueViolation):
            session.execute(INSERT, values | {"reverses": item.pk})
