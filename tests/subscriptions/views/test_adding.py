"""The page that adds packages, services, fees and sales bundles to a user."""

from datetime import date
from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from catalog.models import Availability
from catalog.operations.bundles import ComponentRow, set_components
from config.shared.operations.clock import today
from subscriptions.models import ServiceState, SubscribedService, Subscription
from tests.catalog.factories import (
    AccountClassFactory,
    ProductFactory,
    SalesBundleFactory,
    SalesBundleItemFactory,
    TechnologyFactory,
)
from tests.subscriptions.factories import offer
from tests.subscriptions.views.conftest import DAY

pytestmark = pytest.mark.django_db


def page_of(shop):
    return reverse("subscriptions:add_service", args=[shop.user.number])


def asked(item, **changes):
    return {"item_key": item, "quantity": "1", "starts_on": DAY.isoformat(), **changes}


def product(one):
    return f"p{one.pk}"


def offered_names(answer):
    return [offer.name for offer in answer.context["offers"].found]


def added(shop, one):
    return SubscribedService.objects.filter(subscription__user=shop.user, product=one)


def test_the_filter_is_spelled_out_with_its_counts(csr_client, shop):
    ProductFactory(name="Business line", account_classes=[AccountClassFactory()])

    answer = csr_client.get(page_of(shop))

    assert b"class Residential, technology Fibre" in answer.content
    offers = answer.context["offers"]
    assert (offers.offered_count, offers.total_count) == (2, 3)


@pytest.mark.parametrize("class_fits", ["none", "match", "other"])
@pytest.mark.parametrize("technology_fits", ["none", "match", "other"])
def test_shown_is_what_no_list_speaks_against(csr_client, shop, class_fits, technology_fits):
    classes = {"none": [], "match": [shop.residential], "other": [AccountClassFactory()]}
    technologies = {"none": [], "match": [shop.fibre], "other": [TechnologyFactory()]}
    ProductFactory(
        name="Radio",
        account_classes=classes[class_fits],
        technologies=technologies[technology_fits],
    )

    names = offered_names(csr_client.get(page_of(shop)))

    assert ("Radio" in names) == ("other" not in (class_fits, technology_fits))


def test_an_installation_may_show_everything(csr_client, shop, settings):
    settings.OFFER_FILTER = False
    ProductFactory(name="Radio", account_classes=[AccountClassFactory()])

    answer = csr_client.get(page_of(shop))

    assert "Radio" in offered_names(answer)
    assert b"class Residential" not in answer.content


@pytest.mark.parametrize("lists", ["account_classes", "technologies"])
def test_a_product_that_is_not_shown_is_added_when_it_is_posted(csr_client, shop, lists):
    other = {"account_classes": AccountClassFactory, "technologies": TechnologyFactory}[lists]()
    hidden = ProductFactory(name="Radio", **{lists: [other]})
    offer(hidden, subscription_type=shop.type)
    assert "Radio" not in offered_names(csr_client.get(page_of(shop)))

    answer = csr_client.post(page_of(shop), asked(product(hidden)))

    assert answer.status_code == 302
    assert added(shop, hidden).get().state == ServiceState.EFFECTIVE


def test_search_narrows_the_offers(csr_client, shop):
    answer = csr_client.get(page_of(shop), {"q": "mov"})

    assert offered_names(answer) == ["Movies"]
    assert (
        "Nothing on offer matches" in csr_client.get(page_of(shop), {"q": "xyz"}).content.decode()
    )


def test_a_package_that_cannot_be_sold_says_why_where_it_is_offered(csr_client, shop):
    news = ProductFactory(name="News", availability=Availability.DISCONTINUED)
    package = ProductFactory(name="Pack", fixed_bundle=True)
    set_components(package, [ComponentRow(news, 1)])
    offer(package, subscription_type=shop.type)

    answer = csr_client.get(page_of(shop))

    fault = b"Cannot be sold: contains News, which is not sold any more (discontinued)."
    listed, _, unsold = answer.content.partition(b"1 more cannot be added: why")
    assert fault in unsold
    assert fault not in listed


