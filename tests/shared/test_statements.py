"""Statements: what is written once answers each time as the queryset that it was made of."""

from datetime import date

import pytest
from django.db.models import Count

from catalog.models import Product, ProductFamily
from config.shared.db import array_of
from config.shared.statements import Given, Statement, among_given, hold
from tests.catalog.factories import FamilyFactory, ProductFactory, ProductTypeFactory

pytestmark = pytest.mark.django_db

OF_FAMILY = Statement(
    lambda: (
        Product.objects.filter(family=Given("family"))
        .select_related("type", "family")
        .prefetch_related("validities")
        .order_by("name", "pk")
    )
)
COUNTED = Statement(
    lambda: (
        ProductFamily.objects.filter(among_given("pk", "families"))
        .annotate(product_count=Count("products"))
        .order_by("pk")
    )
)
NAMES = Statement(
    lambda: (
        Product.objects.filter(validities__period__contains=Given("on"))
        .order_by("name", "pk")
        .values_list("name", "family__name")
    )
)
CODES = Statement(lambda: Product.objects.order_by("code").values_list("code", flat=True))


@pytest.fixture
def families():
    """Two families, of two products and of one."""
    sports, news = FamilyFactory(name="Sports"), FamilyFactory(name="News")
    for code, name, family in [("S1", "Ski", sports), ("S2", "Golf", sports), ("N1", "Day", news)]:
        ProductFactory(code=code, name=name, family=family)
    return sports, news


def test_a_statement_answers_for_the_value_given(families):
    sports, news = families

    found = [[product.name for product in OF_FAMILY.ask(family=one.pk)] for one in (sports, news)]

    assert found == [["Golf", "Ski"], ["Day"]]


def test_related_records_and_prefetches_are_at_hand(families, django_assert_num_queries):
    OF_FAMILY.ask(family=families[0].pk)

    with django_assert_num_queries(2):
        found = [
            (product.family.name, product.type.pk, len(product.validities.all()))
            for product in OF_FAMILY.ask(family=families[0].pk)
        ]

    assert [family for family, _, _ in found] == ["Sports", "Sports"]


def test_a_statement_annotates_and_takes_sets_of_records(families):
    found = COUNTED.ask(families=array_of(one.pk for one in families))

    assert [(family.name, family.product_count) for family in found] == [("Sports", 2), ("News", 1)]
    assert COUNTED.ask(families=array_of([])) == []


def test_a_statement_answers_with_plain_values(families):
    product = Product.objects.get(code="S1")
    product.validities.create(period=(date(2026, 1, 1), date(2026, 2, 1)))

    assert NAMES.ask(on=date(2026, 1, 31)) == [("Ski", "Sports")]
    assert NAMES.ask(on=date(2026, 2, 1)) == []
    assert CODES.ask() == ["N1", "S1", "S2"]
    assert (CODES.count(), NAMES.count(on=date(2026, 2, 1))) == (3, 0)


def test_each_place_gets_a_value_and_nothing_else_does(families):
    with pytest.raises(TypeError, match=r"Give \['family'\], not \['brand'\]"):
        OF_FAMILY.ask(brand=families[0].pk)


def test_rows_that_were_read_are_held_until_the_record_is_read_again(
    families, django_assert_num_queries
):
    sports, _ = families
    hold(sports, "products", OF_FAMILY.ask(family=sports.pk))

    with django_assert_num_queries(0):
        names = [product.name for product in sports.products.all()]

    assert names == ["Golf", "Ski"]
    assert sports.products.filter(code="S1").get().name == "Ski"
    sports.products.create(name="Polo", code="S3", alternative_code="S3", type=ProductTypeFactory())
    assert sports.products.count() == 3
