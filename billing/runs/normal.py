"""The normal billing run: one bill for each account with something to bill."""

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

from django.db import connection

from billing.operations.bill_run import RunDates, bill_accounts
from billing.operations.drafts import discard_ratings
from billing.operations.errors import BillingError
from billing.operations.posting import ensure_document_series, last_issued_on
from billing.queries.due import account_keys
from billing.runs.forms import NormalBillingForm, NormalBillingRunForm
from config.shared.db import array_of
from config.shared.models import Run
from config.shared.runs.counts import Counts
from config.shared.runs.kinds import RunError, RunKind, Step
from pricing.queries.errors import PricingError
from subscriptions.models import Account, Seller

# Tables whose plans would be bad if they were made while the tables were empty.
_GROWING = ("billing_ratedbillingitem", "billing_ratingmark", "billing_openitem")


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """Keep Python's cycle collector from walking a slice's many values, which hold no cycles.

    It would do so again and again while they pile up, for a tenth of the run's time.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class PostingDateGoesBack(RunError):
    """A number series has issued documents for a later day already."""


class NormalBilling(RunKind):
    """Rates services up to the bill-as-of day, and bills what is rated (CRM.COM: normal run).

    Criteria: `schemes`, `subscription_types`, `account_classes`, `classifications` (ids) and
    `accounts` (numbers). Settings: `advance_days` and `posting_date` (ISO; the as-of day).
    """

    slug = "normal-billing"
    name = "Normal billing"
    steps = (
        Step("identify", "Identification"),
        Step("rate", "Rating"),
        Step("invoice", "Invoicing"),
        Step("assemble", "Assembling"),
        Step("post", "Posting"),
        Step("format", "Formatting"),
    )
    default_definition = ("normal-billing", "Normal billing")
    binding_step = "post"
    definition_form = NormalBillingForm
    run_form = NormalBillingRunForm
    refusals = (BillingError, PricingError)

    def check(self, run: Run) -> None:
        """Refuse a run whose documents would be dated before those issued already.

        Raises PostingDateGoesBack.
        """
        posted_on = RunDates.of(run).posted_on
        last = last_issued_on(Seller.objects.values_list("pk", flat=True))
        if last is not None and posted_on < last:
            raise PostingDateGoesBack(
                f"Documents dated {last:%-d %b %Y} are issued already: a run cannot post on "
                f"{posted_on:%-d %b %Y}. Give it a later posting date."
            )

    def before_start(self, run: Run) -> None:
        """Let the planner know how large the tables are by now; see that sellers have series."""
        ensure_document_series(Seller.objects.values_list("pk", flat=True))
        with connection.cursor() as cursor:
            for table in _GROWING:
                cursor.execute(f"ANALYZE {table}")

    def keys(self, run: Run) -> Iterable[int]:
        """Return the accounts that have something to rate or to bill."""
        return account_keys(run, RunDates.of(run).horizon.pre_bill)

    def lock(self, keys: Sequence[int]) -> None:
        """Lock the accounts: one writer per account."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT FROM subscriptions_account WHERE id = ANY(%s::bigint[]) "
                "ORDER BY id FOR NO KEY UPDATE",
                [array_of(keys)],
            )

    def work(self, run: Run, keys: Sequence[int], *, stop_after: str, now: datetime) -> Counts:
        """Bill these accounts up to a step."""
        with collector_at_rest():
            return bill_accounts(run, keys, stop_after=stop_after, now=now)

    def labels(self, keys: Sequence[int]) -> Mapping[int, str]:
        """Return the numbers of accounts."""
        return dict(Account.objects.filter(pk__in=keys).values_list("pk", "number"))

    def discard(self, run: Run, keys: Sequence[int]) -> None:
        """Take back drafts, items and reversals of a run that posted nothing."""
        discard_ratings(run, keys)
