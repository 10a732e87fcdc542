"""Dependent fees sold: what comes with a service, what it follows, when it is charged."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from catalog.models import Availability, MatchOn, Product
from catalog.operations.bundles import ComponentRow, set_components
from catalog.operations.fees import FeeRow, GroupRow, create_fee_group, set_dependent_fees
from pricing.operations.plans import add_rate
from subscriptions.models import (
    ActionKind,
    AddedExpense,
    ServiceState,
    SubscribedService,
    SubscriptionType,
)
from subscriptions.operations.accounts import update_user
from subscriptions.operations.actions import Addition, perform, preview
from subscriptions.operations.adding import request_for_user
from subscriptions.operations.refusals import (
    NoSubscriptionAccepts,
    PlanRefused,
    ProductRefused,
    WrongTransition,
)
from subscriptions.operations.scheduling import carry_out_due
from subscriptions.queries.timeline import histories
from tests.catalog.factories import (
    AccountClassFactory,
    ProductFactory,
    SalesBundleFactory,
    SalesBundleItemFactory,
    TechnologyFactory,
)
from tests.pricing.factories import basis_for
from tests.subscriptions.factories import (
    AccountFactory,
    SubscriptionTypeFactory,
    act,
    noon,
    offer,
)
from tests.subscriptions.requests import request_to_become

pytestmark = pytest.mark.django_db

JAN_15 = date(2026, 1, 15)
FEB_1 = date(2026, 2, 1)


def price(product: Product, amount: str, kind: SubscriptionType) -> None:
    """Give a product a rate in the plan of the type's scheme, without allowing it on the type."""
    plan = kind.schemes.get().default_plan
    add_rate(plan, product=product, basis=basis_for(product), base_amount=Decimal(amount))


def with_fees(*fees: Product, kind: SubscriptionType, parent: Product | None = None) -> Product:
    """Return a product that is sold on the type and comes with the fees, which cost 5.00."""
    parent = parent or ProductFactory(name="Sports")
    offer(parent, subscription_type=kind)
    set_dependent_fees(parent, [FeeRow(fee) for fee in fees])
    for fee in fees:
        price(fee, "5.00", kind)
    return parent


def sell(product: Product, kind: SubscriptionType, **addition: Any) -> SubscribedService:
    request = request_to_become(product, subscription_type=kind, addition=addition)
    return perform(request, now=noon(JAN_15)).subscription.services.earliest("pk")


def state_and_spells(service: SubscribedService) -> tuple[str, list[tuple[Any, ...]]]:
    service.refresh_from_db()
    spells = service.spells.order_by("period")
    return service.state, [(each.period.lower, each.period.upper, each.mode) for each in spells]


def test_a_recurring_fee_is_added_with_its_parent_and_is_no_component() -> None:
    kind, rental = SubscriptionTypeFactory(), ProductFactory(name="Box rental")
    parent = with_fees(rental, kind=kind)
    set_dependent_fees(parent, [FeeRow(rental, quantity=2)])

    service = sell(parent, kind, quantity=Decimal(3))

    fee = service.components.get()
    assert (fee.product, fee.is_fee, fee.quantity) == (rental, True, 6)
    assert state_and_spells(fee) == ("EFFECTIVE", [(JAN_15, None, "BILL")])
    rows = {row.product_id: row for row in histories([service.subscription.account_id]).services}
    assert rows[rental.pk].bundle_product_id is None
    assert rows[rental.pk].fee_of_product_id == parent.pk


def test_an_expense_is_charged_with_its_parent_on_its_first_day() -> None:
    kind, setup = SubscriptionTypeFactory(), ProductFactory(expense=True)
    parent = with_fees(setup, kind=kind)

    service = sell(parent, kind, starts_on=date(2026, 1, 10), quantity=Decimal(2))

    expense = AddedExpense.objects.get()
    assert (expense.product, expense.service, expense.quantity) == (setup, service, 2)
    assert expense.incurred_on == date(2026, 1, 10)


def test_a_fee_of_a_package_comes_beside_its_components_and_theirs_do_not() -> None:
    kind = SubscriptionTypeFactory()
    rental, hidden, part = ProductFactory(), ProductFactory(), ProductFactory()
    package = ProductFactory(fixed_bundle=True)
    set_components(package, [ComponentRow(part, quantity=1)])
    set_dependent_fees(part, [FeeRow(hidden)])
    with_fees(rental, kind=kind, parent=package)

    service = sell(package, kind)

    parts = service.components.order_by("pk").values_list("product_id", "is_fee")
    assert list(parts) == [(part.pk, False), (rental.pk, True)]


