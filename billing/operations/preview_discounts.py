"""The discounts on a price that is only asked about."""

from collections.abc import Collection, Iterable

from billing.operations.preview_question import PreviewedLine, PreviewRefused, PriceQuestion
from pricing.kernel.discount_days import DatedDiscount
from pricing.kernel.periods import Period
from pricing.kernel.steps import discounts_in
from pricing.models import AdditiveDiscount, DiscountOption
from pricing.queries.discounts import definitions, sold_products
from subscriptions.queries.discounts import discounts_of
from subscriptions.queries.timeline import Histories


def chosen_discounts(
    asked: PriceQuestion, product_ids: Collection[int]
) -> tuple[DatedDiscount, ...]:
    """Return the discounts asked about as if they were given, whatever their criteria, in their
    order.

    They act on what they are for, some of the products or all. Raises PreviewRefused for one that
    is for none.
    """
    fields = {each.pk: field for field, each in asked.chosen}
    if not fields:
        return ()
    sold = sold_products(product_ids)
    found = []
    for rule in definitions(AdditiveDiscount.objects.filter(pk__in=fields)):
        acts_on = frozenset(each for each in product_ids if rule.is_for(sold[each]))
        if not acts_on:
            raise PreviewRefused(
                f"{rule.name} is not for {asked.product}.", field=fields[rule.discount_id]
            )
        period = Period(asked.on, None)
        found.append(
            DatedDiscount(rule.discount, rule.name, period, asked.on, rule.recurrence, acts_on)
        )
    return tuple(found)


def idle_notes(asked: PriceQuestion, lines: Iterable[PreviewedLine]) -> list[str]:
    """Return what is said of chosen discounts that took nothing off any line."""
    taken = {key for line in lines for key in discounts_in(line.steps)}
    idle = {each.pk: each for _, each in asked.chosen if each.pk not in taken}
    return [
        f"{each} takes nothing off: it gives units of usage, and no usage is asked about."
        if each.option == DiscountOption.FREE_USAGE
        else f"{each} takes nothing off: what is paid once or costs nothing takes no discount."
        for each in idle.values()
    ]


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
