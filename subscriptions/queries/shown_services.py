"""Subscriptions as pages show them: services with their components, state, days and price."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from catalog.models import Composition
from pricing.kernel.periods import Duration
from pricing.kernel.rates import Rate, price_at, quantity_amount, tiers_of
from pricing.queries.rates import RateKey, find_rate, kernel_rates
from subscriptions.models import (
    AccountUser,
    BillingTerms,
    ServiceState,
    SubscribedService,
    Subscription,
)
from subscriptions.queries.plan_days import plans_on

ONE = Decimal(1)
CLOSED = frozenset(
    {
        ServiceState.CANCELLED,
        ServiceState.REGRETTED,
        ServiceState.SWAPPED,
        ServiceState.REMOVED,
    }
)


@dataclass(frozen=True, slots=True)
class ShownPrice:
    """What one unit costs before tax, unless `tax_inclusive`; once where `per` is None.

    `source` says where the price comes from: the plan's name, or the reason of an override.
    `until` is the first day of another price, `later` that price (None: nothing follows).
    `by_tiers`: more units do not cost as many times as much.
    """

    amount: Decimal
    currency: str
    per: Duration | None
    source: str
    is_override: bool = False
    tax_inclusive: bool = False
    until: date | None = None
    later: Decimal | None = None
    by_tiers: bool = False


@dataclass(frozen=True, slots=True)
class ShownService:
    """A service with its price (None: nothing, or no rate) and the components of a package."""

    service: SubscribedService
    price: ShownPrice | None
    components: tuple["ShownService", ...] = ()

    @property
    def first_day(self) -> date | None:
        """The day it was in service first, or is to be."""
        return self.service.first_activated_on or self.service.starts_on

    @property
    def is_amendable(self) -> bool:
        """Whether it is a flexible bundle for which other components can be chosen."""
        return is_amendable(self.service)

    @property
    def last_day(self) -> date | None:
        """The last day of service, where an end date is set."""
        end = self.service.ends_on
        return None if end is None else end - timedelta(days=1)


def is_amendable(service: SubscribedService) -> bool:
    """Return whether other components can be chosen for a service; reads its product's type."""
    return (
        service.parent_id is None
        and service.state not in CLOSED
        and service.product.type.composition == Composition.FLEXIBLE_BUNDLE
    )


@dataclass(frozen=True, slots=True)
class ShownSubscription:
    """A subscription with the terms of the day and its services; `closed_count` were left out."""

    subscription: Subscription
    terms: BillingTerms | None
    services: tuple[ShownService, ...]
    closed_count: int = 0

    @property
    def is_closed(self) -> bool:
        """Whether nothing can be done with it any more."""
        return self.subscription.state in CLOSED


@dataclass(frozen=True, slots=True)
class ShownUser:
    """A user with what it takes."""

    user: AccountUser
    subscriptions: tuple[ShownSubscription, ...]


def shown_subscriptions(
    subscriptions: Iterable[Subscription], *, on: date, with_closed: bool
) -> list[ShownSubscription]:
    """Return subscriptions, with services and terms prefetched, as pages show them; two queries,
    some more for each with a conditional plan.

    Without `with_closed` closed services are counted only.
    """
    found = list(subscriptions)
    terms = {each.pk: _terms_on(each, on) for each in found}
    plans = {
        each.pk: _plans_on(each, own, on) for each in found if (own := terms[each.pk]) is not None
    }
    products = {service.product_id for each in found for service in each.services.all()}
    products |= {
        service.parent.product_id
        for each in found
        for service in each.services.all()
        if service.parent is not None
    }
    every = {pk for ids in plans.values() for pk in ids}
    rates = kernel_rates(every, product_ids=products) if products else {}
    return [
        _shown(
            each,
            terms[each.pk],
            _in_force(rates, terms[each.pk], plans.get(each.pk, ())),
            on,
            with_closed=with_closed,
        )
        for each in found
    ]


