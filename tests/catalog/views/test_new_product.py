"""A new product on one page: main information, what its type brings, tax and price."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from catalog.models import Product, ProductCategory
from catalog.operations.characteristics import CharacteristicRow, set_characteristics
from pricing.operations.taxes import add_tax_rate
from tests.catalog.factories import (
    CharacteristicFactory,
    FamilyFactory,
    ProductFactory,
    ProductTypeFactory,
)
from tests.people import person
from tests.pricing.factories import PricePlanFactory, TaxCodeFactory

pytestmark = pytest.mark.django_db

NEW = "/products/+new/"


@pytest.fixture
def keeper_client(client):
    client.force_login(person("Catalogue admin"))
    return client


def vat(percent):
    return add_tax_rate(
        TaxCodeFactory(),
        code="standard",
        name="Standard",
        fraction=Decimal(percent) / 100,
        starts_on=date(2020, 1, 1),
    )


def sent(product_type, **values):
    return {
        "type": product_type.code,
        "availability": "AVAILABLE",
        "sort_order": 0,
        **values,
    }


def parts_sent(product_type, **values):
    parts = {"new-tax-tax": "", "new-price-plan": "", "new-price-base_amount": ""}
    return sent(product_type, parts_for=product_type.code, **{**parts, **values})


def test_choosing_a_type_shows_what_it_brings_and_keeps_what_was_typed(keeper_client):
    bundle_type = ProductTypeFactory(name="Packages", fixed_bundle=True)
    set_characteristics(bundle_type, [CharacteristicRow(name="Speed", kind="NUMBER")])

    answer = keeper_client.post(
        reverse("catalog:new_product_parts"),
        {"type": bundle_type.code, "new-price-base_amount": "30,x"},
    )

    text = answer.content.decode()
    assert "Fixed bundle" in text
    assert "Bundle components" in text
    assert "Speed" in text
    assert 'value="30,x"' in text
    assert "invalid-feedback" not in text


def test_what_a_type_asks_is_asked_once(keeper_client):
    one = CharacteristicFactory(name="Speed", kind="NUMBER")

    page = keeper_client.get(reverse("catalog:product_new"), {"type": one.type.code})

    assert page.content.decode().count(f'name="char_{one.pk}"') == 1


@pytest.mark.parametrize("chosen", ["", "none", "9" * 30, "-1", "\x00"])
def test_choosing_no_type_shows_nothing(keeper_client, chosen):
    answer = keeper_client.post(reverse("catalog:new_product_parts"), {"type": chosen})

    assert answer.status_code == 200
    assert b"section" not in answer.content


def test_without_scripts_a_button_shows_what_the_type_brings(keeper_client):
    product_type = ProductTypeFactory()

    answer = keeper_client.post(NEW, sent(product_type, name="Sport", show_parts="yes"))

    assert answer.context["sheet"].type == product_type
    assert b'name="new-price-base_amount"' in answer.content
    assert b'value="Sport"' in answer.content
    assert not Product.objects.exists()


def test_one_page_makes_a_product_with_tax_and_price(keeper_client):
    product_type, plan, rate = ProductTypeFactory(), PricePlanFactory(), vat(19)

    answer = keeper_client.post(
        NEW,
        parts_sent(
            product_type,
            code="SPORT",
            **{
                "new-tax-tax": rate.pk,
                "new-price-plan": plan.pk,
                "new-price-base_amount": "1,030.50",
                "validity-kind": "FROM",
                "validity-from_day": "2026-02-01",
                "validity-rows-TOTAL_FORMS": 0,
                "validity-rows-INITIAL_FORMS": 0,
            },
        ),
    )

    assert (answer.status_code, answer.url) == (302, "/products/SPORT/")
    product = Product.objects.get()
    assert list(product.taxes.values_list("tax_rate", "applied")) == [(rate.pk, True)]
    assert product.rates.get().base_amount == Decimal("1030.50")
    assert product.validities.get().period.lower == date(2026, 2, 1)


def test_a_price_without_a_plan_is_refused_and_nothing_is_saved(keeper_client):
    product_type = ProductTypeFactory()

    answer = keeper_client.post(
        NEW,
        parts_sent(product_type, code="SPORT", **{"new-price-base_amount": "30"}),
    )

    price = answer.context["sheet"].parts[1][1]
    assert price.errors == {"plan": ["Choose the plan that holds this price."]}
    assert b'value="SPORT"' in answer.content
    assert not Product.objects.exists()


def test_what_pricing_refuses_is_shown_at_its_field_and_nothing_is_saved(keeper_client):
    product_type, plan = ProductTypeFactory(expense=True), PricePlanFactory(state="EXPIRED")

    answer = keeper_client.post(
        NEW,
        parts_sent(
            product_type,
            **{"new-price-plan": plan.pk, "new-price-base_amount": "30"},
        ),
    )

    price = answer.context["sheet"].parts[1][1]
    assert "plan" in price.errors
    assert not Product.objects.exists()


def test_an_empty_code_is_the_next_free_one_of_family_or_type(keeper_client):
    product_type = ProductTypeFactory(code="tv-channel")
    family = FamilyFactory(code="pay-tv")
    ProductFactory(code="paytv-0041")
    ProductFactory(code="PAYTV-HD")

    keeper_client.post(NEW, sent(product_type, family=family.code))
    keeper_client.post(NEW, sent(product_type))

    assert list(Product.objects.filter(type=product_type).values_list("code", "name")) == [
        ("PAYTV-0042", "PAYTV-0042"),
        ("TVCHANNEL-0001", "TVCHANNEL-0001"),
    ]


def test_required_characteristics_are_asked_for(keeper_client):
    product_type = ProductTypeFactory()
    set_characteristics(
        product_type, [CharacteristicRow(name="Speed", kind="NUMBER", required=True)]
    )
    field = f"char_{product_type.characteristics.get().pk}"

    refused = keeper_client.post(NEW, sent(product_type, code="NET"))
    answer = keeper_client.post(NEW, parts_sent(product_type, code="NET", **{field: "100"}))

    assert "requires Speed" in refused.context["form"].errors[field][0]
    assert answer.status_code == 302
    assert Product.objects.get().values.get().value == "100"


def test_categories_are_ticked_on_the_page(keeper_client):
    product_type = ProductTypeFactory()
    category = ProductCategory.objects.create(name="Sport", code="sport")

    keeper_client.post(
        NEW,
        sent(
            product_type,
            **{"categories-sent": "yes", "categories-categories": [category.pk]},
        ),
    )

    assert list(Product.objects.get().categories.all()) == [category]


def test_the_address_may_propose_the_type(keeper_client):
    product_type = ProductTypeFactory(code="packages")

    answer = keeper_client.get(NEW, {"type": "packages"})

    assert answer.context["sheet"].type == product_type
    assert answer.context["form"]["type"].value() == "packages"


def test_codes_and_periods_at_fault_are_told_at_once_each_at_its_place(keeper_client):
    product_type = ProductTypeFactory()
    ProductFactory(code="SPORT", alternative_code="sport-alt")

    answer = keeper_client.post(
        NEW,
        parts_sent(
            product_type,
            code="sport",
            alternative_code="SPORT-ALT",
            **{
                "validity-kind": "PERIODS",
                "validity-rows-TOTAL_FORMS": 1,
                "validity-rows-INITIAL_FORMS": 0,
                "validity-rows-0-first_day": "2026-02-01",
                "validity-rows-0-last_day": "2026-01-31",
            },
        ),
    )

    (period,) = answer.context["sheet"].validity.rows.forms
    assert answer.context["form"].errors == {
        "code": ["Another product has the code sport."],
        "alternative_code": ["Another product has the alternative code SPORT-ALT."],
    }
    assert period.errors == {"last_day": ["The last day is before the first."]}
    assert 'aria-invalid="true"' in str(period["last_day"])
    assert Product.objects.count() == 1
