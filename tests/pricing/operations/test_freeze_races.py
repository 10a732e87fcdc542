"""The freeze holds between two connections: raw SQL waits for whoever marks the plan used."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from pricing.operations.plans import mark_used
from tests.pricing.factories import RateFactory

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 1, 15, 9, tzinfo=UTC)
CHANGE = "UPDATE pricing_priceplanrate SET base_amount = 1 WHERE id = %s"


def test_a_change_waits_for_the_plan_that_is_being_marked_used() -> None:
    rate = RateFactory(base_amount=Decimal(30))
    second = connection.copy()

    try:
        with transaction.atomic():
            mark_used([rate.plan_id], now=NOW)
            with second.cursor() as cursor:
                cursor.execute("SET lock_timeout = '200ms'")
                with pytest.raises(OperationalError, match="lock timeout"):
                    cursor.execute(CHANGE, [rate.pk])
        with second.cursor() as cursor, pytest.raises(IntegrityError, match="has been used"):
            cursor.execute(CHANGE, [rate.pk])
    finally:
        second.close()

    rate.refresh_from_db()
    assert rate.base_amount == 30


def test_marking_used_waits_for_a_change_under_way() -> None:
    rate = RateFactory(base_amount=Decimal(30))
    second = connection.copy()

    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(CHANGE, [rate.pk])
            with second.cursor() as cursor:
                cursor.execute("SET lock_timeout = '200ms'")
                with pytest.raises(OperationalError, match="lock timeout"):
                    cursor.execute(
                        "UPDATE pricing_priceplan SET used_at = %s WHERE id = %s",
                        [NOW, rate.plan_id],
                    )
    finally:
        second.close()

    rate.plan.refresh_from_db()
    assert rate.plan.used_at is None