def by_user(
    users: Iterable[AccountUser], subscriptions: Iterable[ShownSubscription]
) -> list[ShownUser]:
    """Return the users, each with its subscriptions."""
    own: dict[int, list[ShownSubscription]] = {}
    for each in subscriptions:
        own.setdefault(each.subscription.user_id, []).append(each)
    return [ShownUser(user, tuple(own.get(user.pk, ()))) for user in users]


def _terms_on(subscription: Subscription, on: date) -> BillingTerms | None:
    found = None
    for terms in subscription.terms.all():
        if found is None or terms.period.lower <= on:
            found = terms
    return found


def _plans_on(subscription: Subscription, terms: BillingTerms, on: date) -> tuple[int, ...]:
    if terms.plan.base_id is None:
        return (terms.plan_id,)
    account, type_id = subscription.account, subscription.type_id
    return plans_on(terms, account, on=on, subscription_type_id=type_id)


def _in_force(
    rates: Mapping[RateKey, Rate], terms: BillingTerms | None, plan_ids: tuple[int, ...]
) -> Mapping[RateKey, Rate]:
    """Return the rates as those of the terms' plan: where it is conditional, what holds now."""
    if terms is None or plan_ids == (terms.plan_id,):
        return rates
    return {
        (terms.plan_id, product_id, bundle_id): rate
        for own in reversed(plan_ids)
        for (plan_id, product_id, bundle_id), rate in rates.items()
        if plan_id == own
    }


def _shown(
    subscription: Subscription,
    terms: BillingTerms | None,
    rates: Mapping[RateKey, Rate],
    on: date,
    *,
    with_closed: bool,
) -> ShownSubscription:
    parts: dict[int | None, list[SubscribedService]] = {}
    closed = 0
    for service in subscription.services.all():
        if service.state in CLOSED and not with_closed:
            closed += service.parent_id is None
            continue
        parts.setdefault(service.parent_id, []).append(service)
    services = tuple(
        ShownService(
            service,
            _price(service, terms, rates, on),
            tuple(
                ShownService(part, _price(part, terms, rates, on))
                for part in parts.get(service.pk, ())
            ),
        )
        for service in parts.get(None, ())
    )
    return ShownSubscription(subscription, terms, services, closed)


def _price(
    service: SubscribedService,
    terms: BillingTerms | None,
    rates: Mapping[RateKey, Rate],
    on: date,
) -> ShownPrice | None:
    if terms is None or service.free:
        return None
    rate = find_rate(
        rates,
        plan_id=terms.plan_id,
        product_id=service.product_id,
        bundle_product_id=None
        if service.parent is None or service.is_fee
        else service.parent.product_id,
    )
    currency = terms.plan.currency
    if service.price_override is not None:
        per = None if rate is None else rate.per
        return ShownPrice(
            service.price_override, currency, per, service.override_reason, is_override=True
        )
    if rate is None:
        return None
    first = service.first_activated_on or service.starts_on or on
    return price_of_rate(rate, currency, on=max(on, first), maturity_start=first, source=terms.plan)


def price_of_rate(
    rate: Rate, currency: str, *, on: date, maturity_start: date, source: object
) -> ShownPrice | None:
    """Return what a rate asks on a day; None where its phases are over."""
    if rate.is_once:
        return ShownPrice(
            quantity_amount(rate, rate.base_amount, ONE),
            currency,
            None,
            str(source),
            tax_inclusive=rate.tax_inclusive,
            by_tiers=bool(rate.tiers),
        )
    priced = price_at(rate, on, maturity_start=maturity_start, frequency=rate.per)
    if priced is None:
        return None
    per = rate.per if priced.phase is None else rate.phases[priced.phase].duration
    following = None
    if priced.until is not None:
        following = price_at(rate, priced.until, maturity_start=maturity_start, frequency=rate.per)
    return ShownPrice(
        quantity_amount(rate, priced.unit_amount, ONE, phase=priced.phase),
        currency,
        per,
        str(source),
        tax_inclusive=rate.tax_inclusive,
        until=priced.until,
        later=None
        if following is None
        else quantity_amount(rate, following.unit_amount, ONE, phase=following.phase),
        by_tiers=bool(tiers_of(rate, priced.phase)),
    )
