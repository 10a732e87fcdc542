"""Discounts on set-up fees and one-time charges: from the sale to the bill."""

from datetime import date
from decimal import Decimal

import pytest
from django.contrib.auth.models import User

from billing.models import Bill, ItemKind, RatedBillingItem
from billing.queries.steps import steps_of
from catalog.models import Product
from catalog.operations.fees import FeeRow, set_dependent_fees
from pricing.models import AdditiveDiscount, DiscountOption, PricePlan
from pricing.operations.discounts import (
    DiscountInUse,
    HeldRow,
    Parts,
    ProductRow,
    delete_discount,
    end_discount,
)
from pricing.operations.plans import add_rate
from pricing.templatetags.step_tags import step_words
from subscriptions.models import ActionKind, SchemePricing, SubscribedService, Subscription
from subscriptions.operations.actions import Addition, ExpenseAddition, perform, preview
from subscriptions.operations.discounts import approve_discount, give_discount, withdraw_discount
from tests.billing.factories import bill_run
from tests.catalog.factories import AccountClassFactory, FamilyFactory, ProductFactory
from tests.pricing.discounts import by_hand, discount, only_for
from tests.pricing.factories import basis_for
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

JANUARY, JAN_15 = date(2026, 1, 1), date(2026, 1, 15)
FEBRUARY, MARCH = date(2026, 2, 1), date(2026, 3, 1)
ON_SETUP = {"on_recurring": False, "on_setup": True}
ON_ONCE = {"on_recurring": False, "on_once": True}


@pytest.fixture
def installation() -> Product:
    return ProductFactory(name="Installation", expense=True)


@pytest.fixture
def subscription() -> Subscription:
    return subscribe(ProductFactory(), on=JANUARY, price="31.00").subscription


def with_fee(price: str, setup_fee: str, plan: PricePlan) -> Product:
    """Return a product with a price a month and a set-up fee in a plan."""
    product = ProductFactory()
    amounts = {"base_amount": Decimal(price), "setup_fee": Decimal(setup_fee)}
    add_rate(plan, product=product, basis=basis_for(product), **amounts)
    return product


def open_with_fee(setup_fee: str = "25.00") -> SubscribedService:
    """Sell a service of 31.00 a month with a set-up fee."""
    scheme = SchemeFactory()
    product = with_fee("31.00", setup_fee, scheme.default_plan)
    return subscribe(product, on=JANUARY, price=None, scheme=scheme)


def live(kind: ItemKind) -> list[Decimal]:
    rows = RatedBillingItem.objects.filter(kind=kind, reversed_at=None, reverses=None)
    return list(rows.order_by("period", "pk").values_list("amount", flat=True))


def put(
    expense: Product, subscription: Subscription, *, on: date = JAN_15, price: str = "40.00", **more
) -> RatedBillingItem:
    """Put an expense on a subscription and return its item."""
    offer(expense, subscription_type=subscription.type, price=price)
    added = ExpenseAddition(expense, **more)
    act(ActionKind.ADD_EXPENSE, subscription, on=on, expenses=(added,))
    return RatedBillingItem.objects.filter(kind=ItemKind.ONE_TIME).latest("pk")


def give(given: AdditiveDiscount, subscription: Subscription, on: date, **more):
    more.setdefault("by", None)
    return give_discount(given, subscription, starts_on=on, now=noon(on), **more)


def test_free_setup_leaves_the_price_as_it_is_and_says_so_on_the_line() -> None:
    discount("free", None, option=DiscountOption.FREE_PERIOD, **ON_SETUP)
    open_with_fee()

    bill_run(JANUARY)

    assert (live(ItemKind.SETUP), live(ItemKind.RECURRING)) == ([0], [31])
    fee = RatedBillingItem.objects.select_related("rate", "reverses").get(kind=ItemKind.SETUP)
    assert [step_words(step, "EUR") for step in steps_of(fee)] == [
        "Set-up fee, once",
        "Free: nothing is asked",
    ]
    assert Bill.objects.get().total_billed == 31


def test_half_off_both_and_a_bill_is_the_same_when_run_again() -> None:
    half = discount("half", "50", on_setup=True)
    open_with_fee("25.01")

    bill_run(JANUARY)
    bill_run(JANUARY)
    bill_run(FEBRUARY)

    assert live(ItemKind.SETUP) == [Decimal("12.51")]
    assert live(ItemKind.RECURRING) == [Decimal("15.50")] * 2
    assert RatedBillingItem.objects.count() == 3
    with pytest.raises(DiscountInUse):
        delete_discount(half)


