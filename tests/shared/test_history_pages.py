"""The pages on which histories are read: who may, and that every kind of record has one."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission, User
from django.urls import reverse

from catalog.models import FeeGroup
from config.shared.queries.history import history_of
from pricing.models import PricePlan, TaxCode
from subscriptions.models import BillingTermScheme, SubscriptionType
from tests.catalog.factories import (
    AccountClassFactory,
    BrandFactory,
    FamilyFactory,
    ProductFactory,
    ProductTypeFactory,
    SalesBundleFactory,
    TechnologyFactory,
)
from tests.people import person

pytestmark = pytest.mark.django_db


def url_of(record):
    return reverse("record_history", args=[record._meta.label_lower, record.pk])


def test_a_record_without_a_panel_has_a_page_for_its_history(client):
    client.force_login(person("Catalogue admin"))
    bundle = SalesBundleFactory(name="Starter")
    bundle.name = "Beginner"
    bundle.save()

    edit = client.get(reverse("catalog:sales_bundle_edit", args=[bundle.code])).content.decode()
    page = client.get(url_of(bundle))

    assert f'href="{url_of(bundle)}"' in edit
    assert page.status_code == 200
    text = page.content.decode()
    assert "History of the sales bundle Beginner" in text
    assert "sales bundle" in text
    assert f'href="{bundle.get_absolute_url()}"' in text


def test_the_history_of_a_deleted_record_can_still_be_read(client):
    client.force_login(person("Auditor"))
    brand = BrandFactory(name="Gone")
    address = url_of(brand)
    brand.delete()

    text = client.get(address).content.decode()

    assert "History of the product brand Gone" in text
    assert "Deleted" in text
    assert "Product brand removed" in text


@pytest.mark.parametrize(
    ("kind", "pk", "expected"),
    [
        ("catalog.productbrand", 9_999, 404),
        ("catalog.nothing", 1, 404),
        ("nothing", 1, 404),
        ("shared.note", 1, 404),
        ("catalog.historicalproduct", 1, 404),
        ("auth.user", 1, 404),
    ],
)
def test_where_there_is_no_history_there_is_no_page(client, kind, pk, expected):
    client.force_login(person("Auditor"))

    assert client.get(reverse("record_history", args=[kind, pk])).status_code == expected


def test_it_takes_the_right_to_view_the_record(client):
    product = ProductFactory()
    user = User.objects.create_user("rita")
    client.force_login(user)
    assert client.get(url_of(product)).status_code == 403

    user.user_permissions.set(Permission.objects.filter(codename="view_product"))

    assert client.get(url_of(product)).status_code == 200


@pytest.mark.parametrize("older", ["0", "50", "99999999", "-1", "x", "1e9", "٣", "9" * 40])
def test_a_page_that_does_not_exist_is_the_nearest(client, older):
    client.force_login(person("Auditor"))

    assert client.get(url_of(ProductFactory()), {"older": older}).status_code == 200


def test_records_of_the_catalogue_and_of_pricing_show_their_history(client):
    client.force_login(person("Auditor"))
    records = [
        ProductFactory(),
        ProductTypeFactory(),
        FamilyFactory(),
        BrandFactory(),
        AccountClassFactory(),
        TechnologyFactory(),
        PricePlan.objects.create(code="plan", name="Plan", currency="EUR"),
        TaxCode.objects.create(code="vat", name="VAT"),
        BillingTermScheme.objects.create(code="s", name="Scheme", frequencies=["MONTHLY"]),
        SubscriptionType.objects.create(code="t", name="Type"),
    ]

    for record in records:
        tab = "use" if record._meta.model_name == "product" else "history"
        answer = client.get(record.get_absolute_url(), {"tab": tab})
        shown = {panel.slug: panel for panel in answer.context["panels"]}
        assert shown["history"].context["history"].entries[-1].word == "added", record


def test_every_model_with_history_can_be_read_as_one():
    """Nothing but the record itself is needed, whatever its fields and parts are."""
    followed = [
        model
        for model in apps.get_models()
        if hasattr(model._meta, "simple_history_manager_attribute")
    ]

    assert FeeGroup in followed
    for model in followed:
        assert history_of(model(pk=1)).entries == []
