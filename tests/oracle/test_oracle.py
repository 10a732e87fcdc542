"""Reconciliation and the slow calculator agree on random histories."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from billing.kernel.reconcile import Override, ServiceHistory, reconcile
from pricing.kernel.periods import Duration
from pricing.kernel.rates import Basis, Rate
from tests.billing.kernel.strategies import days, deterministic, histories, overrides
from tests.oracle.calculator import (
    Calculator,
    Item,
    Length,
    PlainDecision,
    PlainRate,
    PlainSpell,
    PlainTerms,
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
        rates={key: plain_rate(rate) for key, rate in history.rates.items()},
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
    )


@deterministic()
@given(histories(), st.lists(overrides(), max_size=3), days)
def test_reconcile_charges_what_the_calculator_says(
    history: ServiceHistory, decisions: list[Override], horizon: date
) -> None:
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
