"""Families, brands, account classes, technologies."""

import pytest

from catalog.models import ProductFamily, Technology
from catalog.operations.errors import CodeNotUsable, CodeTaken, OrderNotPossible
from catalog.operations.lists import (
    create_brand,
    create_family,
    create_technology,
    delete_unused,
    update_entry,
)
from catalog.operations.trees import InCircle
from tests.catalog.factories import FamilyFactory

pytestmark = pytest.mark.django_db


def test_an_empty_code_is_made_of_the_name() -> None:
    first, second = create_family(name="Pay TV"), create_family(name="Pay-TV!")

    assert (first.code, second.code) == ("pay-tv", "pay-tv-2")


def test_names_are_unique_whatever_their_case() -> None:
    create_brand(name="Samsung")

    with pytest.raises(CodeTaken) as refusal:
        create_brand(name="SAMSUNG")
    assert refusal.value.field == "name"


def test_a_code_has_letters_and_digits_only() -> None:
    with pytest.raises(CodeNotUsable):
        create_technology(name="Fibre", code="fibre/home")
    assert not Technology.objects.exists()


def test_a_family_stands_at_0_or_later() -> None:
    sports = create_family(name="Sports", sort_order=0)

    with pytest.raises(OrderNotPossible):
        create_family(name="News", sort_order=-1)
    with pytest.raises(OrderNotPossible):
        update_entry(sports, sort_order=-1)


def test_a_family_does_not_stand_below_itself() -> None:
    top = FamilyFactory()
    below = FamilyFactory(parent=top)

    with pytest.raises(InCircle) as refusal:
        update_entry(top, parent=below)
    assert refusal.value.field == "parent"


def test_an_unused_entry_is_deleted() -> None:
    family = FamilyFactory()

    delete_unused(family)

    assert not ProductFamily.objects.exists()
