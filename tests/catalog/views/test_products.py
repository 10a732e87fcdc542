"""The product list and the data-entry page."""

from datetime import date

import pytest
from django.urls import reverse

from catalog.models import Product
from catalog.operations.bundles import ComponentRow, set_components
from catalog.operations.products import set_validity
from tests.catalog.factories import (
    AccountClassFactory,
    BrandFactory,
    FamilyFactory,
    ProductFactory,
    ProductTypeFactory,
    SalesBundleItemFactory,
)

pytestmark = pytest.mark.django_db

LIST = "catalog:product_list"


def page_of(product, tab="main"):
    return f"{product.get_absolute_url()}?tab={tab}"


def main_information(product, **changes):
    values = {
        "code": product.code,
        "type": product.type.code,
        "name": product.name,
        "alternative_code": product.alternative_code,
        "availability": product.availability,
        "sort_order": product.sort_order,
        **changes,
    }
    return {"panel": "main-information"} | {
        f"main-information-{name}": value for name, value in values.items()
    }


def rows(prefix, *filled):
    data = {f"{prefix}-TOTAL_FORMS": len(filled), f"{prefix}-INITIAL_FORMS": 0}
    for number, row in enumerate(filled):
        data |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return data


@pytest.mark.parametrize("count", [1, 20])
def test_the_list_asks_the_database_as_often_for_many_rows(
    admin_client, django_assert_num_queries, count
):
    family, brand = FamilyFactory(), BrandFactory()
    for _ in range(count):
        product = ProductFactory(family=family, brand=brand)
        set_validity(product, [(date(2026, 1, 1), None)])

    with django_assert_num_queries(7):
        answer = admin_client.get(reverse(LIST))
    assert len(answer.context["table"].page.object_list) == count


def test_the_list_is_filtered_sorted_and_exported(admin_client):
    pay_tv = FamilyFactory(name="Pay TV")
    sport = FamilyFactory(name="Sport", parent=pay_tv)
    ProductFactory(code="NEWS", name="News", family=pay_tv)
    ProductFactory(code="GOALS", name="Goals", family=sport)
    ProductFactory(code="PHONE", name="Phone", availability="DISCONTINUED")

    by_family = admin_client.get(reverse(LIST), {"family": pay_tv.code, "sort": "code"})
    by_text = admin_client.get(reverse(LIST), {"q": "pho"})
    by_availability = admin_client.get(reverse(LIST), {"availability": "DISCONTINUED"})
    export = admin_client.get(
        reverse(LIST), {"family": pay_tv.code, "export": "csv", "sort": "-code"}
    )

    def codes(answer):
        return [row.record.code for row in answer.context["table"].page.object_list]

    assert codes(by_family) == ["GOALS", "NEWS"]
    assert codes(by_text) == codes(by_availability) == ["PHONE"]
    lines = b"".join(export.streaming_content).decode().splitlines()
    assert [line.split(",")[0].strip("\ufeff") for line in lines] == ["code", "NEWS", "GOALS"]


def test_the_sort_order_is_a_column_for_those_who_ask(admin_client):
    ProductFactory(code="NEWS", sort_order=7)

    plain, asked = (admin_client.get(reverse(LIST), query) for query in ({}, {"show_order": "on"}))

    assert b"Sort order" not in plain.content.partition(b"<tbody>")[0].partition(b"<thead>")[2]
    assert "sort_order" in [column.name for column in asked.context["table"].columns]
    assert b">7<" in asked.content


def test_a_sort_order_beyond_its_column_is_refused_at_the_field(admin_client):
    product = ProductFactory()

    answer = admin_client.post(page_of(product), main_information(product, sort_order=10**12))

    panel = next(each for each in answer.context["panels"] if each.slug == "main-information")
    assert list(panel.context["form"].errors) == ["sort_order"]


def test_a_negative_sort_order_is_refused_at_the_field(admin_client):
    product = ProductFactory()

    answer = admin_client.post(page_of(product), main_information(product, sort_order=-1))

    assert "The sort order is 0 or more." in answer.content.decode()
    product.refresh_from_db()
    assert product.sort_order == 0


def test_a_new_product_is_saved_and_its_page_opened(admin_client):
    product_type, residential = ProductTypeFactory(), AccountClassFactory()

    answer = admin_client.post(
        reverse("catalog:product_new"),
        {
            "code": "SPORT",
            "type": product_type.code,
            "availability": "AVAILABLE",
            "sort_order": 0,
            "account_classes": [residential.pk],
        },
        follow=True,
    )

    product = Product.objects.get()
    assert (product.name, product.alternative_code) == ("SPORT", "SPORT")
    assert list(product.account_classes.all()) == [residential]
    assert answer.redirect_chain == [("/products/SPORT/", 302)]


