"""Several taxes on a line: levels, rules, and where tax is rounded."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.kernel.line_taxes import LayeredLine, LayeredTax, tax_layers
from pricing.kernel.tax_rules import MonthSum, RuleKind, TaxLayer, TaxRule
from pricing.kernel.taxes import TaxedLine, tax_document

D = Decimal
CENT = D("0.01")
STATE, COUNTY, CITY, TEXAS, INTERNET, REDUCED = range(1, 7)
TEN_AND_FIVE = (TaxLayer(STATE, D("0.10")), TaxLayer(CITY, D("0.05"), level=2))
EXEMPT_25 = TaxRule(RuleKind.MONTHLY_EXEMPTION, D(25))


def line(
    amount: str, *layers: TaxLayer, inclusive: bool = False, per_line: bool = False
) -> LayeredLine:
    return LayeredLine("line", D(amount), inclusive, layers, per_line)


def taxed(*lines: LayeredLine) -> list[LayeredTax]:
    return tax_layers(lines, coin=CENT)[0]


@pytest.mark.case("billmax:X7")
def test_a_tax_of_the_second_level_is_charged_on_the_first_too() -> None:
    (found,) = taxed(line("100.00", *TEN_AND_FIVE))

    assert [(share.base, share.tax) for share in found.shares] == [
        (D("100.00"), D("10.00")),
        (D("110.00"), D("5.50")),
    ]
    assert (found.net, found.tax, found.gross) == (D("100.00"), D("15.50"), D("115.50"))


def test_layers_keep_their_order_and_their_own_rules() -> None:
    layers = (
        TaxLayer(CITY, D("0.05"), level=2),
        TaxLayer(STATE, D("0.10"), rule=EXEMPT_25),
        TaxLayer(COUNTY, D("0.02")),
    )

    (found,), months = tax_layers(
        [line("40.00", *layers)], coin=CENT, months={STATE: MonthSum(D(20))}
    )

    assert [(share.layer.key, share.taxed, share.tax) for share in found.shares] == [
        (CITY, D("44.30"), D("2.22")),
        (STATE, D("35.00"), D("3.50")),
        (COUNTY, D("40.00"), D("0.80")),
    ]
    assert months == {STATE: MonthSum(D("60.00"), D("35.00"))}


def test_a_third_level_is_charged_on_both_below_it() -> None:
    (found,) = taxed(
        line("100.00", *(TaxLayer(level, D("0.10"), level=level) for level in (1, 2, 3)))
    )

    assert [share.base for share in found.shares] == [D("100.00"), D("110.00"), D("121.00")]


def test_all_taxes_are_taken_out_of_a_price_that_holds_them() -> None:
    (found,) = taxed(line("115.50", *TEN_AND_FIVE, inclusive=True))

    assert (found.net, found.gross) == (D("100.00"), D("115.50"))
    assert [share.tax for share in found.shares] == [D("10.00"), D("5.50")]


def test_two_taxes_of_a_level_are_taken_out_together_before_the_next_is_added() -> None:
    levels = [TaxLayer(STATE, D("0.10")), TaxLayer(COUNTY, D("0.05"))]

    (found,) = taxed(line("126.50", *levels, TaxLayer(CITY, D("0.10"), 2), inclusive=True))

    assert found.net == D("100.00")
    assert [share.tax for share in found.shares] == [D("10.00"), D("5.00"), D("11.50")]


def test_lines_that_ask_for_it_are_rounded_by_themselves() -> None:
    tax = TaxLayer(TEXAS, D("0.0825"))

    found = taxed(*(line("9.99", tax, per_line=True) for _ in range(3)))

    assert [each.tax for each in found] == [D("0.82")] * 3


def test_the_lines_of_a_document_use_up_an_exemption_in_their_order() -> None:
    tax = TaxLayer(INTERNET, D("0.0825"), rule=EXEMPT_25)

    found = taxed(line("20.00", tax), line("20.00", tax))

    assert [each.tax for each in found] == [D("0.00"), D("1.24")]


def test_a_share_of_a_price_that_holds_its_tax() -> None:
    tax = TaxLayer(REDUCED, D("0.25"), rule=TaxRule(RuleKind.PERCENTAGE, D("0.8")))

    (found,) = taxed(line("120.00", tax, inclusive=True))

    assert (found.net, found.tax) == (D("100.00"), D("20.00"))
    assert found.shares[0].taxed == D("80.000")


def test_a_price_cannot_hold_a_tax_that_hangs_on_the_month() -> None:
    with pytest.raises(ValueError, match="under a monthly rule"):
        taxed(line("40.00", TaxLayer(INTERNET, D("0.0825"), rule=EXEMPT_25), inclusive=True))


AMOUNTS = st.decimals(min_value=-200, max_value=200, places=2)
FRACTIONS = st.sampled_from([D("0.05"), D("0.0825"), D("0.19"), D(0)])
RULES = st.one_of(
    st.just(TaxRule()),
    st.builds(TaxRule, st.just(RuleKind.PERCENTAGE), st.sampled_from([D("0.9"), D("0.333")])),
)
LAYERS = st.lists(
    st.builds(TaxLayer, st.sampled_from("abc"), FRACTIONS, st.integers(1, 3), RULES),
    max_size=3,
    unique_by=lambda layer: layer.key,
).map(tuple)
LINES = st.lists(
    st.builds(LayeredLine, st.integers(), AMOUNTS, st.booleans(), LAYERS, st.booleans()),
    max_size=5,
)


@given(LINES, st.sampled_from([CENT, D(1), D("0.001")]))
def test_parts_add_up_and_what_was_asked_stays(lines: list[LayeredLine], coin: Decimal) -> None:
    rounded = [
        LayeredLine(each.key, each.amount.quantize(coin), each.tax_inclusive, each.layers)
        for each in lines
    ]

    found, _ = tax_layers(rounded, coin=coin)

    for each, result in zip(rounded, found, strict=True):
        assert result.net + sum((share.tax for share in result.shares), D(0)) == result.gross
        assert (result.gross if each.tax_inclusive else result.net) == each.amount
        assert all(share.tax == share.tax.quantize(coin) for share in result.shares)
        assert result.tax == result.tax.quantize(coin)


@given(st.lists(st.tuples(AMOUNTS, st.booleans(), FRACTIONS), max_size=6))
def test_one_whole_tax_a_line_is_what_a_plain_document_has(
    lines: list[tuple[Decimal, bool, Decimal]],
) -> None:
    layered, _ = tax_layers(
        [
            LayeredLine(place, amount, inclusive, (TaxLayer(fraction, fraction),))
            for place, (amount, inclusive, fraction) in enumerate(lines)
        ],
        coin=CENT,
    )
    plain = tax_document(
        [
            TaxedLine(place, amount, inclusive, fraction)
            for place, (amount, inclusive, fraction) in enumerate(lines)
        ],
        {fraction: fraction for _, _, fraction in lines},
        CENT,
    )

    assert [each[:4] for each in layered] == [
        (each.key, each.net, each.tax, each.gross) for each in plain.lines
    ]
