"""Pages of schemes, subscription types and sellers, and their panels on the product page."""

from datetime import date

import pytest
from django.urls import reverse

from subscriptions.models import BillingTermScheme, SchemeProduct, Seller, SubscriptionType
from subscriptions.operations.schemes import add_product_to_scheme
from tests.catalog.factories import ProductFactory
from tests.subscriptions.factories import (
    SchemeFactory,
    SellerFactory,
    SubscriptionTypeFactory,
    subscribe,
)
from tests.subscriptions.views.conftest import CSR, person

pytestmark = pytest.mark.django_db

SCHEME = {
    "name": "Monthly",
    "code": "monthly",
    "kind": "NORMAL",
    "state": "EFFECTIVE",
    "method": "PERIOD",
    "default_frequency": "MONTHLY",
    "frequencies": ["MONTHLY", "ANNUAL"],
    "prorate": "on",
    "bill_next_term": "NO",
    "pricing": "FLEXIBLE",
}


@pytest.mark.parametrize(
    ("name", "factory"),
    [
        ("scheme_list", SchemeFactory),
        ("type_list", SubscriptionTypeFactory),
        ("seller_list", lambda: Seller.objects.create(code=f"s{Seller.objects.count()}", name="S")),
    ],
)
def test_a_list_asks_the_same_number_of_queries_for_1_and_20_rows(
    setup_client, name, factory, django_assert_num_queries
):
    address = reverse(f"subscriptions:{name}")
    factory()
    setup_client.get(address)
    with django_assert_num_queries(6):
        setup_client.get(address)
    for _ in range(19):
        factory()

    with django_assert_num_queries(6):
        answer = setup_client.get(address)

    assert len(answer.context["table"].page.object_list) == 20


def test_a_scheme_is_set_up_and_changed(setup_client):
    answer = setup_client.post(reverse("subscriptions:scheme_new"), SCHEME)
    scheme = BillingTermScheme.objects.get()
    setup_client.post(
        reverse("subscriptions:scheme_edit", args=["monthly"]), {**SCHEME, "name": "Every month"}
    )

    assert answer.url == scheme.get_absolute_url()
    assert scheme.frequencies == ["MONTHLY", "ANNUAL"]
    scheme.refresh_from_db()
    assert scheme.name == "Every month"


def test_a_default_that_is_not_allowed_is_refused_at_its_field(setup_client):
    answer = setup_client.post(
        reverse("subscriptions:scheme_new"), {**SCHEME, "default_frequency": "WEEKLY"}
    )

    assert list(answer.context["form"].errors) == ["default_frequency"]
    assert not BillingTermScheme.objects.exists()


def test_what_a_used_scheme_keeps_is_refused_at_its_field(setup_client, shop):
    scheme = shop.type.schemes.get()
    answer = setup_client.post(
        reverse("subscriptions:scheme_edit", args=[scheme.code]),
        {**SCHEME, "code": scheme.code, "method": "ANNIVERSARY"},
    )

    assert list(answer.context["form"].errors) == ["method"]


def test_a_product_is_put_on_a_scheme_and_changed_in_place(setup_client):
    scheme, product = SchemeFactory(), ProductFactory()
    address = scheme.get_absolute_url()
    form = {
        "panel": "scheme-products",
        "scheme-products-product": product.code,
        "scheme-products-timing": "POST_BILL",
    }

    setup_client.post(address, form)
    setup_client.post(address, {**form, "scheme-products-exclude_from_deactivation": "on"})

    row = SchemeProduct.objects.get()
    assert (row.timing, row.exclude_from_deactivation) == ("POST_BILL", True)


def test_what_cannot_be_billed_on_a_scheme_is_refused_at_its_field(setup_client):
    scheme, box = SchemeFactory(), ProductFactory(traceable=True)

    answer = setup_client.post(
        scheme.get_absolute_url(),
        {
            "panel": "scheme-products",
            "scheme-products-product": box.code,
            "scheme-products-timing": "PRE_BILL",
        },
    )

    assert b"neither a termed service nor an expense" in answer.content
    assert not SchemeProduct.objects.exists()


def test_who_may_only_look_is_offered_no_form(client, db):
    scheme = SchemeFactory()
    client.force_login(person("rita", "view_billingtermscheme"))
    form = {"panel": "scheme-products", "scheme-products-product": 1}

    assert b"<select" not in client.get(scheme.get_absolute_url()).content
    assert client.post(scheme.get_absolute_url(), form).status_code == 403


