"""Runs: chunks, bisection, parking, stop and resume, discard, cancel."""

from datetime import date
from decimal import Decimal

import pytest

from config.shared.models import DefinitionState, ParkedItem, Run, RunScope, RunState
from config.shared.operations.chunks import claim_and_work, run_here
from config.shared.operations.runs import (
    NoActiveDefinition,
    RunAlreadyLive,
    RunNotInState,
    UnknownStep,
    WorkIsBinding,
    cancel_run,
    chunk_size,
    create_run,
    discard_run,
    finish_if_done,
    get_active_definition,
    pause_run,
    release_parked,
    resume_run,
    start_run,
)
from config.shared.runs.counts import counts_from_json
from config.shared.runs.kinds import RunError

from .conftest import FEBRUARY_1, NOW, texts

pytestmark = pytest.mark.django_db


def test_run_does_everything_and_adds_up_what_its_chunks_count(make_run, write):
    write("a", "b", "c")

    run = run_here(make_run(), now=NOW)

    assert run.state == RunState.COMPLETED
    assert texts() == ["a#M-0001", "b#M-0002", "c#M-0003"]
    assert counts_from_json(run.counts) == {"marked": 3, "amount": {"EUR": Decimal("0.30")}}
    assert run.finished_at == NOW


@pytest.mark.parametrize(
    ("keys", "size"), [(0, 1), (1, 1), (3, 1), (20, 5), (2000, 500), (10_000, 500)]
)
def test_small_runs_are_cut_so_that_every_worker_gets_two_chunks(settings, keys, size):
    settings.RUN_WORKERS = 2
    settings.RUN_CHUNK_SIZE = 500

    assert chunk_size(keys) == size


def test_run_with_nothing_to_do_is_completed_at_once(make_run):
    run = start_run(make_run(), now=NOW)

    assert run.state == RunState.COMPLETED


@pytest.mark.case("crmcom:N1")
def test_no_run_is_created_without_an_active_definition(definition):
    definition.state = DefinitionState.INACTIVE
    definition.save()

    with pytest.raises(NoActiveDefinition, match="no run can be created"):
        create_run(definition, as_of=FEBRUARY_1, by=None, now=NOW)
    with pytest.raises(NoActiveDefinition, match="no run can be created"):
        get_active_definition("mark-notes")

    assert not Run.objects.exists()


def test_second_live_batch_run_of_one_definition_and_day_is_refused(make_run):
    make_run()

    with pytest.raises(RunAlreadyLive, match=r"“Mark all notes” for 1 Feb 2026 is not finished"):
        make_run()

    assert make_run(as_of=date(2026, 2, 2))
    assert make_run(scope=RunScope.INDIVIDUAL)


def test_run_again_after_the_first_is_finished_adds_nothing(make_run, write):
    write("a")
    run_here(make_run(), now=NOW)

    again = run_here(make_run(), now=NOW)

    assert again.state == RunState.COMPLETED
    assert again.counts == {}
    assert texts() == ["a#M-0001"]


def test_kind_may_refuse_criteria(make_run):
    with pytest.raises(RunError, match="Notes have no colour"):
        make_run(criteria={"colour": "blue"})


def test_step_to_stop_after_must_be_one_of_the_kind(make_run):
    with pytest.raises(UnknownStep, match="its steps are mark, number"):
        make_run(stop_after="post")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("refuse", "is not wanted."),
        ("value", "Not a value."),
        ("constraint", "The database refused: duplicate key value violates unique constraint"),
    ],
)
def test_item_at_fault_is_parked_and_the_rest_is_done(make_run, write, settings, text, reason):
    settings.RUN_WORKERS = 1
    notes = write("a", "b", text, "c", "d", "e")

    run = run_here(make_run(), now=NOW)

    (parked,) = run.parked.all()
    assert run.state == RunState.COMPLETED_WITH_ERRORS
    assert (parked.key, parked.label, parked.step) == (notes[2].pk, f"N-{notes[2].pk}", "mark")
    assert reason in parked.reason
    assert texts() == ["a#M-0001", "b#M-0002", text, "c#M-0003", "d#M-0004", "e#M-0005"]
    assert run.counts["marked"] == 5


def test_parked_item_is_skipped_until_it_is_released(make_run, write, subject):
    (note,) = write("refuse")
    run_here(make_run(), now=NOW)
    note.text = "mended"
    note.save()

    skipping = run_here(make_run(), now=NOW)
    was_parked = release_parked(ParkedItem.objects.get(), by=subject, now=NOW)
    taking = run_here(make_run(), now=NOW)

    assert skipping.state == RunState.COMPLETED
    assert was_parked
    assert taking.counts["marked"] == 1
    assert texts() == ["mended#M-0001"]
    assert not release_parked(ParkedItem.objects.get(), by=subject, now=NOW)


