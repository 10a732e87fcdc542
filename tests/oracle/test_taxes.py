"""Taxes of documents against the plain opinion, on any lines."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from pricing.kernel.line_taxes import LayeredLine, tax_layers
from pricing.kernel.tax_rules import RuleKind, TaxLayer, TaxRule
from tests.oracle.taxes import PlainLine, PlainTax, tax_plainly

FRACTIONS = {
    name: Decimal(text)
    for name, text in zip("abcdef", ["0.10", "0.0825", "0.19", "0", "0.333", "0.05"], strict=True)
}
VALUES = {
    RuleKind.EVERYTHING: st.just(Decimal(0)),
    RuleKind.PERCENTAGE: st.decimals(0, 1, places=3),
    RuleKind.MONTHLY_EXEMPTION: st.decimals("0.01", 90, places=2),
    RuleKind.MONTHLY_MAXIMUM: st.decimals("0.01", 90, places=2),
}


@st.composite
def documents(draw: st.DrawFn) -> tuple[int, list[LayeredLine]]:
    """Lines in a currency of 0, 2 or 3 digits whose taxes have one rule each."""
    digits = draw(st.sampled_from([0, 2, 3]))
    rules = {
        name: TaxRule(kind, draw(VALUES[kind]))
        for name in FRACTIONS
        for kind in [draw(st.sampled_from(RuleKind))]
    }
    lines = []
    for place in range(draw(st.integers(1, 5))):
        names = draw(st.lists(st.sampled_from("abcdef"), max_size=4, unique=True))
        layers = tuple(
            TaxLayer(name, FRACTIONS[name], draw(st.integers(1, 3)), rules[name]) for name in names
        )
        monthly = any(layer.rule.is_monthly for layer in layers)
        lines.append(
            LayeredLine(
                place,
                draw(st.decimals(-99, 300, places=digits)),
                draw(st.booleans()) and not monthly,
                layers,
                draw(st.booleans()),
            )
        )
    return digits, lines


@given(documents())
def test_documents_with_several_taxes(document: tuple[int, list[LayeredLine]]) -> None:
    digits, lines = document

    found, _ = tax_layers(lines, coin=Decimal(1).scaleb(-digits))

    expected = tax_plainly(
        [
            PlainLine(
                Fraction(line.amount),
                line.tax_inclusive,
                line.per_line,
                [
                    PlainTax(
                        str(layer.key),
                        Fraction(layer.fraction),
                        layer.level,
                        layer.rule.kind.value,
                        Fraction(layer.rule.value),
                    )
                    for layer in line.layers
                ],
            )
            for line in lines
        ],
        digits,
    )
    assert [[Fraction(share.tax) for share in line.shares] for line in found] == expected