def test_a_type_is_set_up_with_its_schemes_and_changed(setup_client):
    scheme = SchemeFactory()
    form = {"name": "Home", "code": "home", "schemes": [scheme.pk]}

    setup_client.post(reverse("subscriptions:type_new"), form)
    setup_client.post(reverse("subscriptions:type_edit", args=["home"]), {**form, "name": "House"})

    found = SubscriptionType.objects.get()
    assert (found.name, found.active, found.schemes.get()) == ("House", False, scheme)


def test_a_code_that_is_taken_is_refused_at_its_field(setup_client):
    SubscriptionTypeFactory(code="home")

    answer = setup_client.post(
        reverse("subscriptions:type_new"),
        {"name": "Home", "code": "home", "schemes": [SchemeFactory().pk]},
    )

    assert list(answer.context["form"].errors) == ["code"]


def test_adding_a_product_to_a_type_says_first_which_schemes_get_it_too(setup_client):
    monthly, yearly = SchemeFactory(code="monthly"), SchemeFactory(code="yearly")
    home = SubscriptionTypeFactory(code="home", schemes=[monthly, yearly])
    product = ProductFactory(name="Radio")
    SchemeProduct.objects.create(scheme=yearly, product=product)
    address = reverse("subscriptions:type_add_product", args=["home"])
    form = {"product": product.code, "timing": "POST_BILL"}

    preview = setup_client.post(address, {**form, "preview": "yes"})
    answer = setup_client.post(address, form, follow=True)

    assert preview.context["check"] == "Allows Radio on Home; also adds it to Monthly."
    assert home.products.get() == product
    assert SchemeProduct.objects.get(scheme=monthly).timing == "POST_BILL"
    assert b"Radio was added to Home, and to Monthly." in answer.content


def test_what_is_nothing_for_a_subscription_is_refused_at_its_field(setup_client):
    SubscriptionTypeFactory(code="home")
    calls = ProductFactory(usage=True)

    answer = setup_client.post(
        reverse("subscriptions:type_add_product", args=["home"]),
        {"product": calls.code, "timing": "PRE_BILL"},
    )

    assert list(answer.context["form"].errors) == ["product"]


def test_a_scheme_that_is_added_to_a_type_gets_its_products(setup_client, shop):
    scheme = SchemeFactory()

    setup_client.post(
        shop.type.get_absolute_url(), {"panel": "type-schemes", "type-schemes-scheme": scheme.pk}
    )

    assert scheme in shop.type.schemes.all()
    assert {row.product for row in scheme.products.all()} == {shop.movies, shop.service.product}


def test_the_product_page_puts_the_product_on_a_scheme(setup_client):
    scheme, product = SchemeFactory(), ProductFactory()

    setup_client.post(
        f"{product.get_absolute_url()}?tab=pricing",
        {
            "panel": "billing-term-schemes",
            "billing-term-schemes-scheme": scheme.pk,
            "billing-term-schemes-timing": "PRE_BILL",
        },
    )

    assert SchemeProduct.objects.get().product == product


def scheme_row(scheme, **values):
    return {"panel": "billing-term-schemes"} | {
        f"billing-term-schemes-{name}": value
        for name, value in {"scheme": scheme.pk, "timing": "PRE_BILL", **values}.items()
    }


def test_the_product_page_lists_the_schemes_that_lack_the_product_with_a_way_to_add_it(
    setup_client,
):
    has, lacks = SchemeFactory(name="Monthly"), SchemeFactory(name="Prepaid", kind="PREPAID")
    product = ProductFactory()
    add_product_to_scheme(has, product)

    answer = setup_client.get(f"{product.get_absolute_url()}?tab=pricing")

    panel = next(one for one in answer.context["panels"] if one.slug == "billing-term-schemes")
    assert [(line["row"].scheme, line["is_member"]) for line in panel.context["rows"]] == [
        (has, True),
        (lacks, False),
    ]
    assert panel.count == 1
    assert "Pre-bill: before its use" in answer.content.decode()
    assert "Pre-paid: before its use" in answer.content.decode()


def test_what_is_pre_paid_is_paid_in_advance_for_a_period(setup_client):
    scheme, product = SchemeFactory(kind="PREPAID"), ProductFactory()

    setup_client.post(
        f"{product.get_absolute_url()}?tab=pricing",
        scheme_row(scheme, advance_count=3, advance_unit="MONTH"),
    )

    assert str(SchemeProduct.objects.get().advance) == "3 months"


