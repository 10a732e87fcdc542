"""Switching services off because their account is overdue."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db.models import QuerySet

from billing.operations.switching import switch
from billing.queries.overdue import (
    accounts_to_deactivate,
    by_subscription,
    services_to_deactivate,
)
from config.shared.models import Run
from config.shared.runs.counts import Counts
from subscriptions.models import Account, ActionKind, StateReason


def overdue_accounts(run: Run) -> QuerySet[Account]:
    """Return the accounts that the run would switch something off for."""
    return accounts_to_deactivate(
        run.criteria,
        on=run.as_of,
        min_amount=Decimal(str(run.parameters.get("min_amount") or "0")),
        days_overdue=int(run.parameters.get("days_overdue") or 0),
    )


def deactivate_overdue(run: Run, account_ids: Sequence[int], *, now: datetime) -> Counts:
    """Deactivate what the run may of these accounts, as of its day, if they are still overdue.

    Provisioning follows from the action. Raises ActionRefused.
    """
    accounts = list(overdue_accounts(run).filter(pk__in=account_ids).values_list("pk", flat=True))
    found = by_subscription(services_to_deactivate(run.criteria, on=run.as_of), accounts)
    return switch(run, found, ActionKind.DEACTIVATE, now=now, state_reason=StateReason.OVERDUE)
