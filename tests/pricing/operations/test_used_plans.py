"""A plan that has been used keeps its rates; it takes new products, or is replaced."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from pricing.kernel.periods import Duration, Unit
from pricing.kernel.rates import Basis, Phase
from pricing.kernel.tiers import Tier
from pricing.models import PlanState, PricePlan
from pricing.operations.plans import (
    PlanExpired,
    PlanInUse,
    ReplacementExists,
    WrongPlanState,
    add_rate,
    change_rate,
    draft_replacement,
    make_effective,
    mark_used,
    remove_rate,
    replace_plan,
    take_over,
    update_plan,
)
from pricing.queries.rates import kernel_rates
from tests.catalog.factories import ProductFactory
from tests.pricing.factories import RateFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 1, 15, 9, tzinfo=UTC)
MONTH = Duration(1, Unit.MONTH)
PHASES = (Phase(MONTH, 3, Decimal(10)), Phase(MONTH, 0, Decimal(20)))
TIERED_PHASES = [*PHASES[:-1], replace(PHASES[-1], tiers=(Tier(None, Decimal(2)),))]


def use(plan: PricePlan) -> None:
    assert mark_used([plan.pk], now=NOW) == 1


@pytest.mark.case("crmcom:R1")
def test_an_unused_plan_is_edited() -> None:
    rate = RateFactory(base_amount=Decimal(30))

    change_rate(rate, base_amount=Decimal("31.50"), setup_fee=Decimal(5))

    rate.refresh_from_db()
    assert (rate.base_amount, rate.setup_fee) == (Decimal("31.50"), Decimal(5))


@pytest.mark.case("crmcom:R2")
def test_a_used_plan_refuses_to_change_a_rate() -> None:
    rate = RateFactory(base_amount=Decimal(30))
    use(rate.plan)

    with pytest.raises(PlanInUse, match="has been used"):
        change_rate(rate, base_amount=Decimal(31))

    rate.refresh_from_db()
    assert rate.base_amount == Decimal(30)


def test_a_used_plan_refuses_to_remove_a_rate() -> None:
    rate = RateFactory()
    use(rate.plan)

    with pytest.raises(PlanInUse):
        remove_rate(rate)

    assert rate.plan.rates.count() == 1


@pytest.mark.case("crmcom:R3")
def test_a_used_plan_takes_a_product_that_is_not_in_it() -> None:
    plan = RateFactory().plan
    use(plan)
    product = ProductFactory()

    add_rate(plan, product=product, basis=Basis.MATURITY, phases=PHASES)

    added = kernel_rates([plan.pk])[plan.pk, product.pk, None]
    assert added.phases == PHASES


@pytest.mark.case("crmcom:R4")
def test_a_used_plan_refuses_a_product_that_is_in_it() -> None:
    rate = RateFactory()
    use(rate.plan)

    with pytest.raises(PlanInUse, match="already has a rate"):
        add_rate(rate.plan, product=rate.product, basis=Basis.MATURITY)

    assert rate.plan.rates.count() == 1


@pytest.mark.case("crmcom:R5")
def test_replacing_a_used_plan_lets_it_expire_and_the_copy_take_over() -> None:
    rate = RateFactory(base_amount=Decimal(30), phases=PHASES, setup_fee=Decimal(15))
    old = rate.plan
    use(old)

    new = replace_plan(old, code="tv-2026", name="TV 2026", by=None, on=date(2026, 2, 1))

    old.refresh_from_db()
    assert (old.state, old.replaced_by) == (PlanState.EXPIRED, new)
    assert (new.state, new.used_at, new.currency) == (PlanState.EFFECTIVE, None, "EUR")
    copied = kernel_rates([new.pk])[new.pk, rate.product_id, None]
    assert (copied.phases, copied.setup_fee) == (PHASES, Decimal(15))


def test_the_rates_of_a_replacement_change_before_it_takes_over() -> None:
    rate = RateFactory(base_amount=Decimal(30))
    use(rate.plan)
    draft = draft_replacement(rate.plan, code="tv-2026", name="TV 2026")
    change_rate(draft.rates.get(), base_amount=Decimal(33))

    take_over(draft, by=None, on=date(2026, 2, 1))

    rate.plan.refresh_from_db()
    assert rate.plan.state == PlanState.EXPIRED
    assert kernel_rates([draft.pk])[draft.pk, rate.product_id, None].base_amount == Decimal(33)


def test_a_plan_has_one_replacement_in_preparation() -> None:
    plan = RateFactory().plan
    draft_replacement(plan, code="first", name="First")

    with pytest.raises(ReplacementExists):
        draft_replacement(plan, code="second", name="Second")


def test_a_drafted_replacement_does_not_become_effective_without_taking_over() -> None:
    draft = draft_replacement(RateFactory().plan, code="first", name="First")

    with pytest.raises(WrongPlanState, match="let it take over"):
        make_effective(draft)


def test_an_expired_plan_takes_no_more_products() -> None:
    old = RateFactory().plan
    replace_plan(old, code="new", name="New", by=None, on=date(2026, 2, 1))

    with pytest.raises(PlanExpired):
        add_rate(old, product=ProductFactory(), basis=Basis.MATURITY)


def test_a_used_plan_keeps_its_currency() -> None:
    plan = RateFactory().plan
    use(plan)

    with pytest.raises(PlanInUse):
        update_plan(plan, currency="USD")


class MoveTerms:
    """Notes what a handler of an upper app is told."""

    told: list[tuple[str, str, date]] = []

    def plan_replaced(self, old: PricePlan, new: PricePlan, *, by: object, on: date) -> None:
        self.told.append((old.state, new.state, on))


def test_handlers_of_upper_apps_are_told_of_the_replacement(settings) -> None:
    settings.PLAN_REPLACED_HANDLERS = [f"{__name__}.MoveTerms"]

    replace_plan(RateFactory().plan, code="new", name="New", by=None, on=date(2026, 2, 1))

    assert MoveTerms.told == [("EXPIRED", "EFFECTIVE", date(2026, 2, 1))]


def test_marking_a_plan_used_again_changes_nothing() -> None:
    plan = RateFactory().plan
    use(plan)

    assert mark_used([plan.pk], now=datetime(2026, 3, 1, tzinfo=UTC)) == 0

    plan.refresh_from_db()
    assert plan.used_at == NOW


RAW = {
    "change a rate": "UPDATE pricing_priceplanrate SET base_amount = 1 WHERE id = {rate}",
    "remove a rate": "DELETE FROM pricing_priceplanrate WHERE id = {rate}",
    "move a rate out": "UPDATE pricing_priceplanrate SET plan_id = {other} WHERE id = {rate}",
    "move a rate in": "UPDATE pricing_priceplanrate SET plan_id = {plan} WHERE plan_id = {other}",
    "rate of a product in it": (
        "INSERT INTO pricing_priceplanrate (plan_id, product_id, bundle_id, basis, tiered,"
        " per_count, per_unit, base_amount, tax_inclusive, setup_fee, deposit, effective_from,"
        " after_last, setup, tier_rule, minimum, base_per, time_unit)"
        " SELECT plan_id, product_id, product_id, basis, tiered, per_count, per_unit,"
        " 1, tax_inclusive, setup_fee, deposit, effective_from, after_last, setup, tier_rule,"
        " minimum, base_per, time_unit FROM pricing_priceplanrate WHERE id = {rate}"
    ),
    "change a phase": "UPDATE pricing_ratephase SET amount = 1 WHERE rate_id = {rate}",
    "remove a phase": "DELETE FROM pricing_ratephase WHERE rate_id = {rate}",
    "add a phase": (
        "INSERT INTO pricing_ratephase (rate_id, position, count, unit, times, amount)"
        " VALUES ({rate}, 9, 1, 'MONTH', 1, 1)"
    ),
    "change a tier": "UPDATE pricing_ratetier SET unit_rate = 1 WHERE rate_id = {rate}",
    "remove a tier": "DELETE FROM pricing_ratetier WHERE rate_id = {rate}",
    "add a tier": (
        "INSERT INTO pricing_ratetier (rate_id, phase, position, unit_rate, fixed, block)"
        " VALUES ({rate}, 2, 9, 1, 0, 1)"
    ),
    "forget its use": "UPDATE pricing_priceplan SET used_at = NULL WHERE id = {plan}",
    "change the currency": "UPDATE pricing_priceplan SET currency = 'USD' WHERE id = {plan}",
    "delete the plan": "DELETE FROM pricing_priceplan WHERE id = {plan}",
}


@pytest.mark.parametrize("statement", RAW.values(), ids=RAW)
def test_the_database_refuses_to_change_a_used_plan(statement: str) -> None:
    rate = RateFactory(basis=Basis.QUANTITY_AND_MATURITY, phases=TIERED_PHASES)
    other = RateFactory().plan
    use(rate.plan)

    with (
        pytest.raises(IntegrityError, match="has been used"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(rate=rate.pk, plan=rate.plan_id, other=other.pk))


@pytest.mark.parametrize(
    "statement",
    [pytest.param(text, id=name) for name, text in RAW.items() if name != "forget its use"],
)
def test_the_database_takes_the_same_while_no_plan_is_used(statement: str) -> None:
    rate = RateFactory(basis=Basis.QUANTITY_AND_MATURITY, phases=TIERED_PHASES)
    other = RateFactory().plan

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(statement.format(rate=rate.pk, plan=rate.plan_id, other=other.pk))
        changed = cursor.rowcount
        transaction.set_rollback(True)

    assert changed > 0
