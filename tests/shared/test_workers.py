"""Several workers on one run: row locks as leases, and what the tick repairs."""

import threading
from contextlib import closing, contextmanager

import psycopg
import pytest
from django.db import connection, transaction

from config.shared.models import ChunkState, ParkedItem, Run, RunState
from config.shared.operations import undone
from config.shared.operations.chunks import claim_and_work, run_here, work_on
from config.shared.operations.runs import RunAlreadyLive, create_run, discard_run, start_run
from config.shared.operations.undone import requeue_undone

from .conftest import FEBRUARY_1, NOW, texts

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def woken(monkeypatch) -> list[tuple[int, int]]:
    """Which workers were asked for, instead of asking them."""
    calls: list[tuple[int, int]] = []
    monkeypatch.setattr(undone, "wake_workers", lambda run_id, count: calls.append((run_id, count)))
    return calls


@contextmanager
def other_session():
    """A second session of the database, in a transaction that is rolled back at the end."""
    params = connection.get_connection_params()
    wanted = {
        key: params[key] for key in ("host", "port", "user", "password", "dbname") if key in params
    }
    with closing(psycopg.connect(**wanted)) as session:
        yield session
        if not session.closed:
            session.rollback()


def hold_chunk(session, run: Run, position: int) -> None:
    """Claim a chunk as a worker in another session would."""
    session.execute(
        "SELECT 1 FROM shared_runchunk WHERE run_id = %s AND position = %s FOR NO KEY UPDATE",
        [run.pk, position],
    )


