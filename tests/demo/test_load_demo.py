"""Loading the demo: the same from the same seed, once only, and never in production."""

import socket
from collections.abc import Callable
from contextlib import contextmanager
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from psycopg import sql

from billing.models import Bill, CreditNote, Payment
from config.demo.histories import draw_histories
from config.demo.loading import DemoState, demo_state, load_demo
from pricing.models import AdditiveDiscount
from subscriptions.models import Account, AddedExpense, GivenDiscount, SubscribedService
from tests.faults.books import content_of_tables

# What no two loads share: instants, random keys, salted passwords, how long it took.
_TYPES_OF_THE_MOMENT = ("timestamp with time zone", "uuid")
# (In which order the links of a change are noted is the database's affair.)
_COLUMNS_OF_THE_MOMENT = ("password", "seconds", "m2m_history_id")


def test_same_seed_draws_the_same_histories_and_another_draws_others() -> None:
    assert draw_histories(200, seed=1) == draw_histories(200, seed=1)
    assert draw_histories(200, seed=1) != draw_histories(200, seed=2)
    assert draw_histories(200, seed=1)[:50] == draw_histories(50, seed=1)


def test_two_loads_from_one_seed_make_the_same_rows(load: Callable[..., None]) -> None:
    with taken_back():
        load(accounts=25)
        first = rows_of_all_tables()
    with taken_back():
        load(accounts=25, seed=2)
        other = rows_of_all_tables()

    load(accounts=25)

    assert rows_of_all_tables() == first
    assert other["subscriptions_account"] != first["subscriptions_account"]


def test_generated_customers_were_billed_paid_and_corrected(load: Callable[..., None]) -> None:
    load(accounts=25)

    assert Account.objects.count() == 25
    assert Account.objects.values("billing_day").distinct().count() > 3
    assert 10 < Bill.objects.count() < 25  # those who signed up before January
    assert Payment.objects.exclude(amount=0).count() > 5
    fractions = Bill.objects.values_list("invoices__taxes__fraction", flat=True)
    assert {str(each.normalize()) for each in fractions if each} == {"0.1", "0.05"}
    assert not CreditNote.objects.exists()
    picked = SubscribedService.objects.filter(product__code="sports-pick")
    assert picked.exists()
    for bundle in picked:
        parts = SubscribedService.objects.filter(parent=bundle, is_fee=False)
        assert 2 <= parts.count() <= 4
        assert parts.values("product__family").distinct().count() == 1
        fee = SubscribedService.objects.get(parent=bundle, is_fee=True)
        assert fee.product.name == "Sports rights fee"
    assert AddedExpense.objects.filter(product__code__startswith="connection").exists()
    states = GivenDiscount.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["GRANTED", "WAITING"]
    half = AdditiveDiscount.objects.get(code="half-installation")
    assert (half.state, half.on_recurring, half.on_once) == ("EFFECTIVE", False, True)


def test_second_load_does_nothing(load: Callable[..., None]) -> None:
    load(accounts=2)
    before = content_of_tables(connection.connection)
    said = StringIO()

    call_command("load_demo", accounts=2, stdout=said)

    assert said.getvalue() == "The demo is loaded already.\n"
    assert content_of_tables(connection.connection) == before


def test_interrupted_load_is_not_continued(load: Callable[..., None]) -> None:
    def interrupt(what: str) -> None:
        if what.startswith("Billing"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load_demo(accounts=2, seed=1, head_end_url="http://127.0.0.1:9", progress=interrupt)

    assert demo_state() == DemoState.INTERRUPTED
    with pytest.raises(CommandError, match="make demo-reset"):
        call_command("load_demo", accounts=2)


def test_nothing_is_loaded_in_production(db, settings) -> None:
    settings.ENVIRONMENT = "production"

    with pytest.raises(CommandError, match="ENVIRONMENT=production"):
        call_command("load_demo", accounts=2)

    assert demo_state() == DemoState.EMPTY
    assert not User.objects.exists()


@contextmanager
def taken_back():
    """Roll back what is done inside, and let ids begin again where they did."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT schemaname, sequencename, start_value, last_value FROM pg_sequences")
        sequences = cursor.fetchall()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    with connection.cursor() as cursor:
        for schema, name, start, last in sequences:
            where = sql.Identifier(schema, name).as_string()
            cursor.execute("SELECT setval(%s, %s, %s)", [where, last or start, last is not None])


def rows_of_all_tables() -> dict[str, list[str]]:
    """Return all rows of all tables as text, sorted, without what no two loads share."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, coalesce(array_agg(column_name::text) FILTER"
            " (WHERE data_type = ANY(%s) OR column_name = ANY(%s)), '{}')"
            " FROM information_schema.columns WHERE table_schema = 'public' GROUP BY table_name",
            [list(_TYPES_OF_THE_MOMENT), list(_COLUMNS_OF_THE_MOMENT)],
        )
        masked = dict(cursor.fetchall())
        return {table: _rows(cursor, table, columns) for table, columns in masked.items()}


def _rows(cursor, table: str, masked: list[str]) -> list[str]:
    rows = sql.SQL("SELECT (to_jsonb(t) - %s::text[])::text FROM {} t").format(
        sql.Identifier(table)
    )
    cursor.execute(rows.as_string(), [masked])
    return sorted(row for (row,) in cursor.fetchall())


def test_taken_port_is_named_with_the_option_that_chooses_another(db) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        with pytest.raises(CommandError, match=rf"Port {port} .* is taken.*--head-end-port"):
            call_command("demo", head_end_port=port, no_serve=True)

    assert demo_state() == DemoState.EMPTY