def test_what_is_free_has_no_fees() -> None:
    kind = SubscriptionTypeFactory()
    parent = with_fees(ProductFactory(), ProductFactory(expense=True), kind=kind)

    service = sell(parent, kind, free=True)

    assert not service.components.exists()
    assert not AddedExpense.objects.exists()


def test_fees_follow_their_parent_and_are_not_acted_on_alone() -> None:
    kind = SubscriptionTypeFactory()
    service = sell(with_fees(ProductFactory(), kind=kind), kind)
    fee = service.components.get()

    with pytest.raises(WrongTransition, match="is a fee of"):
        act(ActionKind.CANCEL, service.subscription, on=FEB_1, services=(fee,))
    act(ActionKind.DEACTIVATE, service.subscription, on=FEB_1, services=(service,))

    assert state_and_spells(fee) == (
        "NOT_EFFECTIVE",
        [(JAN_15, FEB_1, "BILL"), (FEB_1, None, "KEEP")],
    )
    act(ActionKind.CANCEL, service.subscription, on=FEB_1)
    assert state_and_spells(fee) == ("CANCELLED", [(JAN_15, FEB_1, "BILL")])


def test_an_end_date_ends_the_fee_too() -> None:
    kind = SubscriptionTypeFactory()
    service = sell(with_fees(ProductFactory(), kind=kind), kind, ends_on=FEB_1)

    assert state_and_spells(service.components.get())[1] == [(JAN_15, FEB_1, "BILL")]


def test_a_future_start_opens_the_fee_and_charges_the_expense_on_its_day() -> None:
    kind = SubscriptionTypeFactory()
    parent = with_fees(ProductFactory(), ProductFactory(expense=True), kind=kind)
    service = sell(parent, kind, starts_on=FEB_1)
    fee, expense = service.components.get(), AddedExpense.objects.get()
    assert (fee.state, expense.incurred_on) == (ServiceState.DRAFT, None)

    account = service.subscription.account_id
    carry_out_due([account], on=date(2026, 2, 3), now=noon(date(2026, 2, 3)), source="test")

    expense.refresh_from_db()
    assert state_and_spells(fee) == ("EFFECTIVE", [(FEB_1, None, "BILL")])
    assert expense.incurred_on == FEB_1


def test_the_expense_of_a_draft_goes_with_it_when_it_is_removed() -> None:
    kind = SubscriptionTypeFactory()
    service = sell(with_fees(ProductFactory(expense=True), kind=kind), kind, draft=True)

    act(ActionKind.CANCEL, service.subscription, on=JAN_15)

    assert not AddedExpense.objects.exists()


def test_a_charge_made_once_is_not_made_again_when_the_service_opens_again() -> None:
    kind = SubscriptionTypeFactory()
    service = sell(with_fees(ProductFactory(expense=True), kind=kind), kind)

    act(ActionKind.DEACTIVATE, service.subscription, on=FEB_1)
    act(ActionKind.ACTIVATE, service.subscription, on=FEB_1)

    assert AddedExpense.objects.get().incurred_on == JAN_15


def test_a_recurring_fee_is_not_sold_alone_but_a_one_time_fee_is() -> None:
    kind = SubscriptionTypeFactory()
    rental, setup = ProductFactory(name="Box rental"), ProductFactory(expense=True)
    parent = with_fees(rental, setup, kind=kind)

    with pytest.raises(ProductRefused, match="Box rental is a fee of Sports: it comes with it"):
        sell(rental, kind)
    service = sell(parent, kind)
    offer(setup, subscription_type=kind)
    act(
        ActionKind.ADD_SERVICE,
        service.subscription,
        on=FEB_1,
        additions=(Addition(setup),),
    )

    charged = AddedExpense.objects.order_by("pk").values_list("service_id", "incurred_on")
    assert list(charged) == [(service.pk, JAN_15), (None, FEB_1)]


def test_fees_come_with_the_members_of_a_sales_bundle() -> None:
    kind, rental = SubscriptionTypeFactory(), ProductFactory()
    parent = with_fees(rental, kind=kind)
    preset = SalesBundleFactory()
    SalesBundleItemFactory(bundle=preset, product=parent, quantity=2)
    first = sell(offered(kind), kind)

    act(
        ActionKind.ADD_SERVICE,
        first.subscription,
        on=FEB_1,
        additions=(Addition(sales_bundle=preset),),
    )

    assert SubscribedService.objects.get(is_fee=True).quantity == 2


def offered(kind: SubscriptionType) -> Product:
    product = ProductFactory()
    offer(product, subscription_type=kind)
    return product


