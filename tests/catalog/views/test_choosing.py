"""The choice of components as a piece of forms: pools, search, counters, sales bundles."""

import pytest
from django.urls import reverse

from catalog.forms import choosing
from catalog.forms.choosing import BundleChooser
from catalog.models import SalesBundle
from catalog.operations.bundles import ComponentRow, set_components
from config.shared.operations.clock import today
from tests.catalog.factories import FamilyFactory, ProductFactory, ProductTypeFactory
from tests.catalog.views.test_products import rows

pytestmark = pytest.mark.django_db


def pack_of(count, *, minimum=1, maximum=3):
    family, kind = FamilyFactory(name="Sports"), ProductTypeFactory(name="Channel")
    channels = [
        ProductFactory(name=f"Sports {number:03}", family=family, type=kind)
        for number in range(count)
    ]
    pack = ProductFactory(code="PACK", name="Sports pack", flexible_bundle=True)
    set_components(pack, [ComponentRow(family=family, minimum=minimum, maximum=maximum)])
    return pack, channels


def found(client, pack, **query):
    address = reverse("catalog:choice_rows", args=[pack.code])
    return client.get(address, {"prefix": "choices", "choices-here": "yes", **query})


def test_a_large_pool_shows_its_first_services_and_searches_the_rest(
    reader_client, django_assert_max_num_queries, monkeypatch
):
    monkeypatch.setattr(choosing, "MOST_SHOWN", 3)
    pack, channels = pack_of(8)

    with django_assert_max_num_queries(10):
        first = found(reader_client, pack).content.decode()
    searched = found(reader_client, pack, **{"choices-q": "sports 006"}).content.decode()

    assert first.count("data-pick") == 3
    assert "There are more" in first
    assert searched.count("data-pick") == 1
    assert f'value="{channels[6].pk}"' in searched


def test_what_is_ticked_stays_while_one_searches(reader_client):
    pack, channels = pack_of(3)
    ticked = {"choices-pick": str(channels[2].pk), f"choices-n-{channels[2].pk}": "2"}

    answer = found(reader_client, pack, **ticked, **{"choices-q": "nothing like it"})

    (row,) = answer.context["rows"]
    assert [(option.product, option.pieces) for option in row.options] == [(channels[2], 2)]
    assert (row.count, row.status) == (2, "enough")


def test_ticked_services_stay_where_they_stand_and_families_have_headings(reader_client):
    pack, channels = pack_of(3)
    inner = FamilyFactory(name="Motor sports", parent=channels[0].family)
    rally = ProductFactory(name="Rally", family=inner, type=channels[0].type)

    answer = found(reader_client, pack, **{"choices-pick": str(channels[2].pk)})

    (row,) = answer.context["rows"]
    assert [(family, [each.product for each in options]) for family, options in row.groups] == [
        ("Motor sports", [rally]),
        ("Sports", channels),
    ]
    assert [each.is_chosen for each in row.options] == [False, False, False, True]
    assert 'aria-label="Motor sports"' in answer.content.decode()


def test_each_service_is_listed_once_at_the_row_that_says_most(reader_client):
    pack, channels = pack_of(2)
    other = ProductFactory(name="Drama", type=channels[0].type)
    optional = ProductFactory(name="Radio")
    set_components(
        pack,
        [
            ComponentRow(type=channels[0].type, minimum=0),
            ComponentRow(family=channels[0].family, minimum=1),
            ComponentRow(optional, 2, mandatory=False),
        ],
    )

    chooser = BundleChooser(pack, on=today())

    assert [(row.label, [each.product.name for each in row.options]) for row in chooser.rows] == [
        ("Channel", [other.name]),
        ("Sports", ["Sports 000", "Sports 001"]),
        ("If wanted", ["Radio"]),
    ]


@pytest.mark.parametrize("prefix", ["", "1", 'x"y', "Choices"])
def test_a_strange_prefix_is_refused(reader_client, prefix):
    pack, _ = pack_of(1)

    assert found(reader_client, pack, prefix=prefix).status_code == 400


def sales_bundle(pack, *picks, **changes):
    return {
        "name": "Welcome",
        "availability": "AVAILABLE",
        "sort_order": "0",
        f"choices-{pack.pk}-here": "yes",
        f"choices-{pack.pk}-pick": [str(each.pk) for each in picks],
        **rows("rows", {"product": pack.code, "quantity": "1"}),
        **changes,
    }


def test_a_sales_bundle_asks_for_the_choice_and_keeps_it(admin_client):
    pack, channels = pack_of(3)
    new = reverse("catalog:sales_bundle_new")

    refused = admin_client.post(new, sales_bundle(pack))
    saved = admin_client.post(new, sales_bundle(pack, *channels[:2]))

    text = refused.content.decode()
    assert "Row 1: Sports pack needs another choice." in text
    assert text.count("Sports: at least 1, 0 chosen.") == 1
    (chooser,) = refused.context["form"].choosers.values()
    assert chooser.rows[0].faults == ("Sports: at least 1, 0 chosen.",)
    assert saved.status_code == 302
    bundle = SalesBundle.objects.get()
    assert set(bundle.items.get().choices.values_list("product", flat=True)) == {
        channels[0].pk,
        channels[1].pk,
    }
    page = admin_client.get(f"{bundle.get_absolute_url()}change/")
    (chooser,) = page.context["form"].choosers.values()
    assert [each.is_chosen for each in chooser.rows[0].options] == [True, True, False]


def test_searching_the_services_of_a_sales_bundle_saves_nothing(admin_client):
    pack, channels = pack_of(3)

    answer = admin_client.post(
        reverse("catalog:sales_bundle_new"), sales_bundle(pack, channels[0], preview="yes")
    )

    assert answer.status_code == 200
    assert not SalesBundle.objects.exists()
