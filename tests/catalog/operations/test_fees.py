"""Dependent fees and fee groups: what may come with a product, and which fee a group picks."""

from decimal import Decimal

import pytest

from catalog.models import DependentFee, FeeGroup, MatchOn, Product
from catalog.operations.errors import (
    CodeTaken,
    FeeNotAllowed,
    FeeNotMatched,
    ItemNotAllowed,
    StillInUse,
)
from catalog.operations.fees import (
    FeeRow,
    GroupRow,
    create_fee_group,
    pick_fee,
    set_dependent_fees,
    update_fee_group,
)
from catalog.operations.lists import delete_unused
from catalog.operations.sales_bundles import ItemRow, create_sales_bundle, set_items
from catalog.queries.fees import dependent_fees_of, recurring_fees
from tests.catalog.factories import AccountClassFactory, ProductFactory, TechnologyFactory

pytestmark = pytest.mark.django_db


def group_of(*rows: tuple[str, Product], **fields) -> FeeGroup:
    return create_fee_group(
        **{
            "name": "Line rental",
            "match_on": MatchOn.CITY,
            "rows": [GroupRow(fee, criterion) for criterion, fee in rows],
            **fields,
        }
    )


def fees_of(product: Product) -> list[tuple[object, Decimal]]:
    rows = dependent_fees_of([product.pk]).get(product.pk, [])
    return [(row.fee or row.group, row.quantity) for row in rows]


@pytest.mark.parametrize(
    "trait", [{}, {"fixed_bundle": True}, {"flexible_bundle": True}], ids=["flat", "fixed", "flex"]
)
def test_a_termed_product_gets_recurring_and_one_time_fees_in_order(trait) -> None:
    parent = ProductFactory(**trait)
    rental, setup = ProductFactory(), ProductFactory(expense=True)
    group = group_of(("", ProductFactory()))

    set_dependent_fees(parent, [FeeRow(setup), FeeRow(group=group), FeeRow(rental, quantity=2)])

    assert fees_of(parent) == [(setup, 1), (group, 1), (rental, 2)]


def test_setting_fees_again_keeps_what_stays_and_its_history() -> None:
    parent, rental, setup = ProductFactory(), ProductFactory(), ProductFactory(expense=True)
    set_dependent_fees(parent, [FeeRow(rental), FeeRow(setup)])

    set_dependent_fees(parent, [FeeRow(rental)])

    assert fees_of(parent) == [(rental, 1)]
    history = DependentFee.history.filter(parent=parent).values_list("fee_id", "history_type")
    assert sorted(history) == sorted([(rental.pk, "+"), (setup.pk, "+"), (setup.pk, "-")])


@pytest.mark.parametrize("trait", ["usage", "one_time", "expense", "traceable", "non_traceable"])
def test_only_termed_products_have_fees(trait: str) -> None:
    with pytest.raises(FeeNotAllowed, match="is no termed service"):
        set_dependent_fees(ProductFactory(**{trait: True}), [FeeRow(ProductFactory())])


@pytest.mark.parametrize("trait", ["usage", "one_time", "traceable", "fixed_bundle"])
def test_a_fee_is_a_flat_termed_service_or_an_expense(trait: str) -> None:
    rows = [FeeRow(ProductFactory()), FeeRow(ProductFactory(**{trait: True}))]

    with pytest.raises(FeeNotAllowed, match="neither a flat termed service nor") as refusal:
        set_dependent_fees(ProductFactory(), rows)

    assert (refusal.value.row, refusal.value.field) == (1, "fee")


def test_a_product_is_no_fee_of_its_own() -> None:
    product = ProductFactory()

    with pytest.raises(FeeNotAllowed, match="no fee of its own"):
        set_dependent_fees(product, [FeeRow(product)])


def test_a_fee_brings_no_other_fees() -> None:
    rental = ProductFactory(name="Box rental")
    grouped = ProductFactory(name="Line rental Athens")
    parent = ProductFactory(name="Sports")
    group_of(("Athens", grouped))
    set_dependent_fees(parent, [FeeRow(rental)])

    with pytest.raises(FeeNotAllowed, match="Box rental is a fee of Sports itself"):
        set_dependent_fees(rental, [FeeRow(ProductFactory())])
    with pytest.raises(FeeNotAllowed, match="is a fee of the group Line rental itself"):
        set_dependent_fees(grouped, [FeeRow(ProductFactory())])
    with pytest.raises(FeeNotAllowed, match="Sports has fees of its own"):
        set_dependent_fees(ProductFactory(), [FeeRow(parent)])
    with pytest.raises(FeeNotAllowed, match="Sports has fees of its own"):
        group_of(("", parent), name="Others")


def test_what_a_sales_bundle_sells_is_no_recurring_fee_and_the_other_way_round() -> None:
    packed, rental, setup = ProductFactory(), ProductFactory(), ProductFactory(expense=True)
    bundle = create_sales_bundle(name="Welcome", items=[ItemRow(packed), ItemRow(setup)])
    set_dependent_fees(ProductFactory(name="Sports"), [FeeRow(rental), FeeRow(setup)])

    with pytest.raises(FeeNotAllowed, match="is sold by the sales bundle Welcome"):
        set_dependent_fees(ProductFactory(), [FeeRow(packed)])
    with pytest.raises(ItemNotAllowed, match="is a fee of Sports") as refusal:
        set_items(bundle, [ItemRow(packed), ItemRow(rental)])
    assert (refusal.value.row, refusal.value.field) == (1, "product")


