"""Random histories for the property tests, and the settings that keep them the same every time."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import HealthCheck, settings
from hypothesis import Phase as Step
from hypothesis import strategies as st

from billing.kernel.reconcile import (
    BillingMethod,
    BillMode,
    ChargeKind,
    OneTime,
    Override,
    ServiceHistory,
    Spell,
    Terms,
)
from pricing.kernel.discount_days import ALWAYS, ONCE, DatedDiscount, Recurrence, Renewal
from pricing.kernel.discounts import Discount, DiscountKind
from pricing.kernel.periods import Duration, Period, Unit
from pricing.kernel.rates import AfterLast, Basis, Phase, Rate

FIRST_DAY = date(2024, 1, 1)
DAYS = 500
PRODUCTS, PLANS, ACCOUNTS = (7, 8), (1, 2), (5, 6)


IS_SEEDED = "RATEBOOK_SEEDED" in os.environ


def deterministic(examples: int = 200) -> settings:
    """Return settings under which the same examples are tried every time.

    `make properties` sets RATEBOOK_SEEDED and tries others for every seed.
    """
    return settings(
        max_examples=examples,
        derandomize=not IS_SEEDED,
        deadline=None,
        database=None,
        phases=[Step.explicit, Step.generate, Step.shrink],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


days = st.integers(0, DAYS).map(lambda offset: FIRST_DAY + timedelta(days=offset))
MONTH = Duration(1, Unit.MONTH)
near = st.integers(0, 40).map(lambda offset: FIRST_DAY + timedelta(days=offset))
prices = st.decimals(0, 200, places=2)
lengths = st.sampled_from(
    [
        Duration(1, Unit.MONTH),
        Duration(1, Unit.MONTH),
        Duration(2, Unit.MONTH),
        Duration(3, Unit.MONTH),
        Duration(1, Unit.YEAR),
        Duration(1, Unit.WEEK),
        Duration(10, Unit.DAY),
    ]
)


@st.composite
def spells(draw: st.DrawFn) -> tuple[Spell, ...]:
    """Draw neighbouring spells; the last may be open."""
    found: list[Spell] = []
    day = draw(days)
    for number in range(count := draw(st.integers(1, 6))):
        is_open = number == count - 1 and draw(st.booleans())
        end = None if is_open else day + timedelta(days=draw(st.integers(1, 120)))
        found.append(
            Spell(
                period=Period(day, end),
                mode=draw(st.sampled_from([BillMode.BILL, BillMode.BILL, *BillMode])),
                product_id=draw(st.sampled_from(PRODUCTS)),
                quantity=draw(st.sampled_from([Decimal(1), Decimal(2), Decimal("2.5")])),
                price_override=draw(st.none() | prices),
                account_id=draw(st.sampled_from(ACCOUNTS)),
            )
        )
        day = end or day
    return tuple(found)


@st.composite
def terms(draw: st.DrawFn) -> tuple[Terms, ...]:
    """Draw one to three neighbouring stretches of billing terms, the last one open."""
    cuts = sorted(draw(st.sets(days, max_size=2)))
    starts = [date(2023, 1, 1), *cuts]
    ends = [*cuts, None]
    return tuple(
        Terms(
            period=Period(start, end),
            method=draw(st.sampled_from(BillingMethod)),
            billing_day=draw(st.integers(1, 31)),
            frequency=draw(lengths),
            prorate=draw(st.booleans()),
            bill_next_term=draw(st.booleans()),
            pre_bill=draw(st.booleans()),
            plan_id=draw(st.sampled_from(PLANS)),
        )
        for start, end in zip(starts, ends, strict=True)
    )


phases = st.builds(Phase, duration=lengths, times=st.integers(1, 3), amount=prices)
rates = st.builds(
    Rate,
    rate_id=st.integers(1, 9),
    basis=st.sampled_from([Basis.FLAT_FEE, Basis.QUANTITY, Basis.MATURITY]),
    per=lengths,
    base_amount=prices,
    phases=st.lists(phases, max_size=3).map(tuple),
    after_last=st.sampled_from(AfterLast),
    setup_fee=st.sampled_from([Decimal(0), Decimal("25.00")]),
)


@st.composite
def histories(draw: st.DrawFn) -> ServiceHistory:
    """Draw a service's history under random terms and rates."""
    drawn = draw(spells())
    start = drawn[0].period.start
    return ServiceHistory(
        service_id=9,
        spells=drawn,
        terms=draw(terms()),
        rates={(plan, product): draw(rates) for plan in PLANS for product in PRODUCTS},
        maturity_from=start - timedelta(days=draw(st.sampled_from([0, 0, 0, 5, 40]))),
        coin=Decimal("0.01"),
    )


@st.composite
def overrides(draw: st.DrawFn, among: st.SearchStrategy[date] = days) -> Override:
    """Draw a person's decision on some days, or on the set-up fee."""
    start = draw(among)
    return Override(
        period=Period(start, start + timedelta(days=draw(st.integers(1, 90)))),
        kind=draw(st.sampled_from([ChargeKind.RECURRING, ChargeKind.RECURRING, *ChargeKind])),
        amount=draw(st.none() | prices),
    )


