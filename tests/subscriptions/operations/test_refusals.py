"""What acts that sell refuse: a clear message, and nothing is left behind."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from catalog.models import Availability, ProductValidity
from catalog.operations.bundles import ComponentRow, set_components
from config.shared.db import days
from pricing.models import PlanState
from subscriptions.models import (
    AccountStatus,
    ActionKind,
    Frequency,
    SchemeState,
    Subscription,
    SubscriptionAction,
)
from subscriptions.operations.actions import (
    ActionRequest,
    Addition,
    check,
    perform,
    preview,
)
from subscriptions.operations.refusals import (
    AccountClosed,
    IncompleteRequest,
    OverrideNeedsReason,
    PlanRefused,
    ProductRefused,
    SchemeRefused,
    SubscriptionClosed,
    WrongDay,
)
from tests.catalog.factories import (
    ProductFactory,
)
from tests.pricing.factories import CurrencyFactory, PricePlanFactory
from tests.subscriptions.factories import (
    AccountFactory,
    SchemeFactory,
    SubscriptionTypeFactory,
    act,
    noon,
    offer,
    subscribe,
)
from tests.subscriptions.requests import request_to_become

pytestmark = pytest.mark.django_db

JAN_15 = date(2026, 1, 15)
FEB_1 = date(2026, 2, 1)


def refused(request: ActionRequest, error: type[Exception], message: str) -> None:
    """Assert that a request is refused alike by preview and act, and leaves nothing behind."""
    for act_on in (check, preview):
        with pytest.raises(error, match=message):
            act_on(request)
    with pytest.raises(error, match=message):
        perform(request, now=noon(request.performed_on))
    assert not Subscription.objects.exists()
    assert not SubscriptionAction.objects.exists()


@pytest.mark.case("crmcom:T10")
def test_a_product_outside_its_validity_is_refused() -> None:
    product = ProductFactory(name="Winter sports")
    period = days(date(2026, 1, 1), date(2026, 4, 1))
    ProductValidity.objects.create(product=product, period=period)
    on_the_last_day = request_to_become(product, performed_on=date(2026, 3, 31))

    assert check(on_the_last_day).changes
    refused(
        request_to_become(product, performed_on=date(2026, 4, 1)),
        ProductRefused,
        "Winter sports is not valid on 1 Apr 2026",
    )


@pytest.mark.parametrize("availability", [Availability.NO_NEW_USERS, Availability.DISCONTINUED])
def test_a_product_that_is_not_available_is_refused(availability: str) -> None:
    product = ProductFactory(availability=availability)

    refused(request_to_become(product), ProductRefused, "not sold any more")


def test_a_package_is_refused_while_a_component_is_not_valid() -> None:
    news, package = ProductFactory(name="News"), ProductFactory(name="Pack", fixed_bundle=True)
    set_components(package, [ComponentRow(ProductFactory(), 1), ComponentRow(news, 1)])
    period = days(date(2026, 1, 1), date(2026, 2, 17))
    ProductValidity.objects.create(product=news, period=period)
    on_the_last_day = request_to_become(package, performed_on=date(2026, 2, 16))

    assert len(check(on_the_last_day).changes) == 3
    refused(
        request_to_become(package, performed_on=date(2026, 2, 17)),
        ProductRefused,
        r"^Pack contains News, which is not valid on 17 Feb 2026\.$",
    )


@pytest.mark.parametrize("availability", [Availability.NO_NEW_USERS, Availability.DISCONTINUED])
def test_a_package_is_refused_while_a_component_is_not_sold(availability: Availability) -> None:
    news = ProductFactory(name="News", availability=availability)
    package = ProductFactory(name="Pack", fixed_bundle=True)
    set_components(package, [ComponentRow(news, 1)])

    refused(
        request_to_become(package),
        ProductRefused,
        rf"Pack contains News, which is not sold any more \({availability.label.lower()}\)\.",
    )


def test_a_product_that_the_type_does_not_have_is_refused() -> None:
    request = request_to_become()
    other = ProductFactory(name="Office line")

    asked = replace(request, additions=(Addition(other),))

    refused(asked, ProductRefused, "Office line cannot be on a Subscription type")


@pytest.mark.parametrize(
    ("trait", "message"),
    [("usage", "not a termed service"), ("traceable", "not a termed service")],
)
def test_only_termed_services_are_added(trait: str, message: str) -> None:
    request = request_to_become()
    product = ProductFactory(**{trait: True})

    refused(replace(request, additions=(Addition(product),)), ProductRefused, message)


def test_a_plan_in_another_currency_is_refused() -> None:
    yen = PricePlanFactory(name="Tokyo", currency=CurrencyFactory(yen=True).code)

    refused(request_to_become(plan=yen), PlanRefused, "Tokyo is in JPY, account .* in EUR")


def test_a_plan_that_the_scheme_does_not_offer_is_refused() -> None:
    request = request_to_become()
    request.scheme.plans.add(PricePlanFactory())

    other = PricePlanFactory(name="Staff")

    refused(replace(request, plan=other), PlanRefused, "does not offer price plan Staff")


def test_a_plan_that_is_not_effective_is_refused() -> None:
    plan = PricePlanFactory(state=PlanState.DRAFT)

    refused(request_to_become(plan=plan), PlanRefused, "is draft")


def test_a_plan_without_a_rate_for_the_product_is_refused() -> None:
    product = ProductFactory(name="Sports")
    kind = SubscriptionTypeFactory()
    offer(product, subscription_type=kind, price=None)
    request = replace(request_to_become(subscription_type=kind), additions=(Addition(product),))

    refused(request, PlanRefused, "has no rate for Sports")


def test_a_frequency_that_the_scheme_does_not_allow_is_refused() -> None:
    request = request_to_become(frequency=Frequency.ANNUAL)

    refused(request, SchemeRefused, "does not allow the frequency “Annual”")


def test_a_scheme_of_another_type_is_refused() -> None:
    refused(request_to_become(scheme=SchemeFactory()), SchemeRefused, "cannot have Scheme")


def test_a_terminated_scheme_is_refused() -> None:
    kind = SubscriptionTypeFactory(schemes=[SchemeFactory(state=SchemeState.TERMINATED)])

    refused(request_to_become(subscription_type=kind), SchemeRefused, "is terminated")


def test_a_closed_account_is_refused() -> None:
    account = AccountFactory()
    account.status = AccountStatus.CLOSED
    account.save(update_fields=["status"])

    refused(request_to_become(account=account), AccountClosed, "is closed")


@pytest.mark.parametrize(
    ("addition", "error", "message"),
    [
        pytest.param(
            {"price_override": Decimal(5)}, OverrideNeedsReason, "Say why", id="no reason"
        ),
        pytest.param(
            {"price_override": Decimal(-5), "override_reason": "Loyal"},
            ProductRefused,
            "0 or more",
            id="below zero",
        ),
        pytest.param({"quantity": Decimal(0)}, ProductRefused, "more than 0", id="none of it"),
        pytest.param({"ends_on": JAN_15}, WrongDay, "before its first day", id="no day"),
    ],
)
def test_values_that_an_addition_cannot_have(
    addition: dict[str, Any], error: type[Exception], message: str
) -> None:
    refused(request_to_become(addition=addition), error, message)


def test_an_act_cannot_be_dated_after_today() -> None:
    request = request_to_become(performed_on=FEB_1)

    with pytest.raises(WrongDay, match="still to come"):
        perform(request, now=noon(JAN_15))


@pytest.mark.parametrize(
    ("kind", "changes", "message"),
    [
        (ActionKind.ADD_SERVICE, {}, "Choose what to add"),
        (ActionKind.ADD_EXPENSE, {}, "Choose an expense"),
        (ActionKind.CANCEL, {"additions": (Addition(),)}, "adds nothing"),
    ],
)
def test_an_act_is_asked_for_what_it_does(
    kind: ActionKind, changes: dict[str, Any], message: str
) -> None:
    service = subscribe(ProductFactory(), on=JAN_15)

    with pytest.raises(IncompleteRequest, match=message):
        act(kind, service.subscription, on=FEB_1, **changes)


def test_nothing_is_added_to_a_cancelled_subscription() -> None:
    product = ProductFactory()
    service = subscribe(product, on=JAN_15)
    act(ActionKind.CANCEL, service.subscription, on=FEB_1)

    with pytest.raises(SubscriptionClosed, match="is cancelled"):
        act(ActionKind.ADD_SERVICE, service.subscription, on=FEB_1, additions=(Addition(product),))
