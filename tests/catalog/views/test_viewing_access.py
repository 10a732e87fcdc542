"""Global viewing access: every role lists, opens and chooses products, types, families, brands."""

import pytest

from catalog.operations.fees import FeeRow, GroupRow, create_fee_group, set_dependent_fees
from catalog.operations.sales_bundles import ItemRow, create_sales_bundle
from config.shared.roles import ROLES
from tests.catalog.factories import BrandFactory, FamilyFactory, ProductFactory, ProductTypeFactory
from tests.people import person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", ROLES)
def test_every_role_lists_opens_and_chooses(client, role):
    product = ProductFactory(
        code="sport",
        type=ProductTypeFactory(code="channels"),
        family=FamilyFactory(code="pay-tv"),
        brand=BrandFactory(code="zx"),
    )
    client.force_login(person(role))
    records = {
        "products": product.code,
        "product-types": "channels",
        "product-families": "pay-tv",
        "product-brands": "zx",
    }

    for folder, code in records.items():
        listed = client.get(f"/{folder}/")
        opened = client.get(f"/{folder}/{code}/")
        chosen = client.get(f"/{folder}/+choose/", {"q": code})

        assert (listed.status_code, opened.status_code) == (200, 200), folder
        assert [one["value"] for one in chosen.json()["choices"]] == [code]


@pytest.mark.parametrize("role", ROLES)
def test_every_role_reads_fee_groups_and_sales_bundles(client, role):
    line = ProductFactory(name="Line")
    fee = ProductFactory(name="City fee", expense=True)
    group = create_fee_group(name="By city", match_on="CITY", rows=[GroupRow(fee, "Nicosia")])
    set_dependent_fees(line, [FeeRow(group=group, quantity=2)])
    bundle = create_sales_bundle(name="Welcome", items=[ItemRow(line, 3)])
    client.force_login(person(role))

    for address, texts in (
        ("/fee-groups/by-city/", ["Nicosia", "City fee", "once", "Line", "× 2"]),
        (bundle.get_absolute_url(), ["Welcome", "Line", "everybody", "Nothing uses it."]),
    ):
        page = client.get(address)
        assert page.status_code == 200
        assert [text for text in texts if text not in page.content.decode()] == []


def test_a_signed_in_stranger_sees_none_of_it(stranger_client):
    ProductFactory(code="sport")

    for address in ("/products/", "/products/sport/", "/products/+choose/?q=sport"):
        assert stranger_client.get(address).status_code == 403
