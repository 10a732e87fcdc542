"""The product page of every kind, all its tabs, in four looks: too slow for the gate."""

import os

import pytest
from playwright.sync_api import Browser

from catalog.models import Product
from catalog.operations.bundles import ComponentRow, set_components
from catalog.operations.products import create_product
from catalog.operations.types import create_type
from catalog.panels.sections import TABS
from config.demo.loading import load_demo
from config.shared.roles import sync_roles
from tests.browser.desk import ALL_LOOKS, Desk
from tests.pricing.factories import CurrencyFactory

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.django_db(transaction=True)]

# By kind: the code of a product of the demo, or of the catalogue's lists beside it.
PRODUCTS = {
    "termed": "fibre-300",
    "usage": "PPV Movies",
    "one-time": "tuning",
    "expense": "installation",
    "traceable": "Decoder",
    "non-traceable": "cable",
    "fixed bundle": "tv-start",
    "flexible bundle": "sports-pick",
    "kit": "starter-kit",
    "fee": "rights-fee",
}
LISTS = (
    "products/?show_order=on",
    "products/+new/?type=internet-lines",
    "product-types/internet-lines/",
    "product-families/",
    "fee-groups/connection-by-city/",
    "sales-bundles/triple-play/",
    "definitions/recurring-packages/",
)


@pytest.fixture
def desk(browser: Browser, live_server) -> Desk:
    """The catalogue admin's desk in the demo, with goods and a kit beside its products."""
    CurrencyFactory()
    load_demo(accounts=0, seed=1, head_end_url="http://127.0.0.1:9", progress=lambda _: None)
    sync_roles()
    once = create_type(name="Tuning", classification="SERVICE", service_type="ONE_TIME")
    goods = {"classification": "PHYSICAL_GOOD"}
    cables = create_type(name="Cables", good_type="NON_TRACEABLE", **goods)
    kits = create_type(
        name="Kits", good_type="TRACEABLE", composition="FIXED_BUNDLE", provisioned=True, **goods
    )
    create_product(code="tuning", name="Tuning", type=once)
    cable = create_product(code="cable", name="Cable", type=cables)
    kit = create_product(code="starter-kit", name="Starter kit", type=kits)
    parts = (Product.objects.get(code="Decoder"), 1), (cable, 2)
    set_components(kit, [ComponentRow(part, quantity) for part, quantity in parts])
    return Desk(browser, live_server.url, "catalogue")


def test_every_tab_of_every_kind_in_four_looks(desk: Desk) -> None:
    seen = 0
    for kind, code in PRODUCTS.items():
        for tab, label in TABS:
            desk.page.goto(f"{desk.address}/products/{code}/?tab={tab}")
            open_tab = desk.page.locator(".object-head a[aria-current]").inner_text()
            if open_tab.startswith(label):
                desk.look(f"{kind} {tab}", looks=ALL_LOOKS)
                seen += 1
    for address in LISTS:
        desk.page.goto(f"{desk.address}/{address}")
        desk.look(address.replace("/", " ").partition("?")[0].strip(), looks=ALL_LOOKS)

    assert desk.defects == []
    assert seen > 3 * len(PRODUCTS)
