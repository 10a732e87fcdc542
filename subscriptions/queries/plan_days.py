"""On which days the rates of conditional plans hold, for the subscriptions of a chunk."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date

from config.shared.db import among
from pricing.kernel.conditions import (
    Condition,
    ConditionKind,
    ConditionUse,
    DatedClasses,
    DatedFacts,
    Facts,
    HeldService,
    conditions_hold,
    holding_days,
)
from pricing.kernel.periods import Period, merge, shared_period
from subscriptions.models import Account, BillingTerms, ServiceSpell, ServiceState, Subscription
from subscriptions.queries.account_facts import classes_of
from subscriptions.queries.plan_conditions import plan_conditions
from subscriptions.queries.timeline import Histories, SpellRow, TermsRow

IN_SERVICE = frozenset({ServiceState.EFFECTIVE, ServiceState.SHORT_TERM_EFFECTIVE})
PlanDays = dict[tuple[int, int], tuple[Period, ...]]
"""By subscription and conditional plan: the days on which the plan's own rates hold."""


def plan_days(facts: Histories) -> PlanDays:
    """Return when the conditional plans in `facts` hold; without one no query, else six to nine.

    Days outside the terms that have the plan are left out.
    """
    rows = [row for terms in facts.terms.values() for row in terms if row.base_plan_id is not None]
    if not rows:
        return {}
    conditions = plan_conditions({row.plan_id for row in rows}, ConditionUse.RATES)
    dated = dated_facts(facts, rows, conditions)
    found: dict[tuple[int, int], list[Period]] = defaultdict(list)
    for row in rows:
        days = shared_period(row.start, row.end)
        key = row.subscription_id, row.plan_id
        found[key] += holding_days(conditions[row.plan_id], dated[row], days)
    return {key: tuple(merge(periods)) for key, periods in found.items()}


def dated_facts(
    facts: Histories, rows: Sequence[TermsRow], conditions: Mapping[int, Sequence[Condition]]
) -> dict[TermsRow, DatedFacts]:
    """Return what conditions look at, for each of the terms; services only if one counts them."""
    subscriptions = {row.subscription_id for row in rows}
    accounts = {row.subscription_id: row.account_id for row in facts.services}
    types = dict(facts.subscription_types)
    for pk, type_id, account_id in Subscription.objects.filter(
        pk__in=among(subscriptions)
    ).values_list("pk", "type_id", "account_id"):
        types[pk] = type_id
        accounts[pk] = account_id
    classes = classes_of({accounts[pk] for pk in subscriptions})
    counts = any(one.kind is ConditionKind.SERVICES for each in conditions.values() for one in each)
    held = held_services(facts, subscriptions) if counts else {}
    return {
        row: _facts_of(
            row, types[row.subscription_id], classes[accounts[row.subscription_id]], held
        )
        for row in rows
    }


def _facts_of(
    row: TermsRow,
    type_id: int,
    classes: tuple[DatedClasses, ...],
    held: Mapping[int, list[HeldService]],
) -> DatedFacts:
    binding = None
    if row.binding_start is not None:
        binding = Period(row.binding_start, row.binding_end)
    return DatedFacts(
        subscription_type=type_id,
        scheme=row.scheme_id,
        frequency=row.frequency,
        binding=binding,
        classes=classes,
        services=tuple(held.get(row.subscription_id, ())),
    )


def held_services(
    facts: Histories, subscription_ids: Collection[int]
) -> dict[int, list[HeldService]]:
    """Return what the subscriptions have in service; what `facts` says of a service goes first."""
    found: dict[int, list[HeldService]] = defaultdict(list)
    known = {row.service_id: row.subscription_id for row in facts.services}
    for service_id, spells in facts.spells.items():
        for spell in spells:
            if spell.state in IN_SERVICE:
                found[known[service_id]].append(_service(spell))
    for subscription_id, service_id, held in _stored(subscription_ids):
        if service_id not in known:
            found[subscription_id].append(held)
    return found


def _stored(subscription_ids: Collection[int]) -> Iterator[tuple[int, int, HeldService]]:
    rows = ServiceSpell.objects.filter(
        service__subscription_id__in=among(subscription_ids), state__in=IN_SERVICE
    )
    for subscription_id, service_id, start, end, product_id, quantity in rows.order_by(
        "service_id", "period"
    ).values_list(
        "service__subscription_id",
        "service_id",
        "period__startswith",
        "period__endswith",
        "product_id",
        "quantity",
    ):
        days = shared_period(start or date.min, end)
        yield subscription_id, service_id, HeldService(days, product_id, quantity)


def _service(spell: SpellRow) -> HeldService:
    return HeldService(shared_period(spell.start, spell.end), spell.product_id, spell.quantity)


def facts_on(
    terms: BillingTerms, account: Account, *, on: date, subscription_type_id: int | None
) -> Facts:
    """Return what the conditions of the terms' plan look at, on one day; three queries.

    The terms may be planned only: then nothing is in service yet.
    """
    binding = terms.binding
    subscription_id = terms.subscription_id
    stored = [] if subscription_id is None else _stored([subscription_id])
    return DatedFacts(
        subscription_type=subscription_type_id,
        scheme=terms.scheme_id,
        frequency=terms.frequency,
        binding=Period(binding.lower, binding.upper) if binding else None,
        classes=classes_of([account.pk])[account.pk],
        services=tuple(held for _, _, held in stored),
    ).on(on)


def plans_on(
    terms: BillingTerms, account: Account, *, on: date, subscription_type_id: int | None
) -> tuple[int, ...]:
    """Return the plans whose rates hold on a day, the first that has one goes; seven queries at
    most, none for a base plan.
    """
    plan = terms.plan
    if plan.base_id is None:
        return (plan.pk,)
    facts = facts_on(terms, account, on=on, subscription_type_id=subscription_type_id)
    conditions = plan_conditions([plan.pk], ConditionUse.RATES)[plan.pk]
    return (plan.base_id,) if conditions_hold(conditions, facts) else (plan.pk, plan.base_id)