@st.composite
def periods_apart(draw: st.DrawFn, among: st.SearchStrategy[date] = days) -> tuple[Period, ...]:
    """Draw up to three periods that do not overlap; the last may be open."""
    cuts = sorted(draw(st.sets(among, max_size=6)))
    is_open = len(cuts) % 2 == 1
    ends = [*cuts, None] if is_open else list(cuts)
    return tuple(Period(ends[i], ends[i + 1]) for i in range(0, len(ends), 2))


periods = periods_apart()

TAKEN_OFF = (
    (True, False, False),
    (True, False, False),
    (True, True, False),
    (False, True, False),
    (False, False, True),
    (False, False, True),
    (True, True, True),
)
"""Prices for each period, set-up fees, what else is paid once."""


@st.composite
def discounts(draw: st.DrawFn, among: st.SearchStrategy[date] = days) -> DatedDiscount:
    """Draw a share or an amount of every cycle, or a free period; or one that comes once, for what
    is paid once.
    """
    start = draw(among)
    end = draw(st.none() | st.integers(1, 200).map(lambda length: start + timedelta(days=length)))
    kind = draw(
        st.sampled_from([DiscountKind.PERCENTAGE, DiscountKind.AMOUNT, DiscountKind.FREE_PERIOD])
    )
    value, recurrence = Decimal(1), ALWAYS
    if kind is DiscountKind.PERCENTAGE:
        value = draw(st.decimals(0, 1, places=2))
    elif kind is DiscountKind.AMOUNT:
        value = draw(st.decimals(0, 40, places=2))
    else:
        recurrence = Recurrence(Renewal.NEVER, Duration(draw(st.integers(1, 60)), Unit.DAY))
    on_recurring, on_setup, on_once = draw(st.sampled_from(TAKEN_OFF))
    if on_recurring + on_setup + on_once == 1 and not on_recurring and draw(st.integers(0, 2)):
        recurrence = ONCE
    return DatedDiscount(
        discount=Discount(0, kind, value),
        name="Discount",
        period=Period(start, end),
        since=start + timedelta(days=draw(st.sampled_from([0, 0, 20]))),
        recurrence=recurrence,
        product_ids=draw(st.sampled_from([None, frozenset({7}), frozenset({7, 8})])),
        holds=draw(st.none() | periods_apart(among)),
        on_recurring=on_recurring,
        on_setup=on_setup,
        on_once=on_once,
    )


def numbered(given: list[DatedDiscount]) -> tuple[DatedDiscount, ...]:
    """Return the discounts with keys of their own."""
    return tuple(
        replace(each, discount=replace(each.discount, key=number))
        for number, each in enumerate(given)
    )


@st.composite
def visit(draw: st.DrawFn) -> OneTime:
    """Draw what is paid once."""
    return OneTime(
        source_key=draw(st.sampled_from(["job:1", "job:2", "job:3", "job:4"])),
        product_id=draw(st.sampled_from([7, 7, 7, 8])),
        quantity=Decimal(1),
        amount=draw(st.sampled_from(["0.00", "0.05", "40.00", "99.99"]).map(Decimal)),
        on=draw(near),
    )


@st.composite
def histories_paid_once(draw: st.DrawFn) -> ServiceHistory:
    """Draw a service with a set-up fee, and visits about its first day."""
    visits = st.lists(visit(), min_size=2, max_size=3, unique_by=lambda each: each.source_key)
    rate = Rate(3, Basis.MATURITY, MONTH, Decimal("31.00"), setup_fee=draw(prices))
    start = draw(near)
    return ServiceHistory(
        service_id=9,
        spells=(Spell(Period(start, None), BillMode.BILL, 7, Decimal(1), None, 5),),
        terms=(
            Terms(
                period=Period(FIRST_DAY, None),
                method=BillingMethod.PERIOD,
                billing_day=1,
                frequency=MONTH,
                prorate=True,
                bill_next_term=False,
                pre_bill=True,
                plan_id=1,
            ),
        ),
        rates={(1, 7): rate},
        maturity_from=start,
        coin=Decimal("0.01"),
        one_time=tuple(draw(visits)),
    )


@st.composite
def edits(draw: st.DrawFn) -> tuple[date, Spell]:
    """Draw a change: the day it holds from, and how the service stands then."""
    (spell, *_) = draw(spells())
    return draw(days), spell


def edited(given: ServiceHistory, day: date, after: Spell) -> ServiceHistory:
    """Return the history in which the service stands as `after` from `day` on."""
    kept = []
    for spell in given.spells:
        before = spell.period.intersection(Period(date.min, day))
        if before is not None:
            kept.append(replace(spell, period=before))
    return replace(given, spells=(*kept, replace(after, period=Period(day, None))))
