"""Billing terms: made from a scheme, and kept to the days of the services."""

from collections.abc import Iterable
from dataclasses import dataclass

from config.shared.db import days
from pricing.models import PlanState, PricePlan
from subscriptions.models import (
    BillingMethod,
    BillingTerms,
    BillingTermScheme,
    BillNextTerm,
    Frequency,
    SchemeState,
    ServiceState,
    SubscriptionType,
)
from subscriptions.operations.accounts import BILLING_DAYS
from subscriptions.operations.refusals import IncompleteRequest, PlanRefused, SchemeRefused
from subscriptions.operations.requests import ActionRequest, Change
from subscriptions.operations.standing import Standing, terms_on
from subscriptions.queries.acts import asked_for_billing_day

_NEEDS_TYPE_AND_SCHEME = "Say which subscription type and billing term scheme to use."


def new_terms(request: ActionRequest, standing: Standing) -> BillingTerms:
    """Return the unsaved terms that a new subscription gets from its scheme.

    Raises IncompleteRequest, SchemeRefused or PlanRefused.
    """
    scheme, subscription_type = request.scheme, type_of(request, standing)
    if scheme is None:
        raise IncompleteRequest(_NEEDS_TYPE_AND_SCHEME)
    if not subscription_type.active:
        raise SchemeRefused(f"Subscription type {subscription_type} is not active.")
    if not subscription_type.schemes.filter(pk=scheme.pk).exists():
        raise SchemeRefused(f"{subscription_type} subscriptions cannot have {scheme}.")
    if scheme.state != SchemeState.EFFECTIVE:
        raise SchemeRefused(f"{scheme} is {scheme.get_state_display().lower()}.")
    frequency = request.frequency or scheme.default_frequency
    if frequency not in scheme.frequencies:
        label = Frequency(frequency).label if frequency in Frequency.values else frequency
        raise SchemeRefused(f"{scheme} does not allow the frequency “{label}”.")
    next_term = request.bill_next_term
    return BillingTerms(
        period=days(request.performed_on, None),
        scheme=scheme,
        plan=_plan(request, scheme, standing),
        frequency=frequency,
        billing_day=_billing_day(request, scheme, standing),
        bill_next_term=scheme.bill_next_term == BillNextTerm.YES
        if next_term is None
        else next_term,
        agreed_on=request.agreed_on or request.performed_on,
    )


def type_of(request: ActionRequest, standing: Standing) -> SubscriptionType:
    """Return the type of the subscription, or the one asked for a new one.

    Raises IncompleteRequest.
    """
    if standing.subscription is not None:
        return standing.subscription.type
    if request.subscription_type is None:
        raise IncompleteRequest(_NEEDS_TYPE_AND_SCHEME)
    return request.subscription_type


def _plan(request: ActionRequest, scheme: BillingTermScheme, standing: Standing) -> PricePlan:
    plan = request.plan or scheme.default_plan
    if plan is None:
        raise PlanRefused(f"{scheme} has no default price plan: choose one.")
    if plan.pk != scheme.default_plan_id:
        offered = set(scheme.plans.values_list("pk", flat=True))
        if offered and plan.pk not in offered:
            raise PlanRefused(f"{scheme} does not offer price plan {plan}.")
    currency = standing.account.currency_id
    if plan.currency != currency:
        raise PlanRefused(
            f"Price plan {plan} is in {plan.currency}, account {standing.account.number} "
            f"in {currency}."
        )
    if plan.state != PlanState.EFFECTIVE:
        raise PlanRefused(f"Price plan {plan} is {plan.get_state_display().lower()}.")
    if plan.validity is not None and request.performed_on not in plan.validity:
        raise PlanRefused(f"Price plan {plan} is not valid on {request.performed_on:%-d %b %Y}.")
    return plan


def _billing_day(request: ActionRequest, scheme: BillingTermScheme, standing: Standing) -> int:
    """Return the day asked for, the account's for a fixed day, else the day of the act."""
    if request.billing_day is not None:
        if request.billing_day not in BILLING_DAYS:
            raise SchemeRefused("The billing day is a day of the month, 1 to 31.")
        return request.billing_day
    if scheme.method == BillingMethod.PERIOD:
        return standing.account.billing_day
    return request.performed_on.day


@dataclass(frozen=True, slots=True)
class FittedTerms:
    """The terms of an act, and whether performing it writes them."""

    terms: BillingTerms
    changed: bool


def fit_terms(
    request: ActionRequest, standing: Standing, changes: Iterable[Change], terms: BillingTerms
) -> FittedTerms:
    """Make the terms reach back to the first day of the act's services, and set the anniversary.

    The first effective start of a subscription with the ANNIVERSARY method gives its billing
    day, unless one was asked for. Source: BillMax 2.5.
    """
    starts = [each.from_day for each in changes if each.new_state == ServiceState.EFFECTIVE]
    subscription = standing.subscription
    changed = terms.pk is None
    if starts and min(starts) < terms.period.lower:
        terms.period = days(min(starts), terms.period.upper)
        changed = True
    first = subscription is None or subscription.first_activated_on is None
    if starts and first and terms.scheme.method != BillingMethod.PERIOD:
        asked = request.billing_day
        if subscription is not None:
            asked = asked_for_billing_day(subscription.pk)
        day = asked or min(starts).day
        changed = changed or terms.billing_day != day
        terms.billing_day = day
    return FittedTerms(terms, changed)


def terms_of(request: ActionRequest, standing: Standing) -> BillingTerms:
    """Return the terms of the act: new ones for a new subscription, else those of its day.

    Raises IncompleteRequest, SchemeRefused or PlanRefused.
    """
    if standing.subscription is None:
        return new_terms(request, standing)
    return terms_on(standing.terms, request.performed_on)
