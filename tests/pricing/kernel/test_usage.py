"""Usage: samples reduced to one number, and what that number costs."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest

from pricing.kernel.tiers import Tier
from pricing.kernel.usage import (
    Direction,
    Reduction,
    Sample,
    Style,
    UsagePlan,
    UsagePrice,
    price_usage,
    reduce_samples,
)

D = Decimal
RATED = (Tier(D(10), D("1.00")), Tier(D(50), D("0.80")), Tier(D(100), D("0.50")))
FIXED = (
    Tier(D(10), fixed=D("5.00")),
    Tier(D(50), fixed=D("20.00")),
    Tier(D(100), fixed=D("35.00")),
)
PLANS = (
    UsagePlan(Style.LINEAR, unit_price=D("0.60")),
    UsagePlan(Style.LINEAR, unit_price=D("0.60"), free_units=D(10)),
    UsagePlan(Style.STEP_RATE, tiers=RATED),
    UsagePlan(Style.STEP_FIXED, tiers=FIXED),
    UsagePlan(Style.MARGINAL, tiers=RATED),
)
SAMPLES = (Sample(D(4), D(1)), Sample(D(6), D(2)), Sample(D(10), D(9)))


def case(number: int, units: str, *amounts: str) -> object:
    return pytest.param(units, amounts, marks=pytest.mark.case(f"billmax:U{number}"), id=units)


@pytest.mark.parametrize(
    ("units", "amounts"),
    [
        case(1, "0", "0.00", "0.00", "0.00", "5.00", "0.00"),
        case(2, "5", "3.00", "0.00", "5.00", "5.00", "5.00"),
        case(3, "9.999", "6.00", "0.00", "10.00", "5.00", "10.00"),
        case(4, "10", "6.00", "0.00", "10.00", "5.00", "10.00"),
        case(5, "10.5", "6.30", "0.30", "8.40", "20.00", "10.40"),
        case(6, "49.9", "29.94", "23.94", "39.92", "20.00", "41.92"),
        case(7, "50", "30.00", "24.00", "40.00", "20.00", "42.00"),
        case(8, "75", "45.00", "39.00", "37.50", "35.00", "54.50"),
        case(9, "99.5", "59.70", "53.70", "49.75", "35.00", "66.75"),
        case(10, "100", "60.00", "54.00", "50.00", "35.00", "67.00"),
        case(11, "120", "72.00", "66.00", "60.00", "35.00", "77.00"),
    ],
)
def test_what_each_style_asks(units: str, amounts: tuple[str, ...]) -> None:
    found = [
        price_usage(plan, D(units)).amount.quantize(D("0.01"), ROUND_HALF_UP) for plan in PLANS
    ]
    assert found == [D(amount) for amount in amounts]


@pytest.mark.parametrize(
    ("down", "expected"),
    [
        pytest.param("no", D("2.50"), marks=pytest.mark.case("billmax:U12")),
        pytest.param("yes", D("5.00"), marks=pytest.mark.case("billmax:U13")),
    ],
)
def test_a_tier_once_reached(down: str, expected: Decimal) -> None:
    plan = UsagePlan(Style.STEP_RATE, tiers=RATED, can_go_down=down == "yes")
    first = price_usage(plan, D(75))
    assert first.tier == 2
    assert price_usage(plan, D(5), highest_tier=first.tier).amount == expected


@pytest.mark.parametrize(
    ("reduction", "direction", "expected"),
    [
        pytest.param(Reduction.SUM, Direction.IN, 20, marks=pytest.mark.case("billmax:U14")),
        pytest.param(Reduction.SUM, Direction.OUT, 12, marks=pytest.mark.case("billmax:U15")),
        pytest.param(Reduction.SUM, Direction.BOTH, 32, marks=pytest.mark.case("billmax:U16")),
        pytest.param(Reduction.SUM, Direction.LARGER, 20, marks=pytest.mark.case("billmax:U17")),
        pytest.param(Reduction.PERCENTILE, Direction.IN, 10, marks=pytest.mark.case("billmax:U18")),
        (Reduction.MAXIMUM, Direction.BOTH, 19),
        (Reduction.AVERAGE, Direction.OUT, 4),
    ],
)
def test_samples_become_one_number(
    reduction: Reduction, direction: Direction, expected: int
) -> None:
    assert reduce_samples(SAMPLES, reduction, direction) == expected


def test_percentiles_are_those_of_the_nearest_rank() -> None:
    samples = [Sample(D(units)) for units in range(1, 21)]

    def at(percentile: str) -> Decimal:
        return reduce_samples(samples, Reduction.PERCENTILE, Direction.IN, percentile=D(percentile))

    assert [at("95"), at("95.1"), at("100"), at("5"), at("0.1")] == [19, 20, 20, 1, 1]
    with pytest.raises(ValueError, match="above 0 and at most 100"):
        at("0")
    with pytest.raises(ValueError, match="above 0 and at most 100"):
        at("100.1")


def test_the_larger_direction_is_found_at_the_percentile_asked_for() -> None:
    samples = [Sample(D(units), D(units) * 2) for units in range(1, 11)]
    found = reduce_samples(samples, Reduction.PERCENTILE, Direction.LARGER, percentile=D(50))
    assert found == 10


def test_the_price_says_how_it_was_made() -> None:
    linear = price_usage(PLANS[1], D(12))
    marginal = price_usage(PLANS[4], D(12))
    assert linear == UsagePrice(D("1.20"), D(2), None, ())
    assert (marginal.charged_units, marginal.tier) == (D(12), 1)
    assert [share.amount for share in marginal.shares] == [D("10.00"), D("1.60")]


def test_sums_of_nothing_are_decimals() -> None:
    assert isinstance(price_usage(PLANS[4], D(0)).amount, Decimal)
    assert price_usage(UsagePlan(Style.STEP_RATE, tiers=RATED, can_go_down=False), D(5)).tier == 0


def test_nothing_measured_is_nothing_used() -> None:
    assert reduce_samples([], Reduction.AVERAGE, Direction.LARGER) == 0
    with pytest.raises(ValueError, match="usage is 0 or more"):
        price_usage(PLANS[0], D(-1))
