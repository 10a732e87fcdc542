"""What billing does when a subscription changes: marks, expenses, and the money preview."""

from datetime import date
from decimal import Decimal

import pytest

from billing.models import Bill, Directive, RatedBillingItem, RatingMark
from pricing.operations.discounts import HeldRow, Parts
from subscriptions.models import ActionKind, BillTiming, SchemeProduct
from subscriptions.operations.actions import (
    ActionRefused,
    ActionRequest,
    Addition,
    ExpenseAddition,
    perform,
    preview,
)
from subscriptions.operations.discount_terms import set_discount_terms
from tests.billing.factories import bill_run
from tests.catalog.factories import ProductFactory
from tests.pricing.discounts import discount
from tests.pricing.factories import vat
from tests.subscriptions.factories import (
    AccountFactory,
    SchemeFactory,
    SubscriptionTypeFactory,
    act,
    noon,
    offer,
    subscribe,
)

pytestmark = pytest.mark.django_db

START = date(2026, 1, 15)


def money(request: ActionRequest) -> list[tuple[str, Decimal]]:
    """Return the preview's lines about money."""
    return [(line.text, line.amount) for line in preview(request).lines if line.amount is not None]


def become_subscriber(price: str = "31.00", **terms: object) -> ActionRequest:
    """Return the request to sell Sports with 10 % VAT to a new account."""
    product = ProductFactory(name="Sports")
    vat(product)
    scheme = SchemeFactory()
    subscription_type = SubscriptionTypeFactory(schemes=[scheme])
    offer(product, subscription_type=subscription_type, price=price)
    return ActionRequest(
        kind=ActionKind.BECOME_SUBSCRIBER,
        performed_on=START,
        account_user=AccountFactory().users.get(),
        subscription_type=subscription_type,
        scheme=scheme,
        additions=(Addition(product),),
        **terms,
    )


def test_the_preview_of_a_sale_is_what_the_next_bill_says() -> None:
    request = become_subscriber(bill_next_term=True)

    lines = money(request)

    assert lines == [
        ("Sports, 15 Jan 2026 – 31 Jan 2026", Decimal("18.70")),
        ("Sports, 1 Feb 2026 – 28 Feb 2026", Decimal("34.10")),
        ("On a bill of 15 Jan 2026, tax of 4.80 included", Decimal("52.80")),
    ]
    assert not RatingMark.objects.exists()
    perform(request, now=noon(START))
    bill_run(START)
    assert Bill.objects.get().to_be_paid == Decimal("52.80")


def test_the_preview_of_a_sale_has_the_discounts_that_the_sale_will_get() -> None:
    request = become_subscriber()
    sports = request.additions[0].product
    made = discount("both", "10", parts=Parts(held=[HeldRow(sports)]))
    set_discount_terms(made, subscription_types=[request.subscription_type])
    discount("others", "50", parts=Parts(held=[HeldRow(ProductFactory())]))

    lines = money(request)

    assert lines[-1] == ("On a bill of 15 Jan 2026, tax of 1.53 included", Decimal("16.83"))
    perform(request, now=noon(START))
    bill_run(START)
    assert Bill.objects.get().to_be_paid == Decimal("16.83")


def test_the_preview_of_a_cancellation_is_what_is_given_back() -> None:
    service = subscribe(ProductFactory(name="News"), on=date(2026, 1, 1), price="31.00")
    bill_run(date(2026, 1, 1))
    request = ActionRequest(
        kind=ActionKind.CANCEL, performed_on=date(2026, 1, 11), subscription=service.subscription
    )

    lines = money(request)

    assert lines == [
        ("News: correction, 1 Jan 2026 – 31 Jan 2026", -31),
        ("News, 1 Jan 2026 – 10 Jan 2026", 10),
        ("On a bill of 11 Jan 2026", -21),
    ]
    assert RatedBillingItem.objects.count() == 1


def test_what_is_billed_after_its_use_is_not_on_the_next_bill() -> None:
    request = become_subscriber()
    SchemeProduct.objects.update(timing=BillTiming.POST_BILL)

    assert money(request) == []


def test_a_change_ahead_of_what_is_rated_does_not_reach_back() -> None:
    service = subscribe(ProductFactory(), on=START)
    bill_run(START)

    act(ActionKind.CANCEL, service.subscription, on=date(2026, 2, 1))

    mark = RatingMark.objects.get()
    assert (mark.rated_up_to, mark.rerate_from) == (date(2026, 2, 1), None)


def test_changes_that_reach_back_keep_the_earliest_day() -> None:
    service = subscribe(ProductFactory(), on=START)
    bill_run(START)

    act(ActionKind.DEACTIVATE, service.subscription, on=date(2026, 1, 25))
    act(ActionKind.ACTIVATE, service.subscription, on=date(2026, 1, 28))

    assert RatingMark.objects.get().rerate_from == date(2026, 1, 25)


@pytest.mark.case("crmcom:R10")
def test_an_expense_is_charged_once() -> None:
    service = subscribe(ProductFactory(), on=date(2026, 1, 1), price="31.00")
    subscription = service.subscription
    bill_run(date(2026, 1, 1))
    expense = ProductFactory(name="Installation", type__expense=True)
    offer(expense, subscription_type=subscription.type, price="25.00")
    request = ActionRequest(
        kind=ActionKind.ADD_EXPENSE,
        performed_on=START,
        subscription=subscription,
        expenses=(ExpenseAddition(expense),),
    )

    assert money(request)[-1] == ("On a bill of 15 Jan 2026", 25)
    perform(request, now=noon(START))
    item = RatedBillingItem.objects.get(service=None)
    assert (item.amount, item.directive) == (25, Directive.NOT_BILLED)
    bill_run(START)
    bill_run(date(2026, 1, 16))

    assert list(Bill.objects.order_by("pk").values_list("total_billed", flat=True)) == [31, 25]


def test_an_expense_without_a_price_is_refused() -> None:
    service = subscribe(ProductFactory(), on=START)
    expense = ProductFactory(type__expense=True)
    offer(expense, subscription_type=service.subscription.type, price=None)
    request = ActionRequest(
        kind=ActionKind.ADD_EXPENSE,
        performed_on=START,
        subscription=service.subscription,
        expenses=(ExpenseAddition(expense),),
    )

    with pytest.raises(ActionRefused, match="has no rate for"):
        perform(request, now=noon(START))

    assert not RatedBillingItem.objects.exists()
