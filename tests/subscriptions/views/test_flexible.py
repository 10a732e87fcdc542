"""Flexible bundles on the pages: offered, added with a choice, amended."""

import pytest
from django.urls import reverse

from pricing.models import PricePlanRate
from subscriptions.models import ServiceState, SubscribedService
from tests.subscriptions.factories import AccountFactory
from tests.subscriptions.flexible import sports_pack
from tests.subscriptions.views.conftest import DAY

pytestmark = pytest.mark.django_db

GOLF, POLO, RUGBY, TENNIS = range(4)


def page_for(user):
    return reverse("subscriptions:add_service", args=[user.number])


def asked(pack, *places, **changes):
    return {
        "item_key": f"p{pack.pack.pk}",
        "quantity": "1",
        "starts_on": DAY.isoformat(),
        "choices-here": "yes",
        "choices-pick": [str(pack.channels[place].pk) for place in places],
        **changes,
    }


def amend_page(head):
    return reverse("subscriptions:service_amend", args=[head.subscription.number, head.number])


def components(head):
    rows = head.components.exclude(state=ServiceState.CANCELLED).order_by("product__name")
    return list(rows.values_list("product__name", flat=True))


@pytest.fixture
def user(db):
    return AccountFactory().users.get()


def test_the_offer_says_what_is_to_be_chosen(csr_client, user):
    sports_pack()

    page = csr_client.get(page_for(user)).content.decode()

    assert "News, choose 1–3 of Sports" in page


def test_picking_a_flexible_bundle_lists_its_services_with_counters(csr_client, user):
    pack = sports_pack()

    page = csr_client.get(page_for(user), {"item": f"p{pack.pack.pk}"}).content.decode()

    for channel in pack.channels:
        assert f'value="{channel.pk}"' in page
    assert "Always comes: News." in page
    assert "choose 1 more" in page


def test_a_flexible_bundle_is_added_with_its_choice(csr_client, user):
    pack = sports_pack()

    answer = csr_client.post(page_for(user), asked(pack, GOLF, RUGBY))

    assert answer.status_code == 302
    head = SubscribedService.objects.get(product=pack.pack)
    assert components(head) == ["Golf", "News", "Rugby"]


@pytest.mark.case("crmcom:T9")
@pytest.mark.parametrize("places", [(), (GOLF, POLO, RUGBY, TENNIS)])
def test_a_wrong_choice_is_said_at_its_row_and_what_was_ticked_stays(csr_client, user, places):
    pack = sports_pack()

    answer = csr_client.post(page_for(user), asked(pack, *places))

    chooser = answer.context["form"].chooser
    (row,) = chooser.rows
    assert row.faults == (
        ("Sports: at most 3, 4 chosen.",) if places else ("Sports: at least 1, 0 chosen.",)
    )
    assert [option.is_chosen for option in row.options].count(True) == len(places)
    assert not SubscribedService.objects.exists()


def test_a_wrong_choice_is_said_beside_whatever_else_is_wrong(csr_client, user):
    pack = sports_pack()
    PricePlanRate.objects.all().delete()

    page = csr_client.post(page_for(user), asked(pack, preview="yes"))
    unread = csr_client.post(page_for(user), asked(pack, preview="yes", quantity="-1"))

    assert page.context["check"].faults == ("Sports: at least 1, 0 chosen.",)
    for answer in (page, unread):
        (row,) = answer.context["form"].chooser.rows
        assert row.faults == ("Sports: at least 1, 0 chosen.",)


def test_nothing_is_wrong_before_anything_was_touched(csr_client, user):
    pack = sports_pack()
    head = pack.sell(GOLF, on=DAY)

    adding = csr_client.get(page_for(user), {"item": f"p{pack.pack.pk}"})
    amending = csr_client.get(amend_page(head))

    for page, first_step in (
        (adding, "Choose its services: then this says what they cost."),
        (amending, "Tick what comes and untick what goes: then this says what changes."),
    ):
        assert first_step in page.content.decode()
        assert "notice-error" not in page.content.decode()
        assert page.context["form"].chooser.rows[0].faults == ()


def test_the_check_follows_the_choice(csr_client, user):
    pack = sports_pack()
    sent = asked(pack, GOLF, preview="yes")

    answer = csr_client.post(
        page_for(user), sent, headers={"HX-Request": "true", "HX-Target": "check"}
    )

    assert "Sports pack with News, Golf." in answer.content.decode()


def test_an_amendment_starts_with_what_is_there_and_changes_it(csr_client, user):
    pack = sports_pack()
    head = pack.sell(GOLF, POLO, on=DAY, user=user)

    first = csr_client.get(amend_page(head))
    answer = csr_client.post(
        amend_page(head),
        {
            "performed_on": DAY.isoformat(),
            "choices-here": "yes",
            "choices-pick": [str(pack.channels[RUGBY].pk)],
        },
    )

    chosen = [
        option for option in first.context["form"].chooser.rows[0].options if option.is_chosen
    ]
    assert [option.product.name for option in chosen] == ["Golf", "Polo"]
    assert answer.status_code == 302
    assert components(head) == ["News", "Rugby"]
    page = csr_client.get(head.subscription.get_absolute_url()).content.decode()
    assert amend_page(head) in page
    assert "Amend bundle services" in page


def test_an_amendment_is_not_noted_down_for_later(csr_client, user):
    pack = sports_pack()
    head = pack.sell(GOLF, on=DAY, user=user)

    answer = csr_client.post(
        amend_page(head), {"performed_on": "2026-02-01", "choices-pick": [], "choices-here": "y"}
    )

    assert "performed_on" in answer.context["form"].errors


def test_only_a_flexible_bundle_has_the_page(csr_client, user):
    head = sports_pack().sell(GOLF, on=DAY, user=user)
    part = head.components.earliest("pk")

    assert csr_client.get(amend_page(part)).status_code == 404


def test_the_page_is_for_those_who_may_act(stranger_client, user):
    head = sports_pack().sell(GOLF, on=DAY, user=user)

    assert stranger_client.get(amend_page(head)).status_code == 403
