"""The same run again, or several at once over the same accounts, add nothing to what one did."""

import threading
from collections.abc import Iterator, Sequence
from datetime import date

import pytest
from django.db import connection, transaction

from config.demo.loading import load_demo
from config.shared.models import Run, RunScope, RunState
from config.shared.operations.chunks import run_here, work_on
from config.shared.operations.runs import (
    RunAlreadyLive,
    create_run,
    get_active_definition,
    start_run,
)
from provisioning.models import ProvisioningRequest
from subscriptions.models import Account, SubscriptionAction
from tests.databases import copied, working_on
from tests.pricing.factories import CurrencyFactory
from tests.subscriptions.factories import noon

from .books import (
    OF_RUNS,
    changed_tables,
    content_of_tables,
    differences,
    holes_in_numbers,
    read_books,
)

pytestmark = pytest.mark.django_db(transaction=True)

FEB_1 = date(2026, 2, 1)
NOW = noon(FEB_1)
KINDS = ("scheduled-actions", "normal-billing", "deactivation", "activation")


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker) -> Iterator[str]:
    """A database with the demo's 30 accounts, on 1 February, before that day's runs."""
    with django_db_blocker.unblock(), copied("demo") as name:
        with working_on(name):
            CurrencyFactory()
            load_demo(
                accounts=30, seed=1, head_end_url="http://127.0.0.1:9", progress=lambda _: None
            )
        yield name


@pytest.fixture
def demo(loaded: str, transactional_db: None, settings) -> Iterator[None]:
    """The demo, each test's own; chunks of 5."""
    settings.RUN_CHUNK_SIZE = 5
    with copied("run", of=loaded) as name, working_on(name):
        yield


def draft(kind: str, *, accounts: Sequence[str] = ()) -> Run:
    """Make a run of a kind for 1 February: over all accounts, or over a few named ones."""
    return create_run(
        get_active_definition(kind),
        as_of=FEB_1,
        by=None,
        now=NOW,
        criteria={"accounts": list(accounts)} if accounts else None,
        scope=RunScope.INDIVIDUAL if accounts else RunScope.BATCH,
    )


def contents() -> dict[str, tuple[int, str]]:
    connection.ensure_connection()
    return content_of_tables(connection.connection)


def test_same_run_again_adds_nothing_but_itself(demo) -> None:
    numbers = list(Account.objects.order_by("pk").values_list("number", flat=True))
    # In the order of the KINDS: what deactivation changes is the next billing run's to see.
    for kind in KINDS:
        run_here(draft(kind), now=NOW)
        before = contents()

        again = run_here(draft(kind), now=NOW)
        named = run_here(draft(kind, accounts=numbers[10:20]), now=NOW)

        assert (again.state, named.state) == (RunState.COMPLETED, RunState.COMPLETED)
        assert changed_tables(before, contents(), save=OF_RUNS) == {}, kind


def test_same_run_asked_for_while_it_is_live_is_refused_and_adds_nothing(demo) -> None:
    start_run(draft("normal-billing"), now=NOW, wake=False)
    before = contents()

    with pytest.raises(RunAlreadyLive):
        draft("normal-billing")

    assert changed_tables(before, contents()) == {}


def test_overlapping_billing_runs_at_once_bill_what_one_does(demo) -> None:
    alone = books_of_one_run("normal-billing")

    runs = at_once(overlapping("normal-billing"))

    assert {run.state for run in runs} == {RunState.COMPLETED}
    assert sum(run.counts.get("bills", 0) > 0 for run in runs) > 1, "the runs did not overlap"
    assert differences(alone, read_books(connection.connection)) == {}
    assert holes_in_numbers(connection.connection) == {}


def test_overlapping_deactivation_runs_at_once_switch_off_what_one_does(demo) -> None:
    run_here(draft("normal-billing"), now=NOW)
    with transaction.atomic():
        run_here(draft("deactivation"), now=NOW)
        alone = acts_and_requests()
        transaction.set_rollback(True)
    assert alone != acts_and_requests()

    runs = at_once(overlapping("deactivation"))

    assert {run.state for run in runs} == {RunState.COMPLETED}
    assert acts_and_requests() == alone


def books_of_one_run(kind: str) -> dict[str, list[str]]:
    """Return the books after one run over all accounts, which is then rolled back."""
    with transaction.atomic():
        run_here(draft(kind), now=NOW)
        books = read_books(connection.connection)
        transaction.set_rollback(True)
    return books


def acts_and_requests() -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """Return all acts and all requests to head-ends, without their numbers."""
    acts = SubscriptionAction.objects.values_list(
        "subscription__number", "kind", "state", "performed_on"
    )
    requests = ProvisioningRequest.objects.values_list("subscription__number", "kind", "state")
    return sorted(acts), sorted(requests)


def overlapping(kind: str) -> list[Run]:
    """Start a run over all accounts and two over some, that share ten; nobody works on them yet."""
    numbers = list(Account.objects.order_by("pk").values_list("number", flat=True))
    drafts = [
        draft(kind, accounts=numbers[:20]),
        draft(kind, accounts=numbers[10:]),
        draft(kind),
    ]
    return [start_run(each, now=NOW, wake=False) for each in drafts]


def at_once(runs: Sequence[Run]) -> list[Run]:
    """Let two workers work on each of the runs at the same time; return the runs as they end."""
    gate = threading.Barrier(2 * len(runs))

    def work(run_id: int) -> None:
        try:
            gate.wait(30)
            work_on(run_id, worker=threading.current_thread().name, clock=lambda: NOW)
        finally:
            connection.close()

    workers = [threading.Thread(target=work, args=(run.pk,)) for run in (*runs, *runs)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    for run in runs:
        run.refresh_from_db()
    return list(runs)