def test_the_count_is_of_what_can_be_added(csr_client, shop):
    offer(ProductFactory(name="Radio"), subscription_type=shop.type, price=None)

    offers = csr_client.get(page_of(shop)).context["offers"]

    assert [offer.name for offer in offers.unsellable] == ["Radio"]
    assert (offers.offered, offers.total) == ("2", "3")


def test_a_product_without_a_price_says_so_on_its_row_and_where_it_is_configured(csr_client, shop):
    radio = ProductFactory(name="Radio")
    offer(radio, subscription_type=shop.type, price=None)
    plan = shop.type.schemes.get().default_plan

    answer = csr_client.get(page_of(shop), {"item": product(radio)})

    assert f'<span class="quiet">no price in {plan}</span>' in answer.content.decode()
    configure = answer.content.decode().partition('id="configure"')[2]
    assert f"Cannot be sold: no price in {plan}." in configure.partition("Confirm")[0]


def test_htmx_gets_the_offers_alone_while_somebody_searches(csr_client, shop):
    answer = csr_client.get(
        page_of(shop), {"q": "mov"}, headers={"HX-Request": "true", "HX-Target": "offers"}
    )

    assert b"<html" not in answer.content
    assert b"Movies" in answer.content


def test_picking_shows_price_terms_and_what_the_first_bill_holds(csr_client, shop):
    answer = csr_client.get(page_of(shop), {"item": product(shop.movies)})

    form, check = answer.context["form"], answer.context["check"]
    assert form["onto"].value() == shop.subscription.number
    assert check.effects[0].text == "Add Movies from 15 Jan 2026."
    assert check.money[-1].amount == Decimal("6.58")
    assert b"12.00" in answer.content


def test_a_service_is_added_to_the_subscription_that_takes_it(csr_client, shop, csr):
    answer = csr_client.post(page_of(shop), asked(product(shop.movies), quantity="2"))

    service = added(shop, shop.movies).get()
    assert answer.url == shop.user.get_absolute_url()
    assert service.subscription == shop.subscription
    assert (service.quantity, service.first_activated_on) == (2, today())
    assert service.actions.get().performed_by == csr


def test_a_new_subscription_is_opened_when_it_is_chosen(csr_client, shop):
    page = csr_client.get(page_of(shop), {"item": product(shop.movies)})
    new = page.context["form"].places[-1]
    assert new.subscription is None

    csr_client.post(page_of(shop), asked(product(shop.movies), onto=new.key))

    subscription = added(shop, shop.movies).get().subscription
    assert subscription != shop.subscription
    assert subscription.terms.get().plan == new.plan


def test_the_frequencies_of_a_scheme_are_offered_for_a_new_subscription(csr_client, shop):
    scheme = shop.type.schemes.get()
    scheme.frequencies = ["MONTHLY", "ANNUAL"]
    scheme.save()
    onto = f"{shop.type.pk}-{scheme.pk}-{scheme.default_plan_id}"

    csr_client.post(page_of(shop), asked(product(shop.movies), onto=onto, frequency="ANNUAL"))

    assert added(shop, shop.movies).get().subscription.terms.get().frequency == "ANNUAL"


def test_a_sales_bundle_adds_its_members_or_nothing(csr_client, shop):
    bundle = SalesBundleFactory(name="Evening")
    SalesBundleItemFactory(bundle=bundle, product=shop.movies)
    radio = SalesBundleItemFactory(bundle=bundle, product=ProductFactory(name="Radio")).product

    refused = csr_client.post(page_of(shop), asked(f"b{bundle.pk}"))
    before = SubscribedService.objects.count()
    offer(radio, subscription_type=shop.type)
    csr_client.post(page_of(shop), asked(f"b{bundle.pk}"))

    assert "No subscription type allows" in str(refused.context["form"].errors)
    assert before == 1
    assert {each.sales_bundle for each in added(shop, radio) | added(shop, shop.movies)} == {bundle}
    assert SubscribedService.objects.count() == 3


