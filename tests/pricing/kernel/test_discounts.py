"""Discounts: percentages of the price after the plan, then amounts, never below zero."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.kernel.discounts import Discount, DiscountKind, apply_discounts, free_units

D = Decimal


def percent(value: str, key: str = "p") -> Discount:
    return Discount(key, DiscountKind.PERCENTAGE, D(value) / 100)


def amount(value: str, key: str = "a") -> Discount:
    return Discount(key, DiscountKind.AMOUNT, D(value))


@pytest.mark.case("crmcom:A7")
def test_a_percentage_acts_on_the_price_after_the_plans_discount() -> None:
    assert apply_discounts(D("100.00") - D("10.00"), [percent("20")]).amount == D("72.00")


@pytest.mark.case("crmcom:A8")
@pytest.mark.parametrize(
    "order", [[percent("20"), amount("10.00")], [amount("10.00"), percent("20")]]
)
def test_percentages_come_before_amounts_in_whatever_order_given(order: list[Discount]) -> None:
    found = apply_discounts(D("100.00"), order)
    assert found.amount == D("70.00")
    assert [share.key for share in found.shares] == [each.key for each in order]


def test_percentages_add_up_and_do_not_compound() -> None:
    assert apply_discounts(D(100), [percent("10"), percent("20", "q")]).amount == D(70)


def test_an_amount_is_prorated_with_its_charge() -> None:
    assert apply_discounts(D(17), [amount("3.10")], part=D(17) / D(31)).amount == D("15.3")


def test_nothing_falls_below_zero_and_the_last_discount_gets_what_is_left() -> None:
    found = apply_discounts(D(50), [amount("30", "a"), amount("30", "b"), percent("50", "p")])
    assert found.amount == 0
    assert [(share.key, share.amount) for share in found.shares] == [
        ("a", D(25)),
        ("b", D(0)),
        ("p", D(25)),
    ]


@pytest.mark.case("crmcom:A9")
def test_free_usage_is_taken_off_the_units() -> None:
    charged, free = free_units(D(3), [Discount("f", DiscountKind.FREE_USAGE, D(2))])
    assert (charged * D("5.00"), free) == (D("5.00"), D(2))
    assert free_units(D(1), [Discount("f", DiscountKind.FREE_USAGE, D(2))]) == (D(0), D(1))


def test_without_free_usage_nothing_is_free() -> None:
    charged, free = free_units(D(3), [percent("20")])
    assert (charged, free) == (D(3), D(0))
    assert isinstance(free, Decimal)


def test_discounts_that_make_no_sense() -> None:
    with pytest.raises(ValueError, match="at most 100, not 101"):
        percent("101")
    with pytest.raises(ValueError, match="0 or more, not -1"):
        amount("-1")
    with pytest.raises(ValueError, match="a price of 0 or more"):
        apply_discounts(D(-1), [])


MONEY = st.decimals(min_value=0, max_value=10_000, places=4)
GIVEN = st.lists(
    st.one_of(
        st.decimals(min_value=0, max_value=100, places=2).map(lambda v: percent(str(v))),
        MONEY.map(lambda v: amount(str(v))),
    ),
    max_size=5,
)


@given(MONEY, GIVEN)
def test_what_is_left_and_what_was_taken_add_up(price: Decimal, discounts: list[Discount]) -> None:
    found = apply_discounts(price, discounts)
    assert found.amount >= 0
    assert found.amount + sum((share.amount for share in found.shares), D(0)) == price
    assert all(share.amount >= 0 for share in found.shares)
