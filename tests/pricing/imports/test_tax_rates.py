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
