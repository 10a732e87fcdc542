"""The page of a subscription and its acts."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from subscriptions.models import ActionKind, ActionState, SubscriptionAction
from tests.catalog.factories import ProductFactory
from tests.subscriptions.factories import act, offer, subscribe
from tests.subscriptions.views.conftest import DAY

pytestmark = pytest.mark.django_db


def page_of(shop, name):
    return reverse(f"subscriptions:subscription_{name}", args=[shop.subscription.number])


def sent(shop, **changes):
    return {"services": [shop.service.pk], "performed_on": DAY.isoformat(), **changes}


def test_the_list_asks_the_same_number_of_queries_for_1_and_20_rows(
    csr_client, shop, django_assert_num_queries
):
    address = reverse("subscriptions:subscription_list")
    csr_client.get(address)
    with django_assert_num_queries(7):
        csr_client.get(address)
    movies = shop.movies
    for _ in range(3):
        subscribe(movies, on=DAY, user=shop.user)

    with django_assert_num_queries(7):
        answer = csr_client.get(address)

    assert len(answer.context["table"].page.object_list) == 4


def test_the_page_shows_services_acts_and_terms(csr_client, shop, django_assert_max_num_queries):
    address = shop.subscription.get_absolute_url()
    csr_client.get(address)

    with django_assert_max_num_queries(25):
        answer = csr_client.get(address)

    assert [action.label for action in answer.context["more_actions"]] == [
        "Deactivate",
        "Set end date",
        "Cancel",
        "Add expense",
        "Add note",
    ]
    assert b"Become subscriber" in answer.content
    assert shop.subscription.terms.get().scheme.name in answer.content.decode()
    assert b"Billing terms" in csr_client.get(f"{address}?tab=billing").content


def test_services_are_deactivated_after_a_preview_of_what_it_does(csr_client, shop, csr):
    page = csr_client.get(page_of(shop, "deactivate"))
    assert page.context["check"].effects[0].text == (
        "Sports: Effective → Not effective from 15 Jan 2026."
    )

    answer = csr_client.post(
        page_of(shop, "deactivate"),
        sent(shop, reopens_on="2026-02-01", classification="Moving house", comment="For a month"),
    )

    shop.service.refresh_from_db()
    action = SubscriptionAction.objects.get(kind=ActionKind.DEACTIVATE)
    assert answer.url == shop.subscription.get_absolute_url()
    assert (shop.service.state, shop.service.reopens_on) == ("NOT_EFFECTIVE", date(2026, 2, 1))
    assert (action.classification, action.comment, action.performed_by) == (
        "Moving house",
        "For a month",
        csr,
    )
    assert action.provision


def test_chosen_services_only_are_cancelled(csr_client, shop):
    offer(shop.movies, subscription_type=shop.type)
    movies = subscribe(shop.movies, on=DAY, user=shop.user, scheme=shop.type.schemes.get())
    movies.subscription = shop.subscription
    movies.save()

    csr_client.post(page_of(shop, "cancel"), sent(shop, services=[movies.pk], no_provisioning="on"))

    shop.service.refresh_from_db()
    movies.refresh_from_db()
    assert (movies.state, shop.service.state) == ("CANCELLED", "EFFECTIVE")
    assert not SubscriptionAction.objects.get(kind=ActionKind.CANCEL).provision


def test_services_are_activated_again(csr_client, shop):
    act(ActionKind.DEACTIVATE, shop.subscription, on=DAY)

    csr_client.post(page_of(shop, "activate"), sent(shop))

    shop.service.refresh_from_db()
    assert shop.service.state == "EFFECTIVE"


def test_an_act_of_a_later_day_is_noted_down_and_can_be_taken_back(csr_client, shop):
    later = sent(shop, performed_on="2026-02-10")
    preview = csr_client.post(page_of(shop, "cancel"), {**later, "preview": "yes"})

    csr_client.post(page_of(shop, "cancel"), later)
    action = SubscriptionAction.objects.get(kind=ActionKind.CANCEL)
    take_back = reverse(
        "subscriptions:action_take_back", args=[shop.subscription.number, action.number]
    )
    lead = csr_client.get(take_back).content
    csr_client.post(take_back)
    again = csr_client.post(take_back)

    assert "nightly run of 10 Feb 2026" in preview.context["check"].lines[0].text
    assert (action.state, action.scheduled_for) == (ActionState.SCHEDULED, date(2026, 2, 10))
    assert b"10 Feb 2026, is not carried out" in lead
    action.refresh_from_db()
    assert action.state == ActionState.CANCELLED
    assert b"is cancelled" in again.content


def test_taking_back_needs_its_permission(stranger_client, shop):
    address = reverse("subscriptions:action_take_back", args=[shop.subscription.number, "N-1"])

    assert stranger_client.post(address).status_code == 403


def test_the_end_of_the_month_that_is_billed_is_proposed_as_the_last_day(csr_client, shop):
    page = csr_client.get(page_of(shop, "end_date"))
    assert page.context["form"]["last_day"].value() == date(2026, 1, 31)
    assert page.context["check"].effects[0].text == (
        "Sports: the last day of service is 31 Jan 2026."
    )

    csr_client.post(page_of(shop, "end_date"), sent(shop, last_day="2026-01-31"))

    shop.service.refresh_from_db()
    assert shop.service.ends_on == date(2026, 2, 1)


def test_an_end_date_is_taken_away(csr_client, shop):
    act(ActionKind.SET_END_DATE, shop.subscription, on=DAY, ends_on=date(2026, 2, 1))

    csr_client.post(page_of(shop, "end_date"), sent(shop, last_day=""))

    shop.service.refresh_from_db()
    assert shop.service.ends_on is None


@pytest.mark.parametrize(
    ("name", "changes", "field"),
    [
        pytest.param("cancel", {"services": []}, "services", id="no service chosen"),
        pytest.param("cancel", {"services": ["999"]}, "services", id="a strange service"),
        pytest.param("cancel", {"performed_on": ""}, "performed_on", id="no day"),
        pytest.param(
            "cancel", {"performed_on": "2025-12-31"}, "performed_on", id="before the first day"
        ),
        pytest.param("deactivate", {"reopens_on": "2026-01-15"}, "reopens_on", id="same day"),
        pytest.param("end_date", {"last_day": "2026-01-14"}, "last_day", id="over"),
        pytest.param("end_date", {"last_day": "9999-12-31"}, "last_day", id="no day after it"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_changes(
    csr_client, shop, name, changes, field
):
    answer = csr_client.post(page_of(shop, name), sent(shop, **changes))

    assert list(answer.context["form"].errors) == [field]
    assert SubscriptionAction.objects.count() == 1


def test_what_no_service_allows_is_refused(csr_client, shop):
    answer = csr_client.post(page_of(shop, "activate"), sent(shop))

    assert b"no service that can be activated" in answer.content


def test_an_expense_is_charged_and_one_the_subscription_does_not_take_is_refused(csr_client, shop):
    visit = ProductFactory(name="Visit", expense=True)
    strange = ProductFactory(name="Fine", expense=True)
    offer(visit, subscription_type=shop.type, price="25.00")
    search = reverse("subscriptions:choose_expense", args=[shop.service.subscription.number])
    offered = [choice["label"] for choice in csr_client.get(search).json()["choices"]]

    opened = csr_client.get(page_of(shop, "add_expense"))
    refused = csr_client.post(
        page_of(shop, "add_expense"), {"product": strange.code, "quantity": "1"}
    )
    preview = csr_client.post(
        page_of(shop, "add_expense"), {"product": visit.code, "quantity": "2", "preview": "yes"}
    )
    csr_client.post(page_of(shop, "add_expense"), {"product": visit.code, "quantity": "2"})

    assert offered == [f"Visit · {visit.code}"]
    assert opened.context["check"].first_step == "Choose an expense to see what it costs."
    assert b"cannot be on a" in refused.content
    assert preview.context["check"].effects[0].text == "Add 2 × Visit."
    assert preview.context["check"].money[-1].amount == Decimal("25.00")
    assert shop.subscription.expenses.get().quantity == 2


def test_an_act_that_is_sent_twice_is_done_once(csr_client, shop):
    page = csr_client.get(page_of(shop, "deactivate"))
    form = sent(shop, form_token=page.context["form_token"])

    csr_client.post(page_of(shop, "deactivate"), form)
    answer = csr_client.post(page_of(shop, "deactivate"), form)

    assert answer.status_code == 302
    assert SubscriptionAction.objects.filter(kind=ActionKind.DEACTIVATE).count() == 1
