"""A run over 2,000 accounts that is struck again and again, and finishes by itself all the same.

Real workers and a real beat on a durable PostgreSQL of the test's own. One worker is killed,
another stopped for longer than its lease, then the whole of PostgreSQL is killed and Valkey
forgets what it held. The bills are those of a run that nobody disturbed.
"""

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from config.embedded.processes import Member, ProcessGroup, beat, worker

from .bed import Bed, bed, said
from .books import (
    OF_RUNS,
    changed_tables,
    content_of_tables,
    differences,
    holes_in_numbers,
    read_books,
)
from .population import multiply

LOADED, ACCOUNTS = 100, 2_000
LEASE_SECONDS = 2
SETTINGS = {
    "RUN_CHUNK_SIZE": "5",
    "RUN_WORKERS": "3",
    "TICK_SECONDS": "2",
    "RUN_IDLE_TIMEOUT_SECONDS": str(LEASE_SECONDS),
}
RUN = ("run", "normal-billing", "--as-of", "2026-02-01", "--json")
PATIENCE_SECONDS = 120
# The tables that a normal run writes, beside its own.
BOOKS = "billing_"
SERIES = "shared_numberseries"
# Delivery to the head-end goes on by the tick, run or no run; there is none here.
OUTBOX = "provisioning_provisioningrequest"
# A discount is marked as used by the first chunk that rates with it, once.
MARKED = ("pricing_additivediscount", "pricing_historicaladditivediscount")


