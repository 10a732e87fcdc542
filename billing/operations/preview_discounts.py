"""The discounts on a price that is only asked about."""

from collections.abc import Collection, Sequence
from datetime import date

from pricing.kernel.discount_days import DatedDiscount
from pricing.kernel.periods import Period
from pricing.models import AdditiveDiscount
from pricing.queries.discounts import definitions, sold_products
from subscriptions.queries.discounts import discounts_of
from subscriptions.queries.timeline import Histories


def chosen_discounts(
    discounts: Sequence[AdditiveDiscount], product_ids: Collection[int], *, on: date
) -> tuple[DatedDiscount, ...]:
    """Return discounts as if they were given on a day, whatever their criteria, in their order.

    They act on what they are for: on none of the products, some, or all.
    """
    if not discounts:
        return ()
    rules = definitions(AdditiveDiscount.objects.filter(pk__in=[each.pk for each in discounts]))
    sold = sold_products(product_ids)
    return tuple(
        DatedDiscount(
            rule.discount,
            rule.name,
            Period(on, None),
            on,
            rule.recurrence,
            frozenset(each for each in product_ids if rule.is_for(sold[each])),
        )
        for rule in rules
    )


def with_automatic(
    chosen: tuple[DatedDiscount, ...], facts: Histories
) -> dict[int, tuple[DatedDiscount, ...]]:
    """Return the discounts of each planned service: those chosen, and those that apply by
    themselves for its account.
    """
    found = discounts_of(facts)
    keys = {each.discount.key for each in chosen}
    return {
        row.service_id: (
            *chosen,
            *(each for each in found.get(row.service_id, ()) if each.discount.key not in keys),
        )
        for row in facts.services
    }
