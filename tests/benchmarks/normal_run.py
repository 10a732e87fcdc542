"""The normal run of a month with two workers, beside the set-based SQL that writes the same rows.

The population is seeded once and billed for its first month. Each measurement has a copy of that
database to itself; run and floor take turns, so that they share the minute and its noise.
"""

from collections.abc import Callable
from datetime import date, datetime
from statistics import median
from typing import Any, Final

from django.conf import settings
from django.db import connection

from billing.models import Bill
from config.shared.models import Run, RunState
from config.shared.operations.chunks import run_here, work_on
from config.shared.operations.runs import chunk_size, create_run, start_run
from config.shared.runs.kinds import load_kinds
from tests.benchmarks import floor
from tests.benchmarks.databases import copied, migrated
from tests.benchmarks.offer import build_offer
from tests.benchmarks.same_rows import rows_of
from tests.benchmarks.seeder import seed
from tests.benchmarks.tables import Figures, show
from tests.benchmarks.workers import WORKERS, timed
from tests.billing.factories import definition
from tests.subscriptions.factories import noon

JANUARY, FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)
ROUNDS: Final = 3


class NotTheSame(Exception):
    """The run and its floor wrote different rows, so their times do not compare."""


class RunWorker:
    """A worker of the run engine."""

    def __init__(self, run_id: int, now: datetime) -> None:
        self.run_id, self.now = run_id, now
        load_kinds()

    def work(self) -> None:
        """Do chunks until none is left."""
        work_on(self.run_id, worker="bench", clock=lambda: self.now)


class FloorWorker:
    """A session that calls the floor's functions."""

    def __init__(self, run_id: int, now: datetime) -> None:
        self.run_id, self.now = run_id, now
        floor.open_session()

    def work(self) -> None:
        """Do chunks until none is left."""
        floor.work(self.run_id, now=self.now)


def normal_run(accounts: int) -> Figures:
    """Measure, print and return bills a second of the run and of the floor, and their ratio."""
    with migrated("month") as template:
        _prepare(accounts)
        expected: dict[str, Any] | None = None
        seconds: dict[str, list[float]] = {"run": [], "floor": []}
        sides: dict[str, Callable[[], tuple[Run, float]]] = {"run": _run, "floor": _floor}
        for turn in range(ROUNDS):
            for side in sorted(sides, reverse=turn % 2 == 0):
                with copied(template, side):
                    run, taken = sides[side]()
                    seconds[side].append(taken)
                    expected = _compared(run, accounts, expected, check=turn == 0)
    return _told(accounts, seconds)


def _prepare(accounts: int) -> None:
    """Seed the population, bill its first month, and let the planner know."""
    floor.install()
    seed(build_offer(), accounts, on=JANUARY, by=None, now=noon(JANUARY))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    run_here(_draft(JANUARY), now=noon(JANUARY))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _draft(on: date) -> Run:
    return create_run(definition("normal-billing"), as_of=on, by=None, now=noon(on))


def _run() -> tuple[Run, float]:
    """Return a finished run and how long it took, from identification to the last commit."""
    run, now = _draft(FEBRUARY), noon(FEBRUARY)
    taken = timed(
        "tests.benchmarks.normal_run.RunWorker",
        lambda: _ignore(start_run(run, now=now, wake=False)),
        run_id=run.pk,
        now=now,
    )
    run.refresh_from_db()
    if run.state != RunState.COMPLETED:
        raise NotTheSame(f"The run ended as {run.state}: {run.failure}")
    return run, taken


def _floor() -> tuple[Run, float]:
    run, now = _draft(FEBRUARY), noon(FEBRUARY)
    size = chunk_size(Bill.objects.count())
    taken = timed(
        "tests.benchmarks.normal_run.FloorWorker",
        lambda: floor.begin(run, size),
        run_id=run.pk,
        now=now,
    )
    return run, taken


def _ignore(_: object) -> None:
    """Take a result nobody needs."""


def _compared(
    run: Run, accounts: int, expected: dict[str, Any] | None, *, check: bool
) -> dict[str, Any] | None:
    """Return what the run wrote; refuse what differs from what the other side wrote."""
    if Bill.objects.filter(run=run).count() != accounts:
        raise NotTheSame(f"There are not {accounts} bills.")
    if not check:
        return expected
    rows = {name: set(found) for name, found in rows_of(run).items()}
    differing = [name for name in rows if expected is not None and rows[name] != expected[name]]
    if differing:
        raise NotTheSame(f"Run and floor differ in: {', '.join(differing)}.")
    return rows


def _told(accounts: int, seconds: dict[str, list[float]]) -> Figures:
    taken = {side: median(found) for side, found in seconds.items()}
    rates = {side: accounts / each for side, each in taken.items()}
    best = {side: min(found) for side, found in seconds.items()}
    ratio, ratio_of_best = (each["run"] / each["floor"] for each in (taken, best))
    show(
        f"Normal run: {accounts:,} accounts × 3 services, {WORKERS} workers, "
        f"chunks of {chunk_size(accounts)}, median of {ROUNDS}",
        ("", "seconds", "bills/s", "run / floor", "best s", "run / floor"),
        [
            ("normal run", taken["run"], rates["run"], ratio, best["run"], ratio_of_best),
            ("floor (SQL)", taken["floor"], rates["floor"], 1.0, best["floor"], 1.0),
        ],
    )
    return {
        "accounts": accounts,
        "workers": WORKERS,
        "chunk_size": chunk_size(accounts),
        "idle_timeout_seconds": settings.RUN_IDLE_TIMEOUT_SECONDS,
        "seconds": seconds,
        "bills_per_second": rates,
        "ratio": ratio,
        "ratio_of_best": ratio_of_best,
    }
