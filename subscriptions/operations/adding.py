"""Adding to a user: the other door to the same acts (BillMax: add package, service, bundle)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from catalog.models import Product
from pricing.models import PlanKind, PlanState, PricePlan
from subscriptions.models import (
    Account,
    AccountUser,
    ActionKind,
    BillingTerms,
    BillingTermScheme,
    Subscription,
    SubscriptionAction,
    SubscriptionType,
)
from subscriptions.operations.actions import ActionRequest, perform
from subscriptions.operations.additions import Added, expanded
from subscriptions.operations.plan_choice import choice_failures, facts_of_choice
from subscriptions.operations.refusals import IncompleteRequest, NoSubscriptionAccepts
from subscriptions.operations.standing import terms_on
from subscriptions.queries.acceptance import (
    open_subscriptions,
    schemes_of,
    terms_of_subscription,
    types_accepting,
)
from subscriptions.queries.products import not_allowed_on, without_rate


@transaction.atomic
def add_to_user(request: ActionRequest, *, now: datetime) -> SubscriptionAction:
    """Put what is asked on the user's subscription that takes it, or on a new one.

    `request` names the user and what to add; its kind does not matter. See `request_for_user`.

    Raises ActionRefused.
    """
    user = _user(request)
    Account.objects.select_for_update(of=("self",), no_key=True).get(pk=user.account_id)
    return perform(request_for_user(request), now=now)


def request_for_user(request: ActionRequest) -> ActionRequest:
    """Return the act that adding to a user comes to, for preview and performing.

    The user's oldest open subscription whose type allows all the products and whose terms' plan
    has rates for them gets them. Otherwise a subscription is opened: of the first active type
    (by code) that allows them, under its first scheme with such a plan in the account's currency.
    A subscription, type, scheme or plan named in the request narrows the choice.

    Raises NoSubscriptionAccepts, or ActionRefused where a sales bundle cannot be sold.
    """
    user = _user(request)
    added = expanded(request, user)
    if request.subscription is not None:
        return _to_subscription(request, request.subscription)
    for subscription in open_subscriptions(user):
        if _takes(subscription, added, request):
            return _to_subscription(request, subscription)
    return _to_new(request, added, user)


def _user(request: ActionRequest) -> AccountUser:
    if request.account_user is None:
        raise IncompleteRequest("Say which user to add to.")
    return request.account_user


def _to_subscription(request: ActionRequest, subscription: Subscription) -> ActionRequest:
    kind = ActionKind.ADD_SERVICE if request.additions else ActionKind.ADD_EXPENSE
    return replace(request, kind=kind, subscription=subscription)


def _takes(subscription: Subscription, added: Added, request: ActionRequest) -> bool:
    wanted = request.subscription_type
    if wanted is not None and wanted.pk != subscription.type_id:
        return False
    terms = terms_on(terms_of_subscription(subscription), request.performed_on)
    if request.scheme is not None and request.scheme.pk != terms.scheme_id:
        return False
    if request.plan is not None and request.plan.pk != terms.plan_id:
        return False
    return _allows(subscription.type, added) and _prices(terms.plan, added)


def _to_new(request: ActionRequest, added: Added, user: AccountUser) -> ActionRequest:
    types = types_accepting(_products(added))
    if request.subscription_type is not None:
        types = types.filter(pk=request.subscription_type.pk)
    for subscription_type in types:
        for scheme in schemes_of(subscription_type):
            plan = _plan(request, scheme, added, user.account, subscription_type)
            if plan is not None and request.scheme in (None, scheme):
                return replace(
                    request,
                    kind=ActionKind.BECOME_SUBSCRIBER,
                    subscription_type=subscription_type,
                    scheme=scheme,
                    plan=plan,
                )
    names = ", ".join(sorted({product.name for product in _products(added)}))
    if not types:
        raise NoSubscriptionAccepts(f"No subscription type allows {names} together.")
    raise NoSubscriptionAccepts(
        f"No billing term scheme has an effective price plan in {user.account.currency_id} "
        f"with a rate for {names}."
    )


def _plan(
    request: ActionRequest,
    scheme: BillingTermScheme,
    added: Added,
    account: Account,
    subscription_type: SubscriptionType,
) -> PricePlan | None:
    """Return the plan that prices what is added: that asked for, the default, an allowed one.

    Of those that nobody asked for, a conditional one whose conditions fail is passed over.
    """
    plans: Iterable[PricePlan | None]
    if request.plan is not None:
        plans = [request.plan]
    else:
        plans = [scheme.default_plan, *scheme.plans.order_by("pk")]
    for plan in plans:
        if (
            plan is None
            or plan.currency != account.currency_id
            or plan.state != PlanState.EFFECTIVE
        ):
            continue
        if not _prices(plan, added):
            continue
        if request.plan is not None or _may_choose(
            plan, request, scheme, added, account, subscription_type
        ):
            return plan
    return None


def _may_choose(
    plan: PricePlan,
    request: ActionRequest,
    scheme: BillingTermScheme,
    added: Added,
    account: Account,
    subscription_type: SubscriptionType,
) -> bool:
    if plan.kind != PlanKind.CONDITIONAL:
        return True
    terms = BillingTerms(scheme=scheme, frequency=request.frequency or scheme.default_frequency)
    facts = facts_of_choice(
        account,
        terms,
        subscription_type=subscription_type,
        on=request.performed_on,
        products=[(each.product.pk, each.quantity) for each in added.additions if each.product],
    )
    return not choice_failures(plan, facts)


def _products(added: Added) -> list[Product]:
    services = [each.product for each in added.additions if each.product is not None]
    return [*services, *(each.product for each in added.expenses)]


def _allows(subscription_type: SubscriptionType, added: Added) -> bool:
    return not not_allowed_on(subscription_type, {each.pk for each in _products(added)})


def _prices(plan: PricePlan, added: Added) -> bool:
    priced = {each.product.pk for each in added.additions if each.product and not each.free}
    priced |= {each.product.pk for each in added.expenses if each.price_override is None}
    priced |= {fee.product.pk for fee in added.fees}
    return not without_rate(plan.pk, priced)
