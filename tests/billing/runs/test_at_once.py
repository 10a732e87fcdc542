"""Runs at the same time add nothing twice; a stopped run keeps what it rated to itself."""

import threading
from datetime import date

import pytest
from django.db import connection

from billing.models import Bill, Directive, LedgerEntry, RatedBillingItem
from config.shared.models import Run, RunDefinition, RunState
from config.shared.operations.chunks import run_here, work_on
from config.shared.operations.runs import cancel_run, create_run, resume_run, start_run
from tests.billing.factories import bill_run, definition
from tests.catalog.factories import ProductFactory
from tests.subscriptions.factories import AccountFactory, SchemeFactory, noon, subscribe

JANUARY = date(2026, 1, 1)


def other_definition() -> RunDefinition:
    """Return a second definition of normal billing."""
    return RunDefinition.objects.create(code="again", name="Again", kind="normal-billing")


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_bill_every_account_once() -> None:
    product, scheme = ProductFactory(), SchemeFactory()
    for number in range(12):
        account = AccountFactory(name=f"Account {number}")
        subscribe(product, on=JANUARY, price="31.00", account=account, scheme=scheme)
    runs = [
        start_run(
            create_run(each, as_of=JANUARY, by=None, now=noon(JANUARY)),
            now=noon(JANUARY),
            wake=False,
        )
        for each in (definition("normal-billing"), other_definition())
    ]

    workers = [threading.Thread(target=_work, args=(run.pk,)) for run in (*runs, *runs)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    states = Run.objects.values_list("state", flat=True)
    assert list(states) == [RunState.COMPLETED, RunState.COMPLETED]
    assert Bill.objects.values("account").distinct().count() == Bill.objects.count() == 12
    assert RatedBillingItem.objects.count() == LedgerEntry.objects.count() == 12
    numbers = sorted(Bill.objects.values_list("number", flat=True))
    assert [number.split("-")[1] for number in numbers] == [f"{n:06d}" for n in range(1, 13)]


def _work(run_id: int) -> None:
    try:
        work_on(run_id, worker=threading.current_thread().name, clock=lambda: noon(JANUARY))
    finally:
        connection.close()


@pytest.mark.django_db
def test_what_a_cancelled_run_rated_is_billed_by_the_next() -> None:
    subscribe(ProductFactory(), on=JANUARY, price="31.00")
    cancelled = bill_run(JANUARY, stop_after="assemble")
    cancel_run(cancelled, now=noon(JANUARY))

    bill_run(JANUARY)

    assert Bill.objects.get().total_billed == 31
    assert RatedBillingItem.objects.get().directive == Directive.BILLED


@pytest.mark.django_db
def test_what_a_stopped_run_rated_is_billed_by_it_alone() -> None:
    subscribe(ProductFactory(), on=JANUARY, price="31.00")
    stopped = bill_run(JANUARY, stop_after="assemble")

    other = bill_run(date(2026, 1, 2))

    assert other.counts.get("bills", 0) == 0
    assert RatedBillingItem.objects.get().directive == Directive.NOT_BILLED
    resume_run(stopped, now=noon(JANUARY), wake=False)
    run_here(stopped, now=noon(JANUARY))
    assert Bill.objects.get().run == stopped
