"""Sections of the product page: categories, characteristics, tax rates, locked price plans."""

from decimal import Decimal

import pytest
from django.utils import timezone

from catalog.models import ProductCategory
from catalog.operations.characteristics import CharacteristicRow, set_characteristics
from catalog.queries import categories
from pricing.models import PricePlan
from tests.catalog.factories import ProductFactory
from tests.people import person
from tests.pricing.factories import PricePlanFactory, RateFactory, vat, vat_rate

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper_client(client):
    client.force_login(person("Catalogue admin"))
    return client


def send(client, product, panel, tab="main", **values):
    data = {"panel": panel} | {f"{panel}-{name}": value for name, value in values.items()}
    return client.post(f"{product.get_absolute_url()}?tab={tab}", data)


def panel_of(answer, slug):
    return next(panel for panel in answer.context["panels"] if panel.slug == slug)


def make_tree():
    top = ProductCategory.objects.create(name="Television", code="tv")
    below = ProductCategory.objects.create(name="Sport", code="sport", parent=top)
    other = ProductCategory.objects.create(name="Internet", code="net")
    return top, below, other


def test_categories_are_ticked_in_their_tree(keeper_client):
    product, (_, sport, internet) = ProductFactory(), make_tree()

    send(keeper_client, product, "categories", categories=[sport.pk, internet.pk])
    answer = keeper_client.get(product.get_absolute_url())

    assert set(product.categories.all()) == {sport, internet}
    groups = panel_of(answer, "categories").context["form"].box_groups()
    assert [
        [(box["category"].name, box["depth"], box["is_ticked"]) for box in boxes]
        for boxes in groups
    ] == [
        [("Internet", 0, True)],
        [("Television", 0, False), ("Sport", 1, True)],
    ]


def test_more_categories_than_can_be_listed_are_rows_that_search(keeper_client, monkeypatch):
    product, (top, sport, _) = ProductFactory(), make_tree()
    monkeypatch.setattr(categories, "MOST_LISTED", 2)

    send(
        keeper_client,
        product,
        "categories",
        **{
            "rows-TOTAL_FORMS": 2,
            "rows-INITIAL_FORMS": 0,
            "rows-0-category": "SPORT",
            "rows-1-category": "tv",
        },
    )
    refused = send(
        keeper_client,
        product,
        "categories",
        **{"rows-TOTAL_FORMS": 1, "rows-INITIAL_FORMS": 0, "rows-0-category": "nothing"},
    )

    assert set(product.categories.all()) == {top, sport}
    rows = panel_of(refused, "categories").context["form"].rows
    assert "no product category with the code" in rows.forms[0].errors["category"][0]


def test_a_product_answers_what_its_type_asks(keeper_client):
    product = ProductFactory()
    set_characteristics(
        product.type, [CharacteristicRow(name="Speed", kind="NUMBER", unit="Mbit/s")]
    )
    name = f"char_{product.type.characteristics.get().pk}"

    send(keeper_client, product, "type-characteristics", **{name: "1,000"})
    refused = send(keeper_client, product, "type-characteristics", **{name: "fast"})

    assert product.values.get().value == "1000"
    form = panel_of(refused, "type-characteristics").context["form"]
    assert list(form.errors) == [name]
    assert form[name].value() == "fast"


def test_exactly_one_rate_of_a_tax_code_is_applied(keeper_client):
    product = ProductFactory()
    standard = vat(product).tax_rate
    reduced = vat_rate("0.05")
    reduced.tax_code = standard.tax_code
    reduced.code = "reduced"
    reduced.save()

    send(keeper_client, product, "tax-rates", "pricing", add=reduced.pk, apply_added="on")
    kept = send(
        keeper_client,
        product,
        "tax-rates",
        "pricing",
        remove=product.taxes.get(applied=True).pk,
    )

    applied = dict(product.taxes.values_list("tax_rate", "applied"))
    assert applied == {standard.pk: False, reduced.pk: True}
    assert b"Apply another rate before" in kept.content


def test_a_locked_plan_refuses_edits_but_takes_another_product(keeper_client):
    plan = PricePlanFactory()
    rate = RateFactory(plan=plan, base_amount=Decimal(30))
    PricePlan.objects.filter(pk=plan.pk).update(used_at=timezone.now())
    other = ProductFactory()

    page = keeper_client.get(f"{rate.product.get_absolute_url()}?tab=pricing")
    refused = send(
        keeper_client, rate.product, "price-plans", "pricing", row=rate.pk, base_amount="40"
    )
    send(keeper_client, other, "price-plans", "pricing", plan=plan.pk, base_amount="40")

    assert b"used" in page.content
    assert panel_of(page, "price-plans").context["lines"][0]["form"] is None
    assert b"has been used, so its rates stay" in refused.content
    rate.refresh_from_db()
    assert rate.base_amount == 30
    assert other.rates.get().base_amount == 40
