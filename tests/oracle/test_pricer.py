"""The pricing kernels and the slow pricer agree on random inputs."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from pricing.kernel.discounts import Discount, DiscountKind, apply_discounts
from pricing.kernel.money import coin, round_money
from pricing.kernel.tax_rules import MonthSum, RuleKind, TaxRule, taxable_part
from pricing.kernel.tiers import Tier, TierRule, tiered_price
from pricing.kernel.usage import Direction, Reduction, Sample, reduce_samples
from pricing.kernel.voice import DeckEntry, TimeBand, price_call
from tests.oracle.pricer import (
    PlainBand,
    PlainTier,
    after_discounts,
    month_tax,
    percentile_of,
    price_in_tiers,
    price_of_call,
    round_half_up,
)
from tests.oracle.tally import tried

MONDAY = datetime.fromisoformat("2026-03-02")
RATES = st.decimals(min_value=0, max_value=50, places=10)
MONEY = st.decimals(min_value=0, max_value=900, places=2)
DIGITS = st.sampled_from([0, 2, 3])


@st.composite
def tier_lists(draw: st.DrawFn) -> tuple[Tier, ...]:
    bounds = sorted(draw(st.sets(st.decimals("0.1", 8, places=1), max_size=4)))
    has_end = draw(st.booleans()) and bounds
    return tuple(
        Tier(bound, draw(RATES), draw(RATES), draw(st.sampled_from([Decimal(1), Decimal("0.5")])))
        for bound in [*bounds, *([] if has_end else [None])]
    )


@given(
    tier_lists(),
    st.sampled_from(TierRule),
    st.decimals(min_value=0, max_value=10, places=3),
    DIGITS,
)
def test_tiers(tiers: tuple[Tier, ...], rule: TierRule, quantity: Decimal, digits: int) -> None:
    tried(tier_rule=rule.value, digits=digits)
    plain = [
        PlainTier(
            None if tier.up_to is None else Fraction(tier.up_to),
            Fraction(tier.rate),
            Fraction(tier.fixed),
            Fraction(tier.block),
        )
        for tier in tiers
    ]
    expected = price_in_tiers(plain, rule.value, Fraction(quantity))
    found = tiered_price(tiers, rule, quantity).amount
    assert Fraction(found) == expected
    assert Fraction(round_money(found, coin(digits))) == round_half_up(expected, digits)


@given(
    MONEY,
    st.lists(st.decimals(min_value=0, max_value=1, places=4), max_size=4),
    st.lists(MONEY, max_size=3),
    st.sampled_from([(1, 1), (17, 31), (1, 28)]),
)
def test_discounts(
    price: Decimal, percentages: list[Decimal], amounts: list[Decimal], part: tuple[int, int]
) -> None:
    days, cycle = part
    # A part that decimals hold exactly, so that both sides mean the same.
    share = (Decimal(days) / cycle).quantize(Decimal("0.0001"))
    discounts = [Discount(i, DiscountKind.PERCENTAGE, each) for i, each in enumerate(percentages)]
    discounts += [Discount(("a", i), DiscountKind.AMOUNT, each) for i, each in enumerate(amounts)]
    expected = after_discounts(
        Fraction(price),
        [Fraction(each) for each in percentages],
        [Fraction(each) for each in amounts],
        Fraction(share),
    )
    assert Fraction(apply_discounts(price, discounts, part=share).amount) == expected


@given(
    seconds=st.integers(0, 900),
    minimum=st.sampled_from([0, 30, 60]),
    step=st.sampled_from([1, 6, 60]),
    rate=RATES,
    fee=MONEY,
    start=st.integers(0, 7 * 86400 - 1),
    bands=st.lists(
        st.tuples(
            st.sets(st.integers(0, 6), min_size=1),
            st.integers(0, 1439),
            st.integers(1, 1440),
            RATES,
        ).filter(lambda band: band[1] < band[2]),
        max_size=3,
    ),
)
def test_calls(
    *,
    seconds: int,
    minimum: int,
    step: int,
    rate: Decimal,
    fee: Decimal,
    start: int,
    bands: list[tuple[set[int], int, int, Decimal]],
) -> None:
    entry = DeckEntry(
        "1",
        "",
        rate,
        minimum,
        step,
        fee,
        tuple((str(place), band[3]) for place, band in enumerate(bands)),
    )
    found = price_call(
        entry,
        seconds,
        started_at=MONDAY + timedelta(seconds=start),
        bands=[
            TimeBand(str(place), frozenset(days), first, last)
            for place, (days, first, last, _) in enumerate(bands)
        ],
    )
    assert found.amount == price_of_call(
        seconds,
        minimum,
        step,
        Fraction(rate),
        Fraction(fee),
        weekday=start // 86400,
        second_of_day=start % 86400,
        bands=[
            PlainBand(frozenset(days), first, last, Fraction(price))
            for days, first, last, price in bands
        ],
    )


@given(
    st.lists(st.decimals(min_value=0, max_value=100, places=2), min_size=1, max_size=40),
    st.decimals(min_value="0.1", max_value=100, places=1),
)
def test_percentiles(values: list[Decimal], percent: Decimal) -> None:
    found = reduce_samples(
        [Sample(value) for value in values],
        Reduction.PERCENTILE,
        Direction.IN,
        percentile=percent,
    )
    expected = percentile_of([Fraction(value) for value in values], Fraction(percent))
    assert Fraction(found) == expected


@given(
    st.lists(st.decimals(min_value=0, max_value=30, places=2), max_size=5),
    st.sampled_from([RuleKind.MONTHLY_EXEMPTION, RuleKind.MONTHLY_MAXIMUM]),
    st.decimals(min_value=0, max_value=60, places=3),
)
def test_tax_rules(amounts: list[Decimal], kind: RuleKind, value: Decimal) -> None:
    rule = TaxRule(kind, value)
    month = MonthSum()
    found = []
    for amount in amounts:
        part = taxable_part(amount, rule, month)
        month = month.plus(amount, part)
        found.append(Fraction(part))
    expected = month_tax([Fraction(each) for each in amounts], kind.value, Fraction(value))
    assert found == expected
