"""Dependent fees on bills: at their own prices beside their parent, for as long as it runs."""

from datetime import date
from decimal import Decimal

import pytest

from billing.models import Bill, CreditNote, RatedBillingItem
from catalog.models import Product
from catalog.operations.bundles import ComponentRow, set_components
from catalog.operations.fees import FeeRow, set_dependent_fees
from pricing.operations.plans import add_rate
from subscriptions.models import ActionKind, BillTiming, SchemeProduct, SubscribedService
from subscriptions.operations.actions import Addition, perform, preview
from subscriptions.operations.scheduling import carry_out_due
from tests.billing.factories import bill_run
from tests.catalog.factories import ProductFactory
from tests.pricing.factories import basis_for
from tests.subscriptions.factories import (
    SchemeFactory,
    SubscriptionTypeFactory,
    act,
    noon,
    offer,
    subscribe,
)
from tests.subscriptions.requests import request_to_become

pytestmark = pytest.mark.django_db

JANUARY, JAN_15, FEBRUARY = date(2026, 1, 1), date(2026, 1, 15), date(2026, 2, 1)


def sell(parent: Product, fees: dict[str, Product], *, on: date, **addition) -> SubscribedService:
    """Sell a service of 31.00 a month with fees at their prices."""
    scheme = SchemeFactory()
    set_dependent_fees(parent, [FeeRow(fee) for fee in fees.values()])
    for price, fee in fees.items():
        add_rate(scheme.default_plan, product=fee, basis=basis_for(fee), base_amount=Decimal(price))
    return subscribe(parent, on=on, scheme=scheme, price="31.00", addition=addition)


def billed() -> list[tuple[str, Decimal]]:
    rows = RatedBillingItem.objects.order_by("pk").select_related("product")
    return sorted((row.product.name, row.amount) for row in rows)


def test_a_package_is_billed_with_its_recurring_and_one_time_fees() -> None:
    package, part = ProductFactory(name="Family TV", fixed_bundle=True), ProductFactory(name="News")
    set_components(package, [ComponentRow(part, quantity=1)])
    rental = ProductFactory(name="Box rental")
    setup = ProductFactory(name="Set-up", expense=True)
    sell(package, {"6.20": rental, "25.00": setup}, on=JAN_15)

    bill_run(JAN_15)

    assert billed() == [
        ("Box rental", Decimal("3.40")),
        ("Family TV", Decimal(17)),
        ("Set-up", Decimal(25)),
    ]
    assert Bill.objects.get().total_billed == Decimal("45.40")


def test_the_preview_shows_what_the_run_will_bill() -> None:
    kind, parent = SubscriptionTypeFactory(), ProductFactory(name="Sports")
    offer(parent, subscription_type=kind, price="31.00")
    plan = kind.schemes.get().default_plan
    rental, setup = ProductFactory(name="Box rental"), ProductFactory(name="Set-up", expense=True)
    set_dependent_fees(parent, [FeeRow(rental), FeeRow(setup)])
    for fee, price in ((rental, "6.20"), (setup, "25.00")):
        add_rate(plan, product=fee, basis=basis_for(fee), base_amount=Decimal(price))
    request = request_to_become(parent, subscription_type=kind)

    total = [line for line in preview(request).lines if line.amount is not None][-1]
    perform(request, now=noon(JAN_15))
    bill_run(JAN_15)

    assert total.amount == Bill.objects.get().total_billed == Decimal("45.40")


def test_cancelling_gives_back_the_fees_days_but_not_the_one_time_charge() -> None:
    rental = ProductFactory(name="Box rental")
    setup = ProductFactory(name="Set-up", expense=True)
    service = sell(ProductFactory(name="Sports"), {"6.20": rental, "25.00": setup}, on=JANUARY)
    bill_run(JANUARY)
    assert Bill.objects.get().total_billed == Decimal("62.20")

    act(ActionKind.CANCEL, service.subscription, on=date(2026, 1, 11))
    bill_run(FEBRUARY)

    assert CreditNote.objects.get().gross_amount == Decimal("25.20")


def test_the_one_time_fee_of_a_future_start_is_billed_when_the_service_is() -> None:
    setup = ProductFactory(name="Set-up", expense=True)
    service = sell(ProductFactory(), {"25.00": setup}, on=JANUARY, starts_on=JAN_15)
    bill_run(JANUARY)
    assert not Bill.objects.exists()

    carry_out_due(
        [service.subscription.account_id], on=JAN_15, now=noon(JAN_15), source="scheduled-actions"
    )
    bill_run(JAN_15)

    assert Bill.objects.get().total_billed == Decimal("42.00")


def test_a_fee_is_billed_before_or_after_its_use_as_its_parent_is() -> None:
    rental = ProductFactory(name="Box rental")
    service = sell(ProductFactory(name="Sports"), {"6.20": rental}, on=JANUARY)
    SchemeProduct.objects.filter(product=service.product).update(timing=BillTiming.POST_BILL)

    bill_run(JANUARY)
    assert not Bill.objects.exists()
    bill_run(FEBRUARY)

    assert billed() == [("Box rental", Decimal("6.20")), ("Sports", Decimal(31))]


def test_a_service_added_beside_a_free_one_pays_its_fees() -> None:
    rental = ProductFactory(name="Box rental")
    service = sell(ProductFactory(name="Sports"), {"6.20": rental}, on=JANUARY, free=True)
    bill_run(JANUARY)
    assert not Bill.objects.exists()

    act(
        ActionKind.ADD_SERVICE,
        service.subscription,
        on=JANUARY,
        additions=(Addition(service.product),),
    )
    bill_run(JANUARY)

    assert Bill.objects.get().total_billed == Decimal("37.20")
