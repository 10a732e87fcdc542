"""Importing what products stand on, and what bundles are made of: rows are operation calls."""

from decimal import Decimal

import pytest

from catalog.models import BundleComponent, Product, ProductBrand, ProductFamily, ProductType
from config.shared.imports.resources import load_resources
from config.shared.imports.writers import csv_text
from tests.catalog.factories import FamilyFactory, ProductFactory, ProductTypeFactory
from tests.catalog.imports.conftest import changes, errors, outcomes

pytestmark = pytest.mark.django_db


def test_parents_may_stand_below_their_children(send, apply):
    apply(
        send(
            "families",
            "name,code,parent\nFootball,football,SPORTS\nSports,sports,tv\nTV,tv,\nNews,,tv\n",
        )
    )

    parents = dict(ProductFamily.objects.values_list("code", "parent__code"))
    assert parents == {"football": "sports", "sports": "tv", "tv": None, "news": "tv"}


@pytest.mark.parametrize("kind", ["families", "categories"])
def test_loops_are_refused_at_the_parent(kind, send):
    batch = send(kind, "name,code,parent\nA,a,b\nB,b,c\nC,c,a\nD,d,d\nE,e,\n")

    assert outcomes(batch) == ["REJECTED"] * 4 + ["NEW"]
    assert {line: list(found) for line, found in errors(batch).items()} == {
        line: ["parent"] for line in (2, 3, 4, 5)
    }


def test_stored_branch_is_not_put_below_itself(send):
    top = FamilyFactory(name="TV", code="tv")
    FamilyFactory(name="Sports", code="sports", parent=top)

    batch = send("families", "name,code,parent\nTV,tv,sports\n")

    assert list(errors(batch)[2]) == ["parent"]


def test_brands_are_found_by_name_where_the_code_is_empty(send, apply):
    first = apply(send("brands", "name,code\nCompany ZX,\nHumax,humax\n"))
    batch = send("brands", "name,code,description\ncompany zx,,New\nHumax,HUMAX,\n")

    assert outcomes(first) == ["NEW", "NEW"]
    assert set(ProductBrand.objects.values_list("code", flat=True)) == {"company-zx", "humax"}
    assert changes(batch) == {2: {"name": ["Company ZX", "company zx"], "description": ["", "New"]}}


def test_history_of_single_operations_names_the_import_too(send, apply, user):
    batch = apply(send("brands", "name\nHumax\n"))

    made = ProductBrand.objects.get().history.get()
    assert made.history_user == user
    assert made.history_change_reason == f"import {batch.number}"


def test_types_follow_the_matrix(send, apply):
    batch = send(
        "types",
        "name,code,classification,service type,physical good type,composition,provisioned\n"
        "TV,tv,Service,Termed,,Flexible bundle,yes\n"
        "Call,call,service,usage,,flexible bundle,\n"
        "Box,box,Physical good,,Traceable,,no\n"
        "None,none,,,,,\n"
        "Both,both,Service,Termed,Traceable,,perhaps\n",
    )

    assert outcomes(batch) == ["NEW", "REJECTED", "NEW", "REJECTED", "REJECTED"]
    assert errors(batch) == {
        3: {"composition": ["Usage services are flat."]},
        5: {"classification": ["This column must be filled."]},
        6: {"provisioned": ["Write Yes or No."]},
    }
    apply(batch, "GOOD")
    assert ProductType.objects.get(code="tv").provisioned


def test_type_in_use_keeps_its_nature(send):
    product_type = ProductTypeFactory(code="tv")
    ProductFactory(type=product_type)

    batch = send("types", f"name,code,service type\n{product_type.name},tv,Usage\n")

    assert errors(batch) == {
        2: {"service type": ["Products of this type exist, so its service type stays."]}
    }


def test_characteristics_are_added_and_changed(send, apply):
    product_type = ProductTypeFactory(code="tv")
    apply(send("characteristics", "type,name,kind,unit\ntv,Speed,Number,Mbit/s\ntv,Note,Text,\n"))
    batch = send(
        "characteristics",
        "type,name,kind,choices,default\n"
        "tv,speed,Number,,100\ntv,Quality,Choice,SD; HD,hd\ntv,Colour,Choice,red,\n",
    )

    assert errors(batch) == {4: {"choices": ["Give two choices or more."]}}
    apply(batch, "GOOD")
    stored = product_type.characteristics.order_by("sort_order")
    assert [(one.name, one.unit, one.choices, one.default) for one in stored] == [
        ("Speed", "Mbit/s", [], "100"),
        ("Note", "", [], ""),
        ("Quality", "", ["SD", "HD"], "HD"),
    ]


@pytest.fixture
def pick() -> Product:
    """A flexible bundle, and what may go into it."""
    ProductFactory(code="SPORTS-1")
    FamilyFactory(code="news")
    FamilyFactory(code="kids")
    return ProductFactory(code="PICK", flexible_bundle=True)


