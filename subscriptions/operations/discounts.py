"""Giving a discount to a subscription by hand, deciding about it, and taking it back."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.module_loading import import_string

from config.shared.db import days
from config.shared.operations.numbers import new_number
from pricing.models import AdditiveDiscount, DiscountApplication, DiscountState
from pricing.models.discounts import AMOUNTS, DiscountOption
from pricing.operations.discounts import mark_given
from pricing.queries.discounts import definitions, sold_products
from subscriptions.models import (
    Account,
    GivenDiscount,
    GivenState,
    SubscribedService,
    Subscription,
)
from subscriptions.operations.transitions import CLOSED_STATES
from subscriptions.queries.discount_reasons import reasons_against


class DiscountRefused(Exception):
    """A discount cannot be given as asked; `field` names the form field at fault."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class NotOnOffer(DiscountRefused):
    """The discount is not to be given by hand on that day."""


class NotForThis(DiscountRefused):
    """The discount does not suit the subscription."""


class AlreadyGiven(DiscountRefused):
    """The same discount is there on some of the days."""


class AlreadyDecided(DiscountRefused):
    """Somebody has approved, rejected or withdrawn it."""


class OwnRequest(DiscountRefused):
    """Whoever asks for a discount does not approve it."""


class DiscountChangedHandler(Protocol):
    """Follows what was given; named in settings.DISCOUNT_GIVEN_HANDLERS."""

    def discount_changed(
        self, services: Sequence[SubscribedService], *, account_id: int, from_day: date
    ) -> None:
        """Write in the same transaction; `from_day` is the first day that may cost otherwise."""


@transaction.atomic
def give_discount(
    discount: AdditiveDiscount,
    subscription: Subscription,
    *,
    starts_on: date,
    ends_on: date | None = None,
    service: SubscribedService | None = None,
    reason: str = "",
    by: User | None,
    now: datetime,
) -> GivenDiscount:
    """Give a discount to a subscription, or to one service, from a day up to `ends_on`.

    One that needs approval waits for it and counts for nothing until then. None as the end: as
    long as the discount itself lasts. An amount is for one service, unless it is taken off one-time
    charges alone: those are the subscription's.

    Raises NotOnOffer, NotForThis, AlreadyGiven or DiscountRefused.
    """
    subscription = _locked(subscription)
    discount = AdditiveDiscount.objects.select_for_update(of=("self",), no_key=True).get(
        pk=discount.pk
    )
    _check_offer(discount, starts_on, ends_on)
    services = _services(subscription, service)
    _check_suits(discount, subscription, services, service, on=starts_on)
    period = days(starts_on, ends_on)
    _check_not_given(discount, subscription, service, period)
    waits = discount.needs_approval
    pk, number = new_number(GivenDiscount, "D")
    given = GivenDiscount(
        pk=pk,
        number=number,
        discount=discount,
        subscription=subscription,
        service=service,
        period=period,
        state=GivenState.WAITING if waits else GivenState.GRANTED,
        reason=reason,
        requested_by=by,
        requested_at=now,
        decided_by=None if waits else by,
        decided_at=None if waits else now,
    )
    given.save(force_insert=True)
    mark_given([discount.pk], now=now)
    if not waits:
        _tell(given, starts_on)
    return given


@transaction.atomic
def approve_discount(
    given: GivenDiscount, *, by: User | None, now: datetime, reason: str = ""
) -> GivenDiscount:
    """Grant what somebody else asked for; days already billed are rated again.

    Raises AlreadyDecided or OwnRequest.
    """
    given = _waiting(given)
    if by is not None and given.requested_by_id == by.pk:
        raise OwnRequest(f"{given.number} was asked for by you: somebody else has to approve it.")
    _decide(given, GivenState.GRANTED, by=by, now=now, reason=reason)
    _tell(given, given.period.lower)
    return given


@transaction.atomic
def reject_discount(
    given: GivenDiscount, *, by: User | None, now: datetime, reason: str
) -> GivenDiscount:
    """Refuse what was asked for, with the reason.

    Raises AlreadyDecided or DiscountRefused.
    """
    if not reason.strip():
        raise DiscountRefused("Say why it is rejected.", field="reason")
    given = _waiting(given)
    _decide(given, GivenState.REJECTED, by=by, now=now, reason=reason)
    return given


@transaction.atomic
def withdraw_discount(
    given: GivenDiscount, *, on: date, by: User | None, now: datetime
) -> GivenDiscount:
    """Let a discount count no more from a day on; one that waits is taken back altogether.

    Raises AlreadyDecided.
    """
    _locked(given.subscription)
    given = GivenDiscount.objects.select_for_update(of=("self",)).get(pk=given.pk)
    if given.state not in (GivenState.WAITING, GivenState.GRANTED):
        raise AlreadyDecided(f"{given.number} is {given.get_state_display().lower()}.")
    counted = given.state == GivenState.GRANTED
    given.state = GivenState.WITHDRAWN
    given.withdrawn_on = max(on, given.period.lower) if counted else given.period.lower
    given.withdrawn_by, given.withdrawn_at = by, now
    given.save(update_fields=["state", "withdrawn_on", "withdrawn_by", "withdrawn_at"])
    if counted:
        _tell(given, given.withdrawn_on)
    return given


