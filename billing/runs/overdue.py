"""Deactivation of what is overdue, and activation of what is settled."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from billing.operations.activation import ACTIVATION, activate_settled, settled_accounts
from billing.operations.deactivation import deactivate_overdue, overdue_accounts
from billing.runs.forms import AccountsForm, DeactivationForm
from config.shared.models import Run
from config.shared.runs.counts import Counts
from config.shared.runs.kinds import RunKind, Step
from subscriptions.operations.actions import ActionRefused
from subscriptions.operations.standing import lock_accounts
from subscriptions.queries.accounts import account_numbers


class _OnAccounts(RunKind):
    """What both kinds have in common: they act on accounts, and nothing is taken back."""

    binding_step = "perform"
    refusals = (ActionRefused,)

    def lock(self, keys: Sequence[int]) -> None:
        """Lock the accounts, as every act does."""
        lock_accounts(keys)

    def labels(self, keys: Sequence[int]) -> Mapping[int, str]:
        """Return account numbers."""
        return account_numbers(keys)


class Deactivation(_OnAccounts):
    """Switches off the services of overdue accounts (CRM.COM: deactivate normal subscriptions).

    Criteria as those of billing. Settings: `min_amount` (what must at least be past due, 0) and
    `days_overdue` (how many days past due the oldest debit must at least be, 0).
    """

    slug = "deactivation"
    name = "Deactivation"
    steps = (Step("perform", "Switch off what is overdue"),)
    default_definition = ("deactivation", "Deactivation of overdue accounts")
    definition_form = DeactivationForm
    run_form = DeactivationForm

    def keys(self, run: Run) -> Iterable[int]:
        """Return the overdue accounts with something to switch off."""
        return overdue_accounts(run).values_list("pk", flat=True)

    def work(self, run: Run, keys: Sequence[int], *, stop_after: str, now: datetime) -> Counts:
        """Deactivate what is overdue."""
        return deactivate_overdue(run, keys, now=now)


class Activation(_OnAccounts):
    """Switches on again what was off as overdue, once nothing is past due any more."""

    slug = ACTIVATION
    name = "Activation"
    steps = (Step("perform", "Switch on what is settled"),)
    default_definition = (ACTIVATION, "Activation of settled accounts")
    definition_form = AccountsForm
    run_form = AccountsForm

    def keys(self, run: Run) -> Iterable[int]:
        """Return the settled accounts with something to switch on."""
        return settled_accounts(run).values_list("pk", flat=True)

    def work(self, run: Run, keys: Sequence[int], *, stop_after: str, now: datetime) -> Counts:
        """Activate what is settled."""
        return activate_settled(run, keys, now=now)
