"""Large populations with COPY: what the operations would write, a hundred thousand in a minute.

`test_seeder.py` pins it, row by row, to what the operations make of the same customers.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Final

from django.contrib.auth.models import User
from django.db import connection, models, transaction

from billing.models import RatingMark
from config.shared.db import copy_rows, take_ids
from pricing.operations.plans import mark_used
from subscriptions.models import (
    Account,
    AccountStatus,
    AccountUser,
    ActionKind,
    ActionState,
    BillingTerms,
    BillMode,
    ServiceSpell,
    ServiceState,
    SubscribedService,
    Subscription,
    SubscriptionAction,
    UserStatus,
)
from subscriptions.operations.accounts import sort_key
from tests.benchmarks.offer import Offer

BILLING_DAY: Final = 1
PAYMENT_TERMS_DAYS: Final = 15
_FIRST_NAMES = ("Άννα", "Maria", "Георгий", "Éloïse", "John", "Σοφία", "Peter")
_FAMILY_NAMES = ("Παπαδοπούλου", "Müller", "Иванов", "Smith", "O'Neill", "Χριστοδούλου")
_CITIES = (("3010", "Limassol"), ("1010", "Nicosia"), ("6020", "Larnaca"), ("8010", "Paphos"))


@dataclass(frozen=True, slots=True)
class Customer:
    """What an account is opened with; its user has the same name and contact details."""

    name: str
    email: str
    phone: str
    street: str
    postal_code: str
    city: str
    country: str = "CY"


def customer(place: int) -> Customer:
    """Return the customer at a place, always the same."""
    postal_code, city = _CITIES[place % len(_CITIES)]
    first = _FIRST_NAMES[place % len(_FIRST_NAMES)]
    return Customer(
        name=f"{first} {_FAMILY_NAMES[place % len(_FAMILY_NAMES)]} {place}",
        email=f"customer{place}@example.com",
        phone=f"99{place:06d}",
        street=f"{place % 180 + 1} Long Street",
        postal_code=postal_code,
        city=city,
    )


@dataclass(frozen=True, slots=True)
class _Ids:
    """Fresh keys; a customer at a place has the keys at that place, and its services follow."""

    accounts: list[int]
    users: list[int]
    subscriptions: list[int]
    services: list[int]
    actions: list[int]

    @classmethod
    def take(cls, count: int, services: int) -> "_Ids":
        return cls(
            take_ids(Account, count),
            take_ids(AccountUser, count),
            take_ids(Subscription, count),
            take_ids(SubscribedService, count * services),
            take_ids(SubscriptionAction, count),
        )


@transaction.atomic
def seed(offer: Offer, count: int, *, on: date, by: User | None, now: datetime) -> None:
    """Make `count` accounts that became subscribers on a day: each takes the whole offer.

    An account, its user, one subscription with its terms, services, spells, the act, and the
    marks that billing starts from.
    """
    if count == 0:
        return
    products = [product.pk for product in offer.products]
    ids = _Ids.take(count, len(products))
    customers = [customer(place) for place in range(count)]
    author = by.pk if by else None
    _copy_accounts(offer, ids, customers, on=on, author=author, now=now)
    _copy_subscriptions(offer, ids, on=on)
    _copy_services(ids, products, on=on)
    _copy_actions(offer, ids, on=on, author=author, now=now)
    mark_used([offer.plan.pk], now=now)


def analyze() -> None:
    """Let the planner know what there is now."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _copy_accounts(
    offer: Offer,
    ids: _Ids,
    customers: Sequence[Customer],
    *,
    on: date,
    author: int | None,
    now: datetime,
) -> None:
    contacts = [asdict(each) for each in customers]
    _copy_tracked(
        Account,
        (
            {
                "id": pk,
                "number": f"A-{pk:06d}",
                "seller_id": offer.seller.pk,
                "sort_name": sort_key(contact["name"]),
                "account_class_id": None,
                "classification_id": None,
                "currency_id": "EUR",
                "status": AccountStatus.ACTIVE.value,
                "status_reason": "",
                "billing_day": BILLING_DAY,
                "payment_terms_days": PAYMENT_TERMS_DAYS,
                "credit_limit": None,
                "grace_until": None,
                "immune": False,
                "taxable": True,
                "exemption_number": "",
                "opened_on": on,
                **contact,
            }
            for pk, contact in zip(ids.accounts, contacts, strict=True)
        ),
        author=author,
        now=now,
    )
    _copy_tracked(
        AccountUser,
        (
            {
                "id": pk,
                "number": f"U-{pk:06d}",
                "account_id": account_id,
                "technology_id": None,
                "status": UserStatus.ACTIVE.value,
                **contact,
            }
            for pk, account_id, contact in zip(ids.users, ids.accounts, contacts, strict=True)
        ),
        author=author,
        now=now,
    )


