"""`manage.py run`."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from config.shared.models import Run, RunState

from .conftest import texts

pytestmark = pytest.mark.django_db


def run_command(*arguments: str) -> str:
    """Return what the command prints."""
    out = StringIO()
    call_command("run", *arguments, stdout=out)
    return out.getvalue()


def test_command_sees_a_run_through_and_prints_json(definition, write):
    write("a", "b")

    printed = run_command("mark-notes", "--as-of", "2026-02-01", "--here", "--json")

    summary = json.loads(printed)
    assert printed.count("\n") == 1
    assert summary["run"] == Run.objects.get().number
    assert summary["state"] == RunState.COMPLETED
    assert (summary["items"], summary["items_done"], summary["parked"]) == (2, 2, 0)
    assert summary["counts"] == {"marked": 2, "amount": {"EUR": "0.20"}}
    assert texts() == ["a#M-0001", "b#M-0002"]


def test_waiting_command_does_the_work_itself_when_no_worker_does(definition, write, monkeypatch):
    monkeypatch.setattr("config.shared.management.commands.run._PATIENCE_SECONDS", 0)
    monkeypatch.setattr("config.shared.management.commands.run._POLL_SECONDS", 0)
    write("a")

    printed = run_command("mark-notes", "--as-of", "2026-02-01", "--wait")

    assert "Mark all notes for 2026-02-01: completed, 1 of 1 done." in printed


def test_command_that_does_not_wait_leaves_the_run_to_workers(definition, write):
    write("a")

    printed = run_command("mark-notes", "--as-of", "2026-02-01")

    assert "running, 0 of 1 done." in printed


def test_command_stops_after_a_step(definition, write):
    write("a")

    printed = run_command(
        "mark-notes", "--as-of", "2026-02-01", "--here", "--stop-after", "mark", "--json"
    )

    assert json.loads(printed)["state"] == RunState.STOPPED
    assert json.loads(printed)["step_reached"] == "mark"


def test_command_for_some_accounts_makes_an_individual_run(definition):
    run_command("mark-notes", "--as-of", "2026-02-01", "--here", "--accounts", "A-1, A-2")

    run = Run.objects.get()
    assert (run.scope, run.criteria) == ("INDIVIDUAL", {"accounts": ["A-1", "A-2"]})


@pytest.mark.case("crmcom:N1")
def test_command_without_an_active_definition_says_so(definition):
    with pytest.raises(CommandError, match="no active run definition “normal-billing”"):
        run_command("normal-billing", "--as-of", "2026-02-01")


def test_command_for_a_failed_run_says_so(definition, write):
    write("bug")

    with pytest.raises(AttributeError):
        run_command("mark-notes", "--as-of", "2026-02-01", "--here")

    assert Run.objects.get().state == RunState.FAILED
