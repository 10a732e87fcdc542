"""The sections of a bundle: components, restrictions, kits."""

import pytest
from django.urls import reverse

from catalog.operations.bundles import ComponentRow, set_components, set_restrictions
from tests.catalog.factories import FamilyFactory, ProductFactory
from tests.catalog.views.test_products import page_of, rows
from tests.people import person

pytestmark = pytest.mark.django_db


def sports_pack(*, minimum: int = 1, channels: int = 4):
    """Return a flexible bundle "choose 1–3 of Sports" and the family."""
    family = FamilyFactory(name="Sports", code="sports")
    for number in range(channels):
        ProductFactory(name=f"Sports {number}", family=family)
    pack = ProductFactory(name="Sports pack", flexible_bundle=True)
    set_components(pack, [ComponentRow(family=family, minimum=minimum, maximum=3)])
    return pack, family


def panel_of(answer, slug):
    return next(panel for panel in answer.context["panels"] if panel.slug == slug)


def send_components(client, bundle, *values):
    return client.post(
        page_of(bundle, "components"), {"panel": "components"} | rows("components-rows", *values)
    )


def send_restrictions(client, bundle, **values):
    sent = {f"restrictions-{name}": value for name, value in values.items()}
    return client.post(page_of(bundle, "components"), {"panel": "restrictions"} | sent)


def test_a_flexible_bundle_takes_products_and_what_to_choose_from_by_their_codes(admin_client):
    family, news = FamilyFactory(code="sports"), ProductFactory(code="NEWS")
    bundle = ProductFactory(flexible_bundle=True)

    answer = send_components(
        admin_client,
        bundle,
        {"product": "news", "quantity": "1", "mandatory": "on"},
        {"family": "sports", "type": news.type.code, "minimum": "0", "maximum": "4"},
    )

    assert answer.status_code == 302
    named, chosen = bundle.components.order_by("sort_order")
    assert (named.product, named.mandatory) == (news, True)
    assert (chosen.family, chosen.type, chosen.minimum, chosen.maximum) == (
        family,
        news.type,
        0,
        4,
    )


def test_a_fault_of_a_row_names_its_field(admin_client):
    pack, _ = sports_pack()

    answer = send_components(admin_client, pack, {"family": "sports", "minimum": "-1"})

    assert "Row 1, Minimum: Ensure this value is greater" in answer.content.decode()


@pytest.mark.parametrize(
    ("row", "field", "message"),
    [
        pytest.param(
            {"family": "sports", "maximum": "3"},
            "minimum",
            "Give a minimum",
            id="no minimum",
            marks=pytest.mark.case("crmcom:T4"),
        ),
        pytest.param(
            {"family": "sports", "product": "NEWS", "quantity": "1"},
            "product",
            "Name a product, or a type and/or a family",
            id="two selectors",
            marks=pytest.mark.case("crmcom:T5"),
        ),
        pytest.param(
            {"family": "sports", "minimum": "4", "maximum": "3"},
            "maximum",
            "below the minimum",
            id="minimum over maximum",
        ),
    ],
)
def test_a_wrong_row_says_so_at_its_field_and_nothing_is_saved(admin_client, row, field, message):
    FamilyFactory(code="sports")
    ProductFactory(code="NEWS")
    bundle = ProductFactory(flexible_bundle=True)

    answer = send_components(admin_client, bundle, row)

    form = panel_of(answer, "components").context["form"].rows.forms[0]
    assert message in form.errors[field][0]
    assert not bundle.components.exists()


def test_restrictions_are_for_flexible_bundles_and_are_saved(admin_client):
    pack, _ = sports_pack()

    answer = send_restrictions(admin_client, pack, most_families="1", most_types="")

    assert answer.status_code == 302
    pack.refresh_from_db()
    assert (pack.most_families, pack.most_types) == (1, None)
    fixed = ProductFactory(fixed_bundle=True)
    panels = admin_client.get(page_of(fixed, "components")).context["panels"]
    assert "restrictions" not in [panel.slug for panel in panels]


