"""Sellers, accounts, schemes and subscriptions for tests: minimal, valid, fixed."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import factory
from django.conf import settings
from factory.django import DjangoModelFactory

from catalog.models import Product
from pricing.models import PricePlan, PricePlanRate
from pricing.operations.plans import add_rate
from subscriptions.models import (
    Account,
    AccountUser,
    ActionKind,
    BillingTermScheme,
    Frequency,
    Seller,
    SubscribedService,
    Subscription,
    SubscriptionAction,
    SubscriptionType,
)
from subscriptions.operations.accounts import create_account, create_user
from subscriptions.operations.actions import ActionRequest, Addition, perform
from subscriptions.operations.schemes import (
    add_product_to_type,
    create_scheme,
    create_subscription_type,
)
from tests.pricing.factories import CurrencyFactory, PricePlanFactory, basis_for


class SellerFactory(DjangoModelFactory):
    """The one seller."""

    class Meta:
        model = Seller
        django_get_or_create = ("code",)

    code = "zx"
    name = "Company ZX"


class AccountFactory(DjangoModelFactory):
    """An account in euros with billing day 1 and one user, through the operation."""

    class Meta:
        model = Account

    name = "Ανδρέας Γεωργίου"
    seller = factory.SubFactory(SellerFactory)
    currency = factory.SubFactory(CurrencyFactory)
    billing_day = 1
    opened_on = date(2025, 1, 1)
    by = None

    @classmethod
    def _create(cls, model_class: type[Account], *args: Any, **kwargs: Any) -> Account:
        return create_account(**kwargs)


class AccountUserFactory(DjangoModelFactory):
    """One more user of an account, through the operation."""

    class Meta:
        model = AccountUser

    account = factory.SubFactory(AccountFactory)
    name = "Summer house"
    by = None

    @classmethod
    def _create(cls, model_class: type[AccountUser], *args: Any, **kwargs: Any) -> AccountUser:
        return create_user(kwargs.pop("account"), **kwargs)


class SchemeFactory(DjangoModelFactory):
    """Monthly on the account's fixed day, prorated, with a plan in euros of its own."""

    class Meta:
        model = BillingTermScheme

    code = factory.Sequence(lambda number: f"scheme-{number}")
    name = factory.LazyAttribute(lambda scheme: scheme.code.replace("-", " ").capitalize())
    frequencies = (Frequency.MONTHLY,)
    default_plan = factory.SubFactory(PricePlanFactory)

    @classmethod
    def _create(
        cls, model_class: type[BillingTermScheme], *args: Any, **kwargs: Any
    ) -> BillingTermScheme:
        return create_scheme(**kwargs)


class SubscriptionTypeFactory(DjangoModelFactory):
    """A type with one scheme and no products."""

    class Meta:
        model = SubscriptionType

    code = factory.Sequence(lambda number: f"subscription-type-{number}")
    name = factory.LazyAttribute(lambda each: each.code.replace("-", " ").capitalize())
    schemes = factory.LazyFunction(lambda: [SchemeFactory()])

    @classmethod
    def _create(
        cls, model_class: type[SubscriptionType], *args: Any, **kwargs: Any
    ) -> SubscriptionType:
        return create_subscription_type(**kwargs)


def noon(day: date) -> datetime:
    """Return noon of a business day as an instant."""
    return datetime.combine(day, time(12), ZoneInfo(settings.OPERATOR_TIME_ZONE))


def offer(
    product: Product,
    *,
    subscription_type: SubscriptionType | None = None,
    plan: PricePlan | None = None,
    price: str | None = "30.00",
) -> SubscriptionType:
    """Allow a product on a subscription type (a new one by default) and return the type.

    The plan (the first scheme's default one) gets a rate of `price` a month for it, once for an
    expense, unless it has one; `price` None leaves it without.
    """
    subscription_type = subscription_type or SubscriptionTypeFactory()
    add_product_to_type(subscription_type, product)
    scheme = subscription_type.schemes.order_by("pk").first()
    plan = plan or scheme.default_plan
    rates = PricePlanRate.objects.filter(plan=plan, product=product, bundle=None)
    if price is not None and not rates.exists():
        add_rate(plan, product=product, basis=basis_for(product), base_amount=Decimal(price))
    return subscription_type


def subscribe(
    product: Product,
    *,
    on: date,
    account: Account | None = None,
    user: AccountUser | None = None,
    scheme: BillingTermScheme | None = None,
    plan: PricePlan | None = None,
    price: str | None = "30.00",
    addition: dict[str, Any] | None = None,
    **request: Any,
) -> SubscribedService:
    """Sell a product to an account's first user on a new subscription, and return the service.

    `price` is what `offer` makes the rate of, where the plan lacks one; `addition` are further
    fields of the Addition, `request` of the ActionRequest (frequency, billing_day, …).
    """
    user = user or (account or AccountFactory()).users.order_by("pk").first()
    scheme = scheme or SchemeFactory()
    subscription_type = SubscriptionTypeFactory(schemes=[scheme])
    offer(product, subscription_type=subscription_type, plan=plan, price=price)
    action = perform(
        ActionRequest(
            kind=ActionKind.BECOME_SUBSCRIBER,
            performed_on=on,
            account_user=user,
            subscription_type=subscription_type,
            scheme=scheme,
            plan=plan,
            additions=(Addition(product, **(addition or {})),),
            **request,
        ),
        now=noon(on),
    )
    return action.subscription.services.select_related("subscription__account").earliest("pk")


def act(
    kind: ActionKind, subscription: Subscription, *, on: date, **request: Any
) -> SubscriptionAction:
    """Perform an act on a subscription at noon of the day."""
    return perform(
        ActionRequest(kind=kind, performed_on=on, subscription=subscription, **request),
        now=noon(on),
    )
