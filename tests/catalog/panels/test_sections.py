"""Which sections the product page has for which kind of product."""

import pytest
from django.conf import settings
from django.utils.module_loading import import_string

from catalog.models import Product, ProductType
from catalog.panels.sections import SECTIONS, SectionPanel

KINDS = {
    "termed": {"classification": "SERVICE", "service_type": "TERMED"},
    "usage": {"classification": "SERVICE", "service_type": "USAGE"},
    "one-time": {"classification": "SERVICE", "service_type": "ONE_TIME"},
    "expense": {"classification": "SERVICE", "service_type": "EXPENSE"},
    "traceable": {"classification": "PHYSICAL_GOOD", "good_type": "TRACEABLE"},
    "non-traceable": {"classification": "PHYSICAL_GOOD", "good_type": "NON_TRACEABLE"},
}
# Section by section: termed, usage, one-time, expense, traceable, non-traceable. "b" is for
# bundles only, "f" for flexible bundles only.
MATRIX = {
    "Main information": "x x x x x x",
    "Type characteristics": "x x x x x x",
    "Categories": "x x x x x x",
    "Product validity": "x x x x x x",
    "Images & attachments": "x x x x x x",
    "Bundle components": "b . . . b b",
    "Bundle restrictions": "f . . . f f",
    "Tax rates": "x x x x x x",
    "Price plans": "x . x x x x",
    "Billing term schemes": "x . . x . .",
    "Subscription types": "x . . x x x",
    "Usage service catalogs": ". x . . . .",
    "Discounts": "x x x x x x",
    "Additional usage billing": "x . . . . .",
    "Providers": "x . . . x x",
    "Job types": ". . . x x x",
    "Activity types": ". . x . . .",
    "Stock balance": ". . . . x x",
    "Product performance": "x . . . x x",
}
# Their panels come with the apps that fill them.
ABSENT = {
    "Job types",
    "Activity types",
    "Stock balance",
    "Product performance",
}
CELLS = [
    pytest.param(title, kind, mark, id=f"{title}-{kind}")
    for title, marks in MATRIX.items()
    for kind, mark in zip(KINDS, marks.split(), strict=True)
]


def product_of(kind, composition="FLAT"):
    return Product(type=ProductType(composition=composition, **KINDS[kind]))


def section_panels():
    panels = [import_string(path) for path in settings.PRODUCT_PANELS]
    return [panel() for panel in panels if issubclass(panel, SectionPanel)]


def test_there_are_nineteen_sections():
    assert {section.title for section in SECTIONS.values()} == set(MATRIX)
    assert len(MATRIX) == 19


@pytest.mark.parametrize(("title", "kind", "mark"), CELLS)
def test_a_section_is_shown_for_the_kinds_it_names(title, kind, mark):
    section = next(one for one in SECTIONS.values() if one.title == title)

    assert section.is_for(product_of(kind)) is (mark == "x")
    if kind in ("termed", "traceable", "non-traceable"):
        assert section.is_for(product_of(kind, "FIXED_BUNDLE")) is (mark in "xb")
    if kind == "termed":
        assert section.is_for(product_of(kind, "FLEXIBLE_BUNDLE")) is (mark in "xbf")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("composition", ["FLAT", "FIXED_BUNDLE", "FLEXIBLE_BUNDLE"])
def test_a_panel_suits_what_its_section_is_for(kind, composition):
    product = product_of(kind, composition)

    shown = {panel.title for panel in section_panels() if panel.suits(product)}

    built = {panel.title for panel in section_panels()}
    assert shown == {one.title for one in SECTIONS.values() if one.is_for(product)} & built
    assert built == set(MATRIX) - ABSENT


def test_a_panel_stands_where_its_section_stands():
    for panel in section_panels():
        section = panel.section
        assert (panel.title, panel.slug, panel.tab, panel.order) == (
            section.title,
            section.slug,
            section.tab,
            section.order,
        )
