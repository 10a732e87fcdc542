"""Every model of the catalogue is in Django's admin, with its history."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from catalog.operations.bundles import ComponentRow, set_components
from tests.catalog.factories import (
    AccountClassFactory,
    AccountClassificationFactory,
    BrandFactory,
    FamilyFactory,
    ProductFactory,
    ProductTypeFactory,
    SalesBundleFactory,
    SalesBundleItemFactory,
    TechnologyFactory,
)

FACTORIES = [
    AccountClassFactory,
    AccountClassificationFactory,
    BrandFactory,
    FamilyFactory,
    ProductFactory,
    ProductTypeFactory,
    SalesBundleFactory,
    SalesBundleItemFactory,
    TechnologyFactory,
]


@pytest.mark.django_db
@pytest.mark.parametrize("factory", FACTORIES)
def test_a_superuser_finds_and_opens_each_model(client, factory):
    client.force_login(User.objects.create_superuser("sue"))
    record = factory()
    pages = f"admin:catalog_{record._meta.model_name}"

    addresses = [
        reverse(f"{pages}_changelist") + "?q=x",
        reverse(f"{pages}_add"),
        reverse(f"{pages}_change", args=[record.pk]),
        reverse(f"{pages}_history", args=[record.pk]),
    ]
    assert [client.get(address).status_code for address in addresses] == [200] * 4


@pytest.mark.django_db
def test_products_are_found_by_typing(client):
    client.force_login(User.objects.create_superuser("sue"))
    bundle = ProductFactory(fixed_bundle=True)
    set_components(bundle, [ComponentRow(ProductFactory(name="News 24"), 1)])

    answer = client.get(
        reverse("admin:autocomplete"),
        {
            "app_label": "catalog",
            "model_name": "bundlecomponent",
            "field_name": "product",
            "term": "news",
        },
    )

    assert [row["text"] for row in answer.json()["results"]] == ["News 24"]
