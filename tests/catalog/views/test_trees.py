"""Lists and pages of families and categories; merging on pages."""

import pytest
from django.urls import reverse

from catalog.models import ProductBrand, ProductCategory, ProductFamily
from tests.catalog.factories import BrandFactory, CategoryFactory, FamilyFactory, ProductFactory

pytestmark = pytest.mark.django_db

TREES = [
    ("family", ProductFamily, FamilyFactory),
    ("category", ProductCategory, CategoryFactory),
]


def names(answer):
    return [row.record.name for row in answer.context["table"].page.object_list]


@pytest.mark.parametrize(("word", "model", "factory"), TREES)
def test_a_list_shows_the_tree_and_a_search_the_paths(admin_client, word, model, factory):
    top = factory(name="pay TV")
    factory(name="Sports", parent=top)
    factory(name="Internet")
    listing = reverse(f"catalog:{word}_list")

    shown = admin_client.get(listing)
    found = admin_client.get(listing, {"q": "sport"})

    assert names(shown) == ["Internet", "pay TV", "Sports"]
    assert 'class="depth-1"' in shown.content.decode()
    assert "pay TV › " in found.content.decode()


@pytest.mark.parametrize(("word", "model", "factory"), TREES)
def test_only_those_who_may_change_a_tree_move_its_branches(reader_client, word, model, factory):
    second = factory(name="Beta", parent=factory(name="Alpha"))
    listing = reverse(f"catalog:{word}_list")

    refused = reader_client.post(listing, {"up": second.code})

    assert refused.status_code == 403
    assert b'name="up"' not in reader_client.get(listing).content


@pytest.mark.parametrize(("word", "model", "factory"), TREES)
def test_moving_keeps_the_place_in_the_list(admin_client, word, model, factory):
    factory(name="Alpha")
    second = factory(name="Beta")
    listing = reverse(f"catalog:{word}_list")

    plain = admin_client.post(listing, {"up": second.code})
    swapped = admin_client.post(listing, {"down": second.code}, headers={"HX-Request": "true"})

    assert (plain.status_code, plain.url) == (302, f"{listing}#branch-{second.pk}")
    assert names(swapped) == ["Alpha", "Beta"]
    assert f'id="down-{second.pk}"' in swapped.content.decode()


def test_a_loop_is_refused_at_the_parent(admin_client):
    top = FamilyFactory(name="TV", code="tv")
    below = FamilyFactory(name="Sports", code="sports", parent=top)

    answer = admin_client.post(
        top.get_absolute_url(),
        {"panel": "main", "main-name": "TV", "main-code": "tv", "main-parent": below.code},
    )

    assert "A family cannot stand below itself." in answer.content.decode()
    top.refresh_from_db()
    assert top.parent is None


def test_a_record_with_another_code_is_followed(admin_client):
    brand = BrandFactory(code="old")

    answer = admin_client.post(
        brand.get_absolute_url(), {"panel": "main", "main-name": "Nokia", "main-code": "nokia"}
    )

    assert answer.url == reverse("catalog:brand_edit", args=["nokia"])


@pytest.mark.parametrize(
    ("word", "factory", "moving"),
    [
        ("family", FamilyFactory, "1 product and 1 branch move"),
        ("category", CategoryFactory, "1 product and 1 branch move"),
    ],
)
def test_a_branch_is_merged_after_its_page_said_what_moves(admin_client, word, factory, moving):
    source, target = factory(name="Sport"), factory(name="Sports")
    factory(parent=source)
    product = ProductFactory(family=source if word == "family" else None)
    product.categories.set([source] if word == "category" else [])
    address = reverse(f"catalog:{word}_merge", args=[source.code])

    asked = admin_client.get(address)
    done = admin_client.post(address, {"target": target.code}, follow=True)

    assert moving in asked.content.decode()
    assert "Sport was merged into Sports." in done.content.decode()
    assert done.redirect_chain[-1][0] == target.get_absolute_url()


def test_a_merge_into_a_branch_below_is_refused_at_the_field(admin_client):
    source = FamilyFactory(name="TV")
    below = FamilyFactory(name="Sports", parent=source)

    answer = admin_client.post(
        reverse("catalog:family_merge", args=[source.code]), {"target": below.code}
    )

    assert answer.context["form"].errors == {
        "target": ["Sports stands below TV: move it out first."]
    }


def test_a_brand_is_merged(admin_client):
    source, target = BrandFactory(name="Nokia Oy"), BrandFactory(name="Nokia")
    ProductFactory(brand=source)
    address = reverse("catalog:brand_merge", args=[source.code])

    asked = admin_client.get(address)
    admin_client.post(address, {"target": target.code})

    assert "1 product moves to the other one; then Nokia Oy is deleted." in asked.content.decode()
    assert list(ProductBrand.objects.all()) == [target]


@pytest.mark.parametrize("word", ["family", "category", "brand"])
def test_a_reader_merges_nothing(reader_client, word):
    assert reader_client.get(reverse(f"catalog:{word}_merge", args=["x"])).status_code == 403


def test_the_list_of_a_tree_takes_few_queries(admin_client, django_assert_max_num_queries):
    top = CategoryFactory()
    for _ in range(20):
        ProductFactory().categories.add(CategoryFactory(parent=top))

    with django_assert_max_num_queries(10):
        answer = admin_client.get(reverse("catalog:category_list"))

    assert len(names(answer)) == 21