def test_start_last_day_and_draft_are_kept(csr_client, shop):
    radio = ProductFactory(name="Radio")
    offer(radio, subscription_type=shop.type)

    csr_client.post(
        page_of(shop),
        asked(product(shop.movies), starts_on="2026-02-01", last_day="2026-02-28"),
    )
    csr_client.post(page_of(shop), asked(product(radio), draft="on"))

    movies, draft = added(shop, shop.movies).get(), added(shop, radio).get()
    assert (movies.starts_on, movies.ends_on) == (date(2026, 2, 1), date(2026, 3, 1))
    assert (movies.state, movies.reason) == ("DRAFT", "FUTURE_START")
    assert (draft.state, draft.reason) == ("DRAFT", "WAIT_ACTIVATION")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        pytest.param({"quantity": "0"}, "quantity", id="nothing of it"),
        pytest.param({"last_day": "2026-01-14"}, "last_day", id="ends before it starts"),
        pytest.param({"draft": "on", "starts_on": "2026-02-01"}, "draft", id="draft of later"),
        pytest.param({"onto": "S-999999"}, "onto", id="another subscription"),
    ],
)
def test_what_is_wrong_stands_at_its_field(csr_client, shop, changes, field):
    answer = csr_client.post(page_of(shop), asked(product(shop.movies), **changes))

    assert list(answer.context["form"].errors) == [field]
    assert not added(shop, shop.movies).exists()


def test_what_is_not_sold_any_more_is_refused(csr_client, shop):
    shop.movies.availability = Availability.DISCONTINUED
    shop.movies.save()

    answer = csr_client.post(page_of(shop), asked(product(shop.movies)))

    assert b"is not sold any more" in answer.content
    assert not added(shop, shop.movies).exists()


def test_a_price_of_ones_own_needs_the_permission_and_a_reason(csr_client, csr, shop):
    sent = asked(product(shop.movies), price_override="5.00")
    assert csr_client.post(page_of(shop), sent).status_code == 403
    csr.user_permissions.add(Permission.objects.get(codename="override_price"))

    refused = csr_client.post(page_of(shop), sent)
    csr_client.post(page_of(shop), {**sent, "override_reason": "Loyal customer"})

    assert list(refused.context["form"].errors) == ["override_reason"]
    service = added(shop, shop.movies).get()
    assert (service.price_override, service.override_reason) == (5, "Loyal customer")


def test_a_fee_is_charged_once(csr_client, shop):
    fee = ProductFactory(name="Installation", expense=True)
    offer(fee, subscription_type=shop.type, price="40.00")

    csr_client.post(page_of(shop), asked(product(fee)))

    assert shop.subscription.expenses.get().product == fee


def test_the_preview_button_shows_and_changes_nothing(csr_client, shop):
    answer = csr_client.post(
        page_of(shop), asked(product(shop.movies), quantity="2", preview="yes")
    )

    assert answer.context["check"].effects[0].text == "Add 2 × Movies from 15 Jan 2026."
    assert not added(shop, shop.movies).exists()


@pytest.mark.parametrize(("target", "has_form"), [("check", False), ("steps", True)])
def test_htmx_gets_the_part_it_replaces(csr_client, shop, target, has_form):
    answer = csr_client.post(
        page_of(shop),
        asked(product(shop.movies), preview="yes"),
        headers={"HX-Request": "true", "HX-Target": target},
    )

    assert b"<html" not in answer.content
    assert b"On a bill of" in answer.content
    assert (b"<form" in answer.content) == has_form


def test_a_form_that_is_sent_twice_adds_once(csr_client, shop):
    page = csr_client.get(page_of(shop), {"item": product(shop.movies)})
    sent = asked(product(shop.movies), form_token=page.context["form_token"])

    csr_client.post(page_of(shop), sent)
    csr_client.post(page_of(shop), sent)

    assert added(shop, shop.movies).count() == 1


@pytest.mark.parametrize("item", ["", "p999999", "x1", "p1e3"])
def test_without_something_to_add_one_is_led_back(csr_client, shop, item):
    answer = csr_client.post(page_of(shop), asked(item), follow=True)

    assert b"Pick something to add first" in answer.content
    assert Subscription.objects.count() == 1


def test_the_page_asks_the_same_number_of_queries_for_1_and_20_offers(
    csr_client, shop, django_assert_max_num_queries
):
    address = page_of(shop)
    csr_client.get(address)
    with django_assert_max_num_queries(35) as few:
        csr_client.get(address)
    for number in range(19):
        offer(ProductFactory(name=f"Channel {number}"), subscription_type=shop.type)

    with django_assert_max_num_queries(len(few)):
        csr_client.get(address)
