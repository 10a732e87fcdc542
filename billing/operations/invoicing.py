"""Invoicing: items become one invoice or credit note per subscription, and one bill per account.

All values here are plain; `billing.operations.posting` and `drafts` write them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby

from billing.models import ItemKind
from billing.operations.line_taxes import MonthBook, tax_items
from billing.queries.billed_accounts import BilledAccount, DocumentFacts
from billing.queries.items import Item, Taxed
from pricing.kernel.tax_rules import MonthSum

ZERO = Decimal(0)
_ORDER = {ItemKind.SETUP.value: 0, ItemKind.ONE_TIME.value: 1, ItemKind.RECURRING.value: 2}


@dataclass(slots=True)
class Line:
    """A line of a document, with the document's sign: positive on a credit note is given back."""

    item: Item
    text: str
    rate_amount: Decimal
    taxed: Taxed


@dataclass(slots=True)
class TaxSum:
    """The tax of a document at one rate."""

    tax_rate_id: int | None
    name: str
    fraction: Decimal
    net: Decimal = ZERO
    tax: Decimal = ZERO


@dataclass(slots=True)
class Document:
    """An invoice or a credit note; amounts are positive in both."""

    is_credit: bool
    account_id: int
    subscription_id: int
    lines: list[Line]
    taxes: list[TaxSum]
    net: Decimal
    tax: Decimal
    gross: Decimal
    document_id: int = 0
    number: str = ""


@dataclass(slots=True)
class AccountBill:
    """One account's bill: documents and totals (CRM.COM: bill record).

    `total_debit` and `total_credit` are the sums of invoices and credit notes, tax included;
    `total_billed`, `net` and `tax` are debits minus credits. `to_be_paid` = total billed + what
    is past due of before − what is left of credits posted before. `period` is the first day
    billed, and the day after the last. `tax_months` is what monthly tax rules count of it.
    """

    account: BilledAccount
    documents: list[Document]
    issued_on: date
    due_on: date
    brought_forward: Decimal
    credits_between: Decimal
    items: Sequence[Item]
    tax_months: Mapping[tuple[int, date], MonthSum] = field(default_factory=dict)
    bill_id: int = 0
    number: str = ""
    net: Decimal = field(init=False)
    tax: Decimal = field(init=False)
    total_debit: Decimal = field(init=False)
    total_credit: Decimal = field(init=False)
    total_billed: Decimal = field(init=False)
    to_be_paid: Decimal = field(init=False)
    period: tuple[date, date] = field(init=False)

    def __post_init__(self) -> None:
        net = tax = debit = credit = ZERO
        for document in self.documents:
            if document.is_credit:
                net, tax = net - document.net, tax - document.tax
                credit += document.gross
            else:
                net, tax = net + document.net, tax + document.tax
                debit += document.gross
        self.net, self.tax = net, tax
        self.total_debit, self.total_credit = debit, credit
        self.total_billed = debit - credit
        self.to_be_paid = self.total_billed + self.brought_forward - self.credits_between
        self.period = min(item.start for item in self.items), max(item.end for item in self.items)


def make_bills(
    items: Iterable[Item], facts: DocumentFacts, *, issued_on: date
) -> list[AccountBill]:
    """Return the bill of each account that has items, by account."""
    bills: list[AccountBill] = []
    ordered = sorted(items, key=_place)
    for account_id, of_account in groupby(ordered, key=lambda item: item.account_id):
        account = facts.accounts[account_id]
        own = list(of_account)
        book = MonthBook(facts.taxes.month, facts.taxes.months.get(account_id, {}))
        book.take_back(own)
        documents = [
            make_document(list(of_subscription), account, facts, book)
            for _, of_subscription in groupby(own, key=lambda item: item.subscription_id)
        ]
        debits = any(not document.is_credit for document in documents)
        days = account.payment_terms_days if debits else 0
        bills.append(
            AccountBill(
                account=account,
                documents=documents,
                issued_on=issued_on,
                due_on=issued_on + timedelta(days=days),
                brought_forward=facts.brought_forward.get(account_id, ZERO),
                credits_between=facts.credits.get(account_id, ZERO),
                items=own,
                tax_months=book.changes,
            )
        )
    return bills


def make_document(
    items: Sequence[Item], account: BilledAccount, facts: DocumentFacts, book: MonthBook
) -> Document:
    """Return the invoice of one subscription's items, or the credit note if they give back more.

    Tax is computed once per rate on the sum of the lines; reversals return what was charged.
    """
    taxed = tax_items(items, account, facts.taxes, book)
    net = sum((each.net for each in taxed), ZERO)
    tax = sum((each.tax for each in taxed), ZERO)
    is_credit = net + tax < 0
    if is_credit:
        taxed = [each.opposite() for each in taxed]
        net, tax = -net, -tax
    lines = [
        Line(
            item, _text(item, facts), -item.rate_amount if is_credit else item.rate_amount, amounts
        )
        for item, amounts in zip(items, taxed, strict=True)
    ]
    return Document(
        is_credit=is_credit,
        account_id=account.account_id,
        subscription_id=items[0].subscription_id,
        lines=lines,
        taxes=_tax_sums(taxed, facts),
        net=net,
        tax=tax,
        gross=net + tax,
    )


def _tax_sums(taxed: Iterable[Taxed], facts: DocumentFacts) -> list[TaxSum]:
    sums: dict[tuple[int, Decimal], TaxSum] = {}
    for each in taxed:
        for tax_rate_id, fraction, net, tax in _taxes_of(each):
            found = sums.get((tax_rate_id, fraction))
            if found is None:
                found = TaxSum(tax_rate_id, facts.tax_names[tax_rate_id], fraction)
                sums[tax_rate_id, fraction] = found
            found.net += net
            found.tax += tax
    return [sums[key] for key in sorted(sums)]


def _taxes_of(taxed: Taxed) -> Iterable[tuple[int, Decimal, Decimal, Decimal]]:
    """Return rate, fraction, taxable amount and tax of each tax of a line."""
    if taxed.parts:
        return [(part.tax_rate_id, part.fraction, part.taxed, part.tax) for part in taxed.parts]
    if taxed.tax_rate_id is None:
        return ()
    return ((taxed.tax_rate_id, taxed.fraction, taxed.net, taxed.tax),)


def _text(item: Item, facts: DocumentFacts) -> str:
    text = facts.texts[item.product_id]
    if item.kind == ItemKind.SETUP.value:
        text = f"{text}: set-up fee"
    return text if item.reverses_id is None else f"{text}: correction"


def _place(item: Item) -> tuple[object, ...]:
    """Return where an item stands on its account's documents, whatever its id."""
    return (
        item.account_id,
        item.subscription_id,
        item.service_id or 0,
        _ORDER[item.kind],
        item.start,
        item.reverses_id is None,
        item.source_key,
        item.end,
        item.product_id,
    )
