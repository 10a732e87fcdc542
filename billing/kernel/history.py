"""What reconciliation reads and answers: the values of `billing.kernel.reconcile`.

Everything is dated and plain: ids are the database's, periods half-open, money `Decimal` in
major currency units, net or gross as the rate says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from pricing.kernel.discount_days import DatedDiscount
from pricing.kernel.periods import Duration, Period
from pricing.kernel.steps import Step
from pricing.kernel.versions import AnyRate

RateOf = Callable[[int, int], AnyRate | None] | Mapping[tuple[int, int], AnyRate | None]
"""The rate of (price plan id, product id); None, if given on purpose, means free of charge."""


class BillMode(StrEnum):
    """What a spell of a service means for its charges."""

    BILL = "BILL"  # its days are charged
    KEEP = "KEEP"  # no new charge, but the cycle that was running keeps its charge
    NONE = "NONE"  # its days are not charged


class BillingMethod(StrEnum):
    """Where the cycles of billing terms begin (BillMax: billing models)."""

    PERIOD = "PERIOD"  # a fixed day of the month
    ANNIVERSARY = "ANNIVERSARY"  # the day of the first start, given as billing day
    ASYNCHRONOUS = "ASYNCHRONOUS"  # each service's own first day


class ChargeKind(StrEnum):
    """The kinds of rated items that come from a service's history."""

    RECURRING = "RECURRING"
    SETUP = "SETUP"
    ONE_TIME = "ONE_TIME"


@dataclass(frozen=True, slots=True)
class Spell:
    """Days on which a service stood unchanged.

    `price_override` replaces the plan's price of one rate period and unit; None keeps it.
    """

    period: Period
    mode: BillMode
    product_id: int
    quantity: Decimal
    price_override: Decimal | None
    account_id: int


@dataclass(frozen=True, slots=True)
class Terms:
    """Billing terms in force on the days of `period`.

    `billing_day` is 1..31; `pre_bill` charges a cycle when it starts, otherwise when it has
    ended; `prorate` False charges a first part of a cycle at the full price; `bill_next_term`
    charges the first full cycle together with the part before it (pre-billed terms only).
    """

    period: Period
    method: BillingMethod
    billing_day: int
    frequency: Duration
    prorate: bool
    bill_next_term: bool
    pre_bill: bool
    plan_id: int


@dataclass(frozen=True, slots=True)
class OneTime:
    """An amount to be charged once, on a day. `account_id` None: who pays on that day."""

    source_key: str
    product_id: int
    quantity: Decimal
    amount: Decimal
    on: date
    tax_inclusive: bool = False
    rate_id: int | None = None
    account_id: int | None = None


@dataclass(frozen=True, slots=True)
class ServiceHistory:
    """All dated facts that decide what one service is charged.

    Spells do not overlap, nor do terms. `maturity_from` is the day price phases count from;
    inside a first part of a cycle it moves on to the first full cycle. `coin` is the currency's
    smallest amount. `charge_setup` False: the set-up fee is not asked for. `discounts` apply in
    their order. `explained`: all recurring charges come with their steps, plain ones too.
    """

    service_id: int
    spells: tuple[Spell, ...]
    terms: tuple[Terms, ...]
    rates: RateOf
    maturity_from: date
    coin: Decimal
    one_time: tuple[OneTime, ...] = ()
    charge_setup: bool = True
    discounts: tuple[DatedDiscount, ...] = ()
    explained: bool = False


@dataclass(frozen=True, slots=True)
class Override:
    """A person's decision on the charges of a kind: this amount, or (None) nothing.

    It holds for the days of `period`: a charge is cut at its bounds, and an amount is shared by
    days if only a part of them is charged. A SETUP decision holds wherever the fee falls.
    `source_key` narrows it to one charge. Of several, the last given wins.
    """

    period: Period
    kind: ChargeKind
    amount: Decimal | None
    source_key: str | None = None


@dataclass(frozen=True, slots=True)
class Rated:
    """A live rated item: neither reversed nor a reversal."""

    item_id: int
    kind: ChargeKind
    period: Period
    source_key: str
    product_id: int
    quantity: Decimal
    amount: Decimal
    account_id: int


class Charge(NamedTuple):  # made several times faster than a frozen dataclass
    """An item to be rated.

    `cycle` is what `rate_amount` is the unrounded price of, quantity included; `amount` is the
    rounded price of `period`. `source_key` is empty for RECURRING (its days are its identity),
    `setup:<service id>` for SETUP. `steps` lead to the amount; None where they are no more than
    the rate's base amount, quantity and days.
    """

    kind: ChargeKind
    period: Period
    cycle: Period
    source_key: str
    product_id: int
    quantity: Decimal
    rate_amount: Decimal
    amount: Decimal
    tax_inclusive: bool
    rate_id: int | None
    account_id: int
    steps: tuple[Step, ...] | None = None


@dataclass(frozen=True, slots=True)
class Reversal:
    """A live item that no longer holds."""

    item_id: int


class Reconciled(NamedTuple):
    """The difference between what should be rated and what is.

    `charges` by kind of source and day. `rated_up_to` is the first day not yet rated, for the
    service's mark; None if nothing was ever due.
    """

    charges: tuple[Charge, ...]
    reversals: tuple[Reversal, ...]
    rated_up_to: date | None
