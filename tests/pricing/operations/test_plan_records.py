"""Plans as records: code, currency, validity, states."""

from datetime import date

import pytest

from config.shared.db import days
from pricing.models import PlanState, PricePlan
from pricing.operations.plans import (
    CodeTaken,
    UnknownCurrency,
    WrongPlanState,
    WrongValidity,
    create_plan,
    delete_plan,
    draft_replacement,
    make_effective,
    update_plan,
)
from pricing.queries.plans import plans_on_offer, plans_that_take
from tests.pricing.factories import CurrencyFactory, PricePlanFactory, RateFactory

pytestmark = pytest.mark.django_db


def test_a_plan_starts_as_a_draft_and_becomes_effective() -> None:
    CurrencyFactory()
    plan = create_plan(code="tv", name="TV", currency="EUR")

    effective = make_effective(plan)

    assert (plan.state, effective.state) == (PlanState.DRAFT, PlanState.EFFECTIVE)
    with pytest.raises(WrongPlanState):
        make_effective(plan)


@pytest.mark.parametrize("currency", ["", "eur", "XXX", "EURO"])
def test_a_plan_has_a_currency_of_the_list(currency: str) -> None:
    with pytest.raises(UnknownCurrency):
        create_plan(code="tv", name="TV", currency=currency)

    assert not PricePlan.objects.exists()


def test_the_code_of_a_plan_is_its_own() -> None:
    taken = PricePlanFactory().code

    with pytest.raises(CodeTaken, match=taken):
        create_plan(code=taken, name="Again", currency="EUR")


def test_a_plan_is_valid_on_some_day() -> None:
    plan = PricePlanFactory()

    with pytest.raises(WrongValidity):
        update_plan(plan, validity=days(date(2026, 1, 1), date(2026, 1, 1)))


def test_only_drafts_are_deleted() -> None:
    with pytest.raises(WrongPlanState):
        delete_plan(PricePlanFactory())


def test_deleting_a_drafted_replacement_lets_the_plan_be_replaced_by_another() -> None:
    plan = RateFactory().plan
    delete_plan(draft_replacement(plan, code="first", name="First"))

    second = draft_replacement(plan, code="second", name="Second")

    assert second.rates.count() == 1


def test_plans_on_offer_are_effective_and_valid_on_the_day_and_in_the_currency() -> None:
    always = PricePlanFactory()
    june = PricePlanFactory(validity=days(date(2026, 6, 1), date(2026, 7, 1)))
    PricePlanFactory(draft=True)
    PricePlanFactory(currency="USD")

    on_offer = plans_on_offer(currency="EUR", on=date(2026, 6, 30))

    assert set(on_offer) == {always, june}
    assert set(plans_on_offer(currency="EUR", on=date(2026, 7, 1))) == {always}


def test_a_product_is_offered_the_plans_that_take_it(django_assert_num_queries) -> None:
    rate = RateFactory()
    used = RateFactory(product=rate.product).plan
    PricePlan.objects.filter(pk=used.pk).update(used_at="2026-01-01T00:00Z")
    PricePlanFactory(state=PlanState.EXPIRED)

    with django_assert_num_queries(1):
        plans = list(plans_that_take(rate.product))

    assert plans == [rate.plan]
