"""Importing and exporting tax rates: every row is an operation call."""

from datetime import date
from decimal import Decimal

import pytest

from config.shared.imports.resources import load_resources
from config.shared.imports.writers import csv_text
from config.shared.operations.clock import today
from pricing.models import TaxRate
from pricing.operations.taxes import add_tax_rate, create_tax_code
from tests.catalog.imports.conftest import changes, errors, outcomes

pytestmark = pytest.mark.django_db


@pytest.fixture
def standard() -> TaxRate:
    """A rate of 19 % since 2020."""
    code = create_tax_code(code="vat", name="VAT")
    return add_tax_rate(
        code, code="standard", name="Standard", fraction=Decimal("0.19"), starts_on=date(2020, 1, 1)
    )


def test_rates_are_added_and_their_percentages_follow(send, apply, standard):
    batch = send(
        "tax-rates",
        "tax code,code,name,percentage,from\n"
        "vat,standard,Standard,19,2020-01-01\n"
        "vat,reduced,Reduced,8.25,2020-01-01\n",
    )
    assert outcomes(batch) == ["SAME", "NEW"]
    apply(batch)

    again = send("tax-rates", f"tax code,code,percentage,from\nvat,standard,21,{today()}\n")
    assert changes(again)[2]["percentage"] == ["19", "21"]
    apply(again)

    fractions = TaxRate.objects.order_by("code").values_list("code", "versions__fraction")
    assert sorted(fractions) == [
        ("reduced", Decimal("0.0825")),
        ("standard", Decimal("0.19")),
        ("standard", Decimal("0.21")),
    ]
    resource = load_resources()["tax-rates"]()
    rows = list(resource.export_rows(resource.all_records()))
    exported = "".join(csv_text(resource.export_head(), rows))
    assert f"vat,standard,Standard,21,{today()}" in exported
    assert outcomes(send("tax-rates", exported)) == ["SAME", "SAME"]


def test_what_makes_no_sense_is_refused_at_its_column(send, standard):
    batch = send(
        "tax-rates",
        "tax code,code,percentage,from\n"
        "city,full,2,\n"
        "vat,standard,21,2021-01-01\n"
        "vat,other,101,\n"
        "vat,more,5,soon\n",
    )

    found = errors(batch)

    assert "There is no tax code with the code “city”." in str(found[2])
    assert "at the earliest" in str(found[3])
    assert "A percentage lies between 0 and 100." in str(found[4])
    assert "“soon” is no day" in str(found[5])


def test_a_rule_is_read_with_its_number_and_a_file_read_twice_changes_nothing(send, apply):
    create_tax_code(code="county", name="County", kind="SALES_TAX")
    head = "tax code,code,percentage,falls on,sum or share\n"
    good = head + "county,a,1.5,Monthly maximum,200\ncounty,b,2,Percentage,90\ncounty,c,3,,\n"
    wrong = head + "county,d,1,Monthly exemption,\ncounty,e,1,Percentage,101\ncounty,f,1,,5\n"

    apply(send("tax-rates", good))
    again = send("tax-rates", good)
    refused = send("tax-rates", wrong)

    rules = TaxRate.objects.order_by("code").values_list(
        "versions__rule", "versions__rule_value", "versions__period__startswith"
    )
    assert list(rules) == [
        ("MONTHLY_MAXIMUM", Decimal(200), today()),
        ("PERCENTAGE", Decimal("0.9"), today()),
        ("EVERYTHING", Decimal(0), today()),
    ]
    assert outcomes(again) == ["SAME"] * 3
    assert [list(each) for each in errors(refused).values()] == [["sum or share"]] * 3


def test_another_percentage_without_a_day_holds_from_today(send, standard):
    batch = send("tax-rates", "tax code,code,percentage,from\nvat,standard,21,2020-01-01\n")

    assert changes(batch) == {2: {"percentage": ["19", "21"], "from": ["2020-01-01", str(today())]}}
