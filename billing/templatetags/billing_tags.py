"""Filters for bills and ledgers. None queries."""

from decimal import Decimal
from typing import Any

from django import template

from billing.models import (
    CreditNote,
    CreditNoteLine,
    Invoice,
    InvoiceLine,
    LedgerEntry,
    RatedBillingItem,
)
from billing.queries.bills import Settlement
from pricing.kernel.steps import steps_of_rows
from pricing.templatetags.step_tags import discounts_text

register = template.Library()


@register.filter
def negative(amount: Decimal) -> Decimal:
    """Return the amount with the other sign."""
    return -amount


@register.filter
def settlement_word(value: str) -> str:
    """Show how far a bill is paid in words."""
    return str(Settlement(value).label)


@register.filter
def part_of_cycle(item: RatedBillingItem) -> str:
    """Show which part of its cycle an item charges: 17 of 31 days; "" for all of it."""
    days, cycle_days = _days(item.period), _days(item.cycle)
    return "" if days == cycle_days else f"{days} of {cycle_days} days"


@register.filter
def discounts_taken(item: RatedBillingItem) -> str:
    """Show which discounts made a whole cycle cheaper: − 10 % Loyal; "" where none did.

    A reversal shows those of what it gives back, which the query joined.
    """
    steps = (item.reverses or item).steps
    return discounts_text(steps_of_rows(steps), item.currency) if steps else ""


@register.filter
def document_url(entry: LedgerEntry) -> str:
    """Return the address of what a ledger entry stands for, or "".

    An invoice or credit note stands on its bill's page. Reads links that the query joined.
    """
    document = entry.invoice or entry.credit_note
    if document is not None:
        return document.bill.get_absolute_url() if document.bill else ""
    return entry.payment.get_absolute_url() if entry.payment else ""


@register.filter
def document_word(document: Invoice | CreditNote) -> str:
    """Show what a document is: invoice or credit note."""
    return str(document._meta.verbose_name)


@register.filter
def tax_parts(line: InvoiceLine | CreditNoteLine) -> list[dict[str, Decimal]]:
    """Return the taxes of a line one by one: `fraction`, `taxed` (its taxable part), `tax`."""
    return [
        {name: Decimal(part[name]) for name in ("fraction", "taxed", "tax")}
        for part in line.taxes or ()
    ]


def _days(period: Any) -> int:
    return int((period.upper - period.lower).days)
