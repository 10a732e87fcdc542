"""Tax rules: how much of a charge is taxed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.kernel.money import round_money
from pricing.kernel.tax_rules import MonthSum, RuleKind, TaxRule, taxable_part

D = Decimal
CENT = D("0.01")
RATE = D("0.0825")
EXEMPT_25 = TaxRule(RuleKind.MONTHLY_EXEMPTION, D(25))


def taxed(rule: TaxRule, *amounts: str) -> list[tuple[Decimal, Decimal]]:
    """Return the taxable part and the tax of each amount of a month, one after the other."""
    found = []
    month = MonthSum()
    for each in amounts:
        part = taxable_part(D(each), rule, month)
        month = month.plus(D(each), part)
        found.append((part, round_money(part * RATE, CENT)))
    return found


@pytest.mark.case("billmax:X1")
def test_an_exemption_leaves_the_first_of_the_month_untaxed() -> None:
    assert taxed(EXEMPT_25, "40.00") == [(D("15.00"), D("1.24"))]


@pytest.mark.case("billmax:X1b")
def test_an_exemption_is_used_up_over_the_month() -> None:
    assert taxed(EXEMPT_25, "20.00", "20.00") == [(D(0), D(0)), (D("15.00"), D("1.24"))]


@pytest.mark.case("billmax:X1c")
def test_a_return_gives_back_what_the_sale_was_taxed() -> None:
    sale, back = taxed(EXEMPT_25, "40.00", "-20.00")

    assert sale[1] == D("1.24")
    assert sale[1] + back[1] == D("0.00")


@pytest.mark.case("billmax:X2")
def test_a_percentage_taxes_a_share() -> None:
    assert taxed(TaxRule(RuleKind.PERCENTAGE, D("0.9")), "40.00") == [(D("36.00"), D("2.97"))]


@pytest.mark.case("billmax:X3")
def test_a_maximum_taxes_no_more_than_so_much_a_month() -> None:
    rule = TaxRule(RuleKind.MONTHLY_MAXIMUM, D(25))

    assert taxed(rule, "40.00") == [(D("25.00"), D("2.06"))]
    assert [part for part, _ in taxed(rule, "20.00", "20.00", "5.00")] == [D(20), D(5), D(0)]


def test_a_month_not_named_began_with_nothing() -> None:
    assert taxable_part(D(40), EXEMPT_25) == D(15)


def test_a_whole_share_is_a_percentage() -> None:
    assert taxable_part(D(40), TaxRule(RuleKind.PERCENTAGE, D(1))) == D(40)


def test_what_was_taxed_too_much_is_made_up_for_but_never_beyond_the_amount() -> None:
    month = MonthSum(base=D(20), taxed=D(15))

    assert taxable_part(D(10), EXEMPT_25, month) == D(0)
    assert taxable_part(D(30), EXEMPT_25, month) == D(10)
    assert taxable_part(D(-10), EXEMPT_25, month) == D(-10)


def test_rules_that_make_no_sense() -> None:
    with pytest.raises(ValueError, match="at most 100, not 110"):
        TaxRule(RuleKind.PERCENTAGE, D("1.1"))
    with pytest.raises(ValueError, match="0 or more, not -1"):
        TaxRule(RuleKind.MONTHLY_MAXIMUM, D(-1))


SUMS = st.decimals(min_value=0, max_value=200, places=2)
RULES = st.builds(
    TaxRule,
    st.sampled_from([RuleKind.MONTHLY_EXEMPTION, RuleKind.MONTHLY_MAXIMUM]),
    SUMS,
)


@given(RULES, SUMS, st.lists(SUMS, max_size=6))
def test_a_month_is_taxed_the_same_in_one_document_or_in_many(
    rule: TaxRule, before: Decimal, amounts: list[Decimal]
) -> None:
    start = MonthSum(before, rule.taxable_of(before))
    month, parts = start, D(0)
    for each in amounts:
        part = taxable_part(each, rule, month)
        month, parts = month.plus(each, part), parts + part

    assert parts == taxable_part(sum(amounts, D(0)), rule, start)


@given(RULES, SUMS, SUMS)
def test_a_sale_and_its_return_leave_no_tax(
    rule: TaxRule, before: Decimal, amount: Decimal
) -> None:
    start = MonthSum(before, rule.taxable_of(before))

    sale = taxable_part(amount, rule, start)

    assert sale + taxable_part(-amount, rule, start.plus(amount, sale)) == 0
    assert 0 <= sale <= amount
