"""Schemes and subscription types."""

from datetime import date

import pytest

from pricing.operations.plans import replace_plan
from subscriptions.models import BillingMethod, BillTiming, Frequency, SchemeProduct
from subscriptions.operations.schemes import (
    NotForSubscriptions,
    NotOnScheme,
    SchemeCodeTaken,
    SchemeInUse,
    WrongFrequencies,
    add_product_to_scheme,
    add_product_to_type,
    add_schemes_to_type,
    create_scheme,
    exclude_from_deactivation,
    update_scheme,
)
from tests.catalog.factories import ProductFactory
from tests.pricing.factories import PricePlanFactory
from tests.subscriptions.factories import SchemeFactory, SubscriptionTypeFactory, subscribe

pytestmark = pytest.mark.django_db


def test_adding_a_product_to_a_type_adds_it_to_the_schemes_that_lack_it() -> None:
    has_it, lacks_it = SchemeFactory(), SchemeFactory()
    kind = SubscriptionTypeFactory(schemes=[has_it, lacks_it])
    product = ProductFactory()
    add_product_to_scheme(has_it, product, timing=BillTiming.POST_BILL)

    added_to = add_product_to_type(kind, product, exclude_from_deactivation=True)

    rows = SchemeProduct.objects.filter(product=product)
    assert added_to == [lacks_it]
    assert kind.products.get() == product
    assert {(row.scheme, row.timing, row.exclude_from_deactivation) for row in rows} == {
        (has_it, "POST_BILL", False),
        (lacks_it, "PRE_BILL", True),
    }
    assert SchemeProduct.history.count() == 2


def test_a_scheme_added_to_a_type_gets_the_products_it_lacks() -> None:
    kind = SubscriptionTypeFactory()
    product = ProductFactory()
    add_product_to_type(kind, product)
    scheme = SchemeFactory()

    add_schemes_to_type(kind, [scheme])

    assert scheme.products.get().product == product


def test_goods_are_allowed_on_a_type_but_not_put_on_schemes() -> None:
    kind = SubscriptionTypeFactory()

    added_to = add_product_to_type(kind, ProductFactory(traceable=True))

    assert (added_to, kind.products.count()) == ([], 1)


@pytest.mark.parametrize("trait", ["usage", "one_time"])
def test_usage_and_one_time_services_are_not_on_types_and_schemes(trait: str) -> None:
    product = ProductFactory(**{trait: True})

    with pytest.raises(NotForSubscriptions, match="neither a termed service"):
        add_product_to_type(SubscriptionTypeFactory(), product)
    with pytest.raises(NotForSubscriptions, match="neither a termed service"):
        add_product_to_scheme(SchemeFactory(), product)


def test_a_product_of_a_scheme_is_excluded_from_deactivation_and_taken_back() -> None:
    scheme, product = SchemeFactory(), ProductFactory()
    add_product_to_scheme(scheme, product)

    assert exclude_from_deactivation(scheme, product).exclude_from_deactivation
    row = exclude_from_deactivation(scheme, product, excluded=False)

    assert not row.exclude_from_deactivation
    with pytest.raises(NotOnScheme):
        exclude_from_deactivation(scheme, ProductFactory())


@pytest.mark.parametrize(
    ("frequencies", "default", "message"),
    [
        ([], None, "at least one"),
        (["FORTNIGHTLY"], None, "no billing frequency"),
        ([Frequency.MONTHLY], Frequency.ANNUAL, "Annual is the default, but not allowed"),
    ],
)
def test_a_scheme_has_frequencies_and_a_default_among_them(
    frequencies: list[str], default: str | None, message: str
) -> None:
    with pytest.raises(WrongFrequencies, match=message):
        create_scheme(
            code="fixed", name="Fixed", frequencies=frequencies, default_frequency=default
        )


def test_codes_are_unique() -> None:
    SchemeFactory(code="fixed")
    SubscriptionTypeFactory(code="home")

    with pytest.raises(SchemeCodeTaken, match="fixed"):
        SchemeFactory(code="fixed")
    with pytest.raises(SchemeCodeTaken, match="home"):
        SubscriptionTypeFactory(code="home")


def test_what_billing_reads_for_past_days_stays_once_terms_were_agreed() -> None:
    scheme = SchemeFactory()
    update_scheme(scheme, prorate=False)
    subscribe(ProductFactory(), on=date(2026, 1, 15), scheme=scheme)

    with pytest.raises(SchemeInUse, match="another method"):
        update_scheme(scheme, method=BillingMethod.ANNIVERSARY)
    changed = update_scheme(scheme, bill_suspended=True, prorate=False)

    assert changed.bill_suspended


def test_schemes_follow_a_replaced_price_plan_and_agreed_terms_do_not() -> None:
    old, kept = PricePlanFactory(code="plan-2025"), PricePlanFactory()
    default = SchemeFactory(default_plan=old)
    allowed = SchemeFactory(plans=[old, kept])
    service = subscribe(ProductFactory(), on=date(2026, 1, 15), scheme=default)

    new = replace_plan(old, code="plan-2026", name="Plan 2026", by=None, on=date(2026, 2, 1))

    default.refresh_from_db()
    assert default.default_plan == new
    assert set(allowed.plans.all()) == {new, kept}
    assert service.subscription.terms.get().plan == old
    reason = default.history.latest().history_change_reason
    assert reason == "Price plan plan-2025 replaced by plan-2026 from 1 Feb 2026."
