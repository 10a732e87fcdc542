"""Noting for the next run what an act on a subscription changed, and rating its expenses."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from billing.models import Directive, ItemKind, RatedBillingItem
from billing.operations.errors import BillingError
from billing.operations.expense_discounts import Buyer, expense_discounts
from billing.operations.rating import Ratings, mark_services, write_ratings
from billing.queries.items import Item
from config.shared.db import take_ids
from pricing.kernel.discount_days import DatedDiscount
from pricing.kernel.money import round_money
from pricing.kernel.periods import Period
from pricing.kernel.pricer import once_price, part_steps
from pricing.kernel.rates import Rate
from pricing.models import PlanKind
from pricing.queries.currencies import coin_of
from pricing.queries.discounts import any_discount_requires_services
from pricing.queries.rates import find_rate, kernel_rates
from subscriptions.models import Account, AddedExpense, BillingTerms, SubscribedService
from subscriptions.operations.requests import ExpenseAddition, PerformedAction
from subscriptions.queries.discounts import SoldOnce
from subscriptions.queries.plan_days import plans_on
from subscriptions.queries.timeline import histories


class ExpenseWithoutRate(BillingError):
    """The price plan says nothing about an expense."""


def mark_changes(performed: PerformedAction) -> None:
    """Let the next run look at the services that an act added or changed.

    Under a conditional plan, or with a discount that requires other services, the price of a
    service may follow what else the subscription has.
    """
    changed = [
        (change.service, change.from_day)
        for change in performed.changes
        if change.service is not None
    ]
    if changed and (
        performed.terms.plan.kind == PlanKind.CONDITIONAL or any_discount_requires_services()
    ):
        first = min(day for _, day in changed)
        known = {service.pk for service, _ in changed}
        others = SubscribedService.objects.filter(
            subscription=performed.subscription, first_activated_on__isnull=False
        ).exclude(pk__in=known)
        changed += [(service, first) for service in others]
    mark_services(changed, performed.account.pk)


def mark_account(account: Account, *, on: date) -> None:
    """Let the next run compare all that was rated for an account from a day on."""
    services = SubscribedService.objects.filter(
        subscription__account=account, first_activated_on__isnull=False
    )
    mark_services([(service, on) for service in services], account.pk)


def rate_expenses(performed: PerformedAction, *, now: datetime) -> None:
    """Rate the expenses that an act put on a subscription; the next run bills them.

    Raises ExpenseWithoutRate.
    """
    if not performed.expenses:
        return
    items = expense_items(
        performed.expenses,
        performed.account,
        performed.terms,
        Buyer(
            performed.subscription.pk,
            performed.account.pk,
            lambda: histories([performed.account.pk], service_ids=()),
        ),
        on=performed.action.performed_on,
        subscription_type_id=performed.subscription.type_id,
    )
    ids = take_ids(RatedBillingItem, len(items))
    for item, item_id, expense in zip(items, ids, performed.expenses, strict=True):
        item.item_id = item_id
        item.subscription_id = performed.subscription.pk
        item.source_key = f"expense:{expense.pk}"
    write_ratings(Ratings(new=items), run_id=None, directive=Directive.NOT_BILLED, now=now)


def expense_items(
    expenses: Sequence[AddedExpense | ExpenseAddition],
    account: Account,
    terms: BillingTerms,
    buyer: Buyer,
    *,
    on: date,
    subscription_type_id: int | None,
) -> list[Item]:
    """Return what expenses cost under the terms, after discounts: each once, rounded once; on their
    own day, or on that of the act where they name none. A conditional plan's rates, and the
    criteria of discounts, are asked of that day.

    Raises ExpenseWithoutRate.
    """
    plan_ids = {terms.plan_id, terms.plan.base_id or terms.plan_id}
    rates = kernel_rates(plan_ids, product_ids=[each.product.pk for each in expenses])
    plans = {
        day: plans_on(terms, account, on=day, subscription_type_id=subscription_type_id)
        for day in {expense.incurred_on or on for expense in expenses}
    }
    sold = [_sold(each, on) for each in expenses]
    found: list[Rate | None] = []
    for expense, each in zip(expenses, sold, strict=True):
        ways = (find_rate(rates, plan_id=pk, product_id=each.product_id) for pk in plans[each.on])
        rate = next((way for way in ways if way is not None), None)
        if rate is None and expense.price_override is None:
            raise ExpenseWithoutRate(
                f"The price plan “{terms.plan}” has no rate for “{expense.product}”."
            )
        found.append(rate)
    prices = [
        once_price(rate, each.quantity, override=each.price_override).amount
        for rate, each in zip(found, expenses, strict=True)
    ]
    discounts = expense_discounts(sold, prices, buyer, terms)
    coin = coin_of(account.currency_id)
    return [
        _expense_item(expense, each.on, rate, given, account, coin)
        for expense, each, rate, given in zip(expenses, sold, found, discounts, strict=True)
    ]


def _sold(expense: AddedExpense | ExpenseAddition, on: date) -> SoldOnce:
    row = expense if isinstance(expense, AddedExpense) else expense.waiting
    service_id = None if row is None else row.service_id
    day = expense.incurred_on or on
    return SoldOnce(expense.product.pk, expense.quantity, day, service_id)


def _expense_item(
    expense: AddedExpense | ExpenseAddition,
    on: date,
    rate: Rate | None,
    given: Sequence[DatedDiscount],
    account: Account,
    coin: Decimal,
) -> Item:
    """Return the item of an expense; with its steps, where a discount is taken off."""
    discounts = [(each.discount, each.name) for each in given]
    price = once_price(rate, expense.quantity, override=expense.price_override, discounts=discounts)
    amount = round_money(price.amount, coin)
    day = Period(on, on + timedelta(days=1))
    return Item(
        item_id=0,
        account_id=account.pk,
        subscription_id=0,
        service_id=None,
        kind=ItemKind.ONE_TIME.value,
        source_key="",
        start=on,
        end=on + timedelta(days=1),
        cycle_start=on,
        cycle_end=on + timedelta(days=1),
        product_id=expense.product.pk,
        quantity=expense.quantity,
        rate_id=rate.rate_id if rate else None,
        rate_amount=price.plan_amount,
        amount=amount,
        tax_inclusive=rate.tax_inclusive if rate else False,
        currency=account.currency_id,
        directive=Directive.NOT_BILLED.value,
        reverses_id=None,
        steps=part_steps(price, amount, part=day, cycle=day, coin=coin) if given else None,
    )
