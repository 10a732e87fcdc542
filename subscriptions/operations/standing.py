"""Where the account and subscription of a request stand now, read with or without locks."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from subscriptions.models import (
    Account,
    AccountStatus,
    AccountUser,
    ActionKind,
    BillingTerms,
    SubscribedService,
    Subscription,
    UserStatus,
)
from subscriptions.operations.refusals import (
    AccountClosed,
    IncompleteRequest,
    SubscriptionClosed,
)
from subscriptions.operations.requests import ActionRequest
from subscriptions.operations.transitions import CLOSED_STATES


@dataclass(frozen=True, slots=True)
class Standing:
    """What an act starts from; `subscription` is None where the act makes it.

    `services` are all of the subscription's, by primary key, with product and type; `terms` by
    their days, with scheme and plan.
    """

    account: Account
    user: AccountUser
    subscription: Subscription | None = None
    terms: tuple[BillingTerms, ...] = ()
    services: tuple[SubscribedService, ...] = ()


def read_standing(request: ActionRequest, *, lock: bool) -> Standing:
    """Read afresh what the request is about; the objects in it may be stale.

    `lock` takes the account first, then the subscription, then its services by primary key:
    whoever acts on the same account waits, and nobody deadlocks. Billing locks accounts alike.

    Raises IncompleteRequest, AccountClosed or SubscriptionClosed.
    """
    if request.kind == ActionKind.BECOME_SUBSCRIBER:
        if request.account_user is None:
            raise IncompleteRequest("Say which user becomes a subscriber.")
        standing = Standing(
            _account(request.account_user.account_id, lock=lock),
            AccountUser.objects.get(pk=request.account_user.pk),
        )
    else:
        if request.subscription is None:
            raise IncompleteRequest("Say which subscription this is about.")
        standing = _subscription_standing(request.subscription, lock=lock)
    _refuse_closed(standing)
    return standing


def terms_on(terms: tuple[BillingTerms, ...], day: date) -> BillingTerms:
    """Return the terms that hold on the day; before the first ones these, after the last those."""
    found = terms[0]
    for each in terms:
        if each.period.lower <= day:
            found = each
    return found


def _account(account_id: int, *, lock: bool) -> Account:
    accounts = Account.objects.all()
    if lock:
        accounts = accounts.select_for_update(of=("self",), no_key=True)
    return accounts.get(pk=account_id)


def _subscription_standing(subscription: Subscription, *, lock: bool) -> Standing:
    account = _account(subscription.account_id, lock=lock)
    subscriptions = Subscription.objects.select_related("user", "type")
    services = SubscribedService.objects.select_related("product__type", "parent__product")
    if lock:
        subscriptions = subscriptions.select_for_update(of=("self",), no_key=True)
        services = services.select_for_update(of=("self",), no_key=True)
    found = subscriptions.get(pk=subscription.pk)
    terms = BillingTerms.objects.filter(subscription=found).select_related("scheme", "plan")
    return Standing(
        account,
        found.user,
        found,
        tuple(terms.order_by("period", "pk")),
        tuple(services.filter(subscription=found).order_by("pk")),
    )


def _refuse_closed(standing: Standing) -> None:
    if standing.account.status == AccountStatus.CLOSED:
        raise AccountClosed(f"Account {standing.account.number} is closed.")
    if standing.user.status == UserStatus.CLOSED:
        raise AccountClosed(f"User {standing.user.number} is closed.")
    subscription = standing.subscription
    if subscription is not None and subscription.state in CLOSED_STATES:
        raise SubscriptionClosed(
            f"Subscription {subscription.number} is {subscription.get_state_display().lower()}."
        )


def lock_accounts(account_ids: Collection[int]) -> None:
    """Lock the accounts in key order until the transaction ends; one query.

    For runs: an act on one of them takes the same lock first, and waits.
    """
    rows = Account.objects.filter(pk__in=account_ids).order_by("pk")
    list(rows.select_for_update(of=("self",), no_key=True).values_list("pk"))
