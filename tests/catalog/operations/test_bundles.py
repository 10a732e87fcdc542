"""Bundles: what may go into which, and in which way."""

from decimal import Decimal
from typing import Any

import pytest

from catalog.models import BundleComponent, Product
from catalog.operations.bundles import ComponentRow, set_components, set_restrictions
from catalog.operations.errors import ComponentNotAllowed, NotABundle, RestrictionNotPossible
from catalog.queries.bundles import allowed_components
from catalog.queries.products import components_of
from tests.catalog.factories import FamilyFactory, ProductFactory, ProductTypeFactory

pytestmark = pytest.mark.django_db

FIXED_TERMED = {"fixed_bundle": True}
FLEXIBLE = {"flexible_bundle": True}
TRACEABLE_KIT = {"traceable": True, "fixed_bundle": True}
PLAIN_KIT = {"non_traceable": True, "fixed_bundle": True}


@pytest.mark.parametrize(
    ("bundle", "part", "allowed"),
    [
        (FIXED_TERMED, {}, True),
        (FIXED_TERMED, {"usage": True}, False),
        (FIXED_TERMED, {"one_time": True}, False),
        (FIXED_TERMED, {"expense": True}, False),
        (FIXED_TERMED, {"traceable": True}, False),
        (FIXED_TERMED, {"non_traceable": True}, False),
        (FIXED_TERMED, {"fixed_bundle": True}, False),
        (FIXED_TERMED, {"flexible_bundle": True}, False),
        (FLEXIBLE, {}, True),
        (FLEXIBLE, {"expense": True}, False),
        (FLEXIBLE, {"fixed_bundle": True}, False),
        (TRACEABLE_KIT, {"traceable": True}, True),
        (TRACEABLE_KIT, {"non_traceable": True}, True),
        (TRACEABLE_KIT, {}, False),
        (TRACEABLE_KIT, {"traceable": True, "fixed_bundle": True}, False),
        (PLAIN_KIT, {"non_traceable": True}, True),
        (PLAIN_KIT, {"traceable": True}, False),
    ],
)
def test_a_bundle_contains_what_the_matrix_allows(
    bundle: dict[str, Any], part: dict[str, Any], allowed
) -> None:
    whole, product = ProductFactory(**bundle), ProductFactory(**part)
    rows = [ComponentRow(product=product, quantity=2)]

    if allowed:
        set_components(whole, rows)
        assert components_of([whole.pk])[whole.pk][0].quantity == Decimal(2)
    else:
        with pytest.raises(ComponentNotAllowed) as refusal:
            set_components(whole, rows)
        assert (refusal.value.row, refusal.value.field) == (0, "product")
    assert allowed_components(whole).filter(pk=product.pk).exists() is allowed


def test_a_bundle_does_not_contain_itself() -> None:
    bundle = ProductFactory(fixed_bundle=True)

    with pytest.raises(ComponentNotAllowed, match="itself"):
        set_components(bundle, [ComponentRow(product=bundle, quantity=1)])


def test_a_flat_product_has_no_components() -> None:
    with pytest.raises(NotABundle):
        set_components(ProductFactory(), [ComponentRow(product=ProductFactory(), quantity=1)])


@pytest.mark.parametrize("quantity", [None, 0, Decimal("-1")])
def test_a_named_product_has_a_quantity(quantity: Decimal | int | None) -> None:
    bundle, part = ProductFactory(fixed_bundle=True), ProductFactory()

    with pytest.raises(ComponentNotAllowed) as refusal:
        set_components(bundle, [ComponentRow(product=part, quantity=quantity)])
    assert refusal.value.field == "quantity"


def test_a_component_is_named_once() -> None:
    bundle, part = ProductFactory(fixed_bundle=True), ProductFactory()
    row = ComponentRow(product=part, quantity=1)

    with pytest.raises(ComponentNotAllowed) as refusal:
        set_components(bundle, [row, row])
    assert refusal.value.row == 1
    assert not BundleComponent.objects.exists()


def test_a_refused_row_leaves_the_components_as_they_were() -> None:
    bundle, part = ProductFactory(fixed_bundle=True), ProductFactory()
    set_components(bundle, [ComponentRow(product=part, quantity=1)])

    with pytest.raises(ComponentNotAllowed):
        set_components(
            bundle,
            [
                ComponentRow(product=ProductFactory(), quantity=1),
                ComponentRow(product=ProductFactory(expense=True), quantity=1),
            ],
        )
    assert [row.product for row in components_of([bundle.pk])[bundle.pk]] == [part]


def test_components_keep_their_order_and_their_history() -> None:
    bundle, news, sport = ProductFactory(fixed_bundle=True), ProductFactory(), ProductFactory()
    set_components(bundle, [ComponentRow(news, 1), ComponentRow(sport, 1)])

    set_components(bundle, [ComponentRow(sport, 1), ComponentRow(news, 1)])
    set_components(bundle, [ComponentRow(sport, 1), ComponentRow(news, 1)])

    assert [row.product for row in components_of([bundle.pk])[bundle.pk]] == [sport, news]
    assert BundleComponent.history.count() == 4