def test_components_are_added_and_changed_and_the_others_stay(pick, send, apply):
    rows = "bundle,product,family,quantity,minimum,maximum\n"
    apply(send("components", f"{rows}PICK,SPORTS-1,,1,,\nPICK,,news,,0,2\n"))
    batch = apply(send("components", f"{rows}pick,,NEWS,,0,3\nPICK,,kids,,0,\n"))

    assert changes(batch) == {2: {"maximum": ["2", "3"]}}
    stored = BundleComponent.objects.filter(bundle=pick).order_by("sort_order")
    assert [(str(one.product or one.family), one.quantity, one.maximum) for one in stored] == [
        (str(Product.objects.get(code="SPORTS-1")), Decimal(1), None),
        (str(ProductFamily.objects.get(code="news")), None, 3),
        (str(ProductFamily.objects.get(code="kids")), None, None),
    ]


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("PICK,,,1,,", "product", "Name a product, or a type and/or a family."),
        ("PICK,,news,,,2", "minimum", "Give a minimum; 0 where none need be chosen."),
        ("PICK,,news,,3,2", "maximum", "The maximum is below the minimum."),
        ("PICK,,news,,-1,2", "minimum", "greater than or equal to 0"),
        ("PICK,,news,2,0,2", "quantity", "The quantity goes with a named product."),
        ("PICK,SPORTS-1,,0,,", "quantity", "Give a quantity above 0."),
        ("PICK,SPORTS-1,,1.00001,,", "quantity", "no more than 8 digits before and 4"),
        ("PICK,PICK,,1,,", "product", "A bundle cannot contain itself."),
        ("PICK,none,,1,,", "product", "There is no product with the code “none”."),
        ("SPORTS-1,PICK,,1,,", "", "is no bundle: its type is flat."),
    ],
)
def test_component_that_breaks_the_rules_is_refused_at_its_column(row, column, reason, pick, send):
    batch = send("components", f"bundle,product,family,quantity,minimum,maximum\n{row}\n")

    assert list(errors(batch)[2]) == [column]
    assert reason in errors(batch)[2][column][0]
    assert not BundleComponent.objects.exists()


def test_same_component_twice_in_a_file_is_refused(pick, send):
    batch = send("components", "bundle,product,quantity\nPICK,SPORTS-1,1\npick,sports-1,2\n")

    assert errors(batch) == {3: {"product": ["Line 2 has the same product."]}}


def test_all_kinds_export_what_they_import_as_the_same(pick, send, apply):
    top = FamilyFactory(code="top", sort_order=1)
    FamilyFactory(code="below", parent=top)
    apply(send("brands", "name,code,description\nHumax,humax,=x\n"))
    apply(send("categories", "name,code,parent\nA,a,\nB,b,a\n"))
    apply(send("characteristics", f"type,name,kind\n{pick.type.code},Speed,Number\n"))
    apply(send("components", "bundle,product,quantity\nPICK,SPORTS-1,3\n"))
    kinds = {
        slug: kind
        for slug, kind in load_resources().items()
        if kind.model._meta.app_label == "catalog"
    }

    for slug, kind in kinds.items():
        resource = kind()
        resource.add_columns(None)
        rows = list(resource.export_rows(resource.all_records()))
        batch = send(slug, "".join(csv_text(resource.export_head(), rows)))
        assert rows, slug
        assert outcomes(batch) == ["SAME"] * len(rows), slug
    assert len(kinds) == 7


def test_samples_have_the_columns_of_their_kind():
    for kind in load_resources().values():
        names = set(kind().export_head())
        assert len(kind.examples) >= 2
        assert {name for example in kind.examples for name in example} <= names
        needed = {column.name for column in kind().columns() if column.required}
        assert all(needed <= example.keys() for example in kind.examples)


def test_restrictions_of_flexible_bundles_come_with_their_products(send, apply):
    family, other = FamilyFactory(code="sports"), FamilyFactory(code="news")
    ProductFactory(code="S1", family=family)
    ProductFactory(code="N1", family=other)
    pick = ProductFactory(code="PICK", flexible_bundle=True)
    head = "code,type,families at most,types at most\n"
    row = f"PICK,{pick.type.code},1,\nNEW,{pick.type.code},,2\n"

    apply(send("products", head + row))
    refused = send(
        "components", "bundle,family,minimum\nPICK,sports,1\nPICK,news,1\nNEW,sports,1\n"
    )
    flat = send("products", "code,families at most\nS1,1\nPICK,0\n")
    apply(send("components", "bundle,family,minimum\nNEW,sports,1\nNEW,news,1\n"))
    tight = send("products", "code,families at most\nNEW,1\n")

    bundles = Product.objects.filter(type=pick.type).order_by("code")
    assert list(bundles.values_list("code", "most_families", "most_types")) == [
        ("NEW", None, 2),
        ("PICK", 1, None),
    ]
    assert list(errors(refused)) == [3]
    assert "only 1 family may be used" in str(errors(refused)[3])
    assert [list(found) for found in errors(flat).values()] == [["families at most"]] * 2
    assert "is no flexible bundle" in str(errors(flat)[2])
    assert list(errors(tight)[2]) == ["families at most"]
