"""Sales bundles: their items, and what is chosen beforehand for flexible bundles among them."""

from decimal import Decimal

import pytest

from catalog.models import SalesBundle, SalesBundleChoice
from catalog.operations.bundles import ComponentRow, set_components
from catalog.operations.errors import ItemNotAllowed
from catalog.operations.sales_bundles import ItemRow, create_sales_bundle, update_sales_bundle
from tests.catalog.factories import FamilyFactory, ProductFactory

pytestmark = pytest.mark.django_db


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


def sports_pack():
    """Return a flexible bundle "1 to 2 of Sports", and three services of that family."""
    family = FamilyFactory(name="Sports")
    channels = [ProductFactory(name=name, family=family) for name in ("Golf", "Polo", "Rugby")]
    pack = ProductFactory(name="Sports pack", flexible_bundle=True)
    set_components(pack, [ComponentRow(family=family, minimum=1, maximum=2)])
    return pack, channels


def test_a_flexible_bundle_is_an_item_with_its_choice() -> None:
    pack, (golf, polo, rugby) = sports_pack()
    bundle = create_sales_bundle(
        name="Welcome", items=[ItemRow(pack, choices={golf.pk: 1, polo.pk: 1})]
    )

    update_sales_bundle(bundle, items=[ItemRow(pack, choices={golf.pk: 1, rugby.pk: 1})])

    assert set(SalesBundleChoice.objects.values_list("product__name", "quantity")) == {
        ("Golf", 1),
        ("Rugby", 1),
    }


@pytest.mark.parametrize(
    ("count", "message"),
    [(0, "Sports: at least 1, 0 chosen."), (3, "Sports: at most 2, 3 chosen.")],
)
def test_a_choice_is_checked_when_it_is_saved(count: int, message: str) -> None:
    pack, channels = sports_pack()
    choices = {channel.pk: 1 for channel in channels[:count]}

    with pytest.raises(ItemNotAllowed, match=message) as refusal:
        create_sales_bundle(name="Welcome", items=[ItemRow(pack, choices=choices)])
    assert (refusal.value.row, refusal.value.field) == (0, "choices")
    assert not SalesBundle.objects.exists()


def test_nothing_is_chosen_for_what_is_no_flexible_bundle() -> None:
    channel = ProductFactory()

    with pytest.raises(ItemNotAllowed, match="no flexible bundle"):
        create_sales_bundle(name="Welcome", items=[ItemRow(channel, choices={channel.pk: 1})])


def test_a_sales_bundle_without_items_is_refused() -> None:
    bundle = create_sales_bundle(name="Welcome", items=[ItemRow(ProductFactory())])

    with pytest.raises(ItemNotAllowed, match="Add at least one item"):
        create_sales_bundle(name="Nothing")
    with pytest.raises(ItemNotAllowed, match="Add at least one item"):
        update_sales_bundle(bundle, items=[])

    assert SalesBundle.objects.get().items.count() == 1
