"""Tiers: which one a quantity lies in, and what each rule makes of it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.kernel.tiers import (
    Tier,
    TierRule,
    TierShare,
    TiersNotPossible,
    check_tiers,
    started_blocks,
    tier_of,
    tiered_price,
)

D = Decimal
SET_TOP_BOX = (Tier(D(3), D(99)), Tier(D(6), D(89)), Tier(None, D(59)))


def price(rule: TierRule, quantity: str, tiers: tuple[Tier, ...] = SET_TOP_BOX) -> Decimal:
    return tiered_price(tiers, rule, D(quantity)).amount


@pytest.mark.case("crmcom:P1")
def test_one_tier_without_end_is_a_flat_price() -> None:
    assert price(TierRule.GRADUATED, "2", (Tier(None, D(20)),)) == D(40)


@pytest.mark.parametrize(
    ("quantity", "expected"),
    [
        pytest.param("2", D(198), marks=pytest.mark.case("crmcom:P2")),
        pytest.param("5", D(475), marks=pytest.mark.case("crmcom:P3")),
        pytest.param("10", D(800), marks=pytest.mark.case("crmcom:P4")),
        pytest.param("3", D(297), marks=pytest.mark.case("crmcom:P8")),
        pytest.param("4", D(386), marks=pytest.mark.case("crmcom:P8")),
        pytest.param("6", D(564), marks=pytest.mark.case("crmcom:P8")),
        pytest.param("7", D(623), marks=pytest.mark.case("crmcom:P8")),
    ],
)
def test_graduated_prices_each_slab_by_itself(quantity: str, expected: Decimal) -> None:
    assert price(TierRule.GRADUATED, quantity) == expected


@pytest.mark.parametrize(
    ("quantity", "expected"),
    [
        pytest.param("2", D(198), marks=pytest.mark.case("crmcom:P5")),
        pytest.param("5", D(445), marks=pytest.mark.case("crmcom:P6")),
        pytest.param("10", D(590), marks=pytest.mark.case("crmcom:P7")),
        pytest.param("3", D(297), marks=pytest.mark.case("crmcom:P9")),
        pytest.param("4", D(356), marks=pytest.mark.case("crmcom:P9")),
        pytest.param("6", D(534), marks=pytest.mark.case("crmcom:P9")),
        pytest.param("7", D(413), marks=pytest.mark.case("crmcom:P9")),
    ],
)
def test_volume_prices_everything_in_one_tier(quantity: str, expected: Decimal) -> None:
    assert price(TierRule.VOLUME, quantity) == expected


def test_step_asks_one_amount_and_package_asks_per_started_block() -> None:
    steps = (Tier(D(10), fixed=D(5)), Tier(D(50), fixed=D(20)))
    blocks = (Tier(None, D("2.50"), block=D(100)),)
    assert [price(TierRule.STEP, each, steps) for each in ("0", "10", "10.5", "80")] == [
        D(5),
        D(5),
        D(20),
        D(20),
    ]
    assert [price(TierRule.PACKAGE, each, blocks) for each in ("0", "1", "100", "101")] == [
        D(0),
        D("2.50"),
        D("2.50"),
        D("5.00"),
    ]


def test_a_tier_reached_before_is_the_lowest_and_the_last_is_the_highest() -> None:
    def at(lowest: int) -> int | None:
        return tiered_price(SET_TOP_BOX, TierRule.VOLUME, D(1), lowest_tier=lowest).tier

    assert [at(0), at(1), at(2), at(3)] == [0, 1, 2, 2]


def test_the_share_of_a_step_and_of_a_slab_say_everything() -> None:
    step = tiered_price((Tier(None, fixed=D(5)),), TierRule.STEP, D(7))
    slab = tiered_price((Tier(None, D(2), fixed=D(5)),), TierRule.GRADUATED, D(7))
    assert step.shares == (TierShare(0, D(7), D(0), D(5), D(5)),)
    assert slab.shares == (TierShare(0, D(7), D(2), D(5), D(19)),)


def test_fixed_fees_are_asked_when_a_tier_is_reached() -> None:
    tiers = (Tier(D(10), D(1), fixed=D(3)), Tier(None, D("0.5"), fixed=D(7)))
    assert price(TierRule.GRADUATED, "10", tiers) == D(13)
    assert price(TierRule.GRADUATED, "12", tiers) == D("10") + D(3) + D(1) + D(7)
    assert price(TierRule.VOLUME, "12", tiers) == D(6) + D(7)
    assert price(TierRule.GRADUATED, "0", tiers) == price(TierRule.VOLUME, "0", tiers) == D(0)


def test_the_minimum_charge_raises_the_price_and_says_by_how_much() -> None:
    raised = tiered_price(SET_TOP_BOX, TierRule.VOLUME, D(1), minimum=D(120))
    enough = tiered_price(SET_TOP_BOX, TierRule.VOLUME, D(2), minimum=D(120))
    assert (raised.amount, raised.raised) == (D(120), D(21))
    assert (enough.amount, enough.raised) == (D(198), D(0))


def test_the_shares_say_how_the_price_was_made() -> None:
    found = tiered_price(SET_TOP_BOX, TierRule.GRADUATED, D(5))
    assert [(s.tier, s.units, s.rate, s.amount) for s in found.shares] == [
        (0, D(3), D(99), D(297)),
        (1, D(2), D(89), D(178)),
    ]
    assert found.tier == 1


@pytest.mark.parametrize(
    ("tiers", "row", "message"),
    [
        ((), 0, "Give at least one tier."),
        ((Tier(D(3), D(1)), Tier(D(3), D(2))), 1, "A tier ends above the one before it."),
        ((Tier(D(5), D(1)), Tier(D(3), D(2))), 1, "A tier ends above the one before it."),
        ((Tier(None, D(1)), Tier(D(3), D(2))), 0, "Only the last tier is without end."),
        ((Tier(D(0), D(1)),), 0, "A tier ends above 0."),
        ((Tier(D(3), D(-1)),), 0, "A price is 0 or more."),
        ((Tier(D(3), D(1)), Tier(None, D(1), fixed=D(-1))), 1, "A price is 0 or more."),
        ((Tier(None, D(1), block=D(0)),), 0, "A block holds more than 0 units."),
    ],
)
def test_tiers_that_cannot_price_everything(
    tiers: tuple[Tier, ...], row: int, message: str
) -> None:
    with pytest.raises(TiersNotPossible) as refused:
        check_tiers(tiers)
    assert (refused.value.row, str(refused.value)) == (row, message)


def test_good_tiers_and_quantities_below_zero() -> None:
    check_tiers(SET_TOP_BOX)
    check_tiers((Tier(D("0.5"), D(0)), Tier(D(1), D("0.5"), block=D("0.1"))))
    with pytest.raises(ValueError, match="0 or more, not -1"):
        tiered_price(SET_TOP_BOX, TierRule.VOLUME, D(-1))


QUANTITIES = st.decimals(min_value=0, max_value=1000, places=3)
RATES = st.decimals(min_value=0, max_value=100, places=4)


@st.composite
def tier_lists(draw: st.DrawFn) -> tuple[Tier, ...]:
    bounds = sorted(draw(st.sets(st.integers(1, 500), min_size=0, max_size=5)))
    return tuple(
        Tier(D(bound) if bound is not None else None, draw(RATES), draw(RATES))
        for bound in [*bounds, None]
    )


@given(tier_lists(), QUANTITIES, QUANTITIES)
def test_more_never_costs_less_when_graduated(
    tiers: tuple[Tier, ...], one: Decimal, other: Decimal
) -> None:
    less, more = sorted((one, other))
    low, high = (tiered_price(tiers, TierRule.GRADUATED, each).amount for each in (less, more))
    assert low <= high


@given(tier_lists(), QUANTITIES)
def test_slabs_add_up_to_the_quantity_and_shares_to_the_amount(
    tiers: tuple[Tier, ...], quantity: Decimal
) -> None:
    found = tiered_price(tiers, TierRule.GRADUATED, quantity)
    assert sum((share.units for share in found.shares), D(0)) == quantity
    assert sum((share.amount for share in found.shares), D(0)) == found.amount


@given(tier_lists(), QUANTITIES)
def test_a_quantity_lies_in_the_first_tier_that_reaches_it(
    tiers: tuple[Tier, ...], quantity: Decimal
) -> None:
    place = tier_of(tiers, quantity)
    assert all(tier.up_to is not None and tier.up_to < quantity for tier in tiers[:place])
    top = tiers[place].up_to
    assert top is None or quantity <= top


@given(QUANTITIES, st.decimals(min_value="0.5", max_value=100, places=1))
def test_started_blocks_hold_the_quantity_and_no_block_is_idle(
    quantity: Decimal, block: Decimal
) -> None:
    blocks = started_blocks(quantity, block)
    assert (blocks - 1) * block < quantity <= blocks * block or blocks == quantity == 0