@pytest.mark.case("crmcom:T4")
def test_the_minimum_of_a_flexible_component_is_given_and_may_be_0() -> None:
    bundle, family = ProductFactory(flexible_bundle=True), FamilyFactory()

    with pytest.raises(ComponentNotAllowed) as refusal:
        set_components(bundle, [ComponentRow(family=family, minimum=None, maximum=3)])
    assert (refusal.value.row, refusal.value.field) == (0, "minimum")
    assert not BundleComponent.objects.exists()

    set_components(bundle, [ComponentRow(family=family, minimum=0, maximum=3)])
    assert BundleComponent.objects.get(bundle=bundle).minimum == 0


@pytest.mark.case("crmcom:T5")
def test_a_component_row_has_exactly_one_selector() -> None:
    bundle, family = ProductFactory(flexible_bundle=True), FamilyFactory()
    both = ComponentRow(product=ProductFactory(), family=family, quantity=1)

    for row in (both, ComponentRow(minimum=0)):
        with pytest.raises(ComponentNotAllowed, match="Name a product, or a type and/or a family"):
            set_components(bundle, [row])


@pytest.mark.case("crmcom:T6")
def test_a_bundle_of_goods_does_not_choose_by_family() -> None:
    kit = ProductFactory(traceable=True, fixed_bundle=True)

    with pytest.raises(ComponentNotAllowed, match="only flexible bundles of services"):
        set_components(kit, [ComponentRow(family=FamilyFactory(), minimum=0)])


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"minimum": 3, "maximum": 1}, "maximum"),
        ({"minimum": 0, "maximum": 0}, "maximum"),
        ({"minimum": 0, "quantity": 1}, "quantity"),
    ],
)
def test_a_choice_has_a_range_and_no_quantity(row: dict[str, int], field: str) -> None:
    bundle = ProductFactory(flexible_bundle=True)

    with pytest.raises(ComponentNotAllowed) as refusal:
        set_components(bundle, [ComponentRow(family=FamilyFactory(), **row)])
    assert refusal.value.field == field


def test_a_choice_by_type_is_of_flat_termed_services() -> None:
    bundle = ProductFactory(flexible_bundle=True)

    with pytest.raises(ComponentNotAllowed) as refusal:
        set_components(bundle, [ComponentRow(type=ProductTypeFactory(usage=True), minimum=0)])
    assert refusal.value.field == "type"


def pool(*names: str, family: str = "Sports", **traits: Any) -> list[Product]:
    """Return services of a family that may be chosen."""
    made = FamilyFactory(name=family)
    return [ProductFactory(name=name, family=made, **traits) for name in names]


@pytest.mark.parametrize(
    ("restriction", "message"),
    [
        ({"most_families": 1}, "Sports and Movies need services of at least 2 families"),
        ({"most_families": 0}, "Allow at least one"),
        ({"most_types": 1}, "Sports and Movies need services of at least 2 types"),
    ],
)
def test_a_restriction_that_no_choice_keeps_to_is_refused_at_its_field(
    restriction: dict[str, int], message: str
) -> None:
    sports, movies = pool("Golf")[0], pool("Drama", family="Movies")[0]
    bundle = ProductFactory(flexible_bundle=True)
    rows = [ComponentRow(family=each.family, minimum=1) for each in (sports, movies)]
    set_components(bundle, rows)

    with pytest.raises(RestrictionNotPossible, match=message) as refusal:
        set_restrictions(bundle, **restriction)
    assert [refusal.value.field] == list(restriction)
    bundle.refresh_from_db()
    assert (bundle.most_families, bundle.most_types) == (None, None)


def test_components_that_the_restrictions_forbid_are_refused_at_their_row() -> None:
    sports, movies = pool("Golf")[0], pool("Drama", family="Movies")[0]
    bundle = ProductFactory(flexible_bundle=True)
    of_sports = ComponentRow(family=sports.family, minimum=1)
    set_components(bundle, [of_sports])
    set_restrictions(bundle, most_families=1)

    with pytest.raises(ComponentNotAllowed, match="cannot be kept") as refusal:
        set_components(bundle, [of_sports, ComponentRow(family=movies.family, minimum=1)])
    assert refusal.value.row == 0
    assert len(components_of([bundle.pk])[bundle.pk]) == 1


def test_only_flexible_bundles_have_restrictions() -> None:
    with pytest.raises(NotABundle):
        set_restrictions(ProductFactory(fixed_bundle=True), most_families=1)


def test_a_restriction_is_saved_once_with_history() -> None:
    bundle = ProductFactory(flexible_bundle=True)
    set_components(bundle, [ComponentRow(family=pool("Golf")[0].family, minimum=1)])
    before = bundle.history.count()

    set_restrictions(bundle, most_families=1, most_types=2)
    set_restrictions(bundle, most_families=1, most_types=2)

    bundle.refresh_from_db()
    assert (bundle.most_families, bundle.most_types) == (1, 2)
    assert bundle.history.count() == before + 1


def test_what_is_chosen_by_family_must_be_chosen_where_its_minimum_says_so() -> None:
    bundle, family = ProductFactory(flexible_bundle=True), FamilyFactory()

    set_components(bundle, [ComponentRow(family=family, minimum=0, mandatory=True)])

    assert not BundleComponent.objects.get(bundle=bundle).mandatory
