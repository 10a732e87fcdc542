"""The floor writes what the run writes: the same rows, and nothing less."""

from datetime import date

import pytest
from django.db import connection, transaction

from config.shared.models import Run
from config.shared.operations.chunks import run_here
from config.shared.operations.runs import create_run
from tests.benchmarks import floor
from tests.benchmarks.offer import build_offer
from tests.benchmarks.same_rows import rows_of
from tests.benchmarks.seeder import seed
from tests.billing.factories import bill_run, definition
from tests.subscriptions.factories import noon

pytestmark = pytest.mark.django_db

JANUARY, FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)
ACCOUNTS = 60


def february_run() -> Run:
    return create_run(definition("normal-billing"), as_of=FEBRUARY, by=None, now=noon(FEBRUARY))


def test_the_floor_writes_the_rows_of_the_run(settings) -> None:
    settings.RUN_CHUNK_SIZE = 25
    seed(build_offer(), ACCOUNTS, on=JANUARY, by=None, now=noon(JANUARY))
    bill_run(JANUARY)

    with transaction.atomic():
        by_run = rows_of(run_here(february_run(), now=noon(FEBRUARY)))
        transaction.set_rollback(True)
    floor.install()
    floor.open_session()
    run = february_run()
    floor.begin(run, chunk_size=15)  # as the run cuts them for two workers
    # In one transaction here, so temporary rows are taken away by hand between chunks.
    with connection.cursor() as cursor:
        for _ in range(4):
            cursor.execute("SELECT bench_chunk(%s, %s)", [run.pk, noon(FEBRUARY)])
            assert cursor.fetchone() == (True,)
            cursor.execute("TRUNCATE bench_line, bench_bill, bench_tax")

    by_floor = rows_of(run)
    assert len(by_run["bills"]) == ACCOUNTS
    assert len(by_run["items"]) == len(by_run["lines"]) == 3 * ACCOUNTS
    assert by_run["allocations"] == []
    for name, rows in by_run.items():
        assert by_floor[name] == rows, name
