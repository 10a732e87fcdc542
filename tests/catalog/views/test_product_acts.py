"""What can be done with a product as a whole, and its print sheet."""

from datetime import date

import pytest

from catalog.models import Product
from catalog.operations.bundles import ComponentRow, set_components
from catalog.operations.products import set_validity
from tests.catalog.factories import ProductFactory
from tests.people import person
from tests.pricing.factories import RateFactory, vat
from tests.subscriptions.factories import subscribe

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper_client(client):
    client.force_login(person("Catalogue admin"))
    return client


def test_a_product_is_cloned_with_what_is_ticked(keeper_client):
    product = ProductFactory(code="SPORT", name="Sport")
    set_validity(product, [(date(2026, 1, 1), None)])
    vat(product)

    page = keeper_client.get("/products/SPORT/clone/")
    answer = keeper_client.post(
        "/products/SPORT/clone/", {"name": "Sport HD", "code": "SPORT-HD", "parts": ["validity"]}
    )

    assert b"Tax rates (1)" in page.content
    assert page.context["form"]["name"].value() == "Copy of Sport"
    assert (answer.status_code, answer.url) == (302, "/products/SPORT-HD/")
    clone = Product.objects.get(code="SPORT-HD")
    assert (clone.validities.count(), clone.taxes.count()) == (1, 0)


def test_a_clone_with_a_taken_code_is_refused_at_the_field(keeper_client):
    ProductFactory(code="SPORT")

    answer = keeper_client.post("/products/SPORT/clone/", {"name": "Sport HD", "code": "sport"})

    assert answer.context["form"].errors["code"] == ["Another product has the code sport."]
    assert Product.objects.count() == 1


def test_deactivating_says_who_has_it(keeper_client):
    product = ProductFactory(code="SPORT")
    subscribe(product, on=date(2026, 3, 1))

    page = keeper_client.get("/products/SPORT/availability/")
    answer = keeper_client.post("/products/SPORT/availability/", {"availability": "NO_NEW_USERS"})

    assert b"1 service that is not closed" in page.content
    assert page.context["form"]["availability"].value() == "NO_NEW_USERS"
    assert answer.status_code == 302
    product.refresh_from_db()
    assert product.availability == "NO_NEW_USERS"


def test_what_customers_have_is_not_discontinued_and_the_page_says_why(keeper_client):
    product = ProductFactory(code="SPORT")
    subscribe(product, on=date(2026, 3, 1))

    answer = keeper_client.post("/products/SPORT/availability/", {"availability": "DISCONTINUED"})

    assert "while customers have it" in answer.context["form"].errors["availability"][0]
    product.refresh_from_db()
    assert product.availability == "AVAILABLE"


def test_who_may_only_look_may_not_act(reader_client):
    ProductFactory(code="SPORT")

    for act in ("clone", "availability"):
        assert reader_client.get(f"/products/SPORT/{act}/").status_code == 403
        assert reader_client.post(f"/products/SPORT/{act}/").status_code == 403


def test_the_print_sheet_shows_all_sections_and_no_form(keeper_client):
    bundle, part = ProductFactory(fixed_bundle=True, code="PACK"), ProductFactory(name="News")
    set_components(bundle, [ComponentRow(part, 1)])
    RateFactory(product=bundle)

    answer = keeper_client.get("/products/PACK/?print=yes")

    text = answer.content.decode()
    slugs = [panel.slug for panel in answer.context["panels"]]
    assert {"main-information", "components", "tax-rates", "price-plans", "history"} <= set(slugs)
    assert "News" in text
    assert "<form" not in text
    assert "<button" not in text
    assert keeper_client.post("/products/PACK/?print=yes", {"panel": "validity"}).status_code == 403


def test_the_index_counts_the_rows_of_each_section(keeper_client):
    product = ProductFactory(code="SPORT")
    vat(product)

    answer = keeper_client.get("/products/SPORT/?tab=pricing")

    assert 'id="count-of-tax-rates"' in answer.content.decode()
    counts = {panel.slug: panel.count for panel in answer.context["panels"]}
    assert (counts["tax-rates"], counts["price-plans"]) == (1, 0)


def test_a_saved_section_answers_htmx_with_its_new_count(keeper_client):
    product = ProductFactory(code="SPORT")
    rate = vat(ProductFactory()).tax_rate

    answer = keeper_client.post(
        "/products/SPORT/?tab=pricing",
        {"panel": "tax-rates", "tax-rates-add": rate.pk},
        headers={"HX-Request": "true"},
    )

    assert product.taxes.count() == 1
    assert 'hx-swap-oob="true" class="count">1</span>' in " ".join(answer.content.decode().split())
