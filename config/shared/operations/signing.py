"""Who the history names for a change that no request is behind, and why it was made."""

from django.contrib.auth.models import User
from django.db.models import Model


def sign(record: Model, by: User | None, *, reason: str = "") -> None:
    """Let the next history row of `record` name `by`; None leaves it to the request at hand."""
    if by is not None:
        vars(record)["_history_user"] = by
    if reason:
        vars(record)["_change_reason"] = reason
