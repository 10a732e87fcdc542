"""Every model of the catalogue is in Django's admin, with its history."""

import pytest
from django.apps import apps as django_apps
from django.contrib.admin import site
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog.models import Product, ProductFamily, ProductType
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


def admin_models():
    apps_models = django_apps.get_app_config("catalog").get_models()
    return [model for model in apps_models if not model.__name__.startswith("Historical")]


@pytest.mark.parametrize("model", admin_models(), ids=lambda model: model.__name__)
def test_every_model_is_registered_and_its_links_search(model):
    admin = site._registry[model]

    searching = set(admin.get_autocomplete_fields(None))
    links = {field.name for field in model._meta.get_fields() if is_link(field)}
    for inline in admin.inlines:
        searching |= set(inline(model, site).get_autocomplete_fields(None))
        links |= {field.name for field in inline.model._meta.get_fields() if is_link(field)}
    for name in links:
        assert name in searching
    assert admin.search_fields
    assert not admin.show_full_result_count


def is_link(field):
    return field.concrete and (field.many_to_one or field.many_to_many) and field.editable


@pytest.fixture
def _many(db):
    family = FamilyFactory()
    product_type = ProductTypeFactory(name="Packages", fixed_bundle=True)
    ProductFamily.objects.bulk_create(
        ProductFamily(name=f"Branch {n}", code=f"branch-{n}", parent=family) for n in range(300)
    )
    ProductType.objects.bulk_create(
        ProductType(
            name=f"Kind {n}", code=f"kind-{n}", classification="SERVICE", service_type="TERMED"
        )
        for n in range(60)
    )
    Product.objects.bulk_create(
        Product(
            code=f"MANY-{n}",
            alternative_code=f"ALSO-{n}",
            name=f"Thing {n}",
            type=product_type,
            family=family,
        )
        for n in range(300)
    )


@pytest.mark.usefixtures("_many")
@pytest.mark.parametrize("model", [Product, ProductFamily, ProductType])
def test_no_page_lists_or_counts_all_products(client, model):
    client.force_login(User.objects.create_superuser("sue"))
    pages = f"admin:catalog_{model._meta.model_name}"
    addresses = [reverse(f"{pages}_changelist"), reverse(f"{pages}_add")]
    if model.objects.exists():
        addresses.append(reverse(f"{pages}_change", args=[model.objects.first().pk]))

    for address in addresses:
        with CaptureQueriesContext(connection) as queries:
            page = client.get(address).content.decode()

        assert page.count("<option") < 60
        assert page.count("Thing 2") <= 60
        assert len(queries) < 20
        for query in queries:
            asked = query["sql"].partition(' FROM "catalog_')[2]
            assert not asked or "LIMIT" in asked or "WHERE" in asked, query["sql"]