@pytest.mark.parametrize(
    ("kind", "values", "field"),
    [
        ("NORMAL", {"advance_count": 3}, "advance_count"),
        ("PREPAID", {"advance_count": 3, "timing": "POST_BILL"}, "advance_count"),
        ("PREPAID", {"exclude_from_deactivation": "on"}, "exclude_from_deactivation"),
        ("PREPAID", {"advance_count": 0}, "advance_count"),
        ("PREPAID", {"advance_count": 101, "advance_unit": "YEAR"}, "advance_count"),
    ],
)
def test_what_a_kind_of_scheme_does_not_have_is_refused_and_stays_in_the_row(
    setup_client, kind, values, field
):
    scheme, product = SchemeFactory(kind=kind), ProductFactory()

    answer = setup_client.post(
        f"{product.get_absolute_url()}?tab=pricing", scheme_row(scheme, **values)
    )

    panel = next(one for one in answer.context["panels"] if one.slug == "billing-term-schemes")
    assert list(panel.context["form"].errors) == [field]
    assert panel.context["rows"][0]["count"] == str(values.get("advance_count", ""))
    assert not SchemeProduct.objects.exists()


def test_a_product_that_nobody_has_is_taken_off_a_scheme(setup_client, shop):
    scheme, product = SchemeFactory(), ProductFactory()
    add_product_to_scheme(scheme, product)

    setup_client.post(
        f"{product.get_absolute_url()}?tab=pricing",
        scheme_row(scheme, act="remove"),
    )

    assert not product.schemes.exists()


def test_a_product_that_is_billed_under_a_scheme_stays_on_it(setup_client):
    product = ProductFactory()
    service = subscribe(product, on=date(2026, 3, 1))
    scheme = service.subscription.terms.get().scheme

    answer = setup_client.post(
        f"{product.get_absolute_url()}?tab=pricing", scheme_row(scheme, act="remove")
    )

    assert b"it stays on it" in answer.content
    assert product.schemes.exists()


def test_the_product_page_says_which_schemes_a_type_brings(setup_client):
    monthly = SchemeFactory(code="monthly")
    home = SubscriptionTypeFactory(code="home", schemes=[monthly])
    product = ProductFactory()
    address = f"{product.get_absolute_url()}?tab=pricing"

    page = setup_client.get(address)
    setup_client.post(
        address,
        {
            "panel": "subscription-types",
            "subscription-types-subscription_type": home.pk,
            "subscription-types-timing": "PRE_BILL",
        },
    )

    assert "Home – also adds it to Monthly" in page.content.decode()
    assert SchemeProduct.objects.get().scheme == monthly


@pytest.mark.parametrize(
    ("traits", "panels"),
    [
        ({}, ["billing-term-schemes", "subscription-types"]),
        ({"expense": True}, ["billing-term-schemes", "subscription-types"]),
        ({"traceable": True}, ["subscription-types"]),
        ({"usage": True}, []),
        ({"one_time": True}, []),
    ],
)
def test_the_sections_show_for_the_kinds_that_have_them(setup_client, traits, panels):
    product = ProductFactory(**traits)

    answer = setup_client.get(f"{product.get_absolute_url()}?tab=pricing")

    shown = [panel.slug for panel in answer.context["panels"]]
    assert [
        slug for slug in shown if slug in ("billing-term-schemes", "subscription-types")
    ] == panels


def test_a_seller_is_added_and_changed(setup_client):
    setup_client.post(reverse("subscriptions:seller_new"), {"code": "zx", "name": "Company ZX"})
    setup_client.post(
        reverse("subscriptions:seller_edit", args=["zx"]), {"code": "zx", "name": "ZX Ltd"}
    )

    assert Seller.objects.get().name == "ZX Ltd"


def test_a_sellers_code_that_is_taken_is_refused_at_its_field(setup_client):
    SellerFactory(code="zx")

    answer = setup_client.post(
        reverse("subscriptions:seller_new"), {"code": "zx", "name": "Another"}
    )

    assert list(answer.context["form"].errors) == ["code"]


def test_a_csr_changes_no_scheme(client, shop):
    client.force_login(person("carla", *CSR))

    answer = client.post(reverse("subscriptions:scheme_new"), SCHEME)

    assert answer.status_code == 403
    assert BillingTermScheme.objects.count() == 1
