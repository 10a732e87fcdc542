"""Additive discounts on bills: by themselves, by hand, with approval; from the sale to the item."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.contrib.auth.models import User

from billing.models import RatedBillingItem
from catalog.models import Product
from config.shared.db import days
from pricing.models import AdditiveDiscount, DiscountOption
from pricing.operations.discounts import (
    DiscountInUse,
    HeldRow,
    Parts,
    ProductRow,
    change_discount,
    delete_discount,
    end_discount,
)
from pricing.operations.plans import add_condition, create_plan, make_effective
from subscriptions.models import ActionKind, SchemePricing, SubscribedService
from subscriptions.operations.actions import Addition
from subscriptions.operations.discount_terms import set_discount_terms
from subscriptions.operations.discounts import (
    approve_discount,
    give_discount,
    withdraw_discount,
)
from tests.billing.factories import bill_run
from tests.catalog.factories import AccountClassFactory, ProductFactory
from tests.pricing.discounts import amount_off, by_hand, discount, only_for
from tests.pricing.factories import PricePlanFactory, RateFactory
from tests.subscriptions.factories import (
    AccountFactory,
    SchemeFactory,
    act,
    noon,
    offer,
    subscribe,
)

pytestmark = pytest.mark.django_db

JANUARY, FEBRUARY, MARCH = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)


def charges() -> dict[date, Decimal]:
    """Return what is charged from each day, without what was reversed."""
    live = RatedBillingItem.objects.filter(reversed_at=None, reverses=None)
    return {item.period.lower: item.amount for item in live.order_by("period")}


def give(given: AdditiveDiscount, service: SubscribedService, on: date, *, by: User | None = None):
    return give_discount(
        given,
        service.subscription,
        service=service,
        starts_on=on,
        reason="Long outage",
        by=by,
        now=noon(on),
    )


@pytest.mark.case("crmcom:A1")
def test_at_a_fixed_price_no_discount_is_given() -> None:
    discount()
    scheme = SchemeFactory(pricing=SchemePricing.FIXED)
    subscribe(ProductFactory(), on=JANUARY, price="100.00", scheme=scheme)

    bill_run(JANUARY)

    assert charges() == {JANUARY: Decimal("100.00")}


@pytest.mark.case("crmcom:A2")
def test_at_a_flexible_price_a_discount_whose_criteria_hold_needs_nobody_to_give_it() -> None:
    gold = AccountClassFactory()
    discount(parts=Parts(account_classes=[gold]))
    subscribe(
        ProductFactory(), on=JANUARY, price="100.00", account=AccountFactory(account_class=gold)
    )
    subscribe(ProductFactory(), on=JANUARY, price="90.00")

    bill_run(JANUARY)

    live = RatedBillingItem.objects.order_by("amount")
    assert [item.amount for item in live] == [Decimal("80.00"), Decimal("90.00")]


@pytest.mark.case("crmcom:A3")
def test_one_that_waits_for_approval_is_not_granted_and_counts_once_it_is_approved() -> None:
    asked, approver = User.objects.create_user("ann"), User.objects.create_user("bob")
    service = subscribe(ProductFactory(), on=JANUARY, price="100.00")
    given = give(by_hand(needs_approval=True), service, JANUARY, by=asked)

    bill_run(JANUARY)
    before = charges()
    approve_discount(given, by=approver, now=noon(date(2026, 1, 20)))
    bill_run(FEBRUARY)

    assert before == {JANUARY: Decimal("100.00")}
    assert charges() == {JANUARY: Decimal("80.00"), FEBRUARY: Decimal("80.00")}


@pytest.mark.case("crmcom:A4")
def test_a_conditional_rate_and_a_discount_are_both_applied() -> None:
    staff, product, base = AccountClassFactory(), ProductFactory(), PricePlanFactory()
    plan = create_plan(code="staff", name="Staff", currency="EUR", kind="CONDITIONAL", base=base)
    add_condition(plan, use="RATES", kind="ACCOUNT_CLASS", values=[f"account_class:{staff.pk}"])
    RateFactory(plan=base, product=product, base_amount=Decimal("100.00"))
    RateFactory(plan=plan, product=product, base_amount=Decimal("90.00"))
    plan = make_effective(plan)
    discount()
    account = AccountFactory(account_class=staff)
    scheme = SchemeFactory(default_plan=plan)
    subscribe(product, on=JANUARY, account=account, plan=plan, price=None, scheme=scheme)

    bill_run(JANUARY)

    assert charges() == {JANUARY: Decimal("72.00")}


@pytest.mark.case("crmcom:A5")
def test_two_discounts_that_hold_are_both_given() -> None:
    discount("ten", "10")
    amount_off("five", "5.00")
    subscribe(ProductFactory(), on=JANUARY, price="100.00")

    bill_run(JANUARY)

    assert charges() == {JANUARY: Decimal("85.00")}


@pytest.mark.case("crmcom:A6")
def test_one_that_unbilled_items_refer_to_is_not_deleted() -> None:
    made = discount()
    subscribe(ProductFactory(), on=JANUARY, price="100.00")
    bill_run(JANUARY, stop_after="rate")

    with pytest.raises(DiscountInUse, match="1 rated item that is not billed yet"):
        delete_discount(made)
    with pytest.raises(DiscountInUse, match="new version"):
        change_discount(made, value=Decimal(30))


@pytest.mark.case("billmax:P13")
def test_a_discount_of_all_leaves_a_first_part_at_nothing() -> None:
    discount("all", "100")
    subscribe(ProductFactory(), on=date(2026, 1, 15), price="31.00")

    bill_run(date(2026, 1, 15))

    item = RatedBillingItem.objects.get()
    assert (item.amount, item.rate_amount, item.period.lower) == (0, 31, date(2026, 1, 15))


def test_an_amount_per_period_is_prorated_with_the_first_part() -> None:
    amount_off("five", "3.10")
    subscribe(ProductFactory(), on=date(2026, 1, 15), price="31.00")

    bill_run(FEBRUARY)

    assert charges() == {date(2026, 1, 15): Decimal("15.30"), FEBRUARY: Decimal("27.90")}


def test_an_amount_once_is_taken_off_one_charge_in_full() -> None:
    discount("five", "5.00", option=DiscountOption.AMOUNT, currency="EUR")
    subscribe(ProductFactory(), on=date(2026, 1, 15), price="31.00")

    bill_run(FEBRUARY)

    assert charges() == {date(2026, 1, 15): Decimal("12.00"), FEBRUARY: Decimal("31.00")}


def test_a_free_month_every_two_months() -> None:
    discount(
        "free",
        None,
        option=DiscountOption.FREE_PERIOD,
        for_count=1,
        for_unit="MONTH",
        renewal="EVERY",
        renewal_count=2,
        renewal_unit="MONTH",
    )
    subscribe(ProductFactory(), on=JANUARY, price="30.00")

    bill_run(date(2026, 4, 1))

    assert list(charges().values()) == [0, 30, 0, 30]


def test_days_that_were_billed_are_rated_again_when_a_discount_is_given_back_to_them() -> None:
    service = subscribe(ProductFactory(), on=JANUARY, price="31.00")
    bill_run(JANUARY)

    given = give(by_hand(value="10"), service, date(2026, 1, 22))
    bill_run(FEBRUARY)
    after = charges()
    withdraw_discount(given, on=FEBRUARY, by=None, now=noon(date(2026, 2, 10)))
    bill_run(MARCH)

    assert after == {
        JANUARY: Decimal("21.00"),
        date(2026, 1, 22): Decimal("9.00"),
        FEBRUARY: Decimal("27.90"),
    }
    assert charges() == {
        JANUARY: Decimal("21.00"),
        date(2026, 1, 22): Decimal("9.00"),
        FEBRUARY: Decimal("31.00"),
        MARCH: Decimal("31.00"),
    }


def test_one_that_ends_leaves_what_was_charged_and_goes_from_the_next_charge_on() -> None:
    made = discount(on=date(2026, 1, 10))
    subscribe(ProductFactory(), on=JANUARY, price="100.00")
    bill_run(FEBRUARY)

    end_discount(made, on=date(2026, 2, 10))
    bill_run(MARCH)

    assert list(charges().values()) == [100, 80, 100]


def test_a_bundle_of_two_is_discounted_from_the_day_both_are_there() -> None:
    internet, tv = ProductFactory(name="Internet"), ProductFactory(name="TV")
    parts = Parts([ProductRow(internet)], [HeldRow(internet), HeldRow(tv)])
    discount("both", "10", parts=parts)
    service = subscribe(internet, on=JANUARY, price="100.00")
    bill_run(JANUARY)

    add(service, tv, on=date(2026, 1, 15))
    bill_run(FEBRUARY)

    live = RatedBillingItem.objects.filter(reversed_at=None, reverses=None, product=internet)
    assert list(live.order_by("period").values_list("amount", flat=True)) == [100, 90]


def test_what_is_added_for_days_that_were_billed_discounts_them_too() -> None:
    internet, tv = ProductFactory(name="Internet"), ProductFactory(name="TV")
    discount("both", "10", parts=Parts([ProductRow(internet)], [HeldRow(tv)]))
    service = subscribe(internet, on=JANUARY, price="100.00")
    bill_run(JANUARY)

    add(service, tv, on=JANUARY)
    bill_run(JANUARY)

    live = RatedBillingItem.objects.filter(reversed_at=None, reverses=None, product=internet)
    assert list(live.values_list("amount", flat=True)) == [90]


def add(service: SubscribedService, product: Product, *, on: date) -> None:
    offer(product, subscription_type=service.subscription.type, price="20.00")
    act(ActionKind.ADD_SERVICE, service.subscription, on=on, additions=(Addition(product),))


def test_a_product_named_is_discounted_and_others_are_not() -> None:
    sports, movies = ProductFactory(), ProductFactory()
    discount(parts=only_for(sports))
    service = subscribe(sports, on=JANUARY, price="100.00")
    add(service, movies, on=JANUARY)

    bill_run(JANUARY)

    found = dict(RatedBillingItem.objects.values_list("product", "amount"))
    assert found == {sports.pk: 80, movies.pk: 20}


def test_criteria_on_billing_terms_and_quantity() -> None:
    scheme = SchemeFactory()
    set_discount_terms(
        made := by_terms(least_quantity=Decimal(2)), schemes=[scheme], frequencies=["MONTHLY"]
    )
    two = {"quantity": Decimal(2)}
    subscribe(ProductFactory(), on=JANUARY, price="50.00", scheme=scheme, addition=two)
    subscribe(ProductFactory(), on=JANUARY, price="60.00", scheme=scheme)
    subscribe(ProductFactory(), on=JANUARY, price="70.00", addition=two)

    bill_run(JANUARY)

    amounts = RatedBillingItem.objects.order_by("rate_amount").values_list("amount", flat=True)
    assert list(amounts) == [60, 80, 140]
    made.refresh_from_db()
    assert made.used_at == datetime.fromisoformat("2026-01-01T10:00:00+00:00")


def by_terms(**fields: object) -> AdditiveDiscount:
    return discount("terms", "20", **fields)


def test_one_valid_on_some_days_is_given_to_the_charges_that_begin_on_them() -> None:
    discount(validity=days(date(2026, 1, 15), date(2026, 2, 15)))
    subscribe(ProductFactory(), on=JANUARY, price="100.00")

    bill_run(MARCH)

    assert list(charges().values()) == [100, 80, 100]
