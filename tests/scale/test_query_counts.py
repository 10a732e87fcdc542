"""Queries of the catalogue's pages at two sizes: below their limit, and not more for many rows."""

from datetime import date

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog.operations.bundles import ComponentRow, set_components
from catalog.operations.products import set_validity
from catalog.panels.sections import TABS
from tests.catalog.factories import (
    BrandFactory,
    FamilyFactory,
    ProductFactory,
    ProductTypeFactory,
    SalesBundleFactory,
    SalesBundleItemFactory,
)
from tests.subscriptions.factories import AccountFactory, offer, subscribe

pytestmark = pytest.mark.django_db

FEW, MANY = 2, 9
DAY = date(2026, 1, 1)
LIST, PRODUCT_PAGE, USE_OF_PRODUCT, ADD_PAGE, ACCOUNT_PAGE = 12, 27, 37, 32, 20


@pytest.fixture
def catalogue():
    """A catalogue that grows on demand, with a customer."""
    return Catalogue()


class Catalogue:
    """Packages with their components, prices and fees, all sold on one subscription type."""

    def __init__(self):
        self.family = FamilyFactory(name="Pay TV")
        self.types = [ProductTypeFactory(), ProductTypeFactory(fixed_bundle=True)]
        self.package = ProductFactory(type=self.types[1], code="PACK", family=self.family)
        self.parts = []
        self.service = subscribe(
            ProductFactory(type=self.types[0]), on=DAY, account=AccountFactory()
        )
        self.type = self.service.subscription.type
        offer(self.package, subscription_type=self.type)

    def grow_to(self, size):
        """Add products, and what stands beside them in lists."""
        while len(self.parts) < size:
            part = ProductFactory(
                type=self.types[0],
                family=FamilyFactory(parent=self.family),
                brand=BrandFactory(),
                name=f"Sports {len(self.parts)}",
            )
            set_validity(part, [(DAY, None)])
            offer(part, subscription_type=self.type)
            SalesBundleItemFactory(bundle=SalesBundleFactory(), product=part)
            SalesBundleItemFactory(bundle=SalesBundleFactory(), product=self.package)
            self.parts.append(part)
        set_components(self.package, [ComponentRow(part, 1) for part in self.parts])

    def pages(self):
        """Return addresses with the most queries that each may make."""
        lists = [
            "product_list",
            "type_list",
            "family_list",
            "brand_list",
            "category_list",
            "sales_bundle_list",
            "one_time_list",
            "recurring_fee_list",
            "recurring_service_list",
            "recurring_package_list",
            "choose_product",
            "choose_family",
        ]
        user = self.service.subscription.user
        found = {reverse(f"catalog:{name}"): LIST for name in lists}
        found |= {f"{reverse('catalog:product_list')}?q=sports&sort=family": LIST}
        for product in (self.package, self.parts[0]):
            for tab, _ in TABS:
                most = USE_OF_PRODUCT if tab == "use" else PRODUCT_PAGE
                found[f"{product.get_absolute_url()}?tab={tab}"] = most
        found |= {reverse("subscriptions:add_service", args=[user.number]): ADD_PAGE}
        found |= {f"{reverse('subscriptions:add_service', args=[user.number])}?q=spo": ADD_PAGE}
        return found | {user.account.get_absolute_url(): ACCOUNT_PAGE}


def counts(client, pages):
    found = {}
    for page in pages:
        client.get(page)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page).status_code == 200
        found[page] = len(queries)
    return found


def test_pages_ask_as_often_for_many_rows_as_for_few(client, catalogue):
    client.force_login(User.objects.create_superuser("sue"))
    catalogue.grow_to(FEW)
    few = counts(client, catalogue.pages())
    catalogue.grow_to(MANY)

    many = counts(client, catalogue.pages())

    assert {page: (few[page], many[page]) for page in few if many[page] > few[page]} == {}
    limits = catalogue.pages()
    assert {page: many[page] for page in many if many[page] > limits[page]} == {}
