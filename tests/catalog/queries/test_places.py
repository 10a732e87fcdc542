"""Where a product is used: every place of every app, for links and before it is deleted."""

from datetime import date
from decimal import Decimal

import pytest

from catalog.models import DependentFee
from catalog.operations.bundles import ComponentRow, set_components
from catalog.queries.places import places_of
from subscriptions.operations.schemes import add_product_to_type, create_subscription_type
from tests.catalog.factories import FamilyFactory, ProductFactory, SalesBundleItemFactory
from tests.pricing.factories import PricePlanFactory, RateFactory
from tests.provisioning.factories import carry, make_provider
from tests.subscriptions.factories import SchemeFactory, subscribe

pytestmark = pytest.mark.django_db


def found(product):
    return [(place.name, place.kind, place.detail) for place in places_of(product)]


def test_a_product_that_nothing_uses_is_nowhere():
    assert found(ProductFactory()) == []


def test_bundles_that_name_it_or_let_it_be_chosen():
    sports = FamilyFactory(name="Sports")
    product = ProductFactory(family=FamilyFactory(name="Football", parent=sports))
    fixed = ProductFactory(name="Pack", fixed_bundle=True)
    flexible = ProductFactory(name="Your choice", flexible_bundle=True)
    set_components(fixed, [ComponentRow(product, Decimal(2))])
    set_components(flexible, [ComponentRow(family=sports, minimum=0, maximum=2)])
    sold = SalesBundleItemFactory(product=product)

    assert found(product) == [
        ("Pack", "Fixed bundle", "× 2"),
        ("Your choice", "Flexible bundle", "may be chosen: Sports"),
        (sold.bundle.name, "Sales bundle", "× 1"),
    ]


def test_what_other_apps_name():
    product, plan = ProductFactory(), PricePlanFactory(name="Prices")
    RateFactory(plan=plan, product=product)
    scheme = SchemeFactory(name="Monthly")
    add_product_to_type(create_subscription_type(code="tv", name="TV", schemes=[scheme]), product)
    provider = make_provider()
    carry(product, provider, "17")

    assert found(product) == [
        ("Prices", "Price plan", "sold alone"),
        ("TV", "Subscription type", ""),
        ("Monthly", "Billing term scheme", "Before its use"),
        (provider.name, "Provider", "as 17"),
    ]


def test_customers_are_counted():
    product = ProductFactory()
    subscribe(product, on=date(2026, 3, 1))

    assert ("Services of customers", "Subscriptions", "1 not closed") in found(product)


def test_what_it_is_a_fee_of():
    parent, fee = ProductFactory(name="Internet"), ProductFactory(expense=True)
    DependentFee.objects.create(parent=parent, fee=fee)

    assert found(fee) == [("Internet", "Product with this fee", "× 1")]
