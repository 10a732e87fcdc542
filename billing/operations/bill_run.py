"""One slice of a normal run: rate, invoice, assemble, post.

Everything is computed before anything is written; numbers are taken last. Safe to repeat:
what is rated is not rated again, drafts are made anew, and an account is billed once a run.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from billing.models import Directive, DocumentState, RatedBillingItem
from billing.operations.documents import take_document_ids, write_documents, write_lines
from billing.operations.drafts import delete_abandoned_drafts, delete_drafts
from billing.operations.invoicing import AccountBill, make_bills
from billing.operations.posting import ensure_document_series, last_issued_on, post_bills
from billing.operations.rating import Horizon, Ratings, rate_services, write_ratings
from billing.queries.billed_accounts import BilledAccount, billed_accounts, document_facts
from billing.queries.due import accounts_posted, marks_to_rate
from billing.queries.items import Item, has_unbilled_items, rates_returned, unbilled_items
from config.shared.models import Run
from config.shared.runs.kinds import AtStep

STEPS = ("identify", "rate", "invoice", "assemble", "post", "format")


@dataclass(frozen=True, slots=True)
class RunDates:
    """The days of a normal run: what it rates up to, and when its documents are posted."""

    horizon: Horizon
    posted_on: date

    @classmethod
    def of(cls, run: Run) -> "RunDates":
        """Read the days of a run: `advance_days` more for what is billed before its use."""
        advance = timedelta(days=int(run.parameters.get("advance_days") or 0))
        posting_date = run.parameters.get("posting_date")
        return cls(
            Horizon(pre_bill=run.as_of + advance, post_bill=run.as_of),
            date.fromisoformat(posting_date) if posting_date else run.as_of,
        )


def bill_accounts(
    run: Run, account_ids: Sequence[int], *, stop_after: str, now: datetime
) -> dict[str, Any]:
    """Do a run's steps up to `stop_after` ("" is all) for some accounts; return what was done.

    Raises BillingError or PricingError if an account cannot be billed.
    """
    last = STEPS.index(stop_after) if stop_after else len(STEPS) - 1
    keys = list(account_ids)
    if run.step_reached:  # it was stopped for review, and goes on
        posted = accounts_posted(run, keys)
        keys = [key for key in keys if key not in posted]
        delete_drafts(run, keys)
    if last < STEPS.index("rate") or not keys:
        return {}
    dates = RunDates.of(run)
    accounts = billed_accounts(keys)
    sellers = {account.seller_id for account in accounts.values()}
    with AtStep("rate"):
        older: list[Item] = []
        if has_unbilled_items(run, keys):
            delete_abandoned_drafts(keys)
            older = unbilled_items(run, keys)
        ratings = rate_services(
            keys,
            marks_to_rate(run, keys, dates.horizon.pre_bill),
            dates.horizon,
            coins={key: account.coin for key, account in accounts.items()},
            currencies={key: account.currency for key, account in accounts.items()},
        )
        gone = set(ratings.cancelled_ids)
        older = [item for item in older if item.item_id not in gone]
        is_final = last >= STEPS.index("post")
        directive = Directive.BILLED if is_final else Directive.NOT_BILLED
        write_ratings(ratings, run_id=run.pk, directive=directive, now=now)
    if last < STEPS.index("invoice"):
        return _counted(ratings)
    with AtStep("invoice"):
        # Another run may have posted for a later day since this one was made.
        posted_on = max(dates.posted_on, last_issued_on(sellers) or dates.posted_on)
        bills = _bills(ratings.new, older, accounts, posted_on)
    if not is_final:
        with AtStep(STEPS[last]):
            write_documents(
                bills.made, run, state=DocumentState.DRAFT, with_bill=stop_after == "assemble"
            )
        return {**_counted(ratings), "drafts": sum(len(each.documents) for each in bills.made)}
    with AtStep("post"):
        if older:
            ids = [item.item_id for item in older]
            RatedBillingItem.objects.filter(pk__in=ids).update(directive=Directive.BILLED)
        ensure_document_series(sellers)
        post_bills(bills.made, run, numbers=bills.numbers, now=now)
    return {**_counted(ratings), **_totals(bills.made)}


@dataclass(frozen=True, slots=True)
class _Bills:
    made: list[AccountBill]
    numbers: dict[int, str]


def _bills(
    new: Sequence[Item],
    older: Sequence[Item],
    accounts: dict[int, BilledAccount],
    posted_on: date,
) -> _Bills:
    """Return the bills of all items, their lines written."""
    items = [*new, *older]
    facts = document_facts(
        {item.account_id: accounts[item.account_id] for item in items},
        product_ids={item.product_id for item in items},
        subscription_ids={item.subscription_id for item in items},
        tax_rate_ids=rates_returned(items),
        on=posted_on,
    )
    bills = make_bills(items, facts, issued_on=posted_on)
    take_document_ids(bills)
    write_lines(bills)
    return _Bills(bills, dict(facts.numbers))


def _counted(ratings: Ratings) -> dict[str, Any]:
    return {
        "items": len(ratings.new),
        "reversed": len(ratings.reversed_ids) + len(ratings.cancelled_ids),
    }


def _totals(bills: Sequence[AccountBill]) -> dict[str, Any]:
    """Return what was posted: how many, and amounts by currency."""
    documents = [document for bill in bills for document in bill.documents]
    amounts: dict[str, dict[str, Decimal]] = {"net": {}, "tax": {}, "gross": {}}
    for bill in bills:
        currency = bill.account.currency
        for name, amount in (
            ("net", bill.net),
            ("tax", bill.tax),
            ("gross", bill.total_billed),
        ):
            amounts[name][currency] = amounts[name].get(currency, Decimal(0)) + amount
    credits = sum(document.is_credit for document in documents)
    return {
        "bills": len(bills),
        "invoices": len(documents) - credits,
        "credit_notes": credits,
        "lines": sum(len(document.lines) for document in documents),
        **amounts,
    }
