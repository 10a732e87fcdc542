"""Choices against stored bundles: rows with their pools, named products, restrictions."""

from datetime import date
from decimal import Decimal

import pytest

from catalog.models import Availability, Product
from catalog.operations.bundles import ComponentRow, set_components, set_restrictions
from catalog.operations.products import set_validity
from catalog.queries.choices import check_choice, flexible_bundle, row_text
from tests.catalog.factories import FamilyFactory, ProductFactory, ProductTypeFactory

pytestmark = pytest.mark.django_db

JAN_1, APR_1 = date(2026, 1, 1), date(2026, 4, 1)


def sports(count: int, **family) -> list[Product]:
    made = FamilyFactory(name="Sports", **family)
    return [ProductFactory(name=f"Sports {n}", family=made) for n in range(count)]


def bundle_of(*rows: ComponentRow, **restrictions: int) -> Product:
    bundle = ProductFactory(name="Pack", flexible_bundle=True)
    set_components(bundle, rows)
    set_restrictions(bundle, **restrictions)
    return bundle


def said(bundle: Product, *chosen: Product) -> list[str]:
    return [fault.message for fault in check_choice(bundle, {each.pk: 1 for each in chosen})]


@pytest.mark.case("crmcom:T9")
@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (0, ["Sports: at least 1, 0 chosen."]),
        (1, []),
        (3, []),
        (4, ["Sports: at most 3, 4 chosen."]),
    ],
)
def test_one_to_three_of_a_family(count: int, expected: list[str]) -> None:
    channels = sports(4)
    bundle = bundle_of(ComponentRow(family=channels[0].family, minimum=1, maximum=3))

    assert said(bundle, *channels[:count]) == expected


def test_faults_name_the_place_of_their_row() -> None:
    news, channels = ProductFactory(name="News"), sports(1)
    bundle = bundle_of(
        ComponentRow(news, 1), ComponentRow(family=channels[0].family, minimum=1, maximum=3)
    )

    assert [fault.row for fault in check_choice(bundle, {})] == [1]


def test_a_family_takes_the_families_below_it() -> None:
    channels = sports(1, parent=FamilyFactory(name="Television"))
    bundle = bundle_of(ComponentRow(family=channels[0].family.parent, minimum=1))

    assert said(bundle, *channels) == []


@pytest.mark.parametrize("kind", ["another family", "an expense", "another type"])
def test_what_fits_no_row_cannot_be_chosen(kind: str) -> None:
    family, kind_of_row = FamilyFactory(name="Sports"), ProductTypeFactory()
    chosen = {
        "another family": ProductFactory(name="Drama", type=kind_of_row, family=FamilyFactory()),
        "an expense": ProductFactory(name="Visit", expense=True, family=family),
        "another type": ProductFactory(name="Golf SD", family=family),
    }[kind]
    bundle = bundle_of(ComponentRow(family=family, type=kind_of_row, minimum=0))

    assert said(bundle, chosen) == [f"{chosen.name} cannot be chosen here."]


def test_named_products_come_in_their_quantity_and_optional_ones_when_chosen() -> None:
    news, radio, kids = (ProductFactory(name=name) for name in ("News", "Radio", "Kids"))
    bundle = bundle_of(
        ComponentRow(news, 2), ComponentRow(radio, 1, mandatory=False), ComponentRow(kids, 1)
    )
    flexible = flexible_bundle(bundle)

    assert check_choice(bundle, {}) == []
    assert flexible.components({}) == [(news, Decimal(2)), (kids, Decimal(1))]
    assert flexible.components({radio.pk: 1}) == [(news, 2), (radio, 1), (kids, 1)]
    assert [fault.message for fault in check_choice(bundle, {radio.pk: 3})] == [
        "Radio comes 1 times."
    ]


def test_a_named_product_counts_for_its_own_row_alone() -> None:
    named, other = sports(2)
    bundle = bundle_of(
        ComponentRow(named, 1), ComponentRow(family=named.family, minimum=1, maximum=1)
    )

    assert said(bundle, named) == ["Sports: at least 1, 0 chosen."]
    assert said(bundle, named, other) == []
    assert list(flexible_bundle(bundle).pool(flexible_bundle(bundle).rows[1], on=JAN_1)) == [other]


@pytest.mark.case("crmcom:T7")
def test_components_of_two_families_break_a_restriction_to_one() -> None:
    golf, drama = sports(1)[0], ProductFactory(name="Drama", family=FamilyFactory(name="Movies"))
    kind = golf.type
    Product.objects.filter(pk=drama.pk).update(type=kind)
    bundle = bundle_of(ComponentRow(type=kind, minimum=1), most_families=1)

    assert said(bundle, golf, drama) == [
        "Services of 2 families are chosen (Movies, Sports), but only 1 family may be used."
    ]


@pytest.mark.case("crmcom:T8")
def test_without_restrictions_families_and_types_mix() -> None:
    golf, drama = sports(1)[0], ProductFactory(name="Drama", family=FamilyFactory(name="Movies"))
    rows = [ComponentRow(family=each.family, minimum=0) for each in (golf, drama)]

    assert said(bundle_of(*rows), golf, drama) == []


@pytest.mark.case("crmcom:T10")
def test_a_pool_offers_what_is_valid_and_available_on_the_day() -> None:
    golf, polo, rugby = sports(3)
    set_validity(golf, [(JAN_1, APR_1)])
    Product.objects.filter(pk=polo.pk).update(availability=Availability.NO_NEW_USERS)
    flexible = flexible_bundle(bundle_of(ComponentRow(family=golf.family, minimum=1)))
    (row,) = flexible.rows

    assert list(flexible.pool(row, on=date(2026, 3, 31))) == [golf, rugby]
    assert list(flexible.pool(row, on=APR_1)) == [rugby]


def test_a_choice_is_checked_in_few_queries(django_assert_max_num_queries) -> None:
    channels = sports(20)
    bundle = bundle_of(ComponentRow(family=channels[0].family, minimum=1), most_families=1)

    with django_assert_max_num_queries(4):
        check_choice(bundle, {each.pk: 1 for each in channels})


@pytest.mark.parametrize(
    ("row", "text"),
    [
        ({"minimum": 2, "maximum": 4}, "choose 2–4 of Sports"),
        ({"minimum": 2, "maximum": 2}, "choose 2 of Sports"),
        ({"minimum": 0, "maximum": 3}, "choose up to 3 of Sports"),
        ({"minimum": 1}, "choose at least 1 of Sports"),
        ({"minimum": 0}, "choose any number of Sports"),
    ],
)
def test_a_row_reads_as_what_is_to_be_chosen(row: dict[str, int], text: str) -> None:
    family = sports(4)[0].family

    assert row_text(flexible_bundle(bundle_of(ComponentRow(family=family, **row))).rows[0]) == text
