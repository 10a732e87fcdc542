"""Quantity tiers of a rate: what is taken, refused at which row, and what billing gets."""

from dataclasses import replace
from decimal import Decimal

import pytest

from pricing.kernel.periods import Duration, Unit
from pricing.kernel.rates import BasePer, Basis, Phase, Rate, SetUpFee, TimeUnit
from pricing.kernel.tiers import Tier, TierRule
from pricing.models import PricePlanRate
from pricing.operations.plans import (
    NoMinimum,
    NoSetUpFee,
    WrongAmount,
    WrongTiers,
    add_rate,
    change_rate,
    draft_replacement,
)
from pricing.operations.rate_checks import RateTierRow, tiers_by_phase
from pricing.operations.rates import terms_of
from pricing.queries.rates import kernel_rates
from tests.catalog.factories import ProductFactory
from tests.pricing.factories import PricePlanFactory, RateFactory

pytestmark = pytest.mark.django_db
D = Decimal
MONTH = Duration(1, Unit.MONTH)
TIERS = (Tier(D(3), D(99)), Tier(D(6), D("89.0000000001"), D(5)), Tier(None, D(59)))


def stored(rate: PricePlanRate) -> Rate:
    return kernel_rates([rate.plan_id])[rate.plan_id, rate.product_id, None]


def test_billing_gets_all_that_was_entered() -> None:
    terms = {
        "basis": Basis.QUANTITY_AND_MATURITY,
        "tiers": TIERS,
        "tier_rule": TierRule.VOLUME,
        "minimum": D(50),
        "base_per": BasePer.PERIOD,
        "setup_fee": D(25),
        "setup": SetUpFee.ON_OPEN,
        "deposit": D(100),
    }

    found = stored(RateFactory(**terms))

    assert {name: getattr(found, name) for name in terms} == terms


def test_each_phase_has_its_tiers() -> None:
    phases = (Phase(MONTH, 3, D(0)), Phase(MONTH, 6, D(0), TIERS), Phase(MONTH, 0, D(0), TIERS[:1]))

    found = stored(RateFactory(basis=Basis.QUANTITY_AND_MATURITY, phases=phases))

    assert (found.phases, found.tiers) == (phases, ())


def test_a_one_time_service_is_priced_by_the_hour() -> None:
    rate = RateFactory(
        product=ProductFactory(one_time=True), basis=Basis.DURATION, time_unit=TimeUnit.HOUR
    )

    assert (stored(rate).time_unit, stored(rate).is_once) == (TimeUnit.HOUR, True)


def test_tiers_are_changed_and_kept_and_copied_to_a_replacement() -> None:
    rate = RateFactory(basis=Basis.QUANTITY_AND_MATURITY, tiers=TIERS)
    rows = list(rate.tiers.values_list("pk", flat=True))

    kept = change_rate(rate, base_amount=D(1))
    assert list(kept.tiers.values_list("pk", flat=True)) == rows
    changed = change_rate(kept, tiers=TIERS[1:])
    copy = draft_replacement(rate.plan, code="new", name="New").rates.get()

    assert terms_of(changed).tiers == terms_of(copy).tiers == TIERS[1:]
    assert copy.tiered


@pytest.mark.parametrize(
    ("terms", "error", "match"),
    [
        pytest.param(
            {"basis": "MATURITY", "tiers": TIERS}, WrongTiers, "Tiers need", id="by maturity only"
        ),
        pytest.param(
            {"phases": [Phase(MONTH, 0, D(1))], "tiers": TIERS}, WrongTiers, "a phase", id="whose"
        ),
        pytest.param({"tiers": TIERS[::-1]}, WrongTiers, "Only the last", id="wrong order"),
        pytest.param(
            {"tiers": [Tier(D(3)), Tier(D(3))]}, WrongTiers, "ends above", id="no units left"
        ),
        pytest.param({"tiers": [Tier(D(3), D(-1))]}, WrongTiers, "0 or more", id="negative"),
        pytest.param({"tiers": [Tier(None, block=D(0))]}, WrongTiers, "block", id="empty block"),
        pytest.param({"tiers": [Tier(None, D("NaN"))]}, WrongTiers, "digits", id="no number"),
        pytest.param({"minimum": D(-1)}, WrongAmount, "less than 0", id="negative minimum"),
        pytest.param({"deposit": D(-1)}, WrongAmount, "less than 0", id="negative deposit"),
        pytest.param({"basis": "MATURITY", "minimum": D(1)}, NoMinimum, "minimum", id="minimum"),
    ],
)
def test_prices_that_cannot_stand_are_refused(terms, error: type[Exception], match: str) -> None:
    plan = PricePlanFactory()

    with pytest.raises(error, match=match):
        add_rate(plan, product=ProductFactory(), **{"basis": Basis.QUANTITY_AND_MATURITY, **terms})

    assert not plan.rates.exists()


def test_what_is_paid_once_has_no_set_up_fee() -> None:
    with pytest.raises(NoSetUpFee):
        RateFactory(product=ProductFactory(expense=True), basis="QUANTITY", setup_fee=D(1))


ROWS = [RateTierRow(D(3), D(99)), RateTierRow(D(6), D(89), above=D(3)), RateTierRow(None, D(59))]


@pytest.mark.parametrize(
    ("rows", "phases", "row", "field", "match"),
    [
        pytest.param(
            [ROWS[0], replace(ROWS[1], above=D(4))], 0, 1, "above", "leaves a gap", id="gap"
        ),
        pytest.param(
            [ROWS[0], replace(ROWS[1], above=D(2))], 0, 1, "above", "It overlaps", id="overlap"
        ),
        pytest.param([*ROWS, ROWS[0]], 0, 2, "up_to", "Only the last tier", id="after the last"),
        pytest.param(ROWS, 2, 0, "phase", "Name the phase", id="of no phase"),
        pytest.param(
            [replace(ROWS[0], phase=1), replace(ROWS[1], phase=3)],
            2,
            1,
            "phase",
            "no phase 3",
            id="of a phase that is not there",
        ),
    ],
)
def test_rows_of_tiers_are_refused_at_the_row(
    rows: list[RateTierRow], phases: int, row: int, field: str, match: str
) -> None:
    with pytest.raises(WrongTiers, match=match) as refused:
        tiers_by_phase(rows, phases)

    assert (refused.value.row, refused.value.field) == (row, field)


def test_rows_of_several_phases_may_stand_in_any_order() -> None:
    rows = [replace(ROWS[0], phase=2), replace(ROWS[0], phase=1), replace(ROWS[1], phase=2)]

    found = tiers_by_phase(rows, 2)

    assert {phase: len(tiers) for phase, tiers in found.items()} == {2: 2, 1: 1}
