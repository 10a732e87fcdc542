"""The nightly run: what falls due by itself on subscriptions."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from config.shared.models import Run
from config.shared.runs.counts import Counts
from config.shared.runs.kinds import RunKind, Step
from subscriptions.operations.refusals import ActionRefused
from subscriptions.operations.scheduling import carry_out_due
from subscriptions.operations.standing import lock_accounts
from subscriptions.queries.accounts import account_numbers
from subscriptions.queries.due import accounts_with_something_due


class ScheduledActions(RunKind):
    """Opens what starts, re-opens what rests until a day, ends what ends, performs what waits.

    Works up to its as-of day and may run any number of times. Criterion: `accounts` (numbers; all
    where there are none). An account for which an act is
    refused is parked with the reason.
    """

    slug = "scheduled-actions"
    name = "Scheduled actions"
    steps = (Step("perform", "Perform what is due"),)
    default_definition = ("scheduled-actions", "Scheduled actions")
    binding_step = "perform"
    refusals = (ActionRefused,)

    def keys(self, run: Run) -> Iterable[int]:
        """Return the accounts with something due on the run's day."""
        accounts = accounts_with_something_due(run.as_of)
        numbers = run.criteria.get("accounts")
        if numbers:
            accounts = accounts.filter(number__in=numbers)
        return accounts.values_list("pk", flat=True)

    def lock(self, keys: Sequence[int]) -> None:
        """Lock the accounts, as every act does."""
        lock_accounts(keys)

    def work(self, run: Run, keys: Sequence[int], *, stop_after: str, now: datetime) -> Counts:
        """Do what is due for the accounts, each thing as of its own day."""
        source = f"{self.slug} {run.number}"
        return carry_out_due(keys, on=run.as_of, now=now, source=source)

    def labels(self, keys: Sequence[int]) -> Mapping[int, str]:
        """Return account numbers."""
        return account_numbers(keys)
