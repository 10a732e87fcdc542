"""Adding to a user: which subscription takes it, or which is opened for it."""

from datetime import date
from typing import Any

import pytest

from subscriptions.models import Account, ActionKind, SubscribedService, SubscriptionAction
from subscriptions.operations.accounts import update_account
from subscriptions.operations.actions import ActionRequest, Addition, ExpenseAddition, perform
from subscriptions.operations.adding import add_to_user, request_for_user
from subscriptions.operations.refusals import NoSubscriptionAccepts
from subscriptions.operations.schemes import add_product_to_type
from subscriptions.queries.timeline import histories
from tests.catalog.factories import AccountClassFactory, ProductFactory, TechnologyFactory
from tests.subscriptions.factories import (
    AccountFactory,
    AccountUserFactory,
    SchemeFactory,
    SubscriptionTypeFactory,
    act,
    noon,
    offer,
    subscribe,
)

pytestmark = pytest.mark.django_db

JAN_15 = date(2026, 1, 15)
FEB_1 = date(2026, 2, 1)


def asked(user, *products, on: date = FEB_1, **fields: Any) -> ActionRequest:
    return ActionRequest(
        kind=ActionKind.ADD_SERVICE,
        performed_on=on,
        account_user=user,
        additions=tuple(Addition(product) for product in products),
        **fields,
    )


def add(user, *products, **fields: Any) -> SubscriptionAction:
    return add_to_user(asked(user, *products, **fields), now=noon(FEB_1))


def test_a_subscription_that_takes_the_product_gets_it() -> None:
    first = subscribe(ProductFactory(), on=JAN_15)
    product = ProductFactory()
    offer(product, subscription_type=first.subscription.type)

    action = add(first.subscription.user, product)

    assert action.subscription == first.subscription
    assert action.kind == ActionKind.ADD_SERVICE


def test_otherwise_a_subscription_of_the_first_type_that_takes_it_is_opened() -> None:
    first = subscribe(ProductFactory(), on=JAN_15)
    product = ProductFactory()
    kind = offer(product, subscription_type=SubscriptionTypeFactory(code="internet"))

    action = add(first.subscription.user, product)

    assert action.subscription != first.subscription
    assert (action.kind, action.subscription.type) == (ActionKind.BECOME_SUBSCRIBER, kind)
    assert action.subscription.terms.get().scheme == kind.schemes.get()


def test_a_subscription_of_another_user_is_not_added_to() -> None:
    product = ProductFactory()
    first = subscribe(product, on=JAN_15)
    other = AccountUserFactory(account=first.subscription.account)

    action = add(other, product)

    assert action.subscription.user == other
    assert action.subscription != first.subscription


def test_a_cancelled_subscription_is_not_added_to() -> None:
    product = ProductFactory()
    first = subscribe(product, on=JAN_15)
    act(ActionKind.CANCEL, first.subscription, on=FEB_1)

    action = add(first.subscription.user, product)

    assert action.subscription != first.subscription


def test_a_subscription_whose_plan_has_no_rate_is_passed_over() -> None:
    first = subscribe(ProductFactory(), on=JAN_15)
    product = ProductFactory()
    add_product_to_type(first.subscription.type, product)
    other = offer(product)

    action = add(first.subscription.user, product)

    assert action.subscription.type == other


def test_an_expense_goes_on_the_subscription_that_takes_it() -> None:
    first = subscribe(ProductFactory(), on=JAN_15)
    fee = ProductFactory(expense=True)
    offer(fee, subscription_type=first.subscription.type)

    action = add(first.subscription.user, expenses=(ExpenseAddition(fee),))

    assert (action.kind, action.subscription) == (ActionKind.ADD_EXPENSE, first.subscription)


def test_a_scheme_asked_for_is_kept_to() -> None:
    product = ProductFactory()
    cheap, dear = SchemeFactory(code="a"), SchemeFactory(code="b")
    kind = SubscriptionTypeFactory(schemes=[cheap, dear])
    offer(product, subscription_type=kind, plan=cheap.default_plan)
    offer(product, subscription_type=kind, plan=dear.default_plan)

    action = add(AccountFactory().users.get(), product, scheme=dear)

    assert action.subscription.terms.get().scheme == dear


def test_a_product_that_no_type_takes_is_refused() -> None:
    with pytest.raises(NoSubscriptionAccepts, match="No subscription type allows Sports together"):
        add(AccountFactory().users.get(), ProductFactory(name="Sports"))


def test_a_product_without_a_price_is_refused() -> None:
    product = ProductFactory(name="Sports")
    offer(product, price=None)

    with pytest.raises(NoSubscriptionAccepts, match="in EUR with a rate for Sports"):
        add(AccountFactory().users.get(), product)


def residential_fiber() -> Account:
    return AccountFactory(
        account_class=AccountClassFactory(name="Residential"),
        technology=TechnologyFactory(name="Fiber"),
    )


@pytest.mark.case("billmax:S9")
def test_account_class_and_technology_are_not_checked_when_adding() -> None:
    account = residential_fiber()
    product = ProductFactory(
        account_classes=[AccountClassFactory(name="Business")],
        technologies=[TechnologyFactory(name="Wireless")],
    )
    kind = offer(product)
    user = account.users.get()
    become = ActionRequest(
        kind=ActionKind.BECOME_SUBSCRIBER,
        performed_on=FEB_1,
        account_user=user,
        subscription_type=kind,
        scheme=kind.schemes.get(),
        additions=(Addition(product),),
    )

    posted = perform(become, now=noon(FEB_1))
    added = add(user, product)

    states = SubscribedService.objects.values_list("state", flat=True)
    assert list(states) == ["EFFECTIVE", "EFFECTIVE"]
    assert posted.subscription == added.subscription


@pytest.mark.case("billmax:S10")
def test_a_service_stays_when_the_account_changes_its_class() -> None:
    account = residential_fiber()
    product = ProductFactory(account_classes=[account.account_class])
    service = subscribe(product, on=JAN_15, account=account)
    before = histories([account.pk])

    update_account(
        account, by=None, on=date(2026, 1, 1), account_class=AccountClassFactory(name="Business")
    )

    service.refresh_from_db()
    assert service.state == "EFFECTIVE"
    assert histories([account.pk]) == before
    assert [(row.start, row.end, row.mode) for row in before.spells[service.pk]] == [
        (JAN_15, None, "BILL")
    ]
    assert not service.subscription.actions.exclude(kind="BECOME_SUBSCRIBER").exists()


def test_what_adding_comes_to_can_be_previewed() -> None:
    product = ProductFactory()
    offer(product)

    request = request_for_user(asked(AccountFactory().users.get(), product))

    assert request.kind == ActionKind.BECOME_SUBSCRIBER
    assert request.plan == request.scheme.default_plan
