"""What pricing shows on a product's page: rates saved in place, tax rates by radio."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from catalog.models import Product
from pricing.kernel.periods import Duration, Unit
from pricing.kernel.rates import Phase
from pricing.models import PricePlan
from pricing.operations.plans import mark_used
from pricing.operations.taxes import set_product_tax
from tests.catalog.factories import ProductFactory
from tests.pricing.factories import PricePlanFactory, RateFactory, vat, vat_rate

pytestmark = pytest.mark.django_db
QUARTER = Duration(3, Unit.MONTH)


def page_of(product: Product) -> str:
    return f"{product.get_absolute_url()}?tab=pricing"


def errors_of(response: Any, slug: str) -> Any:
    """Return the errors of the form of a panel."""
    (panel,) = (each for each in response.context["panels"] if each.slug == slug)
    return panel.context["form"].errors


def send(client: Client, product: Product, panel: str, *, htmx: bool = False, **typed: object):
    """Send a panel's form as a browser does, with htmx or without."""
    data = {f"{panel}-{name}": value for name, value in typed.items()}
    headers = {"HX-Request": "true"} if htmx else {}
    return client.post(page_of(product), {"panel": panel, **data}, headers=headers)


@pytest.mark.parametrize("trait", ["", "expense", "one_time", "traceable", "usage"])
def test_all_products_but_usage_services_show_their_price_plans(admin: Client, trait: str) -> None:
    product = ProductFactory(**({trait: True} if trait else {}))

    page = admin.get(page_of(product)).content.decode()

    assert ('id="price-plans"' in page) == (trait != "usage")
    assert 'id="tax-rates"' in page


@pytest.mark.parametrize("htmx", [False, True])
def test_a_product_is_added_to_a_plan(admin: Client, *, htmx: bool) -> None:
    product, plan = ProductFactory(), PricePlanFactory()

    response = send(
        admin,
        product,
        "price-plans",
        htmx=htmx,
        plan=plan.pk,
        base_amount="12.50",
        per_count="3",
        per_unit="MONTH",
    )

    rate = plan.rates.get()
    assert (rate.base_amount, rate.per_count) == (Decimal("12.50"), 3)
    assert response.status_code == (200 if htmx else 302)


@pytest.mark.parametrize("htmx", [False, True])
def test_a_rate_is_saved_in_its_line(admin: Client, *, htmx: bool) -> None:
    rate = RateFactory(per=QUARTER)

    response = send(
        admin,
        rate.product,
        "price-plans",
        htmx=htmx,
        row=rate.pk,
        base_amount="31.00",
        per_count="3",
        per_unit="MONTH",
        setup_fee="5",
    )

    rate.refresh_from_db()
    assert (rate.base_amount, rate.setup_fee, rate.per_count) == (31, 5, 3)
    assert response.status_code == (200 if htmx else 302)


def test_a_line_leaves_the_phases_of_a_rate_alone(admin: Client) -> None:
    rate = RateFactory(per=QUARTER, phases=[Phase(QUARTER, 0, Decimal(60))])

    send(admin, rate.product, "price-plans", row=rate.pk, setup_fee="5")

    rate.refresh_from_db()
    assert (rate.tiered, rate.setup_fee, rate.per_count) == (True, 5, 3)


def test_a_line_without_an_amount_is_refused_in_its_place(admin: Client) -> None:
    rate = RateFactory()

    response = send(admin, rate.product, "price-plans", htmx=True, row=rate.pk, setup_fee="5")

    page = response.content.decode()
    assert "Give an amount; 0 is one." in page
    assert page.index(f'id="rate-row-{rate.pk}"') < page.index("Give an amount")


def test_a_rate_is_removed_by_the_button_of_its_line(admin: Client) -> None:
    rate = RateFactory()

    send(admin, rate.product, "price-plans", row=rate.pk, base_amount="1", act="remove")

    assert not rate.plan.rates.exists()


def test_a_line_of_a_used_plan_is_refused(admin: Client) -> None:
    rate = RateFactory(base_amount=Decimal(30))
    mark_used([rate.plan_id], now=datetime(2026, 1, 15, 9, tzinfo=UTC))

    response = send(admin, rate.product, "price-plans", row=rate.pk, base_amount="31")

    assert "has been used" in str(errors_of(response, "price-plans"))
    rate.refresh_from_db()
    assert rate.base_amount == 30


def test_a_used_plan_with_the_product_is_not_offered(admin: Client) -> None:
    rate = RateFactory()
    mark_used([rate.plan_id], now=datetime(2026, 1, 15, 9, tzinfo=UTC))

    response = send(admin, rate.product, "price-plans", plan=rate.plan_id, base_amount="31")

    assert "plan" in errors_of(response, "price-plans")
    assert PricePlan.objects.get().rates.count() == 1


def test_who_may_only_read_sees_prices_and_no_fields(client: Client) -> None:
    user = User.objects.create_user("reader")
    codenames = ["view_priceplan", "view_product", "view_producttax"]
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client.force_login(user)
    rate = RateFactory(base_amount=Decimal("12.50"))
    vat(rate.product)

    page = client.get(page_of(rate.product)).content.decode()
    refused = send(client, rate.product, "price-plans", row=rate.pk, base_amount="1")

    assert "12.50" in page
    assert "Applied" in page
    assert "price-plans-base_amount" not in page
    assert refused.status_code == 403


@pytest.mark.parametrize("htmx", [False, True])
def test_a_tax_rate_is_added(admin: Client, *, htmx: bool) -> None:
    product = ProductFactory()

    send(admin, product, "tax-rates", htmx=htmx, add=vat_rate("0.10").pk)

    assert product.taxes.get().applied


def test_another_rate_is_applied_by_its_radio(admin: Client) -> None:
    product = ProductFactory()
    first = vat(product, "0.10")
    second = set_product_tax(product, vat_rate("0.19"), applied=False)

    choice = {f"applied_{first.tax_code_id}": second.tax_rate_id}
    send(admin, product, "tax-rates", **choice)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.applied, second.applied) == (False, True)


def test_the_applied_rate_is_not_removed_before_another_is_applied(admin: Client) -> None:
    product = ProductFactory()
    first = vat(product, "0.10")
    second = set_product_tax(product, vat_rate("0.19"), applied=False)

    refused = send(admin, product, "tax-rates", htmx=True, remove=first.pk)
    send(admin, product, "tax-rates", remove=second.pk)

    assert "Apply another rate before" in refused.content.decode()
    assert list(product.taxes.all()) == [first]


@pytest.mark.parametrize("count", [1, 20])
def test_the_tab_takes_the_same_queries_for_any_number_of_plans(
    admin: Client, count: int, django_assert_max_num_queries
) -> None:
    product = ProductFactory()
    vat(product)
    for _ in range(count):
        RateFactory(product=product, phases=[Phase(QUARTER, 0, Decimal(60))])

    with django_assert_max_num_queries(35):
        response = admin.get(page_of(product))

    assert response.content.count(b"per 3 months, until cancelled") == count
