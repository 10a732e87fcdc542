"""The discounts on a price that is only asked about."""

from collections.abc import Collection, Iterable, Mapping

from billing.operations.preview_question import PreviewedLine, PreviewRefused, PriceQuestion
from pricing.kernel.discount_days import DatedDiscount
from pricing.kernel.periods import Period
from pricing.kernel.steps import discounts_in
from pricing.models import AdditiveDiscount, DiscountOption
from pricing.queries.discount_words import charges_text
from pricing.queries.discounts import definitions, sold_products
from subscriptions.models import Account
from subscriptions.queries.discounts import SoldOnce, discounts_of, discounts_of_sold
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
            DatedDiscount(
                rule.discount,
                rule.name,
                period,
                asked.on,
                rule.recurrence,
                acts_on,
                on_recurring=rule.on_recurring,
                on_setup=rule.on_setup,
                on_once=rule.on_once,
            )
        )
    return tuple(found)


def idle_notes(asked: PriceQuestion, lines: Iterable[PreviewedLine]) -> list[str]:
    """Return what is said of chosen discounts that took nothing off any line."""
    taken = {key for line in lines for key in discounts_in(line.steps)}
    idle = {each.pk: each for _, each in asked.chosen if each.pk not in taken}
    return [
        f"{each} takes nothing off: it gives units of usage, and no usage is asked about."
        if each.option == DiscountOption.FREE_USAGE
        else f"{each} takes nothing off: it is for {charges_text(each)}, and none here costs "
        "anything."
        for each in idle.values()
    ]


def with_automatic(
    chosen: tuple[DatedDiscount, ...],
    facts: Histories,
    sold: Mapping[int, SoldOnce],
    account: Account,
) -> dict[int, tuple[DatedDiscount, ...]]:
    """Return the discounts of each planned service, and of what is `sold` to be paid once, by its
    place: those chosen, and those that apply by themselves for the account.
    """
    found = discounts_of(facts)
    once = discounts_of_sold(
        list(sold.values()), lambda: facts, subscription_id=0, account_id=account.pk
    )
    found |= dict(zip(sold, once, strict=True))
    keys = {each.discount.key for each in chosen}
    return {
        key: (*chosen, *(each for each in found.get(key, ()) if each.discount.key not in keys))
        for key in (*(row.service_id for row in facts.services), *sold)
    }