def test_a_discount_on_prices_leaves_the_setup_fee() -> None:
    discount("half", "50")
    open_with_fee()

    bill_run(JANUARY)

    assert live(ItemKind.SETUP) == [25]


def test_a_setup_fee_that_was_billed_is_rated_again_when_a_discount_reaches_back_to_it() -> None:
    service = open_with_fee()
    bill_run(JANUARY)

    given = give(by_hand("half", "50", **ON_SETUP), service.subscription, JANUARY)
    bill_run(FEBRUARY)
    halved = live(ItemKind.SETUP)
    withdraw_discount(given, on=JANUARY, by=None, now=noon(FEBRUARY))
    bill_run(MARCH)

    assert halved == [Decimal("12.50")]
    assert live(ItemKind.SETUP) == [25]


def test_given_from_a_later_day_it_is_for_the_fees_of_services_that_open_then() -> None:
    service = open_with_fee()
    give(by_hand("half", "50", **ON_SETUP), service.subscription, JAN_15)
    kind = service.subscription.type
    more = with_fee("10.00", "8.00", kind.schemes.get().default_plan)
    offer(more, subscription_type=kind, price=None)
    act(ActionKind.ADD_SERVICE, service.subscription, on=FEBRUARY, additions=(Addition(more),))

    bill_run(FEBRUARY)

    assert live(ItemKind.SETUP) == [25, 4]


def test_an_expense_is_discounted_by_the_facts_of_its_day(
    installation: Product, subscription: Subscription
) -> None:
    made = discount("half", "50", on=JAN_15, parts=only_for(installation), **ON_ONCE)
    before = put(installation, subscription, on=date(2026, 1, 14))
    on_the_day = put(installation, subscription, quantity=Decimal(3))
    end_discount(made, on=FEBRUARY)
    after = put(installation, subscription, on=FEBRUARY)

    amounts = [before.amount, on_the_day.amount, after.amount]
    assert amounts == [Decimal("40.00"), Decimal("20.00"), Decimal("40.00")]
    assert (before.steps, on_the_day.rate_amount) == (None, 40)
    assert [step_words(step, "EUR") for step in steps_of(on_the_day)] == [
        "Price once",
        "Half: 50 % of 40.00 = 20.00 less",
    ]
    made.refresh_from_db()
    assert made.used_at == noon(JAN_15)


def test_products_are_named_by_type_and_family_too_or_all_are_meant(
    subscription: Subscription,
) -> None:
    family = FamilyFactory()
    visit, cable = ProductFactory(expense=True, family=family), ProductFactory(expense=True)
    discount("family", "50", parts=Parts([ProductRow(family=family)]), on_once=True)
    discount("all", "10", on_once=True)
    discount("prices", "10")

    assert put(visit, subscription).amount == 16
    assert put(cable, subscription).amount == 36


def test_a_price_of_its_own_is_discounted_and_what_is_free_stays_so(
    installation: Product, subscription: Subscription
) -> None:
    discount("five", "5.00", option=DiscountOption.AMOUNT_PER_PERIOD, **ON_ONCE)

    agreed = put(installation, subscription, price_override=Decimal(20), quantity=Decimal(2))
    free = put(installation, subscription, price_override=Decimal(0))

    assert (agreed.amount, agreed.rate_amount) == (35, 40)
    assert (free.amount, free.steps) == (0, None)


def test_criteria_hold_on_the_day_and_count_the_pieces(installation: Product) -> None:
    gold, tv = AccountClassFactory(), ProductFactory(name="TV")
    parts = Parts([ProductRow(installation)], [HeldRow(tv)], account_classes=[gold])
    discount("gold", "50", parts=parts, least_quantity=Decimal(2), **ON_ONCE)
    of_gold = subscribe(tv, on=JANUARY, account=AccountFactory(account_class=gold)).subscription
    other = subscribe(tv, on=JANUARY).subscription
    without = subscribe(
        ProductFactory(), on=JANUARY, account=AccountFactory(account_class=gold)
    ).subscription
    flat = {"quantity": Decimal(2)}

    amounts = [
        put(installation, of_gold, **flat).amount,
        put(installation, of_gold).amount,
        put(installation, other, **flat).amount,
        put(installation, without, **flat).amount,
    ]

    assert amounts == [20, 40, 40, 40]


def test_at_a_fixed_price_an_expense_has_no_discount(installation: Product) -> None:
    discount("half", "50", **ON_ONCE)
    scheme = SchemeFactory(pricing=SchemePricing.FIXED)
    fixed = subscribe(ProductFactory(), on=JANUARY, price="31.00", scheme=scheme).subscription

    assert put(installation, fixed).amount == 40


