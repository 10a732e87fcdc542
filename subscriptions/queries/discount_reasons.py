"""Why a service has a discount on a day, or has not: for people."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import models

from catalog.models import AccountClass, AccountClassification, Product
from pricing.kernel.conditions import Condition, ConditionKind, Failure, conditions_hold
from pricing.kernel.periods import shared_period
from pricing.models import AdditiveDiscount
from pricing.queries.discounts import Definition, definitions
from subscriptions.models import (
    Account,
    BillingTermScheme,
    Frequency,
    SchemeKind,
    Subscription,
    SubscriptionType,
)
from subscriptions.queries.discount_facts import DiscountFacts, own_services
from subscriptions.queries.discounts import DiscountBook, Given, granted
from subscriptions.queries.timeline import Histories, ServiceRow, SpellRow, TermsRow, histories

_MODELS: dict[ConditionKind, tuple[str, type[models.Model]]] = {
    ConditionKind.ACCOUNT_CLASS: ("account class", AccountClass),
    ConditionKind.CLASSIFICATION: ("classification", AccountClassification),
    ConditionKind.SUBSCRIPTION_TYPE: ("subscription type", SubscriptionType),
    ConditionKind.SCHEME: ("billing term scheme", BillingTermScheme),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether a service has a discount on a day. `reasons` say why not; none: it has it.

    `given` is set where somebody gave it by hand.
    """

    discount: AdditiveDiscount
    service_id: int
    service_number: str
    product: str
    reasons: tuple[str, ...]
    given: bool = False

    @property
    def holds(self) -> bool:
        """Say whether the service has the discount."""
        return not self.reasons


def answers_for_account(
    account: Account, discounts: Sequence[AdditiveDiscount], *, on: date
) -> list[Answer]:
    """Return for each service of an account, and each discount, whether it has it on the day.

    Discounts in the order they are taken off, services by subscription; those without a day of
    service are left out.
    """
    facts = histories([account.pk])
    return _answers(facts, discounts, on=on)


def reasons_against(
    discount: AdditiveDiscount, subscription: Subscription, service_id: int | None, *, on: date
) -> tuple[str, ...]:
    """Return why a discount cannot be given to a subscription, or to one of its services.

    None if it suits at least one service; services that were never in service are not asked. One
    for one-time charges need not be for a service.
    """
    facts = histories([subscription.account_id])
    mine = [
        row
        for row in facts.services
        if row.subscription_id == subscription.pk and service_id in (None, row.service_id)
    ]
    answers = _answers(_narrowed(facts, mine), [discount], on=on, as_given=True)
    if not answers or any(answer.holds for answer in answers):
        return ()
    return answers[0].reasons


def _narrowed(facts: Histories, services: Sequence[ServiceRow]) -> Histories:
    return Histories(tuple(services), facts.spells, facts.terms, facts.expenses, facts.products)


def _answers(
    facts: Histories,
    discounts: Sequence[AdditiveDiscount],
    *,
    on: date,
    as_given: bool = False,
) -> list[Answer]:
    rules = definitions(AdditiveDiscount.objects.filter(pk__in=[each.pk for each in discounts]))
    given = granted({row.subscription_id for row in facts.services})
    book = DiscountBook(rules, DiscountFacts(facts), given)
    by_id = {each.pk: each for each in discounts}
    names = dict(
        Product.objects.filter(pk__in=[row.product_id for row in facts.services]).values_list(
            "pk", "name"
        )
    )
    found: list[Answer] = []
    for rule in rules:
        for row in facts.services:
            spell = next(
                (one for one in facts.spells.get(row.service_id, ()) if _on(one, on)), None
            )
            if spell is None:
                continue
            by_hand = _given_on(given.get(row.subscription_id, ()), rule, row, on)
            reasons = [
                *(() if as_given and rule.on_once else _service_reasons(book, rule, row, spell)),
                *_reasons(book, rule, row, on),
                *(() if as_given else _in_force(rule, on, by_hand=by_hand)),
            ]
            found.append(
                Answer(
                    by_id[rule.discount_id],
                    row.service_id,
                    row.number,
                    names[row.product_id],
                    tuple(reasons),
                    by_hand,
                )
            )
    return found


