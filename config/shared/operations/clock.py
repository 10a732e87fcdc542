"""The business clock: which day it is for the operator, and moving it on demo installations."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.utils import timezone

from config.shared.models import BusinessClock

# Ten years either way: far enough for any demo, and no date arithmetic leaves the calendar.
FARTHEST_DAYS = 3653


class ClockError(Exception):
    """The business clock cannot be moved as asked."""


class ClockNotMovable(ClockError):
    """This installation follows the real calendar."""


class ClockTooFar(ClockError):
    """The day asked for is too far from the real one."""


def offset_days() -> int:
    """Return the days that the business clock is ahead of the real one; one query."""
    if not settings.BUSINESS_CLOCK_MOVABLE:
        return 0
    return BusinessClock.objects.values_list("offset_days", flat=True).first() or 0


def real_today() -> date:
    """Return the real day in the operator's time zone."""
    return timezone.localdate(timezone=ZoneInfo(settings.OPERATOR_TIME_ZONE))


def today() -> date:
    """Return the business day. For the edge only: operations take the day as an argument."""
    return real_today() + timedelta(days=offset_days())


def now() -> datetime:
    """Return the instant on the business clock: the real time of day on the business day."""
    return timezone.now() + timedelta(days=offset_days())


def set_clock(on: date, by: AbstractBaseUser | None) -> BusinessClock:
    """Make `on` the business day from now on; it goes on with the real time.

    Raises ClockNotMovable or ClockTooFar.
    """
    if not settings.BUSINESS_CLOCK_MOVABLE:
        raise ClockNotMovable("The business clock of this installation cannot be moved.")
    offset = (on - real_today()).days
    if abs(offset) > FARTHEST_DAYS:
        raise ClockTooFar("Choose a day within ten years of today.")
    clock, _ = BusinessClock.objects.update_or_create(
        id=1,
        defaults={"offset_days": offset, "moved_by": by.get_username() if by else ""},
    )
    return clock
