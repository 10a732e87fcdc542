"""The catalogue by hand: a product of each kind from an empty page, its type made on the way.

Then a flexible bundle "pick 2 to 4 of Sports, all of one family", a kit with a serial number of its
own, and what goes wrong on the way. Every page is looked at.
"""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from catalog.models import Product
from catalog.operations.lists import create_family
from catalog.operations.products import create_product
from catalog.operations.types import create_type
from config.demo.people import load_people
from config.shared.roles import sync_roles
from tests.browser.desk import PATIENCE_MS, Desk

# Playwright's event loop runs in the tests' thread, and Django would take the tests for async code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# What is typed for each kind of product: its name, its new type, and the type's kind.
KINDS = [
    ("Sports One", "Channels", {"Classification": "Service", "Service type": "Termed"}),
    ("Boxing Night", "Movies", {"Classification": "Service", "Service type": "Usage"}),
    ("Installation", "Hours", {"Classification": "Service", "Service type": "One time"}),
    ("Visit", "Fees", {"Classification": "Service", "Service type": "Expense"}),
    (
        "Decoder",
        "Decoders",
        {"Classification": "Physical good", "Physical good type": "Traceable"},
    ),
    (
        "Cable",
        "Cables",
        {"Classification": "Physical good", "Physical good type": "Non-traceable"},
    ),
]


@pytest.fixture
def catalogue(browser: Browser, live_server) -> Desk:
    """The catalogue admin's desk, in a Ratebook without products."""
    sync_roles()
    load_people()
    return Desk(browser, live_server.url, "catalogue")


def make(desk: Desk, name: str, type_name: str, kind: dict[str, str]) -> None:
    """Make a product and its type from an empty page; what was typed before stays."""
    desk.go("Products", "New product")
    desk.fill_in({"Name": name, "Code": name.upper().replace(" ", "-")})
    desk.press("Create new type…")
    sheet = desk.page.get_by_role("dialog", name="New product type")
    desk.fill_in({"Name": type_name}, within=sheet)
    for label, value in kind.items():
        desk.fill_in({label: value}, within=sheet)
    desk.press("Create and choose", within=sheet)
    expect(desk.content.locator("#id_type")).to_have_value(type_name)
    expect(desk.content.locator("#id_name")).to_have_value(name)
    expect(desk.content.get_by_text("Once saved, its page has")).to_be_visible()
    desk.send("Save")
    desk.is_told(f"{name} was added.")


def test_a_product_of_each_kind(catalogue: Desk) -> None:
    for name, type_name, kind in KINDS:
        make(catalogue, name, type_name, kind)
        catalogue.look(f"product {name}")
    print(catalogue.defects)
    assert catalogue.defects == []


@pytest.fixture
def stocked(catalogue: Desk) -> Desk:
    """The same desk, with what bundles and kits are made of."""
    channels = create_type(name="Channels", classification="SERVICE", service_type="TERMED")
    for family, names in {
        "Sports": ["Sports One", "Sports Two", "Sports Three"],
        "Films": ["Films One"],
    }.items():
        made = create_family(name=family)
        for name in names:
            create_product(code=name.upper(), name=name, type=channels, family=made)
    for name, kind in (("Decoder", "TRACEABLE"), ("Cable", "NON_TRACEABLE")):
        goods = create_type(name=f"{name}s", classification="PHYSICAL_GOOD", good_type=kind)
        create_product(code=name.upper(), name=name, type=goods)
    return catalogue


