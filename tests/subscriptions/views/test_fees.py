"""Dependent fees where services are added and shown."""

from decimal import Decimal

import pytest
from django.urls import reverse

from catalog.models import Availability
from catalog.operations.fees import FeeRow, set_dependent_fees
from pricing.operations.plans import add_rate
from tests.catalog.factories import ProductFactory
from tests.pricing.factories import basis_for
from tests.subscriptions.views.conftest import DAY

pytestmark = pytest.mark.django_db


def test_the_offer_names_the_fees_and_the_subscription_shows_them(csr_client, shop):
    plan = shop.type.schemes.get().default_plan
    rental, setup = ProductFactory(name="Box rental"), ProductFactory(name="Visit", expense=True)
    set_dependent_fees(shop.movies, [FeeRow(rental), FeeRow(setup)])
    for fee, price in ((rental, "3.50"), (setup, "40.00")):
        add_rate(plan, product=fee, basis=basis_for(fee), base_amount=Decimal(price))
    page = reverse("subscriptions:add_service", args=[shop.user.number])
    item = f"p{shop.movies.pk}"

    shown = csr_client.get(page, {"item": item})
    csr_client.post(page, {"item_key": item, "quantity": "1", "starts_on": DAY.isoformat()})

    assert "with fees: Box rental, Visit" in shown.content.decode()
    assert [line.text for line in shown.context["check"].effects] == [
        "Add Movies from 15 Jan 2026.",
        "Add Box rental from 15 Jan 2026.",
        "Add Visit, charged once with Movies.",
    ]
    after = csr_client.get(shop.subscription.get_absolute_url()).content.decode()
    assert "Box rental" in after
    assert "3.50" in after
    assert '<span class="quiet">fee</span>' in after


def test_an_offer_whose_fee_is_not_sold_any_more_says_so(csr_client, shop):
    rental = ProductFactory(name="Box rental", availability=Availability.DISCONTINUED)
    set_dependent_fees(shop.movies, [FeeRow(rental)])

    page = csr_client.get(reverse("subscriptions:add_service", args=[shop.user.number]))

    offers = {offer.name: offer for offer in page.context["offers"].found}
    assert "Box rental" not in offers
    assert offers["Movies"].faults == (
        "comes with Box rental, which is not sold any more (discontinued)",
    )