def in_threads(*calls) -> None:
    """Make the calls at once, each in a thread with its own connection."""

    def call(one) -> None:
        try:
            one()
        finally:
            connection.close()

    threads = [threading.Thread(target=call, args=(one,)) for one in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_worker_passes_over_a_chunk_that_another_holds(make_run, write):
    write("a", "b")
    run = start_run(make_run(), now=NOW, wake=False)

    with other_session() as session:
        hold_chunk(session, run, 1)
        first = claim_and_work(run.pk, worker="two", now=NOW)
        second = claim_and_work(run.pk, worker="two", now=NOW)

    assert (first, second) == (True, False)
    assert texts() == ["a", "b#M-0001"]


def test_chunk_of_a_dead_worker_is_done_by_another(make_run, write):
    write("a", "b")
    run = start_run(make_run(), now=NOW, wake=False)
    with other_session() as session:
        hold_chunk(session, run, 1)

    run = run_here(run, now=NOW)

    assert run.state == RunState.COMPLETED
    assert texts() == ["a#M-0001", "b#M-0002"]


def test_workers_at_once_do_every_item_exactly_once(make_run, write, settings):
    settings.RUN_CHUNK_SIZE = 5
    write(*[f"note {n}" for n in range(60)])
    run = start_run(make_run(), now=NOW, wake=False)

    in_threads(
        *[
            lambda name=name: work_on(run.pk, worker=name, clock=lambda: NOW)
            for name in ("one", "two", "three")
        ]
    )

    run.refresh_from_db()
    numbers = sorted(text.partition("#")[2] for text in texts())
    assert run.state == RunState.COMPLETED
    assert run.counts["marked"] == 60
    assert numbers == [f"M-{n:04d}" for n in range(1, 61)]


def test_items_refused_under_two_workers_are_parked_once(make_run, write, settings):
    settings.RUN_CHUNK_SIZE = 4
    write(*["refuse" if n % 7 == 0 else "fine" for n in range(28)])
    run = start_run(make_run(), now=NOW, wake=False)

    in_threads(
        *[
            lambda name=name: work_on(run.pk, worker=name, clock=lambda: NOW)
            for name in ("one", "two")
        ]
    )

    run.refresh_from_db()
    assert run.state == RunState.COMPLETED_WITH_ERRORS
    assert ParkedItem.objects.count() == 4
    assert sum("#M-" in text for text in texts()) == 24


def test_same_run_asked_for_twice_at_once_is_made_once(definition):
    outcomes: list[str] = []

    def make() -> None:
        try:
            create_run(definition, as_of=FEBRUARY_1, by=None, now=NOW)
            outcomes.append("made")
        except RunAlreadyLive:
            outcomes.append("refused")

    in_threads(make, make)

    assert sorted(outcomes) == ["made", "refused"]


def test_session_of_a_stopped_worker_is_ended_and_its_chunk_is_free(make_run, write, settings):
    settings.RUN_IDLE_TIMEOUT_SECONDS = 1
    (note, _) = write("a", "b")
    run = start_run(make_run(), now=NOW, wake=False)
    with other_session() as session:
        # What a worker stopped in the middle of a chunk holds.
        session.execute("SELECT set_config('idle_in_transaction_session_timeout', '1000', true)")
        hold_chunk(session, run, 1)
        with other_session() as watcher:
            pid = session.info.backend_pid
            watcher.autocommit = True
            while watcher.execute(
                "SELECT 1 FROM pg_stat_activity WHERE pid = %s", [pid]
            ).fetchone():
                watcher.execute("SELECT pg_sleep(0.1)")

        run = run_here(run, now=NOW)

        with pytest.raises(psycopg.Error):
            session.execute("UPDATE shared_note SET text = 'late' WHERE id = %s", [note.pk])

    assert run.state == RunState.COMPLETED
    assert texts() == ["a#M-0001", "b#M-0002"]


def test_worker_limits_how_long_its_session_may_idle(make_run, write, settings):
    settings.RUN_IDLE_TIMEOUT_SECONDS = 7
    write("a")
    run = start_run(make_run(), now=NOW, wake=False)

    with transaction.atomic(), connection.cursor() as cursor:
        claim_and_work(run.pk, worker="one", now=NOW)
        cursor.execute("SHOW idle_in_transaction_session_timeout")
        inside = cursor.fetchone()
    with connection.cursor() as cursor:
        cursor.execute("SHOW idle_in_transaction_session_timeout")
        after = cursor.fetchone()

    assert inside == ("7s",)
    assert after != ("7s",)


def test_tick_wakes_workers_for_chunks_that_nobody_holds(make_run, write, woken):
    write("a", "b", "c")
    run = start_run(make_run(), now=NOW, wake=False)

    with other_session() as session:
        hold_chunk(session, run, 1)
        requeue_undone(now=NOW)

    assert woken == [(run.pk, 1)]


def test_tick_leaves_a_run_alone_whose_workers_are_at_it(make_run, write, woken):
    write("a", "b", "c")
    run = start_run(make_run(), now=NOW, wake=False)

    with other_session() as session:
        hold_chunk(session, run, 1)
        hold_chunk(session, run, 2)
        requeue_undone(now=NOW)

    assert woken == []


def test_tick_finishes_a_run_whose_last_worker_died_before_it_could(make_run, write, woken):
    write("a")
    run = start_run(make_run(), now=NOW, wake=False)
    claim_and_work(run.pk, worker="one", now=NOW)

    requeue_undone(now=NOW)

    run.refresh_from_db()
    assert run.state == RunState.COMPLETED
    assert woken == []


def test_run_with_a_chunk_in_work_is_not_finished_by_the_tick(make_run, write, woken):
    write("a")
    run = start_run(make_run(), now=NOW, wake=False)

    with other_session() as session:
        hold_chunk(session, run, 1)
        requeue_undone(now=NOW)

    run.refresh_from_db()
    assert run.state == RunState.RUNNING


def test_discard_is_taken_up_again_by_the_tick(make_run, write, woken):
    write("a", "b")
    run = run_here(make_run(stop_after="mark"), now=NOW)
    discard_run(run, now=NOW, wake=False)
    claim_and_work(run.pk, worker="one", now=NOW)

    requeue_undone(now=NOW)

    assert woken == [(run.pk, 1)]
    assert run.chunks.filter(state=ChunkState.UNDONE).count() == 1
