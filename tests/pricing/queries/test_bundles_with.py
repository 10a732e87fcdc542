"""The bundles that a product's price as a component may be given for."""

import pytest

from catalog.operations.bundles import ComponentRow, set_components
from pricing.queries.plans import bundles_with
from tests.catalog.factories import FamilyFactory, ProductFactory

pytestmark = pytest.mark.django_db


def test_a_bundle_that_takes_a_family_takes_those_below_it() -> None:
    sports = FamilyFactory()
    product = ProductFactory(family=FamilyFactory(parent=sports))
    bundle, other = ProductFactory(flexible_bundle=True), ProductFactory(flexible_bundle=True)
    set_components(bundle, [ComponentRow(family=sports, minimum=0)])
    set_components(other, [ComponentRow(family=FamilyFactory(), minimum=0)])

    found = bundles_with(product)

    assert found is not None
    assert list(found) == [bundle]


def test_a_product_that_no_bundle_takes_has_none() -> None:
    set_components(ProductFactory(fixed_bundle=True), [ComponentRow(ProductFactory(), 1)])

    assert bundles_with(ProductFactory()) is None
