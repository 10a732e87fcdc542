"""The timeline that billing reads: plain values for a chunk of accounts, in five queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple, TypeVar

from django.db.models import Case, F, QuerySet, When

from config.shared.db import among
from subscriptions.models import (
    AddedExpense,
    BillingTerms,
    SchemeProduct,
    ServiceSpell,
    SubscribedService,
)


class ServiceRow(NamedTuple):
    """A service. `bundle_product_id` is the package's product, where it is a component;
    `fee_of_product_id` the product it came with, where it is a dependent fee.
    """

    service_id: int
    number: str
    subscription_id: int
    account_id: int
    product_id: int
    bundle_product_id: int | None
    state: str
    first_activated_on: date | None
    fee_of_product_id: int | None = None

    @property
    def head_product_id(self) -> int:
        """The product that it was sold as, or that it came with."""
        return self.bundle_product_id or self.fee_of_product_id or self.product_id


class SpellRow(NamedTuple):
    """Days `[start, end)` on which a service stood unchanged; `end` None is open."""

    service_id: int
    start: date
    end: date | None
    state: str
    mode: str
    product_id: int
    quantity: Decimal
    price_override: Decimal | None
    account_id: int


class TermsRow(NamedTuple):
    """Billing terms for `[start, end)`, with the flags of their scheme that billing reads.

    `base_plan_id` is the base of a conditional plan, None for a base plan.
    """

    subscription_id: int
    terms_id: int
    start: date
    end: date | None
    scheme_id: int
    scheme_kind: str
    method: str
    prorate: bool
    plan_id: int
    frequency: str
    billing_day: int
    bill_next_term: bool
    agreed_on: date
    binding_start: date | None
    binding_end: date | None = None
    base_plan_id: int | None = None


class ExpenseRow(NamedTuple):
    """A one-time charge; `price_override` is the amount of one."""

    expense_id: int
    subscription_id: int
    account_id: int
    product_id: int
    quantity: Decimal
    price_override: Decimal | None
    incurred_on: date


class ProductTerms(NamedTuple):
    """How a scheme takes a product."""

    timing: str
    exclude_from_deactivation: bool


@dataclass(frozen=True, slots=True)
class Histories:
    """Everything dated about the services of some accounts.

    `services` are ordered by account, subscription, service; `spells` and `terms` by their
    first day, keyed by service (one that was cancelled on its first day has none, an empty list)
    and subscription; `expenses` by subscription, oldest first, without those that still wait for
    their service;
    `products` by scheme and product, for the schemes that occur. `subscription_types` names the
    type of subscriptions that are only planned.
    """

    services: tuple[ServiceRow, ...]
    spells: Mapping[int, list[SpellRow]]
    terms: Mapping[int, list[TermsRow]]
    expenses: Mapping[int, list[ExpenseRow]]
    products: Mapping[tuple[int, int], ProductTerms]
    subscription_types: Mapping[int, int] = field(default_factory=dict)


def histories(
    account_ids: Collection[int], *, service_ids: Collection[int] | None = None
) -> Histories:
    """Return the dated facts about services of the accounts (None: all; else only these).

    What was never in service, a draft or a removed one, is left out.
    """
    services = _services(account_ids, service_ids)
    ids = [row.service_id for row in services]
    subscriptions = {row.subscription_id for row in services}
    expenses = _expenses(account_ids)
    subscriptions |= expenses.keys()
    terms = _terms(subscriptions)
    schemes = {row.scheme_id for rows in terms.values() for row in rows}
    return Histories(services, _spells(ids), terms, expenses, _products(schemes))


def _services(
    account_ids: Collection[int], service_ids: Collection[int] | None
) -> tuple[ServiceRow, ...]:
    rows = SubscribedService.objects.filter(
        subscription__account_id__in=among(account_ids), first_activated_on__isnull=False
    )
    if service_ids is not None:
        rows = rows.filter(pk__in=among(service_ids))
    found = rows.order_by("subscription__account_id", "subscription_id", "pk").values_list(
        "pk",
        "number",
        "subscription_id",
        "subscription__account_id",
        "product_id",
        Case(When(is_fee=False, then=F("parent__product_id"))),
        "state",
        "first_activated_on",
        Case(When(is_fee=True, then=F("parent__product_id"))),
    )
    return tuple(map(ServiceRow._make, found))


def _spells(service_ids: Collection[int]) -> Mapping[int, list[SpellRow]]:
    rows = ServiceSpell.objects.filter(service_id__in=among(service_ids))
    found = rows.order_by("service_id", "period").values_list(
        "service_id",
        "period__startswith",
        "period__endswith",
        "state",
        "mode",
        "product_id",
        "quantity",
        "price_override",
        "account_id",
    )
    return {pk: [] for pk in service_ids} | _by_first(map(SpellRow._make, found))


def _terms(subscription_ids: Collection[int]) -> Mapping[int, list[TermsRow]]:
    rows = BillingTerms.objects.filter(subscription_id__in=among(subscription_ids))
    found = rows.order_by("subscription_id", "period").values_list(
        "subscription_id",
        "pk",
        "period__startswith",
        "period__endswith",
        "scheme_id",
        "scheme__kind",
        "scheme__method",
        "scheme__prorate",
        "plan_id",
        "frequency",
        "billing_day",
        "bill_next_term",
        "agreed_on",
        "binding__startswith",
        "binding__endswith",
        "plan__base_id",
    )
    return _by_first(map(TermsRow._make, found))


def _expenses(account_ids: Collection[int]) -> Mapping[int, list[ExpenseRow]]:
    rows: QuerySet[AddedExpense] = AddedExpense.objects.filter(
        subscription__account_id__in=among(account_ids), incurred_on__isnull=False
    )
    found: dict[int, list[ExpenseRow]] = defaultdict(list)
    for row in rows.order_by("incurred_on", "pk").values_list(
        "pk",
        "subscription_id",
        "subscription__account_id",
        "product_id",
        "quantity",
        "price_override",
        "incurred_on",
    ):
        expense = ExpenseRow._make(row)
        found[expense.subscription_id].append(expense)
    return dict(found)


def _products(scheme_ids: Collection[int]) -> Mapping[tuple[int, int], ProductTerms]:
    rows = SchemeProduct.objects.filter(scheme_id__in=scheme_ids).order_by("pk")
    return {
        (scheme_id, product_id): ProductTerms(timing, excluded)
        for scheme_id, product_id, timing, excluded in rows.values_list(
            "scheme_id", "product_id", "timing", "exclude_from_deactivation"
        )
    }


def last_spell_starts(service_ids: Collection[int]) -> dict[int, date]:
    """Return the first day of the last spell of each service that has one; one query."""
    spells = ServiceSpell.objects.filter(service_id__in=service_ids)
    return dict(
        spells.order_by("service_id", "period").values_list("service_id", "period__startswith")
    )


Row = TypeVar("Row", SpellRow, TermsRow)


def _by_first(rows: Iterable[Row]) -> dict[int, list[Row]]:
    """Return the rows by their first value, the id of what they belong to, in order."""
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row[0]].append(row)
    return dict(found)
