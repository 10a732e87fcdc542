"""Bundles: what may go into which, and in which way."""

from decimal import Decimal
from typing import Any

import pytest

from catalog.models import BundleComponent, SalesBundle
from catalog.operations.bundles import (
    ComponentRow,
    ItemRow,
    create_sales_bundle,
    set_components,
    update_sales_bundle,
)
from catalog.operations.errors import ComponentNotAllowed, ItemNotAllowed, NotABundle
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


def test_a_sales_bundle_is_made_with_its_items() -> None:
    channel, installation = ProductFactory(), ProductFactory(expense=True)

    bundle = create_sales_bundle(
        name="Family welcome", items=[ItemRow(channel, 2), ItemRow(installation)]
    )

    assert bundle.code == "family-welcome"
    assert list(bundle.items.order_by("sort_order").values_list("product", "quantity")) == [
        (channel.pk, Decimal(2)),
        (installation.pk, Decimal(1)),
    ]


@pytest.mark.parametrize(
    ("trait", "quantity", "field"),
    [({"usage": True}, 1, "product"), ({"traceable": True}, 1, "product"), ({}, 0, "quantity")],
)
def test_a_sales_bundle_takes_services_that_are_sold(
    trait: dict[str, bool], quantity: int, field: str
) -> None:
    with pytest.raises(ItemNotAllowed) as refusal:
        create_sales_bundle(name="Welcome", items=[ItemRow(ProductFactory(**trait), quantity)])
    assert (refusal.value.row, refusal.value.field) == (0, field)
    assert not SalesBundle.objects.exists()


def test_items_of_a_sales_bundle_are_replaced() -> None:
    channel, other = ProductFactory(), ProductFactory()
    bundle = create_sales_bundle(name="Welcome", items=[ItemRow(channel)])

    update_sales_bundle(bundle, name="Welcome back", items=[ItemRow(other, 3)])

    bundle.refresh_from_db()
    assert bundle.name == "Welcome back"
    assert list(bundle.items.values_list("product", "quantity")) == [(other.pk, Decimal(3))]
