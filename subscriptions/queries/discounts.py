"""Which discounts a service has on which days: for billing, a chunk of services at a time.

A discount that applies by itself is decided on the first day of each charge, by the facts of that
day. One given by hand counts on its own days, and its criteria have to hold besides. What is paid
once is asked about as if it were in service on its one day: `discounts_of_sold`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from django.db.models import Q

from config.shared.db import among
from pricing.kernel.conditions import Condition, ConditionKind, DatedFacts, holding_days
from pricing.kernel.discount_days import DatedDiscount, common_periods
from pricing.kernel.periods import Period, merge, shared_period
from pricing.models import AdditiveDiscount
from pricing.queries.discounts import (
    Definition,
    SoldProduct,
    applying_by_themselves,
    definitions,
    sold_products,
)
from subscriptions.models import (
    BillMode,
    DiscountTerms,
    GivenDiscount,
    GivenState,
    SchemeKind,
)
from subscriptions.queries.discount_facts import DiscountFacts, ids_of, own_services
from subscriptions.queries.timeline import Histories, ServiceRow, SpellRow, TermsRow

EVER = Period(date.min, None)


class TermsCriteria(NamedTuple):
    """What billing terms a discount is for; empty: any."""

    schemes: frozenset[int] = frozenset()
    subscription_types: frozenset[int] = frozenset()
    frequencies: frozenset[str] = frozenset()
    binding_months: int | None = None


class SoldOnce(NamedTuple):
    """What is paid once, on a day; `service_id` is the service that it came with as its fee."""

    product_id: int
    quantity: Decimal
    on: date
    service_id: int | None = None


class Given(NamedTuple):
    """A discount granted by hand, and the days on which it counts."""

    subscription_id: int
    service_id: int | None
    discount_id: int
    days: Period


def discounts_of(facts: Histories) -> dict[int, tuple[DatedDiscount, ...]]:
    """Return the discounts of each service that has any, in the order they are taken off.

    Two queries where there are no discounts at all; a fixed number otherwise.
    """
    given = granted({row.subscription_id for row in facts.services})
    rules = _rules(given, Q(on_recurring=True) | Q(on_setup=True))
    if not rules:
        return {}
    found = DiscountBook(rules, DiscountFacts(facts), given)
    discounts = ((row.service_id, found.of(row)) for row in facts.services)
    return {service_id: rows for service_id, rows in discounts if rows}


def discounts_of_sold(
    sold: Sequence[SoldOnce],
    facts: Callable[[], Histories],
    *,
    subscription_id: int,
    account_id: int,
) -> list[tuple[DatedDiscount, ...]]:
    """Return the discounts of each thing that is paid once on a subscription, in the order they are
    taken off. `facts` returns the subscription's terms, and services that are only planned.

    Two queries where there are no discounts on what is paid once; a fixed number otherwise.
    """
    given = granted({subscription_id})
    rules = _rules(given, Q(on_once=True))
    if not rules:
        return [()] * len(sold)
    known = facts()
    lowest = min((row.service_id for row in known.services), default=0)
    first = min(lowest, 0) - 1
    rows = [
        ServiceRow(
            first - place, "", subscription_id, account_id, each.product_id, None, "", each.on
        )
        for place, each in enumerate(sold)
    ]
    spells = {row.service_id: [_day_of(row, each)] for row, each in zip(rows, sold, strict=True)}
    known = replace(known, services=(*known.services, *rows), spells={**known.spells, **spells})
    book = DiscountBook(rules, DiscountFacts(known), given)
    return [book.of(row, came_with=each.service_id) for row, each in zip(rows, sold, strict=True)]


def _rules(given: Mapping[int, Sequence[Given]], taken_off: Q) -> list[Definition]:
    wanted = Q(pk__in={each.discount_id for rows in given.values() for each in rows})
    wanted |= Q(pk__in=applying_by_themselves().values("pk"))
    return definitions(AdditiveDiscount.objects.filter(wanted, taken_off))


def _day_of(row: ServiceRow, sold: SoldOnce) -> SpellRow:
    """Return the one day of what is paid once; it does not count as a service held."""
    return SpellRow(
        row.service_id,
        sold.on,
        sold.on + timedelta(days=1),
        "",
        BillMode.BILL,
        sold.product_id,
        sold.quantity,
        None,
        row.account_id,
    )


def granted(subscription_ids: Iterable[int]) -> Mapping[int, list[Given]]:
    """Return what was given to subscriptions and counts on some day, oldest first; one query."""
    rows = GivenDiscount.objects.filter(
        subscription_id__in=among(subscription_ids),
        state__in=[GivenState.GRANTED, GivenState.WITHDRAWN],
        decided_at__isnull=False,
    )
    found: dict[int, list[Given]] = defaultdict(list)
    for subscription_id, service_id, discount_id, start, end, withdrawn_on in rows.order_by(
        "pk"
    ).values_list(
        "subscription_id",
        "service_id",
        "discount_id",
        "period__startswith",
        "period__endswith",
        "withdrawn_on",
    ):
        if withdrawn_on is not None:
            end = min(end or withdrawn_on, withdrawn_on)
        if end is None or end > start:
            days = shared_period(start, end)
            found[subscription_id].append(Given(subscription_id, service_id, discount_id, days))
    return found


def terms_criteria(discount_ids: Iterable[int]) -> Mapping[int, TermsCriteria]:
    """Return what billing terms discounts are for, where they say; three queries."""
    rows = DiscountTerms.objects.filter(pk__in=list(discount_ids)).prefetch_related(
        "schemes", "subscription_types"
    )
    return {
        row.pk: TermsCriteria(
            frozenset(each.pk for each in row.schemes.all()),
            frozenset(each.pk for each in row.subscription_types.all()),
            frozenset(row.frequencies),
            row.binding_months,
        )
        for row in rows
    }


class DiscountBook:
    """Discounts beside the facts of some services, ready to be asked which service has which."""

    def __init__(
        self,
        rules: Sequence[Definition],
        facts: DiscountFacts,
        given: Mapping[int, Sequence[Given]],
    ) -> None:
        self.rules = rules
        self.facts = facts
        self.given = given
        self._terms = terms_criteria(rule.discount_id for rule in rules)
        self._conditions: dict[int, tuple[Condition, ...]] = {}
        self._held_days: dict[tuple[int, int], tuple[Period, ...]] = {}
        self._products: dict[tuple[int, frozenset[int]], frozenset[int]] = {}

    def of(self, service: ServiceRow, *, came_with: int | None = None) -> tuple[DatedDiscount, ...]:
        """Return the discounts of one service, in the order they are taken off; also those given
        to the service that it `came_with`.
        """
        spells = self.facts.histories.spells.get(service.service_id, ())
        if not spells:
            return ()
        opened = spells[0].start
        first = next((row.start for row in spells if row.mode == BillMode.BILL), opened)
        given = self.given.get(service.subscription_id, ())
        found: list[DatedDiscount] = []
        for rule in self.rules:
            mine = [
                each
                for each in given
                if each.discount_id == rule.discount_id
                and each.service_id in (None, service.service_id, came_with)
            ]
            if not (rule.window or mine) or not self.products_of(rule, spells):
                continue
            if self.currency_differs(rule, service):
                continue
            holds = self.holds(rule, service)
            if not holds:
                continue
            if rule.window is not None:
                found.extend(self._by_itself(rule, rule.window, spells, (opened, first), holds))
            found.extend(self._by_hand(rule, spells, each.days, holds) for each in mine)
        return tuple(found)

    def products_of(self, rule: Definition, spells: Iterable[SpellRow]) -> frozenset[int]:
        """Return the products of a service that the discount is for."""
        key = (rule.discount_id, frozenset(row.product_id for row in spells))
        found = self._products.get(key)
        if found is None:
            found = frozenset(each for each in key[1] if rule.is_for(self._sold[each]))
            self._products[key] = found
        return found

    def currency_differs(self, rule: Definition, service: ServiceRow) -> bool:
        """Say whether it is an amount in another currency than the account's."""
        return bool(rule.currency) and rule.currency != self.facts.currencies[service.account_id]

    def holds(self, rule: Definition, service: ServiceRow) -> tuple[Period, ...]:
        """Return the days on which the criteria hold for a service."""
        key = (rule.discount_id, service.subscription_id)
        days = self._held_days.get(key)
        if days is None:
            days = self._held_days[key] = self._subscription_holds(rule, service)
        if rule.least_quantity is None and rule.most_quantity is None:
            return days
        return common_periods([days, self._quantity_holds(rule, service)])

    def conditions(self, rule: Definition) -> tuple[Condition, ...]:
        """Return the criteria of a discount but that on the quantity of the service itself."""
        found = self._conditions.get(rule.discount_id)
        if found is None:
            terms = self._terms.get(rule.discount_id, TermsCriteria())
            found = self._conditions[rule.discount_id] = tuple(self._each_condition(rule, terms))
        return found

    def facts_of(self, rule: Definition, service: ServiceRow, row: TermsRow) -> DatedFacts:
        """Return what the criteria of a discount look at under one set of billing terms."""
        kinds = {each.kind for each in self.conditions(rule)}
        facts, subscription = self.facts, service.subscription_id
        by_type = ConditionKind.SUBSCRIPTION_TYPE in kinds
        by_class = kinds & {ConditionKind.ACCOUNT_CLASS, ConditionKind.CLASSIFICATION}
        binding = None
        if row.binding_start is not None:
            binding = Period(row.binding_start, row.binding_end)
        return DatedFacts(
            subscription_type=facts.subscription_types.get(subscription) if by_type else None,
            scheme=row.scheme_id,
            frequency=row.frequency,
            binding=binding,
            classes=facts.classes[service.account_id] if by_class else (),
            services=facts.held.get(subscription, ()) if ConditionKind.SERVICES in kinds else (),
        )

    @cached_property
    def _sold(self) -> Mapping[int, SoldProduct]:
        held = self.facts.held_products if any(rule.held for rule in self.rules) else frozenset()
        return sold_products(self.facts.products | held)

    def _each_condition(self, rule: Definition, terms: TermsCriteria) -> Iterable[Condition]:
        for kind, values in (
            (ConditionKind.ACCOUNT_CLASS, rule.classes),
            (ConditionKind.CLASSIFICATION, rule.classifications),
            (ConditionKind.SUBSCRIPTION_TYPE, terms.subscription_types),
            (ConditionKind.SCHEME, terms.schemes),
        ):
            if values:
                yield Condition(kind, ids_of(values))
        if terms.frequencies:
            yield Condition(ConditionKind.FREQUENCY, frozenset[int | str](terms.frequencies))
        if terms.binding_months:
            yield Condition(ConditionKind.BINDING, least=Decimal(terms.binding_months))
        for selector, least in rule.held:
            products = [each.product_id for each in self._sold.values() if selector.takes(each)]
            yield Condition(ConditionKind.SERVICES, ids_of(products), least=least)

    def _subscription_holds(self, rule: Definition, service: ServiceRow) -> tuple[Period, ...]:
        conditions = self.conditions(rule)
        found: list[Period] = []
        for row in self.facts.histories.terms.get(service.subscription_id, ()):
            if row.scheme_kind != SchemeKind.NORMAL or row.scheme_id in self.facts.fixed_schemes:
                continue
            days = shared_period(row.start, row.end)
            if conditions:
                found.extend(holding_days(conditions, self.facts_of(rule, service, row), days))
            else:
                found.append(days)
        return tuple(merge(found)) if len(found) > 1 else tuple(found)

    def _quantity_holds(self, rule: Definition, service: ServiceRow) -> tuple[Period, ...]:
        spells = self.facts.histories.spells.get(service.service_id, ())
        condition = Condition(
            ConditionKind.SERVICES,
            ids_of({row.product_id for row in spells}),
            least=rule.least_quantity,
            most=rule.most_quantity,
        )
        return holding_days([condition], DatedFacts(services=own_services(spells)), EVER)

    def _by_itself(
        self,
        rule: Definition,
        window: Period,
        spells: Sequence[SpellRow],
        begins: tuple[date, date],
        holds: tuple[Period, ...],
    ) -> Iterable[DatedDiscount]:
        """Yield it if its days reach into those on which the service is charged, or into those
        before them where a set-up fee may be asked. `begins` are the first of both.
        """
        opened, first = begins
        days = common_periods([holds, [window]])
        reached = [each for each in days if each.end is None or each.end > first]
        if reached or (rule.on_setup and any(each.contains(opened) for each in days)):
            yield DatedDiscount(
                rule.discount,
                rule.name,
                EVER,
                max(first, reached[0].start) if reached else first,
                rule.recurrence,
                self.products_of(rule, spells),
                days,
                aligned=True,
                **_taken_off(rule),
            )

    def _by_hand(
        self, rule: Definition, spells: Sequence[SpellRow], days: Period, holds: tuple[Period, ...]
    ) -> DatedDiscount:
        return DatedDiscount(
            rule.discount,
            rule.name,
            days,
            days.start,
            rule.recurrence,
            self.products_of(rule, spells),
            holds,
            **_taken_off(rule),
        )


def _taken_off(rule: Definition) -> dict[str, bool]:
    return {
        "on_recurring": rule.on_recurring,
        "on_setup": rule.on_setup,
        "on_once": rule.on_once,
    }
