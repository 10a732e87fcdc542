"""Schedules: when definitions run by themselves, on the business clock."""

import logging
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from config.shared.models import Run, RunDefinition, Schedule
from config.shared.operations.runs import create_run, start_run
from config.shared.runs.kinds import RunError

logger = logging.getLogger(__name__)


class BadSchedule(RunError):
    """A schedule names either a time of day or an interval."""


def set_schedule(
    definition: RunDefinition,
    *,
    now: datetime,
    daily_at: time | None = None,
    every_minutes: int | None = None,
    active: bool = True,
) -> Schedule:
    """Have a definition run daily at a time (operator's time zone) or every so many minutes.

    Raises BadSchedule.
    """
    schedule = Schedule.objects.filter(definition=definition).first() or Schedule(
        definition=definition
    )
    schedule.daily_at, schedule.every_minutes, schedule.active = daily_at, every_minutes, active
    try:
        schedule.full_clean()
    except ValidationError as error:
        raise BadSchedule(" ".join(error.messages)) from error
    schedule.next_at = next_time(schedule, now)
    schedule.save()
    return schedule


def next_time(schedule: Schedule, after: datetime) -> datetime:
    """Return the first instant after `after` at which a schedule is due."""
    if schedule.daily_at is None:
        return after + timedelta(minutes=schedule.every_minutes or 0)
    zone = ZoneInfo(settings.OPERATOR_TIME_ZONE)
    today = after.astimezone(zone).date()
    on_day = datetime.combine(today, schedule.daily_at, zone)
    if on_day > after:
        return on_day
    return datetime.combine(today + timedelta(days=1), schedule.daily_at, zone)


def due_schedules(now: datetime) -> list[int]:
    """Return the ids of the schedules that are due, the longest due first.

    One that has never run, or that the business clock was moved away from, gets its next time.
    """
    for schedule in Schedule.objects.filter(active=True).order_by("pk"):
        upcoming = next_time(schedule, now)
        if schedule.next_at is None or schedule.next_at > upcoming:
            Schedule.objects.filter(pk=schedule.pk).update(next_at=upcoming)
    due = Schedule.objects.filter(active=True, next_at__lte=now)
    return list(due.order_by("next_at", "pk").values_list("pk", flat=True))


@transaction.atomic
def run_schedule(schedule_id: int, *, now: datetime) -> Run | None:
    """Start the run of a schedule that is due, for the business day of `now`.

    Claims the schedule by its row lock and moves it on, so of two ticks one starts the run.
    None if it is not due, in another's hands, or if the run was refused (then the log says why).
    """
    schedule = (
        Schedule.objects.filter(pk=schedule_id, active=True, next_at__lte=now)
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("definition")
        .first()
    )
    if schedule is None:
        return None
    as_of = now.astimezone(ZoneInfo(settings.OPERATOR_TIME_ZONE)).date()
    run = None
    try:
        with transaction.atomic():
            run = create_run(schedule.definition, as_of=as_of, by=None, now=now)
            run = start_run(run, now=now)
    except RunError as error:
        run = None
        logger.warning("Schedule of %s: %s", schedule.definition.code, error)
    schedule.next_at = next_time(schedule, now)
    schedule.last_run = run or schedule.last_run
    schedule.save(update_fields=["next_at", "last_run"])
    return run
