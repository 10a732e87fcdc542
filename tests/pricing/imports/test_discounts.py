"""Importing and exporting discounts: every row is an operation call."""

from datetime import date
from decimal import Decimal

import pytest

from config.shared.imports.resources import load_resources
from config.shared.imports.writers import csv_text
from pricing.models import AdditiveDiscount
from pricing.operations.discounts import HeldRow, Parts, ProductRow, mark_given, parts_of
from tests.catalog.factories import (
    AccountClassFactory,
    FamilyFactory,
    ProductFactory,
    ProductTypeFactory,
)
from tests.catalog.imports.conftest import NOW, changes, errors, outcomes
from tests.pricing.discounts import by_hand, discount
from tests.pricing.factories import CurrencyFactory

pytestmark = pytest.mark.django_db


def test_rows_are_drafts_with_their_products_and_criteria(send, apply):
    product, family = ProductFactory(code="SPORTS"), FamilyFactory(code="pay-tv")
    kind, gold = ProductTypeFactory(code="tv"), AccountClassFactory(code="gold")

    apply(
        send(
            "discounts",
            "code,name,takes off,value,valid,discounted,required,account classes\n"
            "loyal,Loyal,Percentage per billing period,12.5,2026-01-01..2026-12-31,"
            "product sports; type tv in family pay-tv,2 x family PAY-TV,gold\n",
        )
    )

    made = AdditiveDiscount.objects.get()
    assert (made.state, made.value, made.renewal) == ("DRAFT", Decimal("12.5"), "EVERY_CYCLE")
    assert (made.validity.lower, made.validity.upper) == (date(2026, 1, 1), date(2027, 1, 1))
    assert parts_of(made) == Parts(
        [ProductRow(product), ProductRow(type=kind, family=family)],
        [HeldRow(family=family, least_quantity=Decimal(2))],
        [gold],
        [],
    )


def test_what_makes_no_sense_is_refused_at_its_column(send):
    ProductFactory(code="SPORTS")

    batch = send(
        "discounts",
        "code,name,takes off,value,currency,lasts,discounted\n"
        "a,A,Percentage per billing period,101,,,\n"
        "b,B,Amount per billing period,5,,,\n"
        "c,C,Free period,,,3,\n"
        "d,D,A lot,5,,,\n"
        "e,E,Free period,,,,2 x product SPORTS\n"
        "f,F,Free period,,,,product NOWHERE\n",
    )
    long = send(
        "discounts",
        "code,name,takes off,lasts,lasts unit\n"
        "g,G,Free period,101,Year\n"
        "h,H,Free period,100,Year\n",
    )

    assert {line: list(found) for line, found in errors(batch).items()} == {
        2: ["value"],
        3: ["currency"],
        4: ["lasts"],
        5: ["takes off"],
        6: ["discounted"],
        7: ["discounted"],
    }
    assert errors(batch)[2] == {"value": ["A percentage is at most 100."]}
    assert errors(long) == {2: {"lasts": ["At most 100 years."]}}


def test_what_it_is_taken_off_is_said_in_columns(send, apply):
    ProductFactory(code="VISIT", expense=True)
    head = "code,name,takes off,value,discounted,off prices,off set-up fees,off one-time charges\n"

    refused = send(
        "discounts",
        f'{head}a,A,"Percentage, once",50,,,Yes,\n'
        "b,B,Free period,,,No,,\n"
        "c,C,Free period,,product VISIT,,,\n",
    )
    apply(
        send("discounts", f"{head}d,D,Free period,,product VISIT,No,,Yes\ne,E,Free period,,,,,\n")
    )

    assert {line: list(found) for line, found in errors(refused).items()} == {
        2: ["off prices"],
        3: ["off prices"],
        4: ["off one-time charges"],
    }
    made = AdditiveDiscount.objects.order_by("code")
    assert list(made.values_list("on_recurring", "on_setup", "on_once")) == [
        (False, False, True),
        (True, False, False),
    ]


def test_of_one_that_was_given_only_the_names_change(send):
    mark_given([discount().pk], now=NOW)

    batch = send(
        "discounts",
        "code,name,takes off,value\nloyal,Renamed,Percentage per billing period,20\n",
    )
    refused = send(
        "discounts", "code,name,takes off,value\nloyal,Other,Percentage per billing period,30\n"
    )

    assert changes(batch) == {2: {"name": ["Loyal", "Renamed"]}}
    assert outcomes(refused) == ["REJECTED"]
    assert "Loyal has been given" in str(errors(refused))


def test_what_was_exported_is_imported_as_the_same(send):
    CurrencyFactory()
    product, family = ProductFactory(), FamilyFactory()
    parts = Parts(
        [ProductRow(product)], [HeldRow(family=family, least_quantity=Decimal("1.5"))], ()
    )
    discount("a", parts=parts)
    by_hand("b", "5", option="AMOUNT", needs_approval=True, least_quantity=Decimal(2))
    discount("d", on_recurring=False, on_setup=True, on_once=True)
    discount("c", None, option="FREE_PERIOD", for_count=1, for_unit="MONTH", renewal="NEVER")
    resource = load_resources()["discounts"]()

    rows = list(resource.export_rows(resource.all_records()))
    batch = send("discounts", "".join(csv_text(resource.export_head(), rows)))

    assert outcomes(batch) == ["SAME"] * 4