def test_item_parked_by_another_run_meanwhile_is_left_out(make_run, write):
    write("refuse")
    waiting = start_run(make_run(), now=NOW)
    run_here(make_run(scope=RunScope.INDIVIDUAL), now=NOW)

    waiting = run_here(waiting, now=NOW)

    assert waiting.state == RunState.COMPLETED
    assert ParkedItem.objects.count() == 1


def test_unforeseen_error_fails_the_run_loudly_and_it_can_go_on_later(make_run, write):
    _, bug = write("a", "bug")
    run = make_run()

    with pytest.raises(AttributeError):
        run_here(run, now=NOW)

    run.refresh_from_db()
    assert (run.state, run.failure) == (RunState.FAILED, "AttributeError: Nobody foresaw this.")
    assert texts() == ["a#M-0001", "bug"]
    bug.text = "b"
    bug.save()
    resume_run(run, now=NOW)
    assert run_here(run, now=NOW).state == RunState.COMPLETED
    assert texts() == ["a#M-0001", "b#M-0002"]


def test_run_stopped_after_a_step_takes_in_what_came_meanwhile_when_resumed(make_run, write):
    write("a")
    run = run_here(make_run(stop_after="mark"), now=NOW)
    stopped = (run.state, run.step_reached, texts())
    write("b")

    resumed = run_here(resume_run(run, now=NOW), now=NOW)

    assert stopped == (RunState.STOPPED, "mark", ["a[marked]"])
    assert resumed.state == RunState.COMPLETED
    assert texts() == ["a#M-0001", "b#M-0002"]
    assert set(resumed.chunks.values_list("pass_number", flat=True)) == {1, 2}


def test_run_does_not_stop_after_a_step_that_it_is_past(make_run, write):
    write("a")
    run = run_here(make_run(stop_after="mark"), now=NOW)

    with pytest.raises(UnknownStep, match="past the step “Marking” already"):
        resume_run(run, now=NOW, stop_after="mark")


def test_stop_after_the_last_step_is_going_to_the_end(make_run, write):
    write("a")

    run = run_here(make_run(stop_after="number"), now=NOW)

    assert run.state == RunState.COMPLETED


def test_discard_takes_back_what_a_stopped_run_did(make_run, write):
    write("a", "b")
    run = run_here(make_run(stop_after="mark"), now=NOW)

    run = discard_run(run, now=NOW)
    state_at_first = run.state
    discarded = run_here(run, now=NOW)

    assert state_at_first == RunState.DISCARDING
    assert discarded.state == RunState.DISCARDED
    assert texts() == ["a", "b"]
    assert make_run()


def test_discard_is_refused_once_work_is_binding(make_run, write):
    write("a", "b")
    run = start_run(make_run(), now=NOW)
    claim_and_work(run.pk, worker="one", now=NOW)
    pause_run(run)

    with pytest.raises(WorkIsBinding, match="past the step “Numbering”"):
        discard_run(run, now=NOW)


def test_pause_keeps_workers_from_taking_chunks_until_resumed(make_run, write):
    write("a", "b")
    run = start_run(make_run(), now=NOW)
    claim_and_work(run.pk, worker="one", now=NOW)
    pause_run(run)

    claimed = claim_and_work(run.pk, worker="one", now=NOW)
    resumed = run_here(resume_run(run, now=NOW), now=NOW)

    assert not claimed
    assert resumed.state == RunState.COMPLETED
    assert texts() == ["a#M-0001", "b#M-0002"]


def test_cancel_keeps_what_is_done_and_gives_up_the_rest(make_run, write):
    write("a", "b")
    run = start_run(make_run(), now=NOW)
    claim_and_work(run.pk, worker="one", now=NOW)

    cancelled = cancel_run(run, now=NOW)

    assert cancelled.state == RunState.CANCELLED
    assert cancelled.counts["marked"] == 1
    assert texts() == ["a#M-0001", "b"]
    assert not claim_and_work(run.pk, worker="one", now=NOW)


def test_finished_run_cannot_be_started_paused_or_resumed(make_run):
    run = start_run(make_run(), now=NOW)

    for steer in (start_run, resume_run, discard_run, cancel_run):
        with pytest.raises(RunNotInState, match="is completed"):
            steer(run, now=NOW)


def test_run_with_chunks_left_is_not_finished(make_run, write):
    write("a")
    run = start_run(make_run(), now=NOW)

    assert not finish_if_done(run.pk, now=NOW)