def make_flexible_bundle(stocked: Desk) -> None:
    """Two to four channels of Sports, all of one family; three wrong ones are refused."""
    make(
        stocked,
        "Pick your sports",
        "Choices",
        {
            "Classification": "Service",
            "Service type": "Termed",
            "Composition method": "Flexible bundle",
        },
    )
    stocked.follow("Components")
    fill_row(stocked, 0, family="Sports", minimum="4", maximum="2")
    refused(stocked, "Bundle components", "Save components", "The maximum is below the minimum.")
    fill_row(stocked, 0, minimum="2", maximum="4")
    fill_row(stocked, 1, product="Decoder", quantity="1")
    refused(
        stocked,
        "Bundle components",
        "Save components",
        "This bundle contains flat termed services only; Decoder is of type Decoders.",
    )
    fill_row(stocked, 1, product="Films One")
    stocked.press("Save components", within=stocked.panel("Bundle components"))
    stocked.is_told("The components of Pick your sports were saved.")
    restrictions = stocked.panel("Bundle restrictions")
    stocked.fill_in({"Families at most": "1"}, within=restrictions)
    refused(
        stocked,
        "Bundle restrictions",
        "Save restrictions",
        "Sports needs at least 2, but with 1 family none of its services can be chosen.",
    )
    stocked.look("bundle refused")
    components = stocked.panel("Bundle components")
    components.get_by_label("Remove").nth(1).check()
    stocked.press("Save components", within=components)
    expect(components.get_by_label("Remove")).to_have_count(1, timeout=PATIENCE_MS)
    expect(restrictions).to_contain_text("This pool can satisfy it", timeout=PATIENCE_MS)
    stocked.press("Save restrictions", within=restrictions)
    stocked.is_told("The restrictions of Pick your sports were saved.")
    stocked.look("bundle")
    bundle = Product.objects.get(name="Pick your sports")
    (row,) = bundle.components.all()
    assert (row.family.name, row.minimum, row.maximum, bundle.most_families) == ("Sports", 2, 4, 1)


def make_kit(stocked: Desk) -> None:
    """A decoder with two cables, under a serial number of its own."""
    make(
        stocked,
        "Starter kit",
        "Kits",
        {
            "Classification": "Physical good",
            "Physical good type": "Traceable",
            "Composition method": "Fixed bundle",
        },
    )
    stocked.follow("Components")
    fill_row(stocked, 0, product="Decoder", quantity="1")
    fill_row(stocked, 1, product="Cable", quantity="2")
    stocked.press("Save components", within=stocked.panel("Bundle components"))
    stocked.is_told("The components of Starter kit were saved.")
    expect(stocked.panel("Bundle components")).to_contain_text("serial number of its own")
    stocked.look("kit")


def send_no_image(stocked: Desk, folder: Path) -> None:
    """A file that is called an image and is none is refused."""
    stocked.follow("Main")
    no_image = folder / "screen.png"
    no_image.write_text("This is no image.")
    media = stocked.panel("Images & attachments")
    media.get_by_text("Add an image").click()
    media.locator("input[type=file]").first.set_input_files(no_image)
    media.get_by_label("What it shows").fill("A decoder and two cables")
    refused(stocked, "Images & attachments", "Add image", "no image")


def take_a_code_again(stocked: Desk) -> None:
    """A code that differs in letter case only is refused, and what was typed stays."""
    stocked.go("Products", "New product")
    stocked.fill_in({"Code": "starter-KIT", "Name": "Another kit", "Type": "Kits"})
    expect(stocked.content).to_contain_text("Physical good type", timeout=PATIENCE_MS)
    stocked.press("Save")
    expect(stocked.content).to_contain_text(
        "Another product has the code starter-KIT.", timeout=PATIENCE_MS
    )
    expect(stocked.content.locator("#id_name")).to_have_value("Another kit")
    stocked.look("duplicate code")


def test_a_flexible_bundle_a_kit_and_what_is_refused(stocked: Desk, tmp_path: Path) -> None:
    make_flexible_bundle(stocked)
    make_kit(stocked)
    send_no_image(stocked, tmp_path)
    take_a_code_again(stocked)

    assert stocked.defects == []
    assert Product.objects.count() == 8


def fill_row(desk: Desk, number: int, **values: str) -> None:
    """Fill in a row of the components, after adding it where it is not there yet."""
    panel = desk.panel("Bundle components")
    if panel.locator("tbody tr").count() <= number:
        desk.press("Add row", within=panel)
    row = panel.locator("tbody tr").nth(number)
    desk.fill_in({label.capitalize(): value for label, value in values.items()}, within=row)


def refused(desk: Desk, title: str, button: str, message: str) -> None:
    """Press a button of a panel and read why nothing was saved."""
    panel = desk.panel(title)
    desk.press(button, within=panel)
    expect(panel).to_contain_text(message, timeout=PATIENCE_MS)
