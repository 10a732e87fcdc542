"""Tax codes, dated percentages, and the one rate of a code that a product applies."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from config.shared.db import days
from pricing.kernel.tax_rules import TaxLayer
from pricing.models import ProductTax, TaxRate, TaxRateVersion
from pricing.operations.taxes import (
    NoPercentageYet,
    OneRateApplied,
    PercentageInForce,
    TaxCodeTaken,
    WrongPercentage,
    add_tax_rate,
    create_tax_code,
    remove_product_tax,
    set_percentage,
    set_product_tax,
)
from pricing.queries.tax_setup import NoPercentage
from tests.catalog.factories import ProductFactory
from tests.pricing.factories import TaxCodeFactory, vat, vat_rate
from tests.pricing.home_taxes import home_taxes

pytestmark = pytest.mark.django_db
NEW_YEAR = date(2026, 1, 1)
JULY = date(2026, 7, 1)


@pytest.fixture
def standard() -> TaxRate:
    """A standard rate of 19 % from New Year 2026 on."""
    code = create_tax_code(code="vat", name="VAT")
    return add_tax_rate(
        code, code="standard", name="Standard", fraction=Decimal("0.19"), starts_on=NEW_YEAR
    )


def test_a_percentage_holds_until_the_day_another_starts(standard: TaxRate) -> None:
    set_percentage(standard, Decimal("0.21"), starts_on=JULY, on=date(2026, 3, 1))

    versions = standard.versions.order_by("period")
    assert [(version.fraction, version.period) for version in versions] == [
        (Decimal("0.19"), days(NEW_YEAR, JULY)),
        (Decimal("0.21"), days(JULY, None)),
    ]


@pytest.mark.parametrize(
    ("starts_on", "on"),
    [
        pytest.param(date(2026, 2, 28), date(2026, 3, 1), id="before today"),
        pytest.param(NEW_YEAR, NEW_YEAR, id="the day the present one started"),
        pytest.param(date(2025, 12, 1), date(2025, 11, 1), id="before the last one starts"),
    ],
)
def test_the_past_keeps_its_percentage(standard: TaxRate, starts_on: date, on: date) -> None:
    with pytest.raises(PercentageInForce, match="has 19 % from"):
        set_percentage(standard, Decimal("0.21"), starts_on=starts_on, on=on)

    assert standard.versions.get().fraction == Decimal("0.19")


def test_a_percentage_that_has_not_started_is_corrected(standard: TaxRate) -> None:
    set_percentage(standard, Decimal("0.12"), starts_on=JULY, on=date(2026, 3, 1))

    set_percentage(standard, Decimal("0.21"), starts_on=JULY, on=date(2026, 3, 2))

    assert standard.versions.get(period__contains=JULY).fraction == Decimal("0.21")


@pytest.mark.parametrize("fraction", ["-0.01", "1.01", "NaN", "0.123456789"])
def test_a_percentage_lies_between_0_and_100(standard: TaxRate, fraction: str) -> None:
    with pytest.raises(WrongPercentage):
        set_percentage(standard, Decimal(fraction), starts_on=JULY, on=NEW_YEAR)


def test_two_percentages_of_a_rate_never_hold_on_one_day(standard: TaxRate) -> None:
    with pytest.raises(IntegrityError, match="tax_rate_version_overlap"):
        TaxRateVersion.objects.create(
            tax_rate=standard, period=days(JULY, None), fraction=Decimal("0.21")
        )


def test_codes_of_tax_codes_and_of_their_rates_are_their_own(standard: TaxRate) -> None:
    with pytest.raises(TaxCodeTaken):
        create_tax_code(code="vat", name="Another")
    with pytest.raises(TaxCodeTaken):
        add_tax_rate(standard.tax_code, code="standard", name="Again", starts_on=NEW_YEAR)


def test_the_first_rate_of_a_code_is_applied() -> None:
    product = ProductFactory()

    row = set_product_tax(product, vat_rate("0.10"), applied=False)

    assert row.applied


def test_applying_a_rate_takes_the_mark_from_the_other() -> None:
    product = ProductFactory()
    first = vat(product, "0.10")

    second = set_product_tax(product, vat_rate("0.19"), applied=True)

    first.refresh_from_db()
    assert (first.applied, second.applied) == (False, True)


def test_the_applied_rate_stays_until_another_is_applied() -> None:
    product = ProductFactory()
    first = vat(product, "0.10")
    second = set_product_tax(product, vat_rate("0.19"), applied=False)

    with pytest.raises(OneRateApplied):
        set_product_tax(product, first.tax_rate, applied=False)
    with pytest.raises(OneRateApplied):
        remove_product_tax(first)

    remove_product_tax(second)
    remove_product_tax(first)
    assert not product.taxes.exists()


def test_a_rate_without_a_percentage_is_not_put_on_a_product() -> None:
    empty = add_tax_rate(TaxCodeFactory(), code="empty", name="Empty", starts_on=NEW_YEAR)

    with pytest.raises(NoPercentageYet):
        set_product_tax(ProductFactory(), empty)


@pytest.mark.parametrize(
    ("statement", "refusal"),
    [
        ("UPDATE pricing_producttax SET applied = false", "Exactly one rate"),
        ("UPDATE pricing_producttax SET tax_code_id = %s", "another tax code"),
    ],
)
def test_the_database_keeps_one_applied_rate_of_the_right_code(
    statement: str, refusal: str
) -> None:
    vat(ProductFactory())
    other = create_tax_code(code="other", name="Other")
    parameters = [other.pk] if "%s" in statement else []

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)

    with pytest.raises(IntegrityError, match=refusal):
        connection.check_constraints()


def test_a_second_applied_rate_is_refused_by_the_database() -> None:
    product = ProductFactory()
    vat(product, "0.10")

    with pytest.raises(IntegrityError, match="product_tax_one_applied"):
        vat(product, "0.19")


def test_the_percentage_of_a_tax_is_that_of_the_day(standard: TaxRate) -> None:
    set_percentage(standard, Decimal("0.21"), starts_on=JULY, on=NEW_YEAR)
    taxed, untaxed = ProductFactory(), ProductFactory()
    set_product_tax(taxed, standard)

    assert home_taxes(taxed, on=date(2026, 6, 30)) == (TaxLayer(standard.pk, Decimal("0.19")),)
    assert home_taxes(taxed, on=JULY) == (TaxLayer(standard.pk, Decimal("0.21")),)
    assert home_taxes(untaxed, on=JULY) == ()


def test_a_day_before_the_first_percentage_is_no_day_without_tax(standard: TaxRate) -> None:
    product = ProductFactory()
    set_product_tax(product, standard)

    with pytest.raises(NoPercentage, match="Standard has no percentage on 2025-12-31"):
        home_taxes(product, on=date(2025, 12, 31))


def test_of_several_codes_the_first_set_up_counts(standard: TaxRate) -> None:
    product = ProductFactory()
    other = create_tax_code(code="city", name="City tax")
    city = add_tax_rate(
        other, code="city", name="City", fraction=Decimal("0.02"), starts_on=NEW_YEAR
    )
    set_product_tax(product, city)
    set_product_tax(product, standard)

    assert [tax.key for tax in home_taxes(product, on=JULY)] == [standard.pk]
    assert ProductTax.objects.filter(product=product, applied=True).count() == 2
