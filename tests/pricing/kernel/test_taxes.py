"""Tax is rounded once per document and rate; the lines add up to it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.kernel.taxes import GroupTax, TaxedLine, TaxMode, tax_document

CENT = Decimal("0.01")
RATES = {"vat": Decimal("0.20"), "reduced": Decimal("0.10"), "texas": Decimal("0.0825")}


def line(key: int, amount: str, rate: str = "texas", *, inclusive: bool = False) -> TaxedLine:
    return TaxedLine(key, Decimal(amount), inclusive, rate)


@pytest.mark.parametrize(
    ("base", "tax"),
    [
        pytest.param("100.00", "8.25", marks=pytest.mark.case("billmax:X0")),
        pytest.param("49.95", "4.12", marks=pytest.mark.case("billmax:X0b")),
    ],
)
def test_tax_is_added_to_a_net_line(base: str, tax: str) -> None:
    assert tax_document([line(1, base)], RATES, CENT).tax == Decimal(tax)


@pytest.mark.case("billmax:X5")
def test_tax_per_line_is_rounded_on_every_line() -> None:
    lines = [line(1, "9.99"), line(2, "9.99"), line(3, "9.99")]

    taxed = tax_document(lines, RATES, CENT, TaxMode.LINE)

    assert [each.tax for each in taxed.lines] == [Decimal("0.82")] * 3
    assert (taxed.net, taxed.tax) == (Decimal("29.97"), Decimal("2.46"))


@pytest.mark.case("billmax:X6")
def test_tax_per_document_is_rounded_on_the_sum() -> None:
    lines = [line(1, "9.99"), line(2, "9.99"), line(3, "9.99")]

    taxed = tax_document(lines, RATES, CENT)

    assert (taxed.net, taxed.tax) == (Decimal("29.97"), Decimal("2.47"))
    assert [each.tax for each in taxed.lines] == [Decimal("0.83"), Decimal("0.82"), Decimal("0.82")]


@pytest.mark.case("crmcom:C5")
def test_a_net_price_with_ten_percent_tax() -> None:
    taxed = tax_document([line(1, "5.00", "reduced")], RATES, CENT)

    assert (taxed.net, taxed.tax, taxed.gross) == (
        Decimal("5.00"),
        Decimal("0.50"),
        Decimal("5.50"),
    )


def test_inclusive_lines_keep_their_gross() -> None:
    lines = [line(1, "9.99", "vat", inclusive=True), line(2, "9.99", "vat", inclusive=True)]

    taxed = tax_document(lines, RATES, CENT)

    assert [each.gross for each in taxed.lines] == [Decimal("9.99"), Decimal("9.99")]
    assert (taxed.gross, taxed.tax, taxed.net) == (
        Decimal("19.98"),
        Decimal("3.33"),
        Decimal("16.65"),
    )


def test_each_rate_is_a_group_of_its_own() -> None:
    lines = [line(1, "10.00", "vat"), line(2, "10.00", "reduced"), line(3, "5.00", "vat")]

    taxed = tax_document(lines, RATES, CENT)

    assert taxed.groups == (
        GroupTax("vat", RATES["vat"], Decimal("15.00"), Decimal("3.00"), Decimal("18.00")),
        GroupTax("reduced", RATES["reduced"], Decimal("10.00"), Decimal("1.00"), Decimal("11.00")),
    )
    assert [each.key for each in taxed.lines] == [1, 2, 3]


def test_a_credit_note_mirrors_its_invoice() -> None:
    amounts = ["9.99", "0.03", "17.41"]

    invoice = tax_document([line(i, each) for i, each in enumerate(amounts)], RATES, CENT)
    credit = tax_document([line(i, f"-{each}") for i, each in enumerate(amounts)], RATES, CENT)

    assert [each.tax for each in credit.lines] == [-each.tax for each in invoice.lines]


def test_an_unknown_rate_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown tax rate"):
        tax_document([line(1, "1.00", "customs")], RATES, CENT)


@given(
    st.lists(
        st.builds(
            TaxedLine,
            key=st.integers(),
            amount=st.decimals(-500, 500, places=2),
            tax_inclusive=st.booleans(),
            rate_key=st.sampled_from(sorted(RATES)),
        ),
        max_size=10,
    ),
    st.sampled_from(TaxMode),
)
def test_lines_groups_and_document_add_up(lines: list[TaxedLine], mode: TaxMode) -> None:
    taxed = tax_document(lines, RATES, CENT, mode)

    assert taxed.net + taxed.tax == taxed.gross
    for given_line, each in zip(lines, taxed.lines, strict=True):
        kept = each.gross if given_line.tax_inclusive else each.net
        assert kept == given_line.amount
        assert each.net + each.tax == each.gross
    for group in taxed.groups:
        members = [each for each in taxed.lines if each.rate_key == group.rate_key]
        assert sum(each.tax for each in members) == group.tax
