"""Discounts given by hand: what is refused, who decides, and which days count."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction

from config.shared.db import days
from pricing.models import AdditiveDiscount, DiscountOption
from pricing.operations.discounts import (
    DiscountInUse,
    Parts,
    delete_discount,
    draft_version,
    end_discount,
    mark_given,
)
from subscriptions.models import (
    ActionKind,
    GivenDiscount,
    GivenState,
    SchemePricing,
    SubscribedService,
)
from subscriptions.operations.discount_terms import set_discount_terms
from subscriptions.operations.discounts import (
    AlreadyDecided,
    AlreadyGiven,
    DiscountRefused,
    NotForThis,
    NotOnOffer,
    OwnRequest,
    approve_discount,
    give_discount,
    reject_discount,
    withdraw_discount,
)
from subscriptions.queries.discount_reasons import answers_for_account
from subscriptions.queries.discounts import discounts_of, granted
from subscriptions.queries.timeline import histories
from tests.catalog.factories import AccountClassFactory, ProductFactory, ProductTypeFactory
from tests.pricing.discounts import by_hand, discount, draft_discount, only_for
from tests.pricing.factories import CurrencyFactory
from tests.subscriptions.factories import AccountFactory, SchemeFactory, act, noon, subscribe

pytestmark = pytest.mark.django_db

DAY = date(2026, 1, 1)
NOW = noon(date(2026, 1, 10))


def sold(**more: Any) -> SubscribedService:
    return subscribe(ProductFactory(), on=DAY, **more)


def give(given: AdditiveDiscount, on: SubscribedService, **more: Any) -> GivenDiscount:
    """Give it to the whole subscription of a service, from 1 January on."""
    options = {"starts_on": DAY, "by": None, "now": NOW, **more}
    return give_discount(given, on.subscription, **options)


def test_one_that_needs_no_approval_counts_at_once() -> None:
    service = sold()

    given = give(by_hand(), service, ends_on=date(2026, 4, 1), reason="Outage")

    assert (given.number[:2], given.state, given.reason) == ("D-", "GRANTED", "Outage")
    (found,) = granted([service.subscription_id])[service.subscription_id]
    assert str(found.days) == "[2026-01-01, 2026-04-01)"


@pytest.mark.parametrize(
    ("make", "options", "error", "field", "reason"),
    [
        pytest.param(
            lambda: discount(), {}, NotOnOffer, "discount", "applies by itself", id="by itself"
        ),
        pytest.param(
            lambda: draft_discount(application="AD_HOC"),
            {},
            NotOnOffer,
            "discount",
            "is draft",
            id="a draft",
        ),
        pytest.param(
            lambda: end_discount(by_hand(), on=DAY),
            {},
            NotOnOffer,
            "discount",
            "not effective",
            id="one that has ended",
        ),
        pytest.param(
            lambda: by_hand(validity=days(date(2026, 2, 1), None)),
            {},
            NotOnOffer,
            "starts_on",
            "not valid on 1 Jan 2026",
            id="not valid yet",
        ),
        pytest.param(
            by_hand, {"ends_on": DAY}, DiscountRefused, "ends_on", "before the first", id="no day"
        ),
        pytest.param(
            lambda: by_hand(value="5", option=DiscountOption.AMOUNT),
            {},
            NotForThis,
            "service",
            "say which",
            id="an amount of no service",
        ),
        pytest.param(
            lambda: by_hand(
                value="5", option=DiscountOption.AMOUNT, on_recurring=False, on_setup=True
            ),
            {},
            NotForThis,
            "service",
            "say which",
            id="an amount off no service's set-up fee",
        ),
        pytest.param(
            lambda: by_hand(
                parts=Parts(account_classes=[AccountClassFactory(name="Gold")]),
                on_recurring=False,
                on_once=True,
            ),
            {},
            NotForThis,
            "discount",
            "the account class is not set, not Gold",
            id="one-time charges of another class",
        ),
        pytest.param(
            lambda: by_hand(parts=only_for(ProductFactory())),
            {},
            NotForThis,
            "discount",
            "is not for any service",
            id="another product",
        ),
        pytest.param(
            lambda: by_hand(applies_to="USAGE"),
            {},
            NotForThis,
            "discount",
            "is not for any service",
            id="usage only",
        ),
        pytest.param(
            lambda: by_hand(parts=Parts(account_classes=[AccountClassFactory(name="Gold")])),
            {},
            NotForThis,
            "discount",
            "the account class is not set, not Gold",
            id="another class",
        ),
        pytest.param(
            lambda: by_hand(least_quantity=Decimal(2)),
            {},
            NotForThis,
            "discount",
            "the quantity is 1, below 2",
            id="too few",
        ),
    ],
)
def test_what_does_not_suit_is_refused_with_the_reason(
    make: Any, options: dict[str, Any], error: type[DiscountRefused], field: str, reason: str
) -> None:
    service = sold()

    with pytest.raises(error, match=reason) as refusal:
        give(make(), service, **options)

    assert refusal.value.field == field


def test_one_for_one_time_charges_is_given_before_they_are_sold() -> None:
    visit = ProductFactory(expense=True)
    amount = {"option": DiscountOption.AMOUNT, "parts": only_for(visit), "least_quantity": 2}

    given = give(by_hand(value="5", on_recurring=False, on_once=True, **amount), sold())

    assert given.state == GivenState.GRANTED


def test_it_is_said_that_one_for_one_time_charges_is_for_no_service() -> None:
    service = sold()
    both = discount("both", on_once=True)
    once = discount("once", on_recurring=False, on_once=True)
    account = service.subscription.account

    answers = answers_for_account(account, [both, once], on=DAY)

    assert [each.reasons for each in answers] == [
        (),
        ("it is taken off one-time charges only",),
    ]
    (found,) = discounts_of(histories([account.pk]))[service.pk]
    assert (found.name, found.on_recurring, found.on_setup, found.on_once) == (
        "Both",
        True,
        False,
        True,
    )


def test_a_service_that_is_not_billed_yet_has_discounts_on_its_set_up_fee() -> None:
    service = sold(addition={"free": True})
    discount("fees", on_recurring=False, on_setup=True)
    discount("ended", on=date(2025, 1, 1), validity=days(None, DAY), on_setup=True)

    (found,) = discounts_of(histories([service.subscription.account_id]))[service.pk]

    assert (found.name, found.since, found.aligned) == ("Fees", DAY, True)


def test_criteria_on_billing_terms_are_named() -> None:
    service = sold()
    made = by_hand()
    set_discount_terms(
        made, schemes=[SchemeFactory(name="Gold terms")], frequencies=["ANNUAL"], binding_months=12
    )

    with pytest.raises(NotForThis) as refusal:
        give(made, service)

    scheme = service.subscription.terms.get().scheme
    assert str(refusal.value) == (
        f"Goodwill cannot be given: the billing term scheme is {scheme}, not Gold terms; "
        "it is billed monthly, not annual; the binding period is 0 months, below 12."
    )


def test_at_a_fixed_price_or_in_another_currency_none_is_given() -> None:
    fixed = sold(scheme=SchemeFactory(pricing=SchemePricing.FIXED))
    CurrencyFactory(yen=True)
    yen = by_hand("yen", "500", option=DiscountOption.AMOUNT, currency="JPY")
    service = sold()

    with pytest.raises(NotForThis, match="at a fixed price"):
        give(by_hand(), fixed)
    with pytest.raises(NotForThis, match="is in JPY, the account in EUR"):
        give(yen, service, service=service)


def test_the_same_discount_is_not_given_twice_for_the_same_days() -> None:
    service, made = sold(), by_hand()
    first = give(made, service, ends_on=date(2026, 2, 1))

    with pytest.raises(AlreadyGiven, match=first.number):
        give(made, service, service=service, starts_on=date(2026, 1, 20))
    give(made, service, starts_on=date(2026, 2, 1))

    assert GivenDiscount.objects.count() == 2


def test_a_closed_service_or_subscription_gets_none() -> None:
    service, other = sold(), sold()
    act(ActionKind.CANCEL, other.subscription, on=date(2026, 1, 5))

    with pytest.raises(NotForThis, match="no open service"):
        give(by_hand(), service, service=other)
    with pytest.raises(NotForThis, match="is cancelled"):
        give(by_hand("b"), other)


def test_whoever_asked_does_not_approve() -> None:
    ann, bob = User.objects.create_user("ann"), User.objects.create_user("bob")
    given = give(by_hand(needs_approval=True), sold(), by=ann)

    with pytest.raises(OwnRequest):
        approve_discount(given, by=ann, now=NOW)
    approve_discount(given, by=bob, now=NOW)
    with pytest.raises(AlreadyDecided, match="granted already"):
        reject_discount(given, by=bob, now=NOW, reason="Late")

    given.refresh_from_db()
    assert (given.state, given.decided_by) == ("GRANTED", bob)


def test_what_is_rejected_or_waits_counts_for_nothing() -> None:
    service, made = sold(), by_hand(needs_approval=True)
    rejected = give(made, service, by=None)
    reject_discount(rejected, by=None, now=NOW, reason="Not loyal")
    give(made, service)

    assert granted([service.subscription_id]) == {}


def test_one_that_is_withdrawn_counts_up_to_that_day() -> None:
    service, made = sold(), by_hand()
    given = give(made, service)

    withdraw_discount(given, on=date(2026, 3, 1), by=None, now=NOW)
    with pytest.raises(AlreadyDecided, match="withdrawn"):
        withdraw_discount(given, on=date(2026, 3, 1), by=None, now=NOW)

    (found,) = granted([service.subscription_id])[service.subscription_id]
    assert str(found.days) == "[2026-01-01, 2026-03-01)"


def test_one_that_waited_and_is_withdrawn_never_counted() -> None:
    service = sold()
    given = give(by_hand(needs_approval=True), service)

    withdraw_discount(given, on=date(2026, 3, 1), by=None, now=NOW)

    assert granted([service.subscription_id]) == {}


def test_giving_one_freezes_it_with_its_billing_terms() -> None:
    made = by_hand()
    set_discount_terms(made, frequencies=["MONTHLY"])
    give(made, sold())

    with pytest.raises(DiscountInUse):
        set_discount_terms(made)
    with pytest.raises(DiscountInUse, match="1 subscription that it was given to"):
        delete_discount(made)
    refused = pytest.raises(IntegrityError, match="has been used")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE subscriptions_discountterms SET binding_months = 3")


def test_a_new_version_has_the_billing_terms_of_the_old_one() -> None:
    scheme, made = SchemeFactory(), by_hand()
    set_discount_terms(made, schemes=[scheme], frequencies=["MONTHLY"], binding_months=6)
    mark_given([made.pk], now=NOW)

    new = draft_version(made, code="goodwill-2", name="Goodwill 2")

    assert list(new.terms.schemes.all()) == [scheme]
    assert (new.terms.frequencies, new.terms.binding_months) == (["MONTHLY"], 6)


def test_a_class_that_changes_is_looked_at_day_by_day() -> None:
    gold = AccountClassFactory()
    account = AccountFactory(account_class=gold)
    service = sold(account=account)
    discount(parts=Parts(account_classes=[gold]))
    account.past_classes.create(period=days(None, date(2026, 3, 1)), account_class=None)

    (found,) = discounts_of(histories([account.pk]))[service.pk]

    assert [str(each) for each in found.holds or ()] == ["[2026-03-01, )"]
    assert found.since == date(2026, 3, 1)


def test_a_chunk_asks_as_many_queries_for_many_services_as_for_one(
    django_assert_num_queries: Any,
) -> None:
    gold = AccountClassFactory()
    services = [sold(account=AccountFactory(account_class=gold)) for _ in range(4)]
    for number in range(3):
        parts = Parts(account_classes=[gold])
        set_discount_terms(discount(f"d-{number}", parts=parts), frequencies=["MONTHLY"])
    one = histories([services[0].subscription.account_id])
    many = histories([each.subscription.account_id for each in services])

    with django_assert_num_queries(14):
        assert len(discounts_of(one)[services[0].pk]) == 3
    with django_assert_num_queries(14):
        assert len(discounts_of(many)) == 4


def test_without_any_discount_two_queries_are_asked(django_assert_num_queries: Any) -> None:
    facts = histories([sold().subscription.account_id])

    with django_assert_num_queries(2):
        assert discounts_of(facts) == {}


def test_usage_services_alone_get_what_is_for_usage() -> None:
    usage = ProductFactory(type=ProductTypeFactory(usage=True))
    made = discount("free", "2", option=DiscountOption.FREE_USAGE, parts=only_for(usage))
    service = sold()

    assert discounts_of(histories([service.subscription.account_id])) == {}
    assert made.value == 2
