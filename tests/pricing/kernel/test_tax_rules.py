"""Tax rules: how much is taxed, taxes on taxes, and rates that change inside a period."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.kernel.money import round_money
from pricing.kernel.periods import Period
from pricing.kernel.tax_rules import (
    DatedFraction,
    RuleKind,
    TaxLayer,
    TaxRule,
    layered_taxes,
    parts_by_rate,
    taxable_part,
)

D = Decimal
CENT = D("0.01")
RATE = D("0.0825")
EXEMPT_25 = TaxRule(RuleKind.MONTHLY_EXEMPTION, D(25))


def taxed(rule: TaxRule, *amounts: str) -> list[tuple[Decimal, Decimal]]:
    """Return the taxable part and the tax of each amount of a month, one after the other."""
    found = []
    month_sum = D(0)
    for each in amounts:
        part = taxable_part(D(each), rule, month_sum=month_sum)
        month_sum += D(each)
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


@pytest.mark.case("billmax:X7")
def test_a_tax_of_the_second_level_is_charged_on_the_first_too() -> None:
    layers = [TaxLayer("state", D("0.10")), TaxLayer("city", D("0.05"), level=2)]
    found = layered_taxes(D("100.00"), layers, coin=CENT)
    assert [(each.base, each.tax) for each in found] == [
        (D("100.00"), D("10.00")),
        (D("110.00"), D("5.50")),
    ]


def test_layers_keep_their_order_and_their_own_rules() -> None:
    layers = [
        TaxLayer("city", D("0.05"), level=2),
        TaxLayer("state", D("0.10"), rule=EXEMPT_25),
        TaxLayer("county", D("0.02")),
    ]
    found = layered_taxes(D("40.00"), layers, coin=CENT, month_sums={"state": D(20)})
    assert [(each.key, each.base, each.tax) for each in found] == [
        ("city", D("44.30"), D("2.22")),
        ("state", D("35.00"), D("3.50")),
        ("county", D("40.00"), D("0.80")),
    ]


def test_a_third_level_is_charged_on_both_below_it() -> None:
    layers = [TaxLayer(level, D("0.10"), level=level) for level in (1, 2, 3)]
    found = layered_taxes(D("100.00"), layers, coin=CENT)
    assert [each.base for each in found] == [D("100.00"), D("110.00"), D("121.00")]


def test_a_month_not_named_began_with_nothing() -> None:
    (found,) = layered_taxes(D("40.00"), [TaxLayer("vat", RATE, rule=EXEMPT_25)], coin=CENT)
    assert found.base == D("15.00")


def test_a_whole_share_is_a_percentage() -> None:
    assert taxable_part(D(40), TaxRule(RuleKind.PERCENTAGE, D(1))) == D(40)


@pytest.mark.case("billmax:X8")
def test_a_tax_that_begins_inside_the_period_takes_the_days_after() -> None:
    january = Period(date(2026, 1, 1), date(2026, 2, 1))
    versions = [DatedFraction(Period(date(2026, 1, 16), None), RATE)]
    untaxed, part = parts_by_rate(D("31.00"), january, versions, coin=CENT)
    assert (untaxed[1], untaxed[2]) == (D("15.00"), D(0))
    assert part[1] == D("16.00")
    assert round_money(part[1] * part[2], CENT) == D("1.32")


def test_parts_by_rate_add_up_whatever_the_versions() -> None:
    period = Period(date(2026, 1, 1), date(2026, 1, 4))
    versions = [
        DatedFraction(Period(date(2025, 1, 1), date(2026, 1, 2)), D("0.19")),
        DatedFraction(Period(date(2026, 1, 2), date(2026, 1, 3)), D("0.20")),
    ]
    parts = parts_by_rate(D("10.00"), period, versions, coin=CENT)
    assert [(amount, fraction) for _, amount, fraction in parts] == [
        (D("3.33"), D("0.19")),
        (D("3.33"), D("0.20")),
        (D("3.34"), D(0)),
    ]


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
    month_sum, parts = before, D(0)
    for each in amounts:
        parts += taxable_part(each, rule, month_sum=month_sum)
        month_sum += each
    assert parts == taxable_part(sum(amounts, D(0)), rule, month_sum=before)


@given(RULES, SUMS, SUMS)
def test_a_sale_and_its_return_leave_no_tax(
    rule: TaxRule, before: Decimal, amount: Decimal
) -> None:
    sale = taxable_part(amount, rule, month_sum=before)
    assert sale + taxable_part(-amount, rule, month_sum=before + amount) == 0
    assert 0 <= sale <= amount