def test_a_restriction_that_the_pool_cannot_satisfy_is_refused_at_its_field(admin_client):
    pack, _ = sports_pack(minimum=2)

    answer = send_restrictions(admin_client, pack, most_types="1")

    form = panel_of(answer, "restrictions").context["form"]
    assert form.errors["most_types"] == [
        "Sports needs at least 2, but with 1 type only 1 of its services can be chosen."
    ]
    pack.refresh_from_db()
    assert pack.most_types is None


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"most_types": "3"}, "This pool can satisfy it."),
        ({"most_types": "1"}, "This pool cannot satisfy it: Sports needs at least 2"),
        ({"most_types": "0"}, "Give a whole number"),
        ({}, "This pool can satisfy it."),
    ],
)
def test_restrictions_are_checked_while_one_types(admin_client, typed, said):
    pack, _ = sports_pack(minimum=2)
    sent = {f"restrictions-{name}": value for name, value in typed.items()}

    answer = admin_client.get(reverse("catalog:restrictions_check", args=[pack.code]), sent)

    assert said in answer.content.decode()
    pack.refresh_from_db()
    assert pack.most_types is None


def test_the_check_is_for_those_who_may_change_products(client):
    pack, _ = sports_pack()
    client.force_login(person("CSR"))

    answer = client.get(reverse("catalog:restrictions_check", args=[pack.code]))

    assert answer.status_code == 403


def test_whoever_may_look_reads_components_and_restrictions(client):
    pack, _ = sports_pack()
    set_restrictions(pack, most_families=1)
    client.force_login(person("CSR"))

    page = client.get(page_of(pack, "components")).content.decode()

    assert "Choose 1–3 of Sports." in page
    assert "<dt>Families at most</dt>" in page
    assert 'name="restrictions-most_families"' not in page


def test_a_pool_that_is_too_small_says_so(admin_client):
    pack, _ = sports_pack(minimum=3, channels=2)

    page = admin_client.get(page_of(pack, "components")).content.decode()

    assert "Sports needs at least 3, but only 2 of its services can be chosen." in page


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("traceable", "(Smartcard, 2 × Decoder): 4 numbers in all."),
        ("non_traceable", "No serial numbers are kept for this kit and its parts."),
    ],
)
def test_a_kit_says_which_serial_numbers_there_are(admin_client, kind, text):
    kit = ProductFactory(**{kind: True}, fixed_bundle=True)
    cable = ProductFactory(name="Cable", non_traceable=True)
    parts = [ComponentRow(cable, 3)]
    if kind == "traceable":
        card = ProductFactory(name="Smartcard", traceable=True)
        decoder = ProductFactory(name="Decoder", traceable=True)
        parts += [ComponentRow(card, 1), ComponentRow(decoder, 2)]
    set_components(kit, parts)

    assert text in admin_client.get(page_of(kit, "components")).content.decode()


@pytest.mark.parametrize("count", [1, 12])
def test_the_components_tab_asks_as_much_for_many_rows_as_for_one(
    admin_client, django_assert_max_num_queries, count
):
    bundle = ProductFactory(fixed_bundle=True)
    set_components(bundle, [ComponentRow(ProductFactory(), 1) for _ in range(count)])

    with django_assert_max_num_queries(30):
        admin_client.get(page_of(bundle, "components"))


@pytest.mark.parametrize(
    ("bundle", "part", "row"),
    [
        pytest.param({}, {}, {"quantity": "2"}, id="fixed, of services"),
        pytest.param(
            {"traceable": True}, {"traceable": True}, {"quantity": "2"}, id="kit with a serial"
        ),
        pytest.param(
            {"non_traceable": True},
            {"non_traceable": True},
            {"quantity": "2.5"},
            id="kit without a serial",
        ),
    ],
)
def test_fixed_bundles_of_each_kind_are_made_on_the_page(admin_client, bundle, part, row):
    whole = ProductFactory(**bundle, fixed_bundle=True)
    product = ProductFactory(name="Part", **part)

    answer = send_components(admin_client, whole, {"product": product.code, **row})

    assert answer.status_code == 302
    assert str(whole.components.get().quantity.normalize()) == row["quantity"]
    page = admin_client.get(page_of(product, "use")).content.decode()
    assert whole.name in page


@pytest.mark.parametrize(
    ("traits", "reason"),
    [({"traceable": True}, "whole pieces"), ({}, "whole services")],
    ids=["pieces with serial numbers", "services"],
)
def test_what_is_counted_comes_in_whole_numbers(admin_client, traits, reason):
    bundle, part = ProductFactory(**traits, fixed_bundle=True), ProductFactory(**traits)

    answer = send_components(admin_client, bundle, {"product": part.code, "quantity": "1.5"})

    row = panel_of(answer, "components").context["form"].rows.forms[0]
    assert reason in row.errors["quantity"][0]
    assert not bundle.components.exists()
