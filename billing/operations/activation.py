"""Switching services on again once their account is settled."""

from collections.abc import Sequence
from datetime import date, datetime

from django.contrib.auth.models import User
from django.db.models import QuerySet

from billing.operations.switching import switch
from billing.queries.overdue import (
    accounts_to_activate,
    by_subscription,
    services_switched_off,
)
from config.shared.models import DefinitionState, Run, RunDefinition, RunScope
from config.shared.operations.chunks import run_here
from config.shared.operations.runs import create_run
from config.shared.runs.counts import Counts
from subscriptions.models import Account, ActionKind

ACTIVATION = "activation"


def activate_if_settled(account_id: int, *, by: User | None, on: date, now: datetime) -> Run | None:
    """Switch on what was off as overdue, if nothing is past due on the account any more.

    Done as a run of its own, so that it shows with its evidence; one that is refused parks the
    account with the reason. Without an active definition of activation runs nothing happens.
    """
    account = accounts_to_activate({}, on=on).filter(pk=account_id).first()
    definition = (
        RunDefinition.objects.filter(kind=ACTIVATION, state=DefinitionState.ACTIVE)
        .order_by("code")
        .first()
    )
    if account is None or definition is None:
        return None
    run = create_run(
        definition,
        as_of=on,
        by=by,
        now=now,
        criteria={"accounts": [account.number]},
        scope=RunScope.INDIVIDUAL,
    )
    return run_here(run, now=now)


def settled_accounts(run: Run) -> QuerySet[Account]:
    """Return the accounts that the run would switch something on for."""
    return accounts_to_activate(run.criteria, on=run.as_of)


def activate_settled(run: Run, account_ids: Sequence[int], *, now: datetime) -> Counts:
    """Activate what is off as overdue on these accounts, as of the run's day, if still settled.

    Raises ActionRefused.
    """
    keys = list(settled_accounts(run).filter(pk__in=account_ids).values_list("pk", flat=True))
    found = by_subscription(services_switched_off(), keys)
    return switch(run, found, ActionKind.ACTIVATE, now=now)