def _copy_tracked(
    model: type[models.Model],
    rows: Iterable[dict[str, Any]],
    *,
    author: int | None,
    now: datetime,
) -> None:
    """Copy new rows, and of each its first row of history."""
    found = list(rows)
    columns = tuple(found[0])
    copy_rows(model, columns, (tuple(row.values()) for row in found))
    told = ("history_date", "history_change_reason", "history_type", "history_user_id")
    copy_rows(
        model.history.model,
        (*columns, *told),
        ((*row.values(), now, None, "+", author) for row in found),
    )


def _copy_subscriptions(offer: Offer, ids: _Ids, *, on: date) -> None:
    copy_rows(
        Subscription,
        (
            "id",
            "number",
            "account_id",
            "user_id",
            "type_id",
            "state",
            "reason",
            "first_activated_on",
            "created_on",
        ),
        (
            (
                pk,
                f"S-{pk:06d}",
                account_id,
                user_id,
                offer.subscription_type.pk,
                ServiceState.EFFECTIVE.value,
                "",
                on,
                on,
            )
            for pk, account_id, user_id in zip(
                ids.subscriptions, ids.accounts, ids.users, strict=True
            )
        ),
    )
    copy_rows(
        BillingTerms,
        (
            "subscription_id",
            "period",
            "scheme_id",
            "plan_id",
            "frequency",
            "billing_day",
            "bill_next_term",
            "agreed_on",
        ),
        (
            (
                pk,
                f"[{on},)",
                offer.scheme.pk,
                offer.plan.pk,
                offer.scheme.default_frequency,
                BILLING_DAY,
                False,
                on,
            )
            for pk in ids.subscriptions
        ),
    )


def _copy_services(ids: _Ids, products: Sequence[int], *, on: date) -> None:
    width = len(products)
    placed = [
        (pk, place // width, products[place % width]) for place, pk in enumerate(ids.services)
    ]
    copy_rows(
        SubscribedService,
        (
            "id",
            "number",
            "subscription_id",
            "product_id",
            "state",
            "reason",
            "quantity",
            "override_reason",
            "free",
            "first_activated_on",
            "provisioning_values",
        ),
        (
            (
                pk,
                f"V-{pk:06d}",
                ids.subscriptions[at],
                product_id,
                ServiceState.EFFECTIVE.value,
                "",
                1,
                "",
                False,
                on,
                "{}",
            )
            for pk, at, product_id in placed
        ),
    )
    copy_rows(
        ServiceSpell,
        ("service_id", "period", "state", "mode", "product_id", "quantity", "account_id"),
        (
            (
                pk,
                f"[{on},)",
                ServiceState.EFFECTIVE.value,
                BillMode.BILL.value,
                product_id,
                1,
                ids.accounts[at],
            )
            for pk, at, product_id in placed
        ),
    )
    copy_rows(
        RatingMark,
        ("service_id", "account_id", "finished"),
        ((pk, ids.accounts[at], False) for pk, at, _ in placed),
    )


def _request_of(offer: Offer) -> str:
    """Return what the acts keep of their request."""
    return json.dumps(
        {
            "scheme": offer.scheme.code,
            "additions": [
                {
                    "product": product.code,
                    "sales_bundle": None,
                    "choices": {},
                    "quantity": "1",
                    "price_override": None,
                    "override_reason": "",
                    "starts_on": None,
                    "ends_on": None,
                    "draft": False,
                }
                for product in offer.products
            ],
        }
    )


def _copy_actions(offer: Offer, ids: _Ids, *, on: date, author: int | None, now: datetime) -> None:
    asked = _request_of(offer)
    copy_rows(
        SubscriptionAction,
        (
            "id",
            "number",
            "subscription_id",
            "kind",
            "classification",
            "state",
            "performed_on",
            "executed_at",
            "performed_by_id",
            "source",
            "details",
            "comment",
            "outcome",
            "provision",
        ),
        (
            (
                pk,
                f"N-{pk:06d}",
                subscription_id,
                ActionKind.BECOME_SUBSCRIBER.value,
                "CREATE_ACTIVATE_SUBSCRIPTION",
                ActionState.EXECUTED.value,
                on,
                now,
                author,
                "",
                asked,
                "",
                "",
                True,
            )
            for pk, subscription_id in zip(ids.actions, ids.subscriptions, strict=True)
        ),
    )
    width = len(offer.products)
    copy_rows(
        SubscriptionAction.services.through,
        ("subscriptionaction_id", "subscribedservice_id"),
        (
            (ids.actions[place // width], service_id)
            for place, service_id in enumerate(ids.services)
        ),
    )
