"""Importing products: what a row means, and that a file is refused what a form is refused."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import Product, ProductType
from catalog.operations.errors import CatalogError
from catalog.operations.products import create_product, set_validity, update_product
from catalog.operations.values import set_values
from config.shared.imports.columns import PeriodsCell
from config.shared.imports.resources import load_resources
from config.shared.imports.writers import csv_text
from config.shared.models import ImportState
from config.shared.operations.imports import ImportRefused
from pricing.models import ProductTax, ProductTypeTax
from tests.catalog.factories import (
    AccountClassFactory,
    BrandFactory,
    CharacteristicFactory,
    FamilyFactory,
    ProductFactory,
    ProductTypeFactory,
    TechnologyFactory,
)
from tests.catalog.imports.conftest import changes, errors, outcomes
from tests.pricing.factories import vat_rate

pytestmark = pytest.mark.django_db


@pytest.fixture
def channel() -> ProductType:
    """A type that must be answered a quality."""
    channel = ProductTypeFactory(name="TV channel", code="channel")
    CharacteristicFactory(
        type=channel, name="Quality", kind="CHOICE", choices=["SD", "HD"], required=True
    )
    return channel


@pytest.fixture
def box() -> ProductType:
    return ProductTypeFactory(name="Box", code="box", traceable=True)


def test_new_products_have_all_that_the_file_says(channel, send, apply, user):
    FamilyFactory(code="sports")
    BrandFactory(code="zx")
    AccountClassFactory(code="home")
    AccountClassFactory(code="office")
    TechnologyFactory(code="fibre")
    batch = send(
        "products",
        "code,name,type,family,brand,availability,order,account classes,technologies,validity,"
        "char:quality\n"
        "S1,Sports 1,CHANNEL,Sports,zx,no new users,7,home; OFFICE,fibre,"
        "2026-01-01..2026-03-31; 2026-05-01..,hd\n",
    )

    apply(batch)

    product = Product.objects.get(code="S1")
    assert (product.name, product.type, product.family.code) == ("Sports 1", channel, "sports")
    assert (product.brand.code, product.alternative_code, product.sort_order) == ("zx", "S1", 7)
    assert product.availability == "NO_NEW_USERS"
    assert {one.code for one in product.account_classes.all()} == {"home", "office"}
    assert [one.code for one in product.technologies.all()] == ["fibre"]
    assert [
        (row.period.lower, row.period.upper) for row in product.validities.order_by("period")
    ] == [
        (date(2026, 1, 1), date(2026, 4, 1)),
        (date(2026, 5, 1), None),
    ]
    assert [row.value for row in product.values.all()] == ["HD"]


def test_history_names_the_user_and_the_import(channel, send, apply, user):
    AccountClassFactory(code="home")
    head = "code,name,type,account classes,validity,char:Quality\n"
    apply(send("products", f"{head}S1,One,channel,,,SD\n"))
    batch = apply(send("products", f"{head}S1,Two,channel,home,2026-01-01..,HD\n"))

    product = Product.objects.get(code="S1")
    made, changed = product.history.order_by("history_id")
    assert (made.history_type, made.name, made.history_user) == ("+", "One", user)
    assert (changed.history_type, changed.name, changed.history_user) == ("~", "Two", user)
    assert changed.history_change_reason == f"import {batch.number}"
    assert [link.accountclass.code for link in changed.account_classes.all()] == ["home"]
    value = product.values.get()
    assert [row.history_change_reason for row in value.history.order_by("history_id")] == [
        made.history_change_reason,
        f"import {batch.number}",
    ]
    assert product.validities.get().history.get().history_user == user


def test_new_products_get_the_taxes_of_their_type(box, send, apply):
    rate = vat_rate()
    ProductTypeTax.objects.create(type=box, tax_code=rate.tax_code, tax_rate=rate, applied=True)

    apply(send("products", "code,type\nB1,box\nB2,box\n"))

    taxes = ProductTax.objects.filter(tax_rate=rate, applied=True)
    assert set(taxes.values_list("product__code", flat=True)) == {"B1", "B2"}
    assert taxes[0].history.count() == 1


def test_columns_that_are_left_out_stay_and_empty_cells_empty(box, send, apply):
    ProductFactory(code="B1", name="Box", type=box, description="Old", charge_type="Rent")

    batch = apply(send("products", "code,description\nb1,\n"))

    product = Product.objects.get(code="B1")
    assert (product.description, product.charge_type, product.name) == ("", "Rent", "Box")
    assert changes(batch) == {2: {"description": ["Old", ""]}}


def test_export_is_imported_as_the_same(channel, box, send):
    family = FamilyFactory(code="sports")
    home = AccountClassFactory(code="home")
    create_product(
        code="S1",
        type=channel,
        name="=Sports; 1",
        family=family,
        description='Two\r\nlines, "quoted"',
        account_classes=[home],
        validity=[(date(2026, 1, 1), date(2026, 4, 1)), (date(2026, 5, 1), None)],
        values={"Quality": "HD"},
    )
    create_product(code="B1", type=box, name="-", sort_order=3)
    resource = load_resources()["products"]()
    resource.add_columns(None)
    text = "".join(csv_text(resource.export_head(), resource.export_rows(resource.all_records())))

    batch = send("products", text)

    assert outcomes(batch) == ["SAME", "SAME"]


def test_values_follow_to_another_type(channel, box, send, apply):
    cable = ProductTypeFactory(code="cable")
    CharacteristicFactory(type=cable, name="Quality", kind="CHOICE", choices=["HD", "UHD"])
    CharacteristicFactory(type=cable, name="Length", kind="NUMBER")
    product = create_product(code="S1", type=channel, values={"Quality": "HD"})

    apply(send("products", "code,type,char:Length\nS1,cable,2.50\n"))

    answers = product.values.order_by("characteristic__name")
    assert [(row.characteristic.type, row.value) for row in answers] == [
        (cable, "2.5"),
        (cable, "HD"),
    ]


# ---- what is refused


PERIODS = PeriodsCell()


def store(values: dict[str, str]) -> None:
    """Create the product, or change the one of the code, by the operations."""
    stored = Product.objects.filter(code__iexact=values["code"]).first()
    columns = {"code": "code", "alternative code": "alternative_code"}
    fields = {name: values[column] for column, name in columns.items() if column in values}
    if "type" in values:
        fields["type"] = ProductType.objects.get(code=values["type"])
    answers = {name[5:]: text for name, text in values.items() if name.startswith("char:")}
    periods = PERIODS.clean(values.get("validity", ""))
    if stored is None:
        create_product(**fields, validity=periods, values=answers)
        return
    product = update_product(stored, **fields)
    set_validity(product, periods)
    set_values(product, answers)


@pytest.mark.parametrize(
    ("values", "column"),
    [
        ({"code": "-1", "type": "box"}, "code"),
        ({"code": "a/b", "type": "box"}, "code"),
        ({"code": "N", "type": "box", "alternative code": "/"}, "alternative code"),
        ({"code": "N", "type": "box", "alternative code": "taken"}, "alternative code"),
        ({"code": "S1", "alternative code": "TAKEN"}, "alternative code"),
        ({"code": "N", "type": "box", "validity": "2026-02-01..2026-01-01"}, "validity"),
        (
            {"code": "N", "type": "box", "validity": "2026-01-01..2026-02-01; 2026-02-01.."},
            "validity",
        ),
        ({"code": "N", "type": "channel"}, ""),
        ({"code": "N", "type": "channel", "char:Quality": ""}, "char:Quality"),
        ({"code": "N", "type": "channel", "char:Quality": "4K"}, "char:Quality"),
        ({"code": "S1", "char:Quality": ""}, "char:Quality"),
        ({"code": "N", "type": "box", "char:Quality": "HD"}, "char:Quality"),
        ({"code": "USED", "type": "channel"}, "type"),
    ],
    ids=str,
)
def test_import_refuses_what_operations_refuse_in_their_words(values, column, channel, box, send):
    create_product(code="S1", type=channel, alternative_code="ONE", values={"Quality": "HD"})
    used = ProductFactory(code="USED", type=box, alternative_code="Taken")
    kit = ProductFactory(type=ProductTypeFactory(traceable=True, fixed_bundle=True))
    kit.components.create(product=used, quantity=1)
    with pytest.raises(CatalogError) as refused:
        store(values)

    text = "".join(csv_text(list(values), [list(values.values())]))
    batch = send("products", text)

    assert errors(batch) == {2: {column: [str(refused.value)]}}


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("N,,,,", "type", "Name the type: the product is new."),
        ("N,x,,,", "type", "There is no product type with the code “x”."),
        (",box,,,", "code", "This column must be filled."),
        (f"{'N' * 61},box,,,", "code", "Ensure this value has at most 60 characters (it has 61)."),
        ("N,box,maybe,,", "availability", "“maybe” is none of Available; No new users; Discontin"),
        ("N,box,,1.5,", "order", "Enter a whole number."),
        ("N,box,,99999999999,", "order", "Ensure this value is less than or equal to 2147483647."),
        ("N,box,,,31.12.2026..", "validity", "“31.12.2026..” is no period; write 2026-01-01.."),
        ("N,box,,,2026-02-30..", "validity", "“2026-02-30..” is no period"),
        ("N,box,,,..2026-02-03", "validity", "“..2026-02-03” is no period"),
        (
            "N,box,,,2026-01-01..9999-12-31",
            "validity",
            "Leave the last day empty if there is none.",
        ),
    ],
)
def test_cells_that_cannot_be_read_are_said_at_their_column(row, column, reason, box, send):
    batch = send("products", f"code,type,availability,order,validity\n{row}\n")

    assert list(errors(batch)[2]) == [column]
    assert reason in errors(batch)[2][column][0]


def test_all_that_is_wrong_with_a_row_is_named(box, send):
    batch = send(
        "products",
        "code,type,alternative code,availability,order,validity\n"
        "A1,box,a/b,maybe,-1,2026-02-01..2026-01-31\n"
        "B1,box,,,,\n"
        "B1,box,,maybe,x,\n",
    )

    found = errors(batch)
    assert sorted(found[2]) == ["alternative code", "availability", "order", "validity"]
    assert found[2]["order"] == ["Ensure this value is greater than or equal to 0."]
    assert sorted(found[4]) == ["availability", "code", "order"]


def test_a_row_that_is_refused_takes_no_alternative_code_from_others(box, send):
    create_product(code="A", type=box)
    batch = send("products", "code,type,availability,alternative code\nA,box,maybe,\nB,box,,A-2\n")

    assert list(errors(batch)) == [2]


def test_a_row_whose_code_came_before_names_its_own_faults_too(box, send):
    batch = send(
        "products",
        "code,type,validity\nB1,,\nB1,,\nB1,box,2026-01-01..2026-03-31; 2026-03-01..\n",
    )

    found = errors(batch)
    assert found[3]["code"] == found[4]["code"] == ["Line 2 has the same code."]
    assert sorted(found[3]) == ["code", "type"]
    assert found[4]["validity"] == ["This period overlaps with one above it."]


def test_one_code_in_two_letter_cases_is_refused_the_second_time(box, send):
    batch = send("products", "code,type\nB1,box\nB2,box\nb1,box\n")

    assert outcomes(batch) == ["NEW", "NEW", "REJECTED"]
    assert errors(batch) == {4: {"code": ["Line 2 has the same code."]}}


def test_alternative_codes_of_one_file_do_not_meet(box, send, apply):
    ProductFactory(code="OLD", type=box, alternative_code="B3")
    batch = send("products", "code,type,alternative code\nB1,box,\nB2,box,b1\nB3,box,\n")

    assert errors(batch) == {
        3: {"alternative code": ["Another product has the alternative code b1."]}
    }
    apply(batch, "GOOD")
    assert Product.objects.get(code="B3").alternative_code == "B3-2"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("code,typ\nA,box\n", "no column “typ”"),
        ("name,type\nA,box\n", "The column “code” is missing"),
        ("code,char:Colour\nA,red\n", "no column “char:Colour”"),
    ],
)
def test_wrong_columns_are_refused_at_once(text, reason, box, send):
    with pytest.raises(ImportRefused, match=reason):
        send("products", text)


def test_file_without_rows_fails(box, send):
    batch = send("products", "code,type\n")

    assert batch.state == ImportState.FAILED
    assert batch.failure == "The file has no rows below its first line."


def test_checks_take_as_many_queries_for_many_rows_as_for_few(channel, send):
    def queries(count: int) -> int:
        rows = "".join(f"S{count}-{n},channel,HD\n" for n in range(count))
        with CaptureQueriesContext(connection) as captured:
            send("products", f"code,type,char:Quality\n{rows}")
        return len(captured)

    assert queries(2) == queries(40)