@pytest.fixture(scope="module")
def loaded() -> Iterator[Bed]:
    """A bed with the demo's 2,000 accounts as they are on 1 February, before that day's run."""
    with bed() as made:
        for command in (
            ("migrate", "--noinput", "--verbosity", "0"),
            ("load_demo", "--accounts", str(LOADED), "--head-end", "http://127.0.0.1:9"),
        ):
            done = made.manage(*command)
            assert done.returncode == 0, said(done)
        with made.connect(admin=True) as session:
            assert multiply(session, ACCOUNTS // LOADED - 1) == ACCOUNTS
        yield made


@dataclass
class Watched:
    """The newest run of a database, seen from outside."""

    session: psycopg.Connection

    def chunks(self) -> tuple[int, int]:
        """Return how many chunks of the newest run are done, and how many there are."""
        row = self.session.execute(
            "SELECT count(*) FILTER (WHERE state = 'DONE'), count(*) FROM shared_runchunk"
            " WHERE run_id = (SELECT max(id) FROM shared_run)"
        ).fetchone()
        assert row is not None
        return row[0], row[1]

    def wait_for(self, reached: Callable[[], object], what: str) -> None:
        """Wait until something is so; fail with words if it never is."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not reached():
            if time.monotonic() > deadline:
                pytest.fail(f"never came: {what}; chunks done: {self.chunks()}")
            time.sleep(0.01)

    def strike(self, what: str) -> None:
        """Say how far the run is, and fail if it has not begun or is over."""
        done, total = self.chunks()
        print(f"{what}: {done} of {total} chunks done")
        assert 0 < done < total, f"struck too early or too late: {what}, {done} of {total}"

    def lease_of(self, name: str) -> tuple[int, int] | None:
        """Return the server process and the chunk of a worker that is in the middle of one."""
        return self.session.execute(
            "SELECT a.pid, c.position FROM pg_stat_activity a"
            " JOIN shared_runchunk c ON c.xmax::text = a.backend_xid::text AND c.state = 'PENDING'"
            " WHERE a.application_name = %s AND a.state LIKE 'idle in transaction%%'",
            [name],
        ).fetchone()

    def has_session(self, pid: int) -> bool:
        """Say whether a server process still serves."""
        found = self.session.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s", [pid])
        return found.fetchone() is not None

    def worker_of(self, position: int) -> str:
        """Return who has done a chunk, host:process; "" while it is not done."""
        return str(
            self._one("worker FROM shared_runchunk WHERE position = %s AND run_id =", position)
        )

    def state(self) -> str:
        """Return the state of the run."""
        return str(self._one("state FROM shared_run WHERE id ="))

    def counts(self) -> object:
        """Return what the run counted."""
        return self._one("counts FROM shared_run WHERE id =")

    def _one(self, what: str, *values: object) -> object:
        query = f"SELECT {what} (SELECT max(id) FROM shared_run)"
        row = self.session.execute(query, values).fetchone()
        assert row is not None
        return row[0]


def test_struck_run_finishes_by_itself_with_the_bills_of_an_undisturbed_one(loaded: Bed) -> None:
    with loaded.connect() as session:
        before = content_of_tables(session)
    undisturbed = loaded.copy("undisturbed")
    done = loaded.manage(*RUN, "--here", database=undisturbed, RUN_CHUNK_SIZE="500")
    assert done.returncode == 0, said(done)
    struck = loaded.copy("struck")

    counts = bill_under_strikes(loaded, struck)

    assert counts == json.loads(done.stdout)["counts"]
    with loaded.connect(undisturbed) as one, loaded.connect(struck) as other:
        books = read_books(one)
        assert differences(books, read_books(other)) == {}
        assert all(books.values()), "a book without rows proves nothing"
        assert holes_in_numbers(other) == {}
        after = content_of_tables(other)
        undisturbed_rows = {table: rows for table, (rows, _) in content_of_tables(one).items()}
    changed = changed_tables(before, after, save=OF_RUNS)
    assert {table for table in changed if not table.startswith(BOOKS)} <= {
        SERIES,
        OUTBOX,
        *MARKED,
    }
    assert after[OUTBOX][0] == before[OUTBOX][0]
    assert {after[table][0] - undisturbed_rows[table] for table in MARKED} == {0}


def bill_under_strikes(servers: Bed, database: str) -> object:
    """Bill a database by workers that are struck, wait for the end, and return what was counted."""
    programs = [
        *(worker(name=name, processes=1) for name in ("first", "second", "third")),
        beat(schedule=servers.data / "beat-schedule"),
    ]
    members = [servers.on(member, database, **SETTINGS) for member in programs]
    first, second = members[:2]
    with ProcessGroup(members, logs=servers.logs):
        began = servers.manage(*RUN, database=database, **SETTINGS)
        assert began.returncode == 0, said(began)
        with servers.connect(database) as session:
            run = Watched(session)
            kill_a_worker(run, first)
            stop_a_worker_past_its_lease(run, second)
            run.strike("kill -9 of PostgreSQL, and all messages lost")
            assert servers.kill_postgres() > 1
            servers.lose_messages()
        servers.start()
        with servers.connect(database) as session:
            run = Watched(session)
            run.strike("PostgreSQL again")
            run.wait_for(lambda: run.state() != "RUNNING", "the end of the run")
            assert run.state() == "COMPLETED"
            return run.counts()


def kill_a_worker(run: Watched, victim: Member) -> None:
    """Kill a worker with its child in the middle of a chunk, not to come back."""
    run.wait_for(lambda: run.chunks()[0] >= 10 and run.lease_of(victim.name), "a worker in a chunk")
    run.strike("kill -9 of a worker")
    signal_all(victim, signal.SIGKILL)


def stop_a_worker_past_its_lease(run: Watched, victim: Member) -> None:
    """Stop a worker in the middle of a chunk until another has done it; then let it go on."""
    leases: list[tuple[int, int]] = []

    def stopped_in_a_chunk() -> bool:
        signal_all(victim, signal.SIGSTOP)
        time.sleep(0.05)  # what it asked the server for last is answered
        lease = run.lease_of(victim.name)
        if lease is None:
            signal_all(victim, signal.SIGCONT)
            time.sleep(0.02)
            return False
        leases.append(lease)
        return True

    run.wait_for(stopped_in_a_chunk, "a worker stopped in a chunk")
    run.strike("SIGSTOP of another")
    ((server_process, position),) = leases
    run.wait_for(lambda: not run.has_session(server_process), "the end of its session")
    run.wait_for(lambda: run.worker_of(position), "its chunk done by another")
    done_by = run.worker_of(position)
    signal_all(victim, signal.SIGCONT)
    run.strike("SIGCONT of it")
    assert int(done_by.rpartition(":")[2]) not in family(victim)


def family(member: Member) -> list[int]:
    """Return a worker's process id and those of its children."""
    assert member.child is not None
    pid = member.child.pid
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *map(int, children)]


def signal_all(member: Member, number: signal.Signals) -> None:
    """Send a signal to a worker and its children at once."""
    assert member.child is not None
    os.killpg(member.child.pid, number)