def _locked(subscription: Subscription) -> Subscription:
    """Lock the account, as every act does, and return the subscription fresh."""
    Account.objects.select_for_update(of=("self",), no_key=True).get(pk=subscription.account_id)
    return Subscription.objects.select_related("account").get(pk=subscription.pk)


def _services(
    subscription: Subscription, service: SubscribedService | None
) -> list[SubscribedService]:
    if subscription.state in CLOSED_STATES:
        raise NotForThis(f"{subscription} is {subscription.get_state_display().lower()}.")
    services = [
        each
        for each in subscription.services.select_related("product").order_by("pk")
        if each.state not in CLOSED_STATES
    ]
    if service is None:
        return services
    mine = [each for each in services if each.pk == service.pk]
    if not mine:
        raise NotForThis(f"{service} is no open service of {subscription}.", field="service")
    return mine


def _check_offer(discount: AdditiveDiscount, starts_on: date, ends_on: date | None) -> None:
    if discount.application != DiscountApplication.AD_HOC:
        raise NotOnOffer(f"{discount} applies by itself: nobody gives it.", field="discount")
    if discount.state != DiscountState.EFFECTIVE:
        raise NotOnOffer(f"{discount} is {discount.get_state_display().lower()}.", field="discount")
    if discount.validity is not None and starts_on not in discount.validity:
        raise NotOnOffer(f"{discount} is not valid on {starts_on:%-d %b %Y}.", field="starts_on")
    if ends_on is not None and ends_on <= starts_on:
        raise DiscountRefused("The last day is before the first.", field="ends_on")


def _check_not_given(
    discount: AdditiveDiscount,
    subscription: Subscription,
    service: SubscribedService | None,
    period: DateRange,
) -> None:
    there = GivenDiscount.objects.filter(
        subscription=subscription,
        discount=discount,
        period__overlap=period,
        state__in=[GivenState.WAITING, GivenState.GRANTED],
    )
    same = there.first() if service is None else there.filter(service__in=[service]).first()
    if same is None and service is not None:
        same = there.filter(service=None).first()
    if same is not None:
        raise AlreadyGiven(
            f"{subscription} has {discount} on some of these days already: {same.number}.",
            field="discount",
        )


def _check_suits(
    discount: AdditiveDiscount,
    subscription: Subscription,
    services: Sequence[SubscribedService],
    service: SubscribedService | None,
    *,
    on: date,
) -> None:
    (rule,) = definitions(AdditiveDiscount.objects.filter(pk=discount.pk))
    is_amount = discount.option in (*AMOUNTS, DiscountOption.FREE_USAGE)
    if service is None and is_amount and rule.is_for_services:
        raise NotForThis("An amount is taken off one service: say which.", field="service")
    currency = subscription.account.currency_id
    if discount.currency and discount.currency != currency:
        raise NotForThis(
            f"{discount} is in {discount.currency}, the account in {currency}.", field="discount"
        )
    sold = sold_products({each.product_id for each in services})
    is_for_some = any(rule.is_for(sold[each.product_id]) for each in services)
    if not (rule.on_once or is_for_some):  # one-time charges are sold later
        what = f"{service.product}" if service else "any service of the subscription"
        raise NotForThis(f"{discount} is not for {what}.", field="discount")
    reasons = reasons_against(discount, subscription, service.pk if service else None, on=on)
    if reasons:
        raise NotForThis(f"{discount} cannot be given: {'; '.join(reasons)}.", field="discount")


def _waiting(given: GivenDiscount) -> GivenDiscount:
    _locked(given.subscription)
    found = (
        GivenDiscount.objects.select_for_update(of=("self",))
        .select_related("subscription", "discount", "service")
        .get(pk=given.pk)
    )
    if found.state != GivenState.WAITING:
        raise AlreadyDecided(f"{found.number} is {found.get_state_display().lower()} already.")
    return found


def _decide(
    given: GivenDiscount, state: GivenState, *, by: User | None, now: datetime, reason: str
) -> None:
    given.state, given.decided_by, given.decided_at = state, by, now
    given.decision_reason = reason
    given.save(update_fields=["state", "decided_by", "decided_at", "decision_reason"])


def _tell(given: GivenDiscount, from_day: date) -> None:
    """Let handlers follow: billing rates the services again from the day on."""
    in_service = given.subscription.services.exclude(first_activated_on=None)
    services = list(in_service.order_by("pk"))
    if given.service_id is not None:
        services = [each for each in services if each.pk == given.service_id]
    for path in settings.DISCOUNT_GIVEN_HANDLERS:
        handler: DiscountChangedHandler = import_string(path)()
        handler.discount_changed(
            services, account_id=given.subscription.account_id, from_day=from_day
        )
