"""What is asked of a subscription, and what is planned and done about it: plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import User

from catalog.models import Product, SalesBundle
from pricing.models import PricePlan
from subscriptions.models import (
    Account,
    AccountUser,
    ActionKind,
    AddedExpense,
    BillingTerms,
    BillingTermScheme,
    BillMode,
    ServiceState,
    SubscribedService,
    Subscription,
    SubscriptionAction,
    SubscriptionType,
)

Choices = tuple[tuple[Product, int], ...]
"""Products chosen for a flexible bundle, with how many of each."""


@dataclass(frozen=True, slots=True)
class Addition:
    """A product to put on a subscription, or (no product) a sales bundle to expand.

    `starts_on` None is the day of the act; a later day makes a draft that opens by itself, an
    earlier one bills from that day. `ends_on` is the day after the last day of service.
    `price_override` replaces the plan's price of one rate period and needs a reason. `draft`
    waits for an activation. A `sales_bundle` beside a product only says where it came from.
    `choices` are the components chosen for a flexible bundle, with how many of each; what always
    comes need not be named.
    """

    product: Product | None = None
    quantity: Decimal = Decimal(1)
    price_override: Decimal | None = None
    override_reason: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    draft: bool = False
    free: bool = False
    provisioning_values: Mapping[str, Any] = field(default_factory=dict)
    sales_bundle: SalesBundle | None = None
    choices: Choices = ()


@dataclass(frozen=True, slots=True)
class ExpenseAddition:
    """A one-time charge to put on a subscription; `price_override` is the amount of one.

    One that comes with a service as its fee names the place of that service's change: it `waits`
    for a draft to open, and is the `waiting` row when it does. `incurred_on` None is the day of
    the act.
    """

    product: Product
    quantity: Decimal = Decimal(1)
    price_override: Decimal | None = None
    parent: int | None = None
    waits: bool = False
    incurred_on: date | None = None
    waiting: AddedExpense | None = None


@dataclass(frozen=True, slots=True)
class ActionRequest:
    """An act asked for. `performed_on` is the business day from which it holds.

    Become subscriber reads `account_user`, `subscription_type`, `scheme` and what deviates from
    the scheme (`plan`, `frequency`, `billing_day`, `bill_next_term`, `agreed_on`); all others read
    `subscription`. No `services` means the whole subscription. `reopens_on` is for Deactivate,
    `ends_on` for Set end date (None takes the end date away), `choices` for Amend bundle services:
    all that the one bundle in `services` shall have beside what always comes. With
    `scheduled_for` the act is only noted down; the nightly run performs it on that day. `source`
    names the run or program where there is no person. `provision` off: nothing is sent to
    providers.
    """

    kind: ActionKind
    performed_on: date
    by: User | None = None
    subscription: Subscription | None = None
    account_user: AccountUser | None = None
    subscription_type: SubscriptionType | None = None
    scheme: BillingTermScheme | None = None
    plan: PricePlan | None = None
    frequency: str | None = None
    billing_day: int | None = None
    bill_next_term: bool | None = None
    agreed_on: date | None = None
    services: tuple[SubscribedService, ...] = ()
    additions: tuple[Addition, ...] = ()
    expenses: tuple[ExpenseAddition, ...] = ()
    classification: str = ""
    comment: str = ""
    provision: bool = True
    source: str = ""
    scheduled_for: date | None = None
    state_reason: str = ""
    reopens_on: date | None = None
    ends_on: date | None = None
    choices: Choices = ()


@dataclass(frozen=True, slots=True)
class Change:
    """What an act does to one service: from which state to which, and from which day.

    `service` is None while a new service is only planned. `mode` is how billing takes the days
    `[from_day, until_day)`; None where no days follow, because the service ends or is a draft.
    `bundle` is the package a component belongs to, `fee_of` the product that a dependent fee comes
    with, `parent` the place of their own change in the same tuple, where this act adds them;
    `under` is the service of a package that was there before its new component.
    """

    product: Product
    quantity: Decimal
    old_state: ServiceState | None
    new_state: ServiceState
    from_day: date
    until_day: date | None = None
    service: SubscribedService | None = None
    reason: str = ""
    mode: BillMode | None = None
    price_override: Decimal | None = None
    free: bool = False
    bundle: Product | None = None
    fee_of: Product | None = None
    parent: int | None = None
    under: SubscribedService | None = None
    addition: Addition | None = None


@dataclass(frozen=True, slots=True)
class PlannedAction:
    """A checked act, before anything is written: what handlers check and preview.

    `terms` are those that hold on the day of the act; not saved yet for Become subscriber.
    `terms_changed` says that performing writes them. `subscription` is None for Become subscriber.
    """

    request: ActionRequest
    account: Account
    subscription: Subscription | None
    terms: BillingTerms
    terms_changed: bool
    changes: tuple[Change, ...]
    expenses: tuple[ExpenseAddition, ...]


@dataclass(frozen=True, slots=True)
class PerformedAction:
    """An act as written: what handlers apply. Every change has its saved service."""

    request: ActionRequest
    action: SubscriptionAction
    account: Account
    subscription: Subscription
    terms: BillingTerms
    changes: tuple[Change, ...]
    expenses: tuple[AddedExpense, ...]
    now: datetime


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """A line of what an act will do; `amount` is gross, None where the line is not about money."""

    text: str
    amount: Decimal | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """What an act will do, for the person who confirms it."""

    lines: tuple[PreviewLine, ...]
