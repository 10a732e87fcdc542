"""Flexible bundles: sold with a choice, amended to another."""

from datetime import date

import pytest

from catalog.models import Availability
from catalog.operations.products import set_validity
from catalog.operations.sales_bundles import ItemRow, create_sales_bundle
from subscriptions.models import ActionKind, ServiceState, SubscribedService
from subscriptions.operations.actions import Addition, perform, preview
from subscriptions.operations.refusals import (
    ActionRefused,
    ChoiceRefused,
    IncompleteRequest,
    ProductRefused,
    WrongDay,
    WrongTransition,
)
from subscriptions.operations.requests import ActionRequest
from tests.subscriptions.factories import SchemeFactory, act, noon, offer, subscribe
from tests.subscriptions.flexible import SportsPack, sports_pack
from tests.subscriptions.requests import request_to_become

pytestmark = pytest.mark.django_db

JAN_15, FEB_1, FEB_10 = date(2026, 1, 15), date(2026, 2, 1), date(2026, 2, 10)
GOLF, POLO, RUGBY, TENNIS = range(4)


def components(head: SubscribedService) -> list[tuple[str, str]]:
    rows = head.components.order_by("pk")
    return [(row.product.name, row.get_state_display()) for row in rows.select_related("product")]


def amend(head: SubscribedService, pack: SportsPack, *places: int, on: date = FEB_10):
    return act(
        ActionKind.AMEND_BUNDLE,
        head.subscription,
        on=on,
        services=(head,),
        choices=pack.choose(*places),
    )


def days(service: SubscribedService) -> list[tuple[date, date | None, str]]:
    spells = service.spells.order_by("period")
    return [(spell.period.lower, spell.period.upper, spell.mode) for spell in spells]


def test_a_flexible_bundle_is_sold_with_what_always_comes_and_what_was_chosen() -> None:
    head = sports_pack().sell(GOLF, POLO, on=JAN_15, addition={"quantity": 2})

    assert components(head) == [
        ("News", "Effective"),
        ("Golf", "Effective"),
        ("Polo", "Effective"),
    ]
    assert set(head.components.values_list("quantity", flat=True)) == {2}
    assert head.actions.get().details["additions"][0]["choices"].keys() == {
        row.product.code for row in head.components.exclude(product__name="News")
    }


@pytest.mark.case("crmcom:T9")
@pytest.mark.parametrize(
    ("places", "message"),
    [
        ((), "Sports: at least 1, 0 chosen."),
        ((GOLF,), None),
        ((GOLF, POLO, RUGBY), None),
        ((GOLF, POLO, RUGBY, TENNIS), "Sports: at most 3, 4 chosen."),
    ],
)
def test_a_choice_outside_the_rows_is_refused(places: tuple[int, ...], message: str | None) -> None:
    pack = sports_pack()

    if message is None:
        assert pack.sell(*places, on=JAN_15).components.count() == 1 + len(places)
        return
    with pytest.raises(ChoiceRefused) as refusal:
        pack.sell(*places, on=JAN_15)
    assert str(refusal.value) == f"Sports pack: {message}"
    assert [fault.row for fault in refusal.value.faults] == [1]
    assert not SubscribedService.objects.exists()


@pytest.mark.case("crmcom:T7")
def test_a_choice_against_the_restrictions_is_refused_on_the_subscription() -> None:
    pack = sports_pack()
    pack.pack.most_families = 1
    pack.pack.save()

    with pytest.raises(ChoiceRefused, match="only 1 family may be used"):
        pack.sell(GOLF, on=JAN_15)


@pytest.mark.case("crmcom:T10")
def test_a_chosen_service_is_valid_and_on_sale_on_the_day() -> None:
    pack = sports_pack()
    golf, polo = pack.channels[:2]
    set_validity(golf, [(date(2026, 1, 1), date(2026, 4, 1))])
    polo.availability = Availability.NO_NEW_USERS
    polo.save()

    assert pack.sell(GOLF, on=date(2026, 3, 31))
    with pytest.raises(ProductRefused, match="contains Golf, which is not valid on 1 Apr 2026"):
        pack.sell(GOLF, on=date(2026, 4, 1))
    with pytest.raises(ProductRefused, match="contains Polo, which is not sold any more"):
        pack.sell(POLO, on=JAN_15)


