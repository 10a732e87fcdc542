"""What discounts leave of expenses: decided by the facts of their day, when they are rated."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from billing.queries.histories import CYCLES
from billing.queries.items import discounts_taken_once
from pricing.kernel.discount_days import ChargedOnce, DatedDiscount, once_discounts
from subscriptions.models import BillingTerms
from subscriptions.queries.discounts import SoldOnce, discounts_of_sold
from subscriptions.queries.timeline import Histories


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who is charged: a subscription (0: planned only) and its account. `facts` returns what
    criteria look at: the terms, and services that are only planned; asked if there are discounts.
    """

    subscription_id: int
    account_id: int
    facts: Callable[[], Histories]


def expense_discounts(
    sold: Sequence[SoldOnce], prices: Sequence[Decimal], buyer: Buyer, terms: BillingTerms
) -> list[tuple[DatedDiscount, ...]]:
    """Return which discounts are taken off each expense, in order; `prices` are those of the plan.

    One that comes once is taken off the first expense of the subscription that is rated while it is
    given, and off no other. Two queries where there are no discounts on what is paid once.
    """
    found = discounts_of_sold(
        sold,
        buyer.facts,
        subscription_id=buyer.subscription_id,
        account_id=buyer.account_id,
    )
    once = {each.discount.key for rows in found for each in rows if each.recurrence.once}
    taken = discounts_taken_once(buyer.subscription_id) if once else []
    length = CYCLES[terms.frequency]
    acting: list[tuple[DatedDiscount, ...]] = []
    for each, price, rows in zip(sold, prices, found, strict=True):
        charged = ChargedOnce(each.product_id, each.on, length)
        given = once_discounts(rows, charged, taken) if price > 0 else ()
        taken += [(one.discount.key, each.on) for one in given if one.recurrence.once]
        acting.append(given)
    return acting