def _on(spell: SpellRow, day: date) -> bool:
    return spell.start <= day and (spell.end is None or day < spell.end)


def _given_on(given: Iterable[Given], rule: Definition, row: ServiceRow, on: date) -> bool:
    return any(
        each.discount_id == rule.discount_id
        and each.service_id in (None, row.service_id)
        and each.days.contains(on)
        for each in given
    )


def _in_force(rule: Definition, on: date, *, by_hand: bool) -> Iterable[str]:
    if not rule.by_itself:
        if not by_hand:
            yield "nobody has given it"
    elif rule.window is None or not rule.window.contains(on):
        yield "it is not in force on that day"


def _service_reasons(
    book: DiscountBook, rule: Definition, row: ServiceRow, spell: SpellRow
) -> Iterable[str]:
    """Yield what of the service itself is against it."""
    if not rule.is_for_services:
        yield "it is taken off one-time charges only"
    elif not book.products_of(rule, [spell]):
        yield "it is not for this product"
    quantity = sum((each.quantity for each in own_services([spell])), Decimal(0))
    if rule.least_quantity is not None and quantity < rule.least_quantity:
        yield f"the quantity is {quantity.normalize():f}, below {rule.least_quantity.normalize():f}"
    if rule.most_quantity is not None and quantity > rule.most_quantity:
        yield f"the quantity is {quantity.normalize():f}, above {rule.most_quantity.normalize():f}"


def _reasons(book: DiscountBook, rule: Definition, row: ServiceRow, on: date) -> Iterable[str]:
    """Yield what of the account and the billing terms is against it."""
    if book.currency_differs(rule, row):
        currency = book.facts.currencies[row.account_id]
        yield f"it is in {rule.currency}, the account in {currency}"
    terms = next(
        (
            each
            for each in book.facts.histories.terms.get(row.subscription_id, ())
            if shared_period(each.start, each.end).contains(on)
        ),
        None,
    )
    if terms is None or terms.scheme_kind != SchemeKind.NORMAL:
        yield "the subscription has no billing terms on that day"
        return
    yield from _terms_reasons(book, rule, row, terms, on)


def _terms_reasons(
    book: DiscountBook, rule: Definition, row: ServiceRow, terms: TermsRow, on: date
) -> Iterable[str]:
    if terms.scheme_id in book.facts.fixed_schemes:
        yield "the billing term scheme is at a fixed price"
    facts = book.facts_of(rule, row, terms).on(on)
    for failure in conditions_hold(book.conditions(rule), facts):
        yield _words(failure)


def _words(failure: Failure) -> str:
    condition, found = failure.condition, failure.found
    if condition.kind in _MODELS:
        noun, model = _MODELS[condition.kind]
        wanted = _names(model, condition)
        ids = [found] if isinstance(found, int) else []
        actual = _named(model, ids)
        return f"the {noun} is {actual or 'not set'}, not {wanted}"
    if condition.kind is ConditionKind.FREQUENCY:
        wanted = " or ".join(
            label.lower() for value, label in Frequency.choices if value in condition.values
        )
        return f"it is billed {Frequency(str(found)).label.lower()}, not {wanted}"
    least = (condition.least or Decimal(0)).normalize()
    if condition.kind is ConditionKind.BINDING:
        return f"the binding period is {found} months, below {least:f}"
    products = _names(Product, condition) or "what it asks for"
    number = found.normalize() if isinstance(found, Decimal) else Decimal(0)
    return f"the subscription has {number:f} of {products}, below {least:f}"


def _names(model: type[models.Model], condition: Condition) -> str:
    return _named(model, [each for each in condition.values if isinstance(each, int)])


def _named(model: type[models.Model], ids: Sequence[int]) -> str:
    rows = model._default_manager.filter(pk__in=ids).order_by("name", "pk")
    names = [str(each) for each in rows[:4]]
    return " or ".join([*names[:3], "others"] if len(names) > 3 else names)