def test_nothing_is_chosen_for_a_service_that_is_no_flexible_bundle() -> None:
    pack = sports_pack()
    other = pack.channels[0]

    with pytest.raises(ProductRefused, match="no flexible bundle"):
        subscribe(other, on=JAN_15, addition={"choices": pack.choose(POLO)})


def test_a_sales_bundle_sells_a_flexible_bundle_with_its_preset_choice() -> None:
    pack = sports_pack()
    golf, polo = pack.channels[:2]
    bundle = create_sales_bundle(
        name="Welcome", items=[ItemRow(pack.pack, choices={golf.pk: 1, polo.pk: 1})]
    )
    request = request_to_become(pack.pack, subscription_type=pack.type)
    request = ActionRequest(
        kind=request.kind,
        performed_on=JAN_15,
        account_user=request.account_user,
        subscription_type=pack.type,
        scheme=pack.scheme,
        additions=(Addition(sales_bundle=bundle),),
    )

    head = perform(request, now=noon(JAN_15)).services.get(parent=None)

    assert [name for name, _ in components(head)] == ["News", "Golf", "Polo"]


def test_the_preview_names_what_was_chosen() -> None:
    pack = sports_pack()
    request = request_to_become(
        pack.pack, subscription_type=pack.type, addition={"choices": pack.choose(GOLF)}
    )

    assert [line.text for line in preview(request).lines][:2] == [
        "Add Sports pack from 15 Jan 2026.",
        "Sports pack with News, Golf.",
    ]


def test_an_amendment_adds_and_cancels_components_from_its_day() -> None:
    pack = sports_pack()
    head = pack.sell(GOLF, POLO, on=JAN_15)

    action = amend(head, pack, POLO, RUGBY)

    assert components(head) == [
        ("News", "Effective"),
        ("Golf", "Cancelled"),
        ("Polo", "Effective"),
        ("Rugby", "Effective"),
    ]
    golf, polo, rugby = head.components.order_by("pk")[1:]
    assert days(golf) == [(JAN_15, FEB_10, "BILL")]
    assert days(polo) == [(JAN_15, None, "BILL")]
    assert days(rugby) == [(FEB_10, None, "BILL")]
    assert days(head) == [(JAN_15, None, "BILL")]
    assert set(action.services.values_list("product__name", flat=True)) == {
        "Sports pack",
        "Golf",
        "Rugby",
    }


def test_new_components_go_with_their_bundle_afterwards() -> None:
    pack = sports_pack()
    head = pack.sell(GOLF, on=JAN_15)
    amend(head, pack, POLO)

    act(ActionKind.CANCEL, head.subscription, on=date(2026, 3, 1), services=(head,))

    polo = head.components.get(product=pack.channels[POLO])
    assert days(polo) == [(FEB_10, date(2026, 3, 1), "BILL")]
    assert polo.state == ServiceState.CANCELLED


def test_components_of_a_suspended_bundle_open_with_it() -> None:
    pack = sports_pack()
    head = pack.sell(GOLF, on=JAN_15)
    act(ActionKind.DEACTIVATE, head.subscription, on=FEB_1)

    amend(head, pack, POLO)
    polo = head.components.get(product=pack.channels[POLO])
    assert (polo.state, days(polo)) == (ServiceState.NOT_EFFECTIVE, [])

    act(ActionKind.ACTIVATE, head.subscription, on=date(2026, 3, 1))
    polo.refresh_from_db()
    assert (polo.state, days(polo)) == (
        ServiceState.EFFECTIVE,
        [(date(2026, 3, 1), None, "BILL")],
    )


def test_components_of_a_draft_are_drafts_and_what_is_left_out_is_removed() -> None:
    pack = sports_pack()
    head = pack.sell(GOLF, on=JAN_15, addition={"starts_on": date(2026, 3, 1)})

    amend(head, pack, POLO)

    assert components(head) == [("News", "Draft"), ("Golf", "Removed"), ("Polo", "Draft")]


