"""The tax of lines that are only asked about, as a document posted on a day would have it."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from billing.operations.line_taxes import MonthBook, tax_items
from billing.queries.billed_accounts import BilledAccount, billed_accounts
from billing.queries.items import Item, Taxed
from billing.queries.tax_facts import TaxFacts, tax_facts
from pricing.kernel.steps import Rule, Step
from pricing.models import Currency
from subscriptions.models import Account

NOBODY = 0


def payer(account: Account | None, currency: str) -> BilledAccount:
    """Return who would pay: the account, or somebody who is taxed and lives nowhere."""
    if account is not None:
        return billed_accounts([account.pk])[account.pk]
    digits = Currency.objects.values_list("minor_digits", flat=True).get(code=currency)
    return BilledAccount(
        account_id=NOBODY,
        number="",
        name="",
        seller_id=NOBODY,
        currency=currency,
        minor_digits=digits,
        payment_terms_days=0,
        taxable=True,
        street="",
        postal_code="",
        city="",
        country="",
        exemption_number="",
        tax_region_id=None,
    )


def taxes_on(
    items: Sequence[Item], account: BilledAccount, *, posted_on: date
) -> list[tuple[Taxed, tuple[Step, ...]]]:
    """Return how each item is taxed, with the steps from its amount to what is paid.

    Raises NoPercentage or PriceHoldsMonthlyTax.
    """
    facts = tax_facts(
        {account.account_id: account},
        product_ids={item.product_id for item in items},
        subscription_ids=(),
        on=posted_on,
    )
    book = MonthBook(facts.month, facts.months.get(account.account_id, {}))
    found = tax_items(items, account, facts, book)
    return [(taxed, _steps(item, taxed, facts)) for item, taxed in zip(items, found, strict=True)]


def _steps(item: Item, taxed: Taxed, facts: TaxFacts) -> tuple[Step, ...]:
    steps: list[Step] = []
    after = item.amount
    for rate_id, fraction, base, tax in _taxes(item, taxed):
        figures = (
            ("name", facts.names[rate_id]),
            ("percent", fraction * 100),
            ("base", base),
            ("tax", tax),
        )
        if item.tax_inclusive:
            of_gross = ("of_gross", int(not taxed.parts))
            steps.append(Step(Rule.TAX_INCLUDED, after, (*figures, of_gross)))
        else:
            after += tax
            steps.append(Step(Rule.TAX, after, figures))
    return tuple(steps)


def _taxes(item: Item, taxed: Taxed) -> list[tuple[int, Decimal, Decimal, Decimal]]:
    """Return rate, fraction, what it was charged on, and the tax."""
    if taxed.parts:
        return [(part.tax_rate_id, part.fraction, part.taxed, part.tax) for part in taxed.parts]
    if taxed.tax_rate_id is None:
        return []
    return [(taxed.tax_rate_id, taxed.fraction, item.amount, taxed.tax)]
