"""The demo's first runs through Celery: bill as of 1 February, then deactivate who is overdue."""

import time
from collections.abc import Callable

from django.contrib.auth.models import User

from config.demo.loading import BUSINESS_DAY
from config.demo.people import SUPERUSER
from config.shared.models import LIVE_STATES, Run, RunState
from config.shared.operations.clock import now
from config.shared.operations.runs import create_run, get_active_definition, start_run
from provisioning.models import ProvisioningRequest, RequestState

KINDS = ("normal-billing", "deactivation")
PATIENCE_SECONDS = 900
DELIVERY_PATIENCE_SECONDS = 300
Say = Callable[[str], None]


class DemoStuck(Exception):
    """A run or the delivery of requests did not finish in time."""


def run_first_runs(*, progress: Say, check: Callable[[], None]) -> None:
    """Start each first run that has not been, one after the other, and wait until it is done."""
    admin = User.objects.get(username=SUPERUSER)
    for slug in KINDS:
        run = Run.objects.filter(kind=slug, as_of=BUSINESS_DAY).order_by("id").first()
        if run is None:
            run = create_run(get_active_definition(slug), as_of=BUSINESS_DAY, by=admin, now=now())
            start_run(run, now=now())
            progress(f"{run.definition.name} {run.number} as of {run.as_of:%-d %B %Y}")
        _wait_for(run, check=check)
        run.refresh_from_db()
        if run.state not in (RunState.COMPLETED, RunState.COMPLETED_WITH_ERRORS):
            raise DemoStuck(f"{run.number} is {run.get_state_display().lower()}: {run.failure}")


def wait_for_delivery(*, progress: Say, check: Callable[[], None]) -> None:
    """Wait until the head-end has answered all that is pending."""
    deadline = time.monotonic() + DELIVERY_PATIENCE_SECONDS
    pending = ProvisioningRequest.objects.filter(state=RequestState.PENDING, attempts=0)
    left = pending.count()
    if left:
        progress(f"Delivering {left} requests to the head-end")
    while pending.exists():
        check()
        if time.monotonic() > deadline:
            raise DemoStuck(f"{pending.count()} requests were not delivered in time.")
        time.sleep(0.5)


def _wait_for(run: Run, *, check: Callable[[], None]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while Run.objects.filter(pk=run.pk, state__in=LIVE_STATES).exists():
        check()
        if time.monotonic() > deadline:
            raise DemoStuck(f"{run.number} did not finish in {PATIENCE_SECONDS} seconds.")
        time.sleep(0.3)
