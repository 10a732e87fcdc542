"""Trees of families and categories: their order, their counts, no circles; merging."""

import pytest

from catalog.models import BundleComponent, Product, ProductBrand, ProductCategory, ProductFamily
from catalog.operations.errors import ComponentNotAllowed
from catalog.operations.lists import create_category, create_family, update_entry
from catalog.operations.merging import (
    NotMergeable,
    merge_brands,
    merge_categories,
    merge_families,
)
from catalog.operations.trees import InCircle, move_branch
from catalog.queries.trees import branches, in_tree_order, totals
from tests.catalog.factories import (
    AccountClassFactory,
    BrandFactory,
    CategoryFactory,
    FamilyFactory,
    ProductFactory,
    ProductTypeFactory,
)

pytestmark = pytest.mark.django_db


def names(model: type[ProductFamily] | type[ProductCategory]) -> list[str]:
    return [branch.text for branch in branches(model).values()]


def test_a_tree_is_ordered_by_name_whatever_its_letter_case() -> None:
    top = create_family(name="pay TV")
    create_family(name="Sports", parent=top)
    create_family(name="Internet")
    create_family(name="children", parent=top)

    assert names(ProductFamily) == [
        "Internet",
        "pay TV",
        "pay TV › children",
        "pay TV › Sports",
    ]
    rows = in_tree_order(ProductFamily, branches(ProductFamily))
    assert [row.name for row in rows] == ["Internet", "pay TV", "children", "Sports"]


def test_a_branch_is_moved_among_its_siblings_and_new_ones_come_last() -> None:
    top = create_category(name="Top")
    one, _, three = (create_category(name=name, parent=top) for name in ("One", "Two", "Zebra"))

    move_branch(three, steps=-1, by=None)
    move_branch(one, steps=-1, by=None)
    create_category(name="Alpha", parent=top)

    assert names(ProductCategory) == [
        "Top",
        "Top › One",
        "Top › Zebra",
        "Top › Two",
        "Top › Alpha",
    ]
    assert ProductCategory.history.filter(id=three.pk, history_type="~").count() == 1


def test_products_are_counted_with_those_below_each_once() -> None:
    family = FamilyFactory()
    below = FamilyFactory(parent=FamilyFactory(parent=family))
    category = CategoryFactory()
    part = CategoryFactory(parent=category)
    in_both = ProductFactory(family=below)
    in_both.categories.set([category, part])
    ProductFactory(family=family).categories.add(part)

    families, categories = branches(ProductFamily), branches(ProductCategory)

    assert (families[family.pk].own, families[below.pk].own, families[below.pk].depth) == (1, 1, 2)
    assert totals(ProductFamily, families, [family.pk, below.pk]) == {family.pk: 2, below.pk: 1}
    assert (categories[category.pk].own, categories[part.pk].own) == (1, 2)
    assert totals(ProductCategory, categories, [category.pk, part.pk]) == {
        category.pk: 2,
        part.pk: 2,
    }


@pytest.mark.parametrize("factory", [FamilyFactory, CategoryFactory])
def test_a_branch_does_not_stand_below_itself(factory: type) -> None:
    top = factory()
    below = factory(parent=factory(parent=top))

    with pytest.raises(InCircle, match="cannot stand below itself") as refusal:
        update_entry(top, parent=below)
    with pytest.raises(InCircle):
        update_entry(top, parent=top)
    assert refusal.value.field == "parent"


def test_a_family_is_merged_with_all_it_has() -> None:
    source, target = FamilyFactory(name="Sport"), FamilyFactory(name="Sports")
    child = FamilyFactory(parent=source)
    product = ProductFactory(family=source, account_classes=[AccountClassFactory()])
    bundle = ProductFactory(flexible_bundle=True)
    row = BundleComponent.objects.create(bundle=bundle, family=source, minimum=1)

    merge_families(source, target, by=None)

    for moved in (child, product, row):
        moved.refresh_from_db()
    assert (child.parent, product.family, row.family) == (target, target, target)
    assert not ProductFamily.objects.filter(pk=source.pk).exists()
    assert ProductFamily.history.filter(id=source.pk).latest().history_type == "-"
    for moved in (child, product, row):
        act = moved.history.latest()
        assert (act.history_type, act.history_change_reason) == ("~", "Sport merged into Sports")
    assert product.history.latest().account_classes.count() == 1


def test_a_family_is_not_merged_into_itself_or_one_below_it() -> None:
    source = FamilyFactory(name="TV")
    below = FamilyFactory(parent=FamilyFactory(parent=source), name="Sports")

    with pytest.raises(NotMergeable, match="Choose another one") as itself:
        merge_families(source, source, by=None)
    with pytest.raises(InCircle, match="Sports stands below TV: move it out first") as circle:
        merge_families(source, below, by=None)
    assert (itself.value.field, circle.value.field) == ("target", "target")


def test_a_bundle_would_not_get_the_same_row_twice() -> None:
    source, target = FamilyFactory(name="Sport"), FamilyFactory(name="Sports")
    product = ProductFactory(family=source)
    bundle = ProductFactory(flexible_bundle=True, name="Choice")
    of_type = ProductTypeFactory()
    BundleComponent.objects.create(bundle=bundle, family=source, type=of_type)
    BundleComponent.objects.create(bundle=bundle, family=target, type=of_type)

    with pytest.raises(
        ComponentNotAllowed, match="The bundle Choice has a row for Sport and one for Sports"
    ):
        merge_families(source, target, by=None)
    product.refresh_from_db()
    assert product.family == source


def test_a_category_is_merged_and_products_in_both_stay_in_one() -> None:
    source, target = CategoryFactory(), CategoryFactory()
    other = CategoryFactory()
    first, second = ProductFactory(), ProductFactory()
    first.categories.set([source, target, other])
    second.categories.set([source])

    merge_categories(source, target, by=None)

    assert set(first.categories.all()) == {target, other}
    assert set(second.categories.all()) == {target}
    assert not ProductCategory.objects.filter(pk=source.pk).exists()
    linked = first.history.latest().categories.values_list("productcategory", flat=True)
    assert set(linked) == {target.pk, other.pk}


def test_a_brand_is_merged(django_user_model) -> None:
    source, target = BrandFactory(name="Nokia Oy"), BrandFactory(name="Nokia")
    product = ProductFactory(brand=source)
    by = django_user_model.objects.create_user("catherine")

    merge_brands(source, target, by=by)

    assert list(Product.objects.values_list("brand", flat=True)) == [target.pk]
    assert list(ProductBrand.objects.all()) == [target]
    assert product.history.latest().history_user == by
