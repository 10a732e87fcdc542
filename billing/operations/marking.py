"""Noting for the next run what an act on a subscription changed, and rating its expenses."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from billing.models import Directive, ItemKind, RatedBillingItem
from billing.operations.errors import BillingError
from billing.operations.rating import Ratings, mark_services, write_ratings
from billing.queries.items import Item
from config.shared.db import take_ids
from pricing.kernel.money import round_money
from pricing.kernel.rates import quantity_amount
from pricing.models import PlanKind
from pricing.queries.currencies import coin_of
from pricing.queries.discounts import any_discount_requires_services
from pricing.queries.rates import find_rate, kernel_rates
from subscriptions.models import Account, AddedExpense, BillingTerms, SubscribedService
from subscriptions.operations.requests import ExpenseAddition, PerformedAction
from subscriptions.queries.plan_days import plans_on


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
    *,
    on: date,
    subscription_type_id: int | None,
) -> list[Item]:
    """Return what expenses cost under the terms: each once, rounded once; on their own day, or
    on that of the act where they name none. A conditional plan's rates are asked of that day.

    Raises ExpenseWithoutRate.
    """
    coin = coin_of(account.currency_id)
    plan_ids = {terms.plan_id, terms.plan.base_id or terms.plan_id}
    rates = kernel_rates(plan_ids, product_ids=[each.product.pk for each in expenses])
    plans = {
        day: plans_on(terms, account, on=day, subscription_type_id=subscription_type_id)
        for day in {expense.incurred_on or on for expense in expenses}
    }
    items: list[Item] = []
    for expense in expenses:
        day = expense.incurred_on or on
        product_id = expense.product.pk
        found = (find_rate(rates, plan_id=pk, product_id=product_id) for pk in plans[day])
        rate = next((each for each in found if each is not None), None)
        amount: Decimal
        if expense.price_override is not None:
            amount = expense.price_override * expense.quantity
        elif rate is not None:
            amount = quantity_amount(rate, rate.base_amount, expense.quantity)
        else:
            raise ExpenseWithoutRate(
                f"The price plan “{terms.plan}” has no rate for “{expense.product}”."
            )
        items.append(
            Item(
                item_id=0,
                account_id=account.pk,
                subscription_id=0,
                service_id=None,
                kind=ItemKind.ONE_TIME.value,
                source_key="",
                start=day,
                end=day + timedelta(days=1),
                cycle_start=day,
                cycle_end=day + timedelta(days=1),
                product_id=expense.product.pk,
                quantity=expense.quantity,
                rate_id=rate.rate_id if rate else None,
                rate_amount=amount,
                amount=round_money(amount, coin),
                tax_inclusive=rate.tax_inclusive if rate else False,
                currency=account.currency_id,
                directive=Directive.NOT_BILLED.value,
                reverses_id=None,
            )
        )
    return items
