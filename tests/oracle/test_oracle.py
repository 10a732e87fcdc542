"""Reconciliation and the slow calculator agree on random histories."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from billing.kernel.history import BillingMethod, BillMode, Spell, Terms
from billing.kernel.reconcile import Override, ServiceHistory, reconcile
from pricing.kernel.discount_days import DatedDiscount, Recurrence, Renewal
from pricing.kernel.discounts import Discount, DiscountKind
from pricing.kernel.periods import Duration, Period, Unit
from pricing.kernel.rates import Basis, Rate
from pricing.kernel.versions import AnyRate, ConditionalRate
from tests.billing.kernel.strategies import (
    days,
    deterministic,
    discounts,
    histories,
    histories_paid_once,
    near,
    numbered,
    overrides,
    periods,
    rates,
)
from tests.oracle.calculator import Calculator
from tests.oracle.facts import (
    Item,
    Length,
    PlainConditional,
    PlainDecision,
    PlainDiscount,
    PlainRate,
    PlainSpell,
    PlainTerms,
    PlainVisit,
)


def plain_length(length: Duration) -> Length:
    return length.count, length.unit.value


def plain_rate(rate: Rate) -> PlainRate:
    return PlainRate(
        per=plain_length(rate.per),
        amount=Fraction(rate.base_amount),
        phases=[
            (plain_length(phase.duration), phase.times, Fraction(phase.amount))
            for phase in rate.phases
        ],
        after_last=rate.after_last.value,
        flat=rate.basis is Basis.FLAT_FEE,
        setup=Fraction(rate.setup_fee),
    )


def plain_any(rate: AnyRate) -> PlainRate | PlainConditional:
    if isinstance(rate, Rate):
        return plain_rate(rate)
    assert rate.base is not None
    own = None if rate.rate is None else plain_rate(rate.rate)
    return PlainConditional(own, plain_rate(rate.base), plain_periods(rate.holds))


def plain_periods(periods: Iterable[Period]) -> list[tuple[date, date | None]]:
    return [(each.start, each.end) for each in periods]


def plain_discount(dated: DatedDiscount) -> PlainDiscount:
    """Return a discount that is given every cycle, or a free period counted from a day."""
    value = Fraction(dated.discount.value)
    is_amount = dated.discount.kind is DiscountKind.AMOUNT
    start, end = dated.period.start, dated.period.end
    if dated.recurrence.length is not None:
        assert dated.recurrence.renewal is Renewal.NEVER
        assert dated.recurrence.length.day_count is not None
        last = dated.since + timedelta(days=dated.recurrence.length.day_count)
        start, end = max(start, dated.since), min(last, end or last)
    if dated.recurrence.once:
        start = max(start, dated.since)
    kinds = {
        "RECURRING": dated.on_recurring,
        "SETUP": dated.on_setup,
        "ONE_TIME": dated.on_once,
    }
    return PlainDiscount(
        share=Fraction(0) if is_amount else value,
        amount=value if is_amount else Fraction(0),
        start=start,
        end=end,
        products=[7, 8] if dated.product_ids is None else sorted(dated.product_ids),
        holds=[(date.min, None)] if dated.holds is None else plain_periods(dated.holds),
        given=dated.period.start,
        kinds=frozenset(kind for kind, is_for in kinds.items() if is_for),
        once=dated.recurrence.once,
    )


def plain(history: ServiceHistory, decisions: list[Override], horizon: date) -> Calculator:
    """Return the same facts for the calculator, as plain values."""
    assert isinstance(history.rates, dict)
    return Calculator(
        spells=[
            PlainSpell(
                start=spell.period.start,
                end=spell.period.end,
                mode=spell.mode.value,
                product=spell.product_id,
                quantity=Fraction(spell.quantity),
                price=None if spell.price_override is None else Fraction(spell.price_override),
                account=spell.account_id,
            )
            for spell in history.spells
        ],
        terms=[
            PlainTerms(
                start=terms.period.start,
                end=terms.period.end,
                method=terms.method.value,
                billing_day=terms.billing_day,
                frequency=plain_length(terms.frequency),
                prorate=terms.prorate,
                next_term=terms.bill_next_term,
                pre_bill=terms.pre_bill,
                plan=terms.plan_id,
            )
            for terms in history.terms
        ],
        rates={key: plain_any(rate) for key, rate in history.rates.items()},
        decisions=[
            PlainDecision(
                start=decision.period.start,
                end=decision.period.end or date.max,
                kind=decision.kind.value,
                amount=None if decision.amount is None else Fraction(decision.amount),
            )
            for decision in decisions
        ],
        maturity=history.maturity_from,
        horizon=horizon,
        discounts=[plain_discount(each) for each in history.discounts],
        visits=[
            PlainVisit(
                each.source_key,
                each.on,
                each.product_id,
                Fraction(each.quantity),
                Fraction(each.amount),
            )
            for each in history.one_time
        ],
    )


def agree(history: ServiceHistory, decisions: list[Override], horizon: date) -> None:
    """Assert that both charge the same."""
    expected = plain(history, decisions, horizon).items()

    charges = reconcile(history, overrides=decisions, horizon=horizon).charges

    found: list[Item] = [
        (
            each.kind.value,
            each.period.start,
            each.period.end or date.max,
            each.product_id,
            Fraction(each.quantity),
            Fraction(each.amount),
            each.account_id,
        )
        for each in charges
    ]
    assert sorted(found) == expected
    for charge in charges:
        assert charge.steps is None or charge.steps[-1].amount == charge.amount


@deterministic()
@given(histories(), st.lists(overrides(), max_size=3), days)
def test_reconcile_charges_what_the_calculator_says(
    history: ServiceHistory, decisions: list[Override], horizon: date
) -> None:
    agree(history, decisions, horizon)


@deterministic()
@given(
    histories(),
    st.lists(overrides(), max_size=1),
    st.lists(discounts(), max_size=3),
    st.lists(st.tuples(st.none() | rates, periods), min_size=4, max_size=4),
    days,
)
def test_so_it_does_with_discounts_and_conditional_plans(
    history: ServiceHistory,
    decisions: list[Override],
    given_discounts: list[DatedDiscount],
    conditional: list[tuple[Rate | None, tuple[Period, ...]]],
    horizon: date,
) -> None:
    assert isinstance(history.rates, dict)
    plans = list(zip(history.rates.items(), conditional, strict=True))
    mixed: dict[tuple[int, int], AnyRate | None] = {
        key: ConditionalRate(own, base, holds) if holds else base
        for (key, base), (own, holds) in plans
    }
    less = numbered(given_discounts)

    agree(replace(history, rates=mixed, discounts=less), decisions, horizon)


@deterministic()
@given(
    histories_paid_once(),
    st.lists(overrides(near), max_size=1),
    st.lists(discounts(near), min_size=1, max_size=3),
    near | st.just(date(2024, 2, 15)),
)
def test_so_it_does_with_what_is_paid_once(
    history: ServiceHistory,
    decisions: list[Override],
    given_discounts: list[DatedDiscount],
    horizon: date,
) -> None:
    agree(replace(history, discounts=numbered(given_discounts)), decisions, horizon)


def test_criteria_that_hold_later_in_a_cycle_leave_it_as_it_is() -> None:
    start, later = date(2024, 8, 1), date(2024, 9, 2)
    month = Duration(1, Unit.MONTH)
    terms = Terms(
        period=Period(start, None),
        method=BillingMethod.PERIOD,
        billing_day=1,
        frequency=month,
        prorate=True,
        bill_next_term=False,
        pre_bill=True,
        plan_id=1,
    )
    rate = Rate(1, Basis.FLAT_FEE, month, Decimal("31.00"))
    free_day = DatedDiscount(
        discount=Discount(0, DiscountKind.FREE_PERIOD, Decimal(1)),
        name="A day free",
        period=Period(start, None),
        since=later,
        recurrence=Recurrence(Renewal.NEVER, Duration(1, Unit.DAY)),
        holds=(Period(later, None),),
    )
    history = ServiceHistory(
        service_id=9,
        spells=(Spell(Period(start, date(2024, 9, 3)), BillMode.BILL, 7, Decimal(1), None, 5),),
        terms=(terms,),
        rates={(1, 7): rate, (1, 8): rate},
        maturity_from=start,
        coin=Decimal("0.01"),
        discounts=(free_day,),
    )

    agree(history, [], date(2024, 9, 1))