def test_a_taken_code_is_refused_at_the_field_and_nothing_typed_is_lost(admin_client):
    product = ProductFactory(code="SPORT")

    answer = admin_client.post(
        reverse("catalog:product_new"),
        {
            "code": "sport",
            "type": product.type.code,
            "availability": "AVAILABLE",
            "sort_order": 0,
            "description": "All goals.",
        },
    )

    form = answer.context["form"]
    assert form.errors["code"] == ["Another product has the code sport."]
    assert form["description"].value() == "All goals."
    assert Product.objects.count() == 1


def test_a_changed_code_leads_to_the_new_address(admin_client):
    product = ProductFactory(code="SPORT")

    answer = admin_client.post(page_of(product), main_information(product, code="SPORTS"))

    assert (answer.status_code, answer.url) == (302, "/products/SPORTS/")


def test_a_product_is_found_whatever_the_case_of_its_code(admin_client):
    ProductFactory(code="Sport 1")

    assert admin_client.get("/products/sport 1/").status_code == 200


def test_a_used_product_keeps_its_kind_with_a_message_at_the_type(admin_client):
    product = SalesBundleItemFactory().product
    usage = ProductTypeFactory(usage=True)

    answer = admin_client.post(page_of(product), main_information(product, type=usage.code))

    panel = next(panel for panel in answer.context["panels"] if panel.slug == "main-information")
    assert "used by sales bundle items" in panel.context["form"].errors["type"][0]
    product.refresh_from_db()
    assert product.type != usage


def test_validity_is_said_with_its_last_day_covered(admin_client):
    product = ProductFactory()

    admin_client.post(
        page_of(product),
        {"panel": "validity", "validity-kind": "PERIODS"}
        | rows("validity-rows", {"first_day": "2026-01-01", "last_day": "2026-03-31"}),
    )

    period = product.validities.get().period
    assert (period.lower, period.upper) == (date(2026, 1, 1), date(2026, 4, 1))
    assert b'value="2026-03-31"' in admin_client.get(page_of(product)).content


def test_overlapping_validity_is_refused_at_its_row(admin_client):
    product = ProductFactory()

    answer = admin_client.post(
        page_of(product),
        {"panel": "validity", "validity-kind": "PERIODS"}
        | rows(
            "validity-rows",
            {"first_day": "2026-01-01", "last_day": "2026-03-31"},
            {"first_day": "2026-03-31", "last_day": ""},
        ),
    )

    panel = next(panel for panel in answer.context["panels"] if panel.slug == "validity")
    form = panel.context["form"]
    assert form.rows.forms[1].errors == {"first_day": ["This period overlaps with one above it."]}
    assert form.non_field_errors() == ["Row 2: This period overlaps with one above it."]
    assert not product.validities.exists()


@pytest.mark.parametrize("day", ["31.02.2026", "2026-02-31", "9999-12-31", "0000-01-01", "x\x00"])
def test_a_day_that_is_none_is_refused_at_its_row(admin_client, day):
    product = ProductFactory()

    answer = admin_client.post(
        page_of(product),
        {"panel": "validity", "validity-kind": "PERIODS"}
        | rows("validity-rows", {"first_day": "2026-01-01", "last_day": day}),
    )

    panel = next(panel for panel in answer.context["panels"] if panel.slug == "validity")
    assert "last_day" in panel.context["form"].rows.forms[0].errors
    assert not product.validities.exists()


def test_rows_without_their_management_form_are_refused(admin_client):
    product = ProductFactory()
    set_validity(product, [(date(2026, 1, 1), None)])

    answer = admin_client.post(page_of(product), {"panel": "validity"})

    assert answer.status_code == 200
    assert product.validities.count() == 1


def test_components_are_set_on_the_components_tab(admin_client):
    bundle, part = ProductFactory(fixed_bundle=True), ProductFactory()

    answer = admin_client.post(
        page_of(bundle, "components"),
        {"panel": "components"} | rows("components-rows", {"product": part.code, "quantity": "2"}),
    )

    assert answer.status_code == 302
    assert list(bundle.components.values_list("product", "quantity")) == [(part.pk, 2)]


