"""Default tax rates of types: exactly one applied a code, copied to new products only."""

from datetime import date

import pytest

from catalog.operations.products import create_product
from pricing.models import ProductTax, ProductTypeTax, TaxRate
from pricing.operations.taxes import add_tax_rate, create_tax_code
from pricing.operations.type_taxes import (
    TypeTaxRow,
    WrongTypeTax,
    give_type_taxes,
    set_type_taxes,
)
from pricing.queries.taxes import taxes_of_product
from tests.catalog.factories import ProductFactory, ProductTypeFactory
from tests.pricing.factories import vat, vat_rate

pytestmark = pytest.mark.django_db
NEW_YEAR = date(2026, 1, 1)


def taxes_of(product) -> list[tuple[str, bool]]:
    rows = ProductTax.objects.filter(product=product).order_by("tax_rate__name")
    return list(rows.values_list("tax_rate__name", "applied"))


def test_a_new_product_gets_the_rates_of_its_type_and_others_keep_theirs() -> None:
    of_type = ProductTypeFactory()
    before = ProductFactory(type=of_type)
    set_type_taxes(
        of_type, [TypeTaxRow(vat_rate("0.10"), applied=True), TypeTaxRow(vat_rate("0.05"))]
    )

    product = create_product(code="NEW", type=of_type)

    assert taxes_of(product) == [("VAT 10 %", True), ("VAT 5 %", False)]
    assert taxes_of(before) == []


def test_the_only_rate_of_a_code_is_applied() -> None:
    of_type = ProductTypeFactory()

    set_type_taxes(of_type, [TypeTaxRow(vat_rate("0.10"))])

    assert ProductTypeTax.objects.get().applied


def test_another_rate_is_applied_in_its_place() -> None:
    of_type = ProductTypeFactory()
    ten, five = vat_rate("0.10"), vat_rate("0.05")
    set_type_taxes(of_type, [TypeTaxRow(ten, applied=True), TypeTaxRow(five)])

    set_type_taxes(of_type, [TypeTaxRow(ten), TypeTaxRow(five, applied=True)])
    set_type_taxes(of_type, [TypeTaxRow(five, applied=True)])

    assert [row.tax_rate for row in ProductTypeTax.objects.filter(applied=True)] == [five]
    kinds = ProductTypeTax.history.order_by("history_id").values_list("history_type", flat=True)
    assert "".join(kinds) == "++~~-"


def test_rows_at_fault_are_named() -> None:
    of_type = ProductTypeFactory()
    ten, five = vat_rate("0.10"), vat_rate("0.05")
    empty = add_tax_rate(
        create_tax_code(code="other", name="Other"), code="none", name="None", starts_on=NEW_YEAR
    )

    def refusal(*rows: TypeTaxRow) -> tuple[int, str, str]:
        with pytest.raises(WrongTypeTax) as refused:
            set_type_taxes(of_type, rows)
        return refused.value.row, refused.value.field, str(refused.value)

    assert refusal(TypeTaxRow(ten, applied=True), TypeTaxRow(five, applied=True)) == (
        1,
        "applied",
        "Apply one rate of VAT only: VAT 10 % is applied already.",
    )
    assert refusal(TypeTaxRow(ten), TypeTaxRow(five)) == (
        0,
        "applied",
        "Apply one of the rates of VAT.",
    )
    assert refusal(TypeTaxRow(ten, applied=True), TypeTaxRow(ten)) == (
        1,
        "tax_rate",
        "The type already has this rate.",
    )
    assert refusal(TypeTaxRow(empty)) == (0, "tax_rate", "None has no percentage yet.")
    assert not ProductTypeTax.objects.exists()


def test_products_without_rates_are_given_those_of_the_type() -> None:
    of_type = ProductTypeFactory()
    bare, taxed, other = (
        ProductFactory(type=of_type),
        ProductFactory(type=of_type),
        ProductFactory(),
    )
    vat(taxed, "0.05")
    set_type_taxes(of_type, [TypeTaxRow(vat_rate("0.10"))])

    count = give_type_taxes(of_type, by=None)

    assert count == 1
    assert [taxes_of(product) for product in (bare, taxed, other)] == [
        [("VAT 10 %", True)],
        [("VAT 5 %", True)],
        [],
    ]
    assert ProductTax.history.filter(product_id=bare.pk).count() == 1


def test_rows_that_the_type_has_too_are_inherited() -> None:
    of_type = ProductTypeFactory()
    ten: TaxRate = vat_rate("0.10")
    product = ProductFactory(type=of_type)
    vat(product, "0.10")
    own = taxes_of_product(product, on=NEW_YEAR)[0].inherited

    set_type_taxes(of_type, [TypeTaxRow(ten)])

    assert (own, taxes_of_product(product, on=NEW_YEAR)[0].inherited) == (False, True)
