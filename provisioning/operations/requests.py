"""What people do with requests that wait for them: try again, or skip with a reason."""

from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from provisioning.models import ProvisioningRequest, RequestState


class RequestError(Exception):
    """Base of what a user may be told about a provisioning request."""


class NotWaiting(RequestError):
    """The request is not in a state in which it can be tried again or skipped."""


class ReasonMissing(RequestError):
    """A request is only skipped with a reason."""

    field = "reason"


@transaction.atomic
def retry_request(
    request: ProvisioningRequest, *, by: AbstractBaseUser | None, now: datetime
) -> ProvisioningRequest:
    """Make a pending, rejected or given-up request due now, with all its retries again."""
    request = _waiting(request)
    request.state = RequestState.PENDING
    request.attempts = 0
    request.next_attempt_at = now
    request.handled_by_id = by.pk if by else None
    request.save(update_fields=["state", "attempts", "next_attempt_at", "handled_by"])
    return request


@transaction.atomic
def skip_request(
    request: ProvisioningRequest, *, reason: str, by: AbstractBaseUser | None, now: datetime
) -> ProvisioningRequest:
    """Take a request out of its lane for good, with a reason; those behind it can move."""
    if not reason.strip():
        raise ReasonMissing("Say why the request is skipped.")
    request = _waiting(request)
    request.state = RequestState.SKIPPED
    request.skip_reason = reason.strip()
    request.answered_at = now
    request.handled_by_id = by.pk if by else None
    request.save(update_fields=["state", "skip_reason", "answered_at", "handled_by"])
    return request


def _waiting(request: ProvisioningRequest) -> ProvisioningRequest:
    locked = ProvisioningRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if locked.state in (RequestState.COMPLETED, RequestState.SKIPPED):
        raise NotWaiting(f"{locked.number} is {locked.get_state_display().lower()} already.")
    return locked
