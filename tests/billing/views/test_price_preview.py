"""The price preview's page: open to every role, its question in its address, refusals at fields."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from config.shared.roles import ROLES
from tests.catalog.factories import ProductFactory
from tests.people import person
from tests.pricing.discounts import discount, draft_discount, only_for
from tests.pricing.factories import RateFactory
from tests.subscriptions.factories import AccountFactory

pytestmark = pytest.mark.django_db
ADDRESS = "/price-preview/"


def asked(rate, **changes) -> dict[str, str]:
    return {
        "product": rate.product.code,
        "plan": rate.plan.code,
        "quantity": "1",
        "on": "2026-01-15",
        "frequency": "MONTHLY",
        "billing_day": "1",
        "ask": "1",
        **changes,
    }


@pytest.mark.parametrize("role", ROLES)
def test_every_role_may_ask(browse, role):
    rate = RateFactory(base_amount=Decimal("31.00"))

    page = browse(role).get(reverse("billing:price_preview"), asked(rate))

    assert page.context["answer"].gross == 17
    told = "× 17 ÷ 31: 17 of 31 days are charged; the cycle is 1 Jan 2026 – 31 Jan 2026"
    assert told in page.content.decode()


def test_a_link_fills_in_what_it_names_and_asks_nothing(csr):
    rate = RateFactory()

    page = csr.get(ADDRESS, {"product": rate.product.code, "plan": rate.plan.code})

    assert page.context["answer"] is None
    assert f'value="{rate.product.code}"' in page.content.decode()
    assert not page.context["form"].errors


def test_plans_and_products_link_to_it(csr):
    rate = RateFactory()
    query = f"/price-preview/?product={rate.product.code}&amp;plan={rate.plan.code}"

    of_plan = csr.get(rate.plan.get_absolute_url()).content.decode()
    of_product = csr.get(rate.product.get_absolute_url(), {"tab": "pricing"}).content.decode()

    assert f'href="/price-preview/?plan={rate.plan.code}"' in of_plan
    assert query in of_plan
    assert query in of_product


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"plan": ""}, "plan"),
        ({"product": ""}, "product"),
        ({"product": "no-such-code"}, "product"),
        ({"quantity": "0"}, "quantity"),
        ({"billing_day": "32"}, "billing_day"),
        ({"on": "soon"}, "on"),
        ({"on": "9999-12-31"}, "on"),
        ({"units": "3"}, "units"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(csr, changes, field):
    page = csr.get(ADDRESS, asked(RateFactory(), **changes))

    assert page.context["answer"] is None
    assert list(page.context["form"].errors) == [field]


def test_a_discount_for_something_else_is_said_at_its_field(csr):
    rate = RateFactory(product=ProductFactory(name="Fibre 100"))
    ten = discount("eyes-ten", "10", parts=only_for(ProductFactory()))

    page = csr.get(ADDRESS, asked(rate, discount_2=ten.code))

    assert page.context["form"].errors == {"discount_2": ["Eyes ten is not for Fibre 100."]}


def test_fields_find_plans_discounts_bundles_and_accounts(csr):
    account = AccountFactory(name="Anna Adler")
    plan = RateFactory().plan

    found = {
        name: csr.get(f"{ADDRESS}+{name}/", {"q": text}).json()["choices"]
        for name, text in (
            ("account", "adler"),
            ("plan", plan.code),
            ("discount", "x"),
            ("bundle", "x"),
        )
    }

    assert found["account"][0]["value"] == account.number
    assert found["plan"][0]["value"] == plan.code
    assert found["discount"] == found["bundle"] == []


def test_those_who_may_not_see_accounts_are_not_offered_any():
    user = person("")
    user.user_permissions.add(Permission.objects.get(codename="view_priceplan"))
    client = Client()
    client.force_login(user)

    page = client.get(ADDRESS)

    assert "account" not in page.context["form"].fields
    assert client.get(f"{ADDRESS}+account/").status_code == 403


def test_a_usage_service_asks_for_a_catalogue(csr):
    page = csr.get(ADDRESS, asked(RateFactory(), product=ProductFactory(usage=True).code, plan=""))

    assert "plan" in page.context["form"].errors


def test_a_flat_fee_is_asked_once_however_many(csr):
    rate = RateFactory(product=ProductFactory(expense=True), base_amount=Decimal("25.00"))

    page = csr.get(ADDRESS, asked(rate, quantity="2"))

    assert page.context["answer"].gross == 25
    assert "Flat fee once, however many" in page.content.decode()
    assert "So far, EUR" in page.content.decode()


def test_a_draft_discount_says_that_it_is_one_and_is_taken_once(csr):
    draft_discount("ten", "10")
    rate = RateFactory()

    offered = csr.get(f"{ADDRESS}+discount/", {"q": "ten"}).json()["choices"]
    page = csr.get(ADDRESS, asked(rate, discount_1="ten", discount_2="TEN"))

    assert offered[0]["label"] == "Ten (draft)"
    assert list(page.context["form"].errors) == ["discount_2"]
