"""Rates of every basis, with tiers and phases or without, and the slow pricer agree."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from pricing.kernel.money import coin, round_money
from pricing.kernel.periods import Duration, Unit
from pricing.kernel.rates import (
    RECURRING_BASES,
    AfterLast,
    BasePer,
    Basis,
    Phase,
    Rate,
    cycle_amount,
    price_at,
    quantity_amount,
)
from pricing.kernel.tiers import Tier, TierRule
from tests.oracle.pricer import (
    PlainPhase,
    PlainRate,
    PlainTier,
    price_of_cycle,
    round_half_up,
)
from tests.oracle.tally import tried

MATURITY = date(2026, 1, 1)
PRICES = st.decimals(min_value=0, max_value=50, places=10)


def months(count: int) -> Duration:
    return Duration(count, Unit.MONTH)


@st.composite
def tier_lists(draw: st.DrawFn) -> tuple[Tier, ...]:
    bounds = sorted(draw(st.sets(st.decimals("0.1", 8, places=1), max_size=3)))
    blocks = st.sampled_from([Decimal(1), Decimal("0.5"), Decimal(3)])
    return tuple(Tier(bound, draw(PRICES), draw(PRICES), draw(blocks)) for bound in [*bounds, None])


@st.composite
def phase_lists(draw: st.DrawFn, *, tiered: bool) -> tuple[Phase, ...]:
    times = draw(st.lists(st.integers(1, 3), min_size=1, max_size=3))
    times[-1] = draw(st.integers(0, 2))
    return tuple(
        Phase(
            months(draw(st.integers(1, 3))),
            count,
            draw(PRICES),
            draw(tier_lists()) if tiered and draw(st.booleans()) else (),
        )
        for count in times
    )


@st.composite
def rates(draw: st.DrawFn) -> Rate:
    basis = draw(st.sampled_from(Basis))
    may_tier = basis not in {Basis.FLAT_FEE, Basis.MATURITY}
    tiered = may_tier and draw(st.booleans())
    phased = basis in RECURRING_BASES and draw(st.booleans())
    return Rate(
        1,
        basis,
        months(draw(st.integers(1, 4))),
        draw(PRICES),
        draw(phase_lists(tiered=tiered)) if phased else (),
        draw(st.sampled_from(AfterLast)),
        tiers=draw(tier_lists()) if tiered and not phased else (),
        tier_rule=draw(st.sampled_from(TierRule)),
        minimum=draw(PRICES) if may_tier else Decimal(0),
        base_per=draw(st.sampled_from(BasePer)),
    )


def plain_tiers(tiers: tuple[Tier, ...]) -> list[PlainTier]:
    return [
        PlainTier(
            None if tier.up_to is None else Fraction(tier.up_to),
            Fraction(tier.rate),
            Fraction(tier.fixed),
            Fraction(tier.block),
        )
        for tier in tiers
    ]


def plain(rate: Rate) -> PlainRate:
    by_period = rate.basis is Basis.QUANTITY_AND_MATURITY and rate.base_per is BasePer.PERIOD
    return PlainRate(
        months=rate.per.count,
        amount=Fraction(rate.base_amount),
        once=rate.basis is Basis.FLAT_FEE or by_period,
        tiers=plain_tiers(rate.tiers),
        rule=rate.tier_rule.value,
        minimum=Fraction(rate.minimum),
        phases=[
            PlainPhase(
                each.duration.count, each.times, Fraction(each.amount), plain_tiers(each.tiers)
            )
            for each in rate.phases
        ],
        after_last=rate.after_last.value,
    )


@given(
    rates(),
    st.integers(0, 30),
    st.decimals(min_value=0, max_value=9, places=3),
    st.sampled_from([1, 2, 3, 6, 12]),
    st.sampled_from([0, 2, 3]),
)
def test_rates(rate: Rate, month: int, quantity: Decimal, frequency: int, digits: int) -> None:
    day = date(2026 + month // 12, month % 12 + 1, 1)
    expected = price_of_cycle(plain(rate), month, Fraction(quantity), frequency)
    priced = price_at(rate, day, maturity_start=MATURITY, frequency=months(frequency))

    has_tiers = bool(rate.tiers) or any(phase.tiers for phase in rate.phases)
    tried(
        basis=f"{rate.basis.value}{', tiered' if has_tiers else ''}",
        tier_rule=rate.tier_rule.value if has_tiers else "none",
        digits=digits,
        after_the_last_phase=rate.after_last.value if rate.phases else "no phases",
    )
    if priced is None:
        assert expected is None
        return
    found = cycle_amount(rate, priced, quantity)
    assert Fraction(found) == expected
    assert Fraction(round_money(found, coin(digits))) == round_half_up(Fraction(found), digits)
    if not rate.phases:
        once = quantity_amount(rate, rate.base_amount, quantity)
        assert Fraction(once) == price_of_cycle(plain(rate), 0, Fraction(quantity), rate.per.count)