def test_what_comes_once_is_taken_off_the_first_expense_only(
    installation: Product, subscription: Subscription
) -> None:
    five = {"option": DiscountOption.AMOUNT, "value": "5.00"}
    discount("welcome", **five, **ON_ONCE)
    other = subscribe(ProductFactory(), on=JANUARY, price="31.00").subscription
    offer(installation, subscription_type=subscription.type, price="40.00")
    two = (ExpenseAddition(installation), ExpenseAddition(installation))

    act(ActionKind.ADD_EXPENSE, subscription, on=JAN_15, expenses=two)
    earlier = put(installation, subscription, incurred_on=JANUARY)
    others = put(installation, other)

    assert live(ItemKind.ONE_TIME) == [40, 35, 40, 35]
    assert (earlier.amount, others.amount) == (40, 35)


def test_given_again_it_comes_again_and_what_was_given_before_the_sale_acts(
    installation: Product, subscription: Subscription
) -> None:
    voucher = by_hand("voucher", "5.00", option=DiscountOption.AMOUNT, **ON_ONCE)
    sold_before = put(installation, subscription, on=JANUARY)
    give(voucher, subscription, JAN_15, ends_on=FEBRUARY)
    give(voucher, subscription, FEBRUARY)

    days = (JAN_15, date(2026, 1, 20), FEBRUARY, MARCH)
    amounts = [put(installation, subscription, on=day).amount for day in days]

    bill_run(MARCH)
    sold_before.refresh_from_db()
    assert (sold_before.amount, amounts) == (40, [35, 40, 35, 40])


def test_one_that_waits_for_approval_counts_for_what_is_sold_once_it_is_approved(
    installation: Product, subscription: Subscription
) -> None:
    asked, approver = User.objects.create_user("ann"), User.objects.create_user("bob")
    given = give(
        by_hand("half", "50", needs_approval=True, parts=only_for(installation), **ON_ONCE),
        subscription,
        JANUARY,
        by=asked,
    )

    waiting = put(installation, subscription)
    approve_discount(given, by=approver, now=noon(JAN_15))
    granted = put(installation, subscription)
    bill_run(FEBRUARY)

    waiting.refresh_from_db()
    assert (waiting.amount, granted.amount) == (40, 20)


def test_a_one_time_fee_that_comes_with_a_service_is_discounted(installation: Product) -> None:
    internet, scheme = ProductFactory(), SchemeFactory()
    set_dependent_fees(internet, [FeeRow(installation)])
    offer(installation, plan=scheme.default_plan, price="40.00")
    discount("half", "50", parts=only_for(installation), **ON_ONCE)

    subscribe(internet, on=JANUARY, price="31.00", scheme=scheme)

    assert live(ItemKind.ONE_TIME) == [20]


def test_given_to_a_draft_it_is_for_the_fee_that_waits_for_it(installation: Product) -> None:
    internet, scheme = ProductFactory(), SchemeFactory()
    set_dependent_fees(internet, [FeeRow(installation)])
    offer(installation, plan=scheme.default_plan, price="40.00")
    draft = subscribe(internet, on=JANUARY, scheme=scheme, addition={"draft": True})
    other = subscribe(internet, on=JANUARY, scheme=scheme, addition={"draft": True})
    half = by_hand("half", "50", parts=only_for(installation), **ON_ONCE)
    give(half, draft.subscription, JANUARY, service=draft)

    for service in (draft, other):
        act(ActionKind.ACTIVATE, service.subscription, on=JAN_15, services=(service,))

    assert live(ItemKind.ONE_TIME) == [20, 40]


def test_the_preview_of_a_sale_says_what_is_charged(installation: Product) -> None:
    discount("welcome", "5.00", option=DiscountOption.AMOUNT, **ON_ONCE)
    discount("half", "50", **ON_SETUP)
    scheme = SchemeFactory()
    internet = with_fee("31.00", "25.00", scheme.default_plan)
    set_dependent_fees(internet, [FeeRow(installation)])
    offer(installation, plan=scheme.default_plan, price="40.00")
    asked = request_to_become(
        internet, performed_on=JANUARY, subscription_type=SubscriptionTypeFactory(schemes=[scheme])
    )

    amounts = [line.amount for line in preview(asked).lines if line.amount is not None]
    perform(asked, now=noon(JANUARY))
    bill_run(JANUARY)

    assert sorted(amounts) == [Decimal("12.50"), 31, 35, Decimal("78.50")]
    assert Bill.objects.get().total_billed == Decimal("78.50")
