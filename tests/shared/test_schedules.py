"""Schedules: due once, on the business clock, in the operator's time zone."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from config.shared import tasks
from config.shared.models import DefinitionState, Run, RunState, Schedule
from config.shared.operations.schedules import (
    BadSchedule,
    due_schedules,
    next_time,
    run_schedule,
    set_schedule,
)

from .conftest import NOW
from .test_workers import in_threads

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        pytest.param(
            datetime(2026, 2, 1, 0, 0, tzinfo=UTC),
            datetime(2026, 2, 1, 1, 0, tzinfo=UTC),
            id="today",
        ),
        pytest.param(
            datetime(2026, 2, 1, 1, 0, tzinfo=UTC),
            datetime(2026, 2, 2, 1, 0, tzinfo=UTC),
            id="tomorrow",
        ),
        pytest.param(
            datetime(2026, 7, 1, 0, 30, tzinfo=UTC),
            datetime(2026, 7, 2, 0, 0, tzinfo=UTC),
            id="summer",
        ),
    ],
)
def test_daily_schedule_is_due_at_its_time_in_the_operators_zone(settings, after, expected):
    settings.OPERATOR_TIME_ZONE = "Europe/Nicosia"

    assert next_time(Schedule(daily_at=time(3, 0)), after) == expected


def test_schedule_starts_its_run_for_the_business_day_and_moves_on(definition):
    schedule = set_schedule(definition, now=NOW, every_minutes=60)

    too_early = run_schedule(schedule.pk, now=NOW)
    run = run_schedule(schedule.pk, now=NOW + timedelta(hours=1))
    again = run_schedule(schedule.pk, now=NOW + timedelta(hours=1))

    schedule.refresh_from_db()
    assert too_early is None
    assert again is None
    assert run is not None
    assert (run.as_of, run.state) == (date(2026, 2, 1), RunState.COMPLETED)
    assert schedule.last_run == run
    assert schedule.next_at == NOW + timedelta(hours=2)


def test_schedule_of_an_inactive_definition_starts_nothing_and_moves_on(definition):
    schedule = set_schedule(definition, now=NOW, every_minutes=60)
    definition.state = DefinitionState.INACTIVE
    definition.save()

    run = run_schedule(schedule.pk, now=NOW + timedelta(hours=1))

    schedule.refresh_from_db()
    assert run is None
    assert schedule.next_at == NOW + timedelta(hours=2)
    assert not Run.objects.exists()


def test_schedule_is_due_again_after_the_business_clock_was_moved_back(definition):
    schedule = set_schedule(definition, now=NOW + timedelta(days=90), daily_at=time(3, 0))

    due = due_schedules(NOW)

    schedule.refresh_from_db()
    assert due == []
    assert schedule.next_at == next_time(schedule, NOW)


def test_schedule_needs_a_time_or_an_interval(definition):
    with pytest.raises(BadSchedule, match="either a time of day or an interval"):
        set_schedule(definition, now=NOW)


def test_tick_queues_what_is_due(definition, settings, monkeypatch):
    queued: list[tuple[str, dict[str, object]]] = []
    monkeypatch.setattr(tasks, "send_task", lambda name, **kwargs: queued.append((name, kwargs)))
    settings.TICK_TASKS = ["some.task"]
    schedule = set_schedule(definition, now=tasks.now() - timedelta(hours=2), every_minutes=60)

    tasks.tick()

    assert queued == [
        ("some.task", {}),
        ("config.shared.tasks.start_scheduled_run", {"schedule_id": schedule.pk}),
    ]


@pytest.mark.django_db(transaction=True)
def test_schedule_is_claimed_once_by_two_ticks(definition):
    schedule = set_schedule(definition, now=NOW, every_minutes=60)
    due = NOW + timedelta(hours=1)
    started: list[Run | None] = []

    in_threads(*[lambda: started.append(run_schedule(schedule.pk, now=due)) for _ in range(3)])

    assert sum(run is not None for run in started) == 1
    assert Run.objects.count() == 1