def test_what_is_there_may_stay_when_it_is_not_sold_any_more() -> None:
    pack = sports_pack()
    head = pack.sell(GOLF, on=JAN_15)
    golf, polo = pack.channels[:2]
    for channel in (golf, polo):
        channel.availability = Availability.DISCONTINUED
        channel.save()

    amend(head, pack, GOLF, RUGBY)
    assert ("Golf", "Effective") in components(head)
    with pytest.raises(ProductRefused, match="Polo, which is not sold any more"):
        amend(head, pack, GOLF, POLO)


@pytest.mark.parametrize(
    ("places", "on", "error", "message"),
    [
        pytest.param((), FEB_10, ChoiceRefused, "at least 1, 0 chosen", id="no right choice"),
        pytest.param((GOLF,), FEB_10, IncompleteRequest, "just these", id="nothing to change"),
        pytest.param((POLO,), date(2026, 1, 14), WrongDay, "since 15 Jan", id="before it began"),
    ],
)
def test_an_amendment_that_cannot_be_is_refused(places, on, error, message) -> None:
    pack = sports_pack()
    head = pack.sell(GOLF, on=JAN_15)

    with pytest.raises(error, match=message):
        amend(head, pack, *places, on=on)
    assert components(head) == [("News", "Effective"), ("Golf", "Effective")]


def test_an_amendment_does_not_reach_back_before_the_state_of_its_bundle() -> None:
    pack = sports_pack()
    head = pack.sell(GOLF, on=JAN_15)
    act(ActionKind.DEACTIVATE, head.subscription, on=FEB_1)
    act(ActionKind.ACTIVATE, head.subscription, on=FEB_10)

    with pytest.raises(WrongDay, match="since 10 Feb 2026"):
        amend(head, pack, POLO, on=FEB_1)


def test_an_amendment_is_before_the_end_date_and_keeps_to_it() -> None:
    pack = sports_pack()
    head = pack.sell(GOLF, on=JAN_15, addition={"ends_on": date(2026, 3, 1)})

    with pytest.raises(WrongDay, match="ends on 1 Mar 2026"):
        amend(head, pack, POLO, on=date(2026, 3, 1))
    amend(head, pack, POLO)
    polo = head.components.get(product=pack.channels[POLO])
    assert days(polo) == [(FEB_10, date(2026, 3, 1), "BILL")]


@pytest.mark.parametrize("what", ["a plain service", "a component", "a cancelled bundle"])
def test_only_a_flexible_bundle_that_is_there_is_amended(what: str) -> None:
    pack = sports_pack()
    head = pack.sell(GOLF, on=JAN_15)
    plain = subscribe(pack.news, on=JAN_15, scheme=SchemeFactory())
    service = {
        "a plain service": plain,
        "a component": head.components.earliest("pk"),
        "a cancelled bundle": head,
    }[what]
    if what == "a cancelled bundle":
        offer(pack.news, subscription_type=head.subscription.type)
        act(ActionKind.ADD_SERVICE, head.subscription, on=JAN_15, additions=(Addition(pack.news),))
        act(ActionKind.CANCEL, head.subscription, on=FEB_1, services=(head,))

    with pytest.raises(WrongTransition):
        amend(service, pack, POLO)


def test_only_an_amendment_takes_choices() -> None:
    pack = sports_pack()
    head = pack.sell(GOLF, on=JAN_15)

    with pytest.raises(ActionRefused, match="does not amend"):
        act(ActionKind.CANCEL, head.subscription, on=FEB_1, choices=pack.choose(POLO))


def test_the_preview_of_an_amendment_says_what_goes_and_comes() -> None:
    pack = sports_pack()
    head = pack.sell(GOLF, on=JAN_15)
    request = ActionRequest(
        kind=ActionKind.AMEND_BUNDLE,
        performed_on=FEB_10,
        subscription=head.subscription,
        services=(head,),
        choices=pack.choose(POLO),
    )

    assert [line.text for line in preview(request).lines if line.amount is None] == [
        "Golf: Effective → Cancelled from 10 Feb 2026.",
        "Add Polo from 10 Feb 2026.",
    ]