def test_a_bundle_in_a_bundle_is_refused_at_its_row(admin_client):
    bundle, other = ProductFactory(fixed_bundle=True), ProductFactory(fixed_bundle=True)

    answer = admin_client.post(
        page_of(bundle, "components"),
        {"panel": "components"} | rows("components-rows", {"product": other.code, "quantity": "1"}),
    )

    panel = next(panel for panel in answer.context["panels"] if panel.slug == "components")
    assert "cannot contain another" in panel.context["form"].rows.forms[0].errors["product"][0]
    assert not bundle.components.exists()


@pytest.mark.parametrize(
    ("trait", "shown"),
    [
        ({}, False),
        ({"usage": True}, False),
        ({"expense": True}, False),
        ({"one_time": True}, False),
        ({"traceable": True}, False),
        ({"fixed_bundle": True}, True),
        ({"flexible_bundle": True}, True),
        ({"traceable": True, "fixed_bundle": True}, True),
    ],
)
def test_bundle_components_are_shown_for_bundles_only(admin_client, trait, shown):
    product = ProductFactory(**trait)

    answer = admin_client.get(page_of(product, "components"))

    assert ("components" in [panel.slug for panel in answer.context["panels"]]) is shown


def test_every_product_has_main_information_characteristics_and_validity(admin_client):
    for trait in ("usage", "expense", "one_time", "traceable", "non_traceable", "fixed_bundle"):
        answer = admin_client.get(page_of(ProductFactory(**{trait: True})))

        slugs = [panel.slug for panel in answer.context["panels"]]
        assert slugs[:4] == [
            "main-information",
            "type-characteristics",
            "categories",
            "validity",
        ]


def test_use_and_history_say_where_it_is_and_who_changed_what(admin_client):
    family = FamilyFactory(name="Pay TV")
    item = SalesBundleItemFactory()
    bundle = ProductFactory(fixed_bundle=True, name="Family TV")
    set_components(bundle, [ComponentRow(item.product, 1)])
    admin_client.post(
        page_of(item.product), main_information(item.product, name="Sport HD", family=family.code)
    )

    answer = admin_client.get(page_of(item.product, "use"))

    used, history = (panel.context for panel in answer.context["panels"] if panel.slug != "")
    assert [(place.name, place.kind) for place in used["places"]] == [
        ("Family TV", "Fixed bundle"),
        (item.bundle.name, "Sales bundle"),
    ]
    latest = history["history"].entries[0]
    assert latest.by == "catherine"
    assert [(change.label, change.old, change.new) for change in latest.changes] == [
        ("Family", "–", "Pay TV"),
        ("Name", item.product.name, "Sport HD"),
    ]


@pytest.mark.parametrize("tab", ["main", "components", "use"])
def test_a_tab_asks_at_most_28_queries(admin_client, django_assert_max_num_queries, tab):
    bundle = ProductFactory(fixed_bundle=True)
    set_components(bundle, [ComponentRow(ProductFactory(), 1) for _ in range(20)])

    with django_assert_max_num_queries(28):
        admin_client.get(page_of(bundle, tab))


def test_a_reader_sees_facts_and_no_form(reader_client):
    bundle = ProductFactory(fixed_bundle=True)
    set_components(bundle, [ComponentRow(ProductFactory(), 1)])

    for tab in ("main", "components", "use"):
        answer = reader_client.get(page_of(bundle, tab))
        assert b'name="panel"' not in answer.content
    assert reader_client.post(page_of(bundle), {"panel": "validity"}).status_code == 403
    assert reader_client.get(reverse("catalog:product_new")).status_code == 403


def test_without_the_permission_there_is_no_product_page(stranger_client):
    product = ProductFactory()

    for address in (reverse(LIST), page_of(product)):
        assert stranger_client.get(address).status_code == 403


def test_an_unused_product_is_deleted_after_a_question(admin_client):
    product = ProductFactory()
    address = reverse("catalog:product_delete", args=[product.code])

    question = admin_client.get(address)
    answer = admin_client.post(address)

    assert question.status_code == 200
    assert (answer.status_code, answer.url) == (302, reverse(LIST))
    assert not Product.objects.exists()


def test_a_used_product_is_not_deleted_and_the_page_says_why(admin_client):
    product = SalesBundleItemFactory().product

    answer = admin_client.post(reverse("catalog:product_delete", args=[product.code]))

    assert b"used by sales bundle items" in answer.content
    assert Product.objects.filter(pk=product.pk).exists()
