"""Pages of the short lists and of sales bundles."""

from decimal import Decimal

import pytest
from django.urls import reverse

from catalog.models import (
    AccountClass,
    AccountClassification,
    ProductBrand,
    ProductCategory,
    ProductFamily,
    SalesBundle,
    Technology,
)
from tests.catalog.factories import (
    ProductFactory,
    SalesBundleItemFactory,
)

pytestmark = pytest.mark.django_db

LISTS = [
    ("family", ProductFamily),
    ("category", ProductCategory),
    ("brand", ProductBrand),
    ("account_class", AccountClass),
    ("technology", Technology),
    ("classification", AccountClassification),
]


@pytest.mark.parametrize(("word", "model"), LISTS)
def test_an_entry_is_created_changed_listed_and_deleted(admin_client, word, model):
    listing = reverse(f"catalog:{word}_list")
    edit = reverse(f"catalog:{word}_edit", args=["pay-tv"])

    assert admin_client.get(reverse(f"catalog:{word}_new")).status_code == 200
    admin_client.post(reverse(f"catalog:{word}_new"), {"name": "Pay TV"})
    assert admin_client.get(edit).status_code == 200
    admin_client.post(edit, {"panel": "main", "main-name": "Pay television", "main-code": "pay-tv"})
    assert model.objects.get().name == "Pay television"
    assert b"Pay television" in admin_client.get(listing).content
    assert b"Pay television" in b"".join(
        admin_client.get(listing, {"export": "csv", "q": "pay"}).streaming_content
    )
    answer = admin_client.post(reverse(f"catalog:{word}_delete", args=["pay-tv"]), follow=True)
    assert b"Pay television was deleted." in answer.content
    assert not model.objects.exists()


@pytest.mark.parametrize(("word", "model"), LISTS)
def test_a_taken_name_is_refused_at_the_field(admin_client, word, model):
    model.objects.create(name="Pay TV", code="pay")

    answer = admin_client.post(reverse(f"catalog:{word}_new"), {"name": "pay tv"})

    assert "name" in answer.context["form"].errors
    assert model.objects.count() == 1


@pytest.mark.parametrize("word", [word for word, _ in LISTS] + ["type", "sales_bundle"])
def test_lists_are_open_to_readers_and_changes_are_not(reader_client, word):
    assert reader_client.get(reverse(f"catalog:{word}_list")).status_code == 200
    assert reader_client.get(reverse(f"catalog:{word}_new")).status_code == 403
    assert reader_client.get(reverse(f"catalog:{word}_delete", args=["x"])).status_code == 403


@pytest.mark.parametrize(("word", "model"), LISTS)
def test_a_reader_reads_an_entry_and_cannot_change_it(reader_client, word, model):
    entry = model.objects.create(name="Pay TV", code="pay-tv")
    address = reverse(f"catalog:{word}_edit", args=["pay-tv"])

    listing = reader_client.get(reverse(f"catalog:{word}_list"))
    page = reader_client.get(address)
    refused = reader_client.post(address, {"panel": "main", "main-name": "Other"})

    assert f'href="{address}"' in listing.content.decode()
    assert (page.status_code, refused.status_code) == (200, 403)
    assert b"Pay TV" in page.content
    assert b'<form method="post" class="panel-form"' not in page.content
    assert entry == model.objects.get(name="Pay TV")


def test_a_sales_bundle_with_a_name_only_is_refused_at_its_items(admin_client):
    answer = admin_client.post(
        reverse("catalog:sales_bundle_new"),
        {
            "name": "Nothing",
            "availability": "AVAILABLE",
            "sort_order": 0,
            "rows-TOTAL_FORMS": 1,
            "rows-INITIAL_FORMS": 0,
            "rows-0-product": "",
            "rows-0-quantity": "1",
        },
    )

    assert answer.context["form"].rows.non_form_errors() == ["Add at least one item."]
    assert answer.content.decode().count("Add at least one item.") == 1
    assert not SalesBundle.objects.exists()


def test_a_sales_bundle_is_created_with_its_items(admin_client):
    channel, fee = ProductFactory(), ProductFactory(expense=True)

    answer = admin_client.post(
        reverse("catalog:sales_bundle_new"),
        {
            "name": "Welcome",
            "availability": "AVAILABLE",
            "sort_order": 0,
            "first_day": "2026-01-01",
            "last_day": "2026-03-31",
            "rows-TOTAL_FORMS": 3,
            "rows-INITIAL_FORMS": 0,
            "rows-0-product": channel.code,
            "rows-0-quantity": "2",
            "rows-1-product": fee.code,
            "rows-1-quantity": "1",
            "rows-2-product": "",
            "rows-2-quantity": "1",
        },
    )

    assert answer.status_code == 302
    bundle = SalesBundle.objects.get()
    assert str(bundle.validity) == "[2026-01-01, 2026-04-01)"
    assert list(bundle.items.order_by("sort_order").values_list("product", "quantity")) == [
        (channel.pk, Decimal(2)),
        (fee.pk, Decimal(1)),
    ]
    page = admin_client.get(f"{bundle.get_absolute_url()}change/")
    assert b'value="2026-03-31"' in page.content
    listing = admin_client.get(reverse("catalog:sales_bundle_list"))
    assert f"2 × {channel.name}, {fee.name}" in listing.content.decode()


def test_a_refused_item_is_marked_and_the_sales_bundle_stays(admin_client):
    item = SalesBundleItemFactory()
    usage = ProductFactory(usage=True)

    answer = admin_client.post(
        f"{item.bundle.get_absolute_url()}change/",
        {
            "name": "Renamed",
            "code": item.bundle.code,
            "availability": "AVAILABLE",
            "sort_order": 0,
            "rows-TOTAL_FORMS": 2,
            "rows-INITIAL_FORMS": 1,
            "rows-0-product": item.product.code,
            "rows-0-quantity": "1",
            "rows-1-product": usage.code,
            "rows-1-quantity": "1",
        },
    )

    form = answer.context["form"]
    assert "neither a termed service nor an expense" in form.rows.forms[1].errors["product"][0]
    item.bundle.refresh_from_db()
    assert item.bundle.name != "Renamed"
    assert item.bundle.items.count() == 1


def test_an_item_marked_for_removal_goes(admin_client):
    item = SalesBundleItemFactory()
    kept = SalesBundleItemFactory(bundle=item.bundle)

    admin_client.post(
        f"{item.bundle.get_absolute_url()}change/",
        {
            "name": item.bundle.name,
            "code": item.bundle.code,
            "availability": "AVAILABLE",
            "sort_order": 0,
            "rows-TOTAL_FORMS": 2,
            "rows-INITIAL_FORMS": 2,
            "rows-0-product": item.product.code,
            "rows-0-quantity": "1",
            "rows-0-DELETE": "on",
            "rows-1-product": kept.product.code,
            "rows-1-quantity": "1",
        },
    )

    assert list(item.bundle.items.all()) == [kept]
