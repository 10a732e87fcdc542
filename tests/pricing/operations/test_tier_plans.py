"""Tier plans: what they take, what they refuse at the row, the freeze, clones."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from pricing.kernel.usage import Sample, Style, price_usage
from pricing.models import TierPlan, TierPlanTier
from pricing.operations.plan_records import CodeTaken
from pricing.operations.tier_plans import (
    TierRow,
    WrongTiers,
    change_tier_plan,
    clone_tier_plan,
    create_tier_plan,
)
from pricing.operations.usage_records import (
    StillNeeded,
    UsagePlanInUse,
    WrongFigure,
    delete_usage_plan,
    mark_used,
)
from pricing.operations.voice_plans import set_usage_plan
from pricing.queries.usage_plans import reduced, usage_plan_of, usage_plan_values
from tests.catalog.factories import ProductFactory
from tests.pricing.factories import CurrencyFactory, TierPlanFactory

pytestmark = pytest.mark.django_db
D = Decimal
NOW = datetime(2026, 1, 15, tzinfo=UTC)
TIERS = (TierRow(D(10), D(1)), TierRow(D(50), D("0.80")), TierRow(None, D("0.50")))


def marginal(**changes: object) -> TierPlan:
    return TierPlanFactory(
        **{"style": "MARGINAL", "tiers": TIERS, "unit_price": D(0), "free_units": D(0), **changes}
    )


@pytest.mark.case("billmax:U8")
def test_a_stored_plan_prices_as_the_kernel_does() -> None:
    plan = usage_plan_of(marginal())

    assert price_usage(plan, D(75)).amount == D("54.50")


def test_plans_are_loaded_by_two_queries(django_assert_num_queries) -> None:
    ids = [marginal().pk, TierPlanFactory().pk]

    with django_assert_num_queries(2):
        plans = usage_plan_values(ids)

    assert [plan.style for plan in plans.values()] == [Style.MARGINAL, Style.LINEAR]


def test_samples_are_reduced_as_the_plan_says() -> None:
    samples = [Sample(D(2), D(5)), Sample(D(8), D(1))]

    assert reduced(TierPlanFactory(), samples) == D(16)
    assert reduced(TierPlanFactory(reduction="MAXIMUM", direction="IN"), samples) == D(8)


@pytest.mark.parametrize(
    ("tiers", "row", "field", "words"),
    [
        pytest.param([TierRow(D(10)), TierRow(D(5))], 1, "up_to", "ends above", id="falls"),
        pytest.param([TierRow(None), TierRow(D(5))], 0, "up_to", "Only the last", id="endless"),
        pytest.param(
            [TierRow(D(10)), TierRow(D(20), above=D(12))], 1, "above", "gap", id="leaves a gap"
        ),
        pytest.param(
            [TierRow(D(10)), TierRow(D(20), above=D(8))], 1, "above", "overlaps", id="overlaps"
        ),
        pytest.param([TierRow(D(10), above=D(1))], 0, "above", "gap after 0", id="from 1"),
        pytest.param([TierRow(D(10), rate=D(-1))], 0, "rate", "0 or more", id="negative"),
        pytest.param([], None, "up_to", "at least one", id="none"),
    ],
)
def test_tiers_are_refused_at_the_row(tiers, row, field, words) -> None:
    with pytest.raises((WrongTiers, WrongFigure), match=words) as refusal:
        marginal(tiers=tiers)

    assert (refusal.value.row, refusal.value.field) == (row, field)


def test_a_linear_plan_has_no_tiers() -> None:
    with pytest.raises(WrongTiers):
        TierPlanFactory(tiers=TIERS)


@pytest.mark.parametrize("percentile", ["0", "100.01"])
def test_a_percentile_is_at_most_100(percentile: str) -> None:
    with pytest.raises(WrongFigure) as refusal:
        TierPlanFactory(percentile=D(percentile))

    assert refusal.value.field == "percentile"


def test_a_code_is_taken_once() -> None:
    code = TierPlanFactory().code

    with pytest.raises(CodeTaken):
        create_tier_plan(code=code, name="Other", currency=CurrencyFactory().code)


def test_tiers_are_changed_by_place_with_their_history() -> None:
    plan = marginal()

    change_tier_plan(plan, tiers=(TIERS[0], TierRow(None, D("0.70"))))

    assert [tier.rate for tier in plan.tiers.order_by("position")] == [D(1), D("0.70")]
    assert TierPlanTier.history.filter(plan_id=plan.pk, history_type="-").count() == 1
    assert TierPlanTier.history.filter(plan_id=plan.pk, history_type="~").count() == 1


def test_a_used_plan_keeps_its_prices_and_may_be_renamed() -> None:
    plan = marginal()
    assert mark_used(TierPlan, [plan.pk], now=NOW) == 1
    assert mark_used(TierPlan, [plan.pk], now=NOW) == 0

    change_tier_plan(plan, name="Renamed")

    for changes in ({"free_units": D(5)}, {"tiers": TIERS[:1]}):
        with pytest.raises(UsagePlanInUse):
            change_tier_plan(plan, **changes)
    with pytest.raises(UsagePlanInUse):
        delete_usage_plan(plan)
    assert clone_tier_plan(plan, code="copy", name="Copy").used_at is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE pricing_tierplan SET free_units = 5",
        "UPDATE pricing_tierplan SET used_at = NULL",
        "DELETE FROM pricing_tierplantier",
        "UPDATE pricing_tierplantier SET rate = 9",
        (
            "INSERT INTO pricing_tierplantier (plan_id, position, rate, fixed) "
            "SELECT id, 9, 1, 0 FROM pricing_tierplan"
        ),
    ],
)
def test_raw_sql_cannot_change_a_used_plan(statement: str) -> None:
    mark_used(TierPlan, [marginal().pk], now=NOW)

    with (
        pytest.raises(IntegrityError, match="has been used"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_a_plan_that_a_product_has_is_kept() -> None:
    plan = marginal()
    set_usage_plan(ProductFactory(), plan)

    with pytest.raises(StillNeeded):
        delete_usage_plan(plan)