def test_a_fee_without_a_price_or_not_sold_any_more_keeps_its_parent_from_being_sold() -> None:
    kind, rental = SubscriptionTypeFactory(), ProductFactory(name="Box rental")
    parent = ProductFactory(name="Sports")
    offer(parent, subscription_type=kind)
    set_dependent_fees(parent, [FeeRow(rental)])

    with pytest.raises(PlanRefused, match="no rate for Box rental, a fee of Sports"):
        sell(parent, kind)
    user = AccountFactory().users.get()
    with pytest.raises(NoSubscriptionAccepts):
        request_for_user(request_to_become(parent, account=user.account, subscription_type=kind))
    price(rental, "5.00", kind)
    rental.availability = Availability.DISCONTINUED
    rental.save()
    with pytest.raises(ProductRefused, match="Sports comes with the fee Box rental, which is not"):
        sell(parent, kind)


def test_the_preview_names_the_fees_and_what_they_cost() -> None:
    kind = SubscriptionTypeFactory()
    rental, setup = ProductFactory(name="Box rental"), ProductFactory(name="Set-up", expense=True)
    parent = with_fees(rental, setup, kind=kind)

    lines = preview(request_to_become(parent, subscription_type=kind)).lines

    assert [line.text for line in lines if line.amount is None] == [
        "Add Sports from 15 Jan 2026.",
        "Add Box rental from 15 Jan 2026.",
        "Add Set-up, charged once with Sports.",
    ]
    waiting = preview(
        request_to_become(parent, subscription_type=kind, addition={"starts_on": FEB_1})
    ).lines
    assert "Add Set-up, charged when Sports opens." in [line.text for line in waiting]


@pytest.mark.parametrize(
    ("match_on", "criterion"),
    [
        (MatchOn.CITY, "ATHENS"),
        (MatchOn.POSTAL_CODE, "10431"),
        (MatchOn.COUNTRY, "gr"),
        (MatchOn.TECHNOLOGY, "Fiber"),
        (MatchOn.ACCOUNT_CLASS, "Residential"),
    ],
)
def test_a_group_picks_the_fee_by_the_users_value(match_on: str, criterion: str) -> None:
    account = AccountFactory(
        city="Athens",
        postal_code="10431",
        country="GR",
        technology=TechnologyFactory(name="Fiber", code="ftth"),
        account_class=AccountClassFactory(name="Residential", code="res"),
    )
    kind, parent = SubscriptionTypeFactory(), ProductFactory()
    matching, other = ProductFactory(), ProductFactory()
    rows = [GroupRow(other), GroupRow(matching, criterion)]
    group = create_fee_group(name="Line rental", match_on=match_on, rows=rows)
    set_dependent_fees(parent, [FeeRow(group=group)])
    price(matching, "5.00", kind)

    request = request_to_become(parent, subscription_type=kind, account=account)
    perform(request, now=noon(JAN_15))

    assert SubscribedService.objects.get(is_fee=True).product == matching


def test_a_required_match_that_is_missing_refuses_the_addition_with_group_and_value() -> None:
    kind, parent = SubscriptionTypeFactory(), ProductFactory(name="Sports")
    group = create_fee_group(
        name="Line rental",
        match_on=MatchOn.CITY,
        match_required=True,
        rows=[GroupRow(ProductFactory(), "Athens")],
    )
    set_dependent_fees(parent, [FeeRow(group=group)])
    account = AccountFactory(city="Athens")
    update_user(account.users.get(), city="Patras", by=None)

    with pytest.raises(ProductRefused, match=r"Sports cannot be added: .*Line rental.*“Patras”"):
        perform(
            request_to_become(parent, subscription_type=kind, account=account), now=noon(JAN_15)
        )


def test_a_group_without_a_match_adds_no_fee() -> None:
    kind, parent = SubscriptionTypeFactory(), ProductFactory()
    rows = [GroupRow(ProductFactory(), "Athens")]
    group = create_fee_group(name="Line rental", match_on=MatchOn.CITY, rows=rows)
    set_dependent_fees(parent, [FeeRow(group=group)])

    assert not sell(parent, kind).components.exists()


def test_a_later_change_of_the_definition_leaves_sold_fees_alone() -> None:
    kind = SubscriptionTypeFactory()
    parent = with_fees(ProductFactory(), kind=kind)
    service = sell(parent, kind)

    set_dependent_fees(parent, [])
    act(ActionKind.DEACTIVATE, service.subscription, on=FEB_1)

    assert state_and_spells(service.components.get())[0] == "NOT_EFFECTIVE"
