"""Importing and exporting what decides about taxes: every row is an operation call."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from config.shared.operations.clock import today
from pricing.models import (
    LocationRule,
    ProductExemption,
    ProductTax,
    ProductTaxClass,
    TaxClass,
    TaxCode,
    TaxGroup,
    TaxRegion,
    TypeTaxClass,
)
from pricing.operations.taxes import add_tax_rate, create_tax_code
from tests.catalog.factories import ProductFactory
from tests.pricing.imports.rows import changes, checked, errors, exported, outcomes, refused, stored

pytestmark = pytest.mark.django_db
JANUARY = date(2026, 1, 1)


@pytest.fixture
def rates() -> None:
    """VAT of 19 and 5 %, taxes of a state and a city, and an exempt code."""
    for code, kind, percentages in (
        ("vat", "VAT", {"standard": "0.19", "reduced": "0.05"}),
        ("state", "SALES_TAX", {"full": "0.04"}),
        ("city", "SALES_TAX", {"full": "0.045"}),
        ("exempt", "EXEMPT", {}),
    ):
        tax_code = create_tax_code(code=code, name=code.capitalize(), kind=kind)
        for rate, fraction in percentages.items():
            add_tax_rate(
                tax_code, code=rate, name=rate, fraction=Decimal(fraction), starts_on=JANUARY
            )


@pytest.fixture
def places() -> None:
    """A tax class and a region."""
    TaxClass.objects.create(code="telecom", name="Telecom")
    TaxRegion.objects.create(code="nyc", name="New York City")


def test_codes_regions_and_classes_are_made_and_renamed():
    stored("tax-codes", "code,name,kind\nvat,VAT,vat\ncity,City tax,Sales tax\n")
    stored("tax-regions", "code,name\nnyc,New York\n")
    stored("tax-classes", "code,name\ntelecom,Telecom\n")

    renamed = checked("tax-regions", "code,name\nNYC,New York City\n")
    wrong = checked("tax-codes", "code,name,kind\nvat,VAT,Exempt\na b,No code,VAT\n")

    assert list(TaxCode.objects.order_by("code").values_list("code", "kind", "rate_date")) == [
        ("city", "SALES_TAX", "POSTING"),
        ("vat", "VAT", "POSTING"),
    ]
    assert changes(renamed) == {2: {"name": ["New York", "New York City"]}}
    assert refused(wrong) == {2: ["kind"], 3: ["code"]}
    for slug, count in (("tax-codes", 2), ("tax-regions", 1), ("tax-classes", 1)):
        assert outcomes(checked(slug, exported(slug))) == ["SAME"] * count


@pytest.mark.usefixtures("rates", "places")
def test_groups_are_set_and_another_follows_from_today():
    head = "tax class,tax region,from,taxes,rounded\n"
    stored("tax-groups", head + "telecom,NYC,2026-01-01,state/full; 2: CITY/full,\n")

    again = checked("tax-groups", exported("tax-groups"))
    line = "telecom,nyc,,state/full,On every line\n"
    other = checked("tax-groups", head + line)
    wrong = checked(
        "tax-groups",
        head + "telecom,nyc,2026-01-02,state/full,\n"
        "telecom,nowhere,,state/full,\n"
        "Telecom,nyc,,vat/none,\n"
        "TELECOM,nyc,,,\n",
    )

    group = TaxGroup.objects.get()
    assert [(str(item.tax_rate.tax_code), item.level) for item in group.items.order_by("pk")] == [
        ("State", 1),
        ("City", 2),
    ]
    assert outcomes(again) == ["SAME"]
    assert changes(other)[2] == {
        "from": ["2026-01-01", str(today())],
        "taxes": ["state/full; 2: city/full", "state/full"],
        "rounded": ["On the sum of a document's lines", "On every line"],
    }
    assert refused(wrong) == {
        2: ["from"],
        3: ["tax region"],
        4: ["taxes", "tax region"],
        5: ["tax region"],
    }
    stored("tax-groups", head + line)
    assert TaxGroup.objects.filter(period__upper_inf=True).get().rounding == "LINE"


@pytest.mark.usefixtures("rates", "places")
def test_a_group_takes_one_vat_and_known_levels():
    head = "tax class,tax region,taxes\n"
    two = checked("tax-groups", head + "telecom,nyc,vat/standard; vat/reduced\n")
    high = checked("tax-groups", head + "telecom,nyc,10: state/full\n")

    assert errors(two) == {2: {"taxes": ["A line takes one VAT at most."]}}
    assert errors(high) == {2: {"taxes": ["A level is 1 to 9, not 10."]}}


@pytest.mark.usefixtures("rates", "places")
def test_location_rules_are_added_and_ended():
    head = "name,from,until,order,country,postal code,tax region,tax codes\n"
    first, last = today(), today() + timedelta(days=30)
    stored(
        "location-rules",
        head + f"Cyprus,{first},,10,cy,,,vat\nCity,{first},,5,US,100,nyc,state; city\n",
    )

    again = checked("location-rules", exported("location-rules"))
    line = f"Cyprus,{first},{last},10,CY,,,vat\n"
    ended = checked("location-rules", head + line)
    wrong = checked(
        "location-rules",
        head + f"Cyprus,{first},,10,GR,,,vat\n"
        f"A,{first},,,USA,,,vat\n"
        f"B,{first},,,,,,\n"
        f"C,{first},,,,,,vat; exempt\n"
        f"D,{first},{first - timedelta(days=1)},,,,,vat\n"
        f"E,{first - timedelta(days=1)},,,,,,vat\n",
    )

    assert outcomes(again) == ["SAME", "SAME"]
    assert changes(ended) == {2: {"until": ["", str(last)]}}
    assert refused(wrong) == {
        2: ["country"],
        3: ["country"],
        4: ["tax codes"],
        5: ["tax codes"],
        6: ["until"],
        7: ["from"],
    }
    stored("location-rules", head + line)
    cyprus = LocationRule.objects.get(name="Cyprus")
    assert (cyprus.country, cyprus.period.upper) == ("CY", last + timedelta(days=1))


@pytest.mark.usefixtures("rates", "places")
def test_products_get_rates_classes_and_exemptions():
    product = ProductFactory(code="TV-1", type__code="tv")
    day = today()
    for slug, text in (
        ("product-taxes", "product,rate,applied\ntv-1,vat/standard,\nTV-1,vat/reduced,No\n"),
        ("product-tax-classes", "product,tax class\nTV-1,telecom\n"),
        ("type-tax-classes", "type,tax class\ntv,telecom\n"),
        ("product-exemptions", f"product,tax code,from,reason\nTV-1,vat,{day},Ruling 12\n"),
    ):
        stored(slug, text)
        assert set(outcomes(checked(slug, exported(slug)))) == {"SAME"}

    taxes = ProductTax.objects.order_by("pk").values_list("tax_rate__code", "applied")
    assert list(taxes) == [("standard", True), ("reduced", False)]
    assert ProductTaxClass.objects.get().product == product
    assert TypeTaxClass.objects.get().type == product.type
    assert ProductExemption.objects.get().period.lower == day

    stored("product-tax-classes", "product,tax class\nTV-1,\n")
    stored(
        "product-exemptions",
        f"product,tax code,from,until,reason\nTV-1,vat,{day},{day},Ruling 12\n",
    )

    assert not ProductTaxClass.objects.exists()
    assert ProductExemption.objects.get().period.upper == day + timedelta(days=1)


@pytest.mark.usefixtures("rates", "places")
def test_what_products_cannot_have_of_taxes_is_refused_at_its_column():
    ProductFactory(code="TV-1")
    add_tax_rate(TaxCode.objects.get(code="city"), code="new", name="New", starts_on=JANUARY)

    taxes = checked("product-taxes", "product,rate\nTV-9,vat/standard\nTV-1,vat\nTV-1,city/new\n")
    classes = checked("product-tax-classes", "product,tax class\nTV-1,\n")
    exemptions = checked(
        "product-exemptions",
        "product,tax code,from,until,reason\n"
        "TV-1,none,2026-01-01,,Relief\n"
        "TV-1,,2026-02-01,2026-01-01,Relief\n"
        "TV-1,,2026-03-01,,\n"
        "TV-1,,2026-04-01,,Relief\n"
        "TV-1,,2026-05-01,,Relief\n",
    )

    assert refused(taxes) == {2: ["product"], 3: ["rate"], 4: ["rate"]}
    assert refused(classes) == {2: ["tax class"]}
    assert refused(exemptions) == {2: ["tax code"], 3: ["until"], 4: ["reason"], 6: ["from"]}