def test_a_fee_is_named_once_with_a_quantity_above_zero() -> None:
    parent, rental = ProductFactory(), ProductFactory()
    group = group_of(("", ProductFactory()))

    with pytest.raises(FeeNotAllowed, match="already has this fee") as refusal:
        set_dependent_fees(parent, [FeeRow(group=group), FeeRow(rental), FeeRow(rental)])
    assert (refusal.value.row, refusal.value.field) == (2, "fee")
    with pytest.raises(FeeNotAllowed, match="above 0"):
        set_dependent_fees(parent, [FeeRow(rental, quantity=0)])
    with pytest.raises(FeeNotAllowed, match="Name a fee or a fee group"):
        set_dependent_fees(parent, [FeeRow(rental, group=group)])


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param("Athens", "athens", id="equal"),
        pytest.param("  ATHENS ", "athens", id="other letter case"),
        pytest.param("Patras", "other", id="catch-all"),
        pytest.param("", "other", id="a user without a city"),
    ],
)
def test_a_group_picks_the_fee_of_the_value_or_its_catch_all(value: str, expected: str) -> None:
    fees = {"athens": ProductFactory(), "other": ProductFactory()}
    group = group_of(("*", fees["other"]), ("Athens", fees["athens"]))

    assert pick_fee(group, value) == fees[expected]


def test_without_a_match_a_group_picks_nothing_or_refuses() -> None:
    optional = group_of(("Athens", ProductFactory()))
    required = group_of(("Athens", ProductFactory()), name="Levy", match_required=True)

    assert pick_fee(optional, "Patras") is None
    with pytest.raises(FeeNotMatched, match="Levy has no fee for the city “Patras”"):
        pick_fee(required, "Patras")
    with pytest.raises(FeeNotMatched, match="Levy has no fee for a user without city"):
        pick_fee(required, "")


def test_values_of_a_group_are_unique_in_any_letter_case_with_one_catch_all() -> None:
    with pytest.raises(FeeNotAllowed, match="already has a fee for “ATHENS”") as refusal:
        group_of(("Athens", ProductFactory()), ("ATHENS", ProductFactory()))
    assert (refusal.value.row, refusal.value.field) == (1, "criterion")
    with pytest.raises(FeeNotAllowed, match="that takes any other value"):
        group_of(("", ProductFactory()), ("*", ProductFactory()))


def test_the_fees_of_a_group_are_all_recurring_or_all_one_time() -> None:
    with pytest.raises(FeeNotAllowed, match="all recurring or all one-time"):
        group_of(("Athens", ProductFactory()), ("", ProductFactory(expense=True)))


def test_a_group_names_at_least_one_fee() -> None:
    with pytest.raises(FeeNotAllowed, match="at least one fee"):
        group_of()


def test_values_of_a_list_are_stored_as_its_codes_and_have_to_exist() -> None:
    TechnologyFactory(name="Fiber", code="ftth")
    AccountClassFactory(name="Residential", code="res")
    fee = ProductFactory()

    fiber = group_of(("fiber", fee), match_on=MatchOn.TECHNOLOGY)
    home = group_of(("RES", fee), match_on=MatchOn.ACCOUNT_CLASS, name="Second")

    assert [row.criterion for row in (*fiber.rows.all(), *home.rows.all())] == ["ftth", "res"]
    with pytest.raises(FeeNotAllowed, match="There is no technology “Copper”"):
        group_of(("Copper", fee), match_on=MatchOn.TECHNOLOGY, name="Third")


def test_a_changed_group_keeps_rows_that_stay() -> None:
    athens, patras = ProductFactory(), ProductFactory()
    group = group_of(("Athens", athens), ("", athens))
    kept = group.rows.get(criterion="Athens")

    update_fee_group(
        group, name="Rental", rows=[GroupRow(patras, "athens"), GroupRow(athens, "Patras")]
    )

    rows = group.rows.order_by("sort_order")
    assert [(row.criterion, row.fee) for row in rows] == [("athens", patras), ("Patras", athens)]
    assert rows[0] == kept


def test_a_group_in_use_is_not_deleted_and_its_name_is_unique() -> None:
    group = group_of(("", ProductFactory()))
    set_dependent_fees(ProductFactory(), [FeeRow(group=group)])

    with pytest.raises(CodeTaken):
        group_of(("", ProductFactory()), name="LINE rental")
    with pytest.raises(StillInUse, match="dependent fees"):
        delete_unused(group)


def test_recurring_fees_are_told_with_what_they_come_with() -> None:
    rental, grouped, setup = ProductFactory(), ProductFactory(), ProductFactory(expense=True)
    group_of(("", grouped), name="Levies")
    set_dependent_fees(ProductFactory(name="Sports"), [FeeRow(rental), FeeRow(setup)])

    found = recurring_fees([rental.pk, grouped.pk, setup.pk, ProductFactory().pk])

    assert found == {rental.pk: "Sports", grouped.pk: "Levies"}
