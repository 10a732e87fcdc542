"""Where something can be added for a user, and what it costs there."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Self

from django.db.models import Prefetch, QuerySet

from config.shared.db import array_of
from config.shared.statements import Given, Statement, among_given
from pricing.kernel.conditions import ConditionKind, ConditionUse, conditions_hold
from pricing.kernel.rates import Rate
from pricing.models import PlanKind, PricePlan
from pricing.queries.plans import plans_on_offer
from pricing.queries.rates import RateKey, find_rate, kernel_rates
from subscriptions.models import (
    Account,
    AccountUser,
    BillingTerms,
    BillingTermScheme,
    SchemeState,
    Subscription,
    SubscriptionType,
)
from subscriptions.queries.acceptance import open_subscriptions
from subscriptions.queries.plan_conditions import plan_conditions
from subscriptions.queries.plan_days import facts_on, plans_on
from subscriptions.queries.shown_services import ShownPrice, price_of_rate


@dataclass(frozen=True, slots=True)
class Place:
    """An open subscription, or a new one of a type under a scheme and price plan.

    `key` names it in a form. `plan_ids` are the plans whose rates hold there now: the first that
    has one for a product goes.
    """

    key: str
    type: SubscriptionType
    scheme: BillingTermScheme
    plan: PricePlan
    subscription: Subscription | None = None
    plan_ids: tuple[int, ...] = ()

    @property
    def label(self) -> str:
        """The place in words."""
        terms = f"{self.type} · {self.scheme} · {self.plan}"
        return terms if self.subscription is None else f"{self.subscription.number} · {terms}"


@dataclass(frozen=True, slots=True)
class Places:
    """All places of a user, in the order in which they are proposed, with what they take.

    `allowed` are product ids of each type, `rates` those of the places' plans: both only as far as
    the products are known, for nobody looks at a whole catalogue.
    """

    places: tuple[Place, ...]
    allowed: Mapping[int, frozenset[int]] = field(default_factory=dict)
    rates: Mapping[RateKey, Rate] = field(default_factory=dict)

    def knowing(self, product_ids: Collection[int]) -> Self:
        """Return the places with what they take of these products and its prices; three queries."""
        return replace(
            self,
            allowed=_allowed({place.type.pk for place in self.places}, product_ids),
            rates=kernel_rates(
                {pk for place in self.places for pk in place.plan_ids}, product_ids=product_ids
            ),
        )

    def taking(self, product_ids: Collection[int]) -> list[Place]:
        """Return the places that allow and price all of the products."""
        return [
            place
            for place in self.places
            if self.allowed.get(place.type.pk, frozenset()).issuperset(product_ids)
            and all(self._rate(place, product_id) is not None for product_id in product_ids)
        ]

    def price(self, product_id: int, place: Place, *, on: date) -> ShownPrice | None:
        """Return what a product costs at a place for a service that starts on the day."""
        rate = self._rate(place, product_id)
        if rate is None:
            return None
        return price_of_rate(rate, place.plan.currency, on=on, maturity_start=on, source=place.plan)

    def why_no_price(self, product_id: int) -> str:
        """Return why a product has no price at the places, in words: the plan that lacks it."""
        allowing = [
            each for each in self.places if product_id in self.allowed.get(each.type.pk, ())
        ]
        if not allowing:
            return "on no subscription type that is on offer"
        for place in allowing:
            if self._rate(place, product_id) is None:
                return f"no price in {place.plan}"
        return "no price together with the others"

    def first_price(self, product_id: int, *, on: date) -> ShownPrice | None:
        """Return what a product costs where it would be put by default; None: nowhere."""
        place = next(iter(self.taking([product_id])), None)
        return None if place is None else self.price(product_id, place, on=on)

    def _rate(self, place: Place, product_id: int) -> Rate | None:
        found = (find_rate(self.rates, plan_id=pk, product_id=product_id) for pk in place.plan_ids)
        return next((rate for rate in found if rate is not None), None)


def places_for(user: AccountUser, *, on: date) -> Places:
    """Return where something can be added for the user on the day; six queries, some more for
    each conditional plan. One that may not be chosen for the account is left out.

    The user's open subscriptions, the oldest first; then new ones: active types by code, their
    effective schemes by code, the scheme's default plan before its others, as far as they are on
    offer in the account's currency. A scheme that lists no plans offers only its default one.
    """
    account = user.account
    terms_of: dict[int, list[BillingTerms]] = {}
    for terms in _TERMS.ask(user=user.pk):
        terms_of.setdefault(terms.subscription_id, []).append(terms)
    places = [
        _existing(each, terms_of[each.pk], account, on)
        for each in _OPEN.ask(user=user.pk)
        if each.pk in terms_of
    ]
    offered = set(_ON_OFFER.ask(currency=account.currency_id, on=on))
    for subscription_type in _TYPES.ask():
        for scheme in subscription_type.schemes.all():
            for plan in _plans(scheme):
                if plan.pk not in offered:
                    continue
                terms = BillingTerms(scheme=scheme, plan=plan, frequency=scheme.default_frequency)
                if _may_choose(terms, account, subscription_type, on):
                    key = f"{subscription_type.pk}-{scheme.pk}-{plan.pk}"
                    ids = plans_on(terms, account, on=on, subscription_type_id=subscription_type.pk)
                    places.append(Place(key, subscription_type, scheme, plan, plan_ids=ids))
    return Places(tuple(places))


def _may_choose(
    terms: BillingTerms, account: Account, subscription_type: SubscriptionType, on: date
) -> bool:
    """Say whether a plan is offered: what is to be on the subscription is not known yet."""
    if terms.plan.kind != PlanKind.CONDITIONAL:
        return True
    conditions = plan_conditions([terms.plan.pk], ConditionUse.SELECTION)[terms.plan.pk]
    known = [one for one in conditions if one.kind is not ConditionKind.SERVICES]
    facts = facts_on(terms, account, on=on, subscription_type_id=subscription_type.pk)
    return not conditions_hold(known, facts)


def _existing(
    subscription: Subscription, terms: Sequence[BillingTerms], account: Account, on: date
) -> Place:
    found = terms[0]
    for each in terms:
        if each.period.lower <= on:
            found = each
    ids = plans_on(found, account, on=on, subscription_type_id=subscription.type_id)
    return Place(
        subscription.number, subscription.type, found.scheme, found.plan, subscription, ids
    )


def _plans(scheme: BillingTermScheme) -> list[PricePlan]:
    default = scheme.default_plan
    others = [plan for plan in scheme.plans.all() if plan != default]
    return others if default is None else [default, *others]


def _allowed(type_ids: Collection[int], product_ids: Collection[int]) -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = {pk: set() for pk in type_ids}
    rows = _ALLOWED.ask(types=array_of(type_ids), products=array_of(product_ids))
    for type_id, product_id in rows:
        found[type_id].add(product_id)
    return {pk: frozenset(products) for pk, products in found.items()}


def _types() -> QuerySet[SubscriptionType]:
    """Return the active types with their effective schemes, and those with their plans."""
    schemes = (
        BillingTermScheme.objects.filter(state=SchemeState.EFFECTIVE)
        .select_related("default_plan")
        .prefetch_related(Prefetch("plans", PricePlan.objects.order_by("pk")))
        .order_by("code", "pk")
    )
    active = SubscriptionType.objects.filter(active=True)
    return active.prefetch_related(Prefetch("schemes", schemes)).order_by("code", "pk")


_TYPES = Statement(_types)
_OPEN = Statement(lambda: open_subscriptions(Given("user")))
_TERMS = Statement(
    lambda: (
        BillingTerms.objects.filter(subscription__user=Given("user"))
        .select_related("scheme", "plan")
        .order_by("period", "pk")
    )
)
_ON_OFFER = Statement(
    lambda: plans_on_offer(currency=Given("currency"), on=Given("on")).values_list("pk", flat=True)
)
_ALLOWED = Statement(
    lambda: SubscriptionType.products.through.objects.filter(
        among_given("subscriptiontype_id", "types"), among_given("product_id", "products")
    ).values_list("subscriptiontype_id", "product_id")
)
