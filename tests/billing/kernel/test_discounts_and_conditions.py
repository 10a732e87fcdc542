"""What conditional plans and additive discounts make of a service's charges."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from billing.kernel.history import ChargeKind, ServiceHistory
from billing.kernel.reconcile import MissingRate, Override, reconcile
from pricing.kernel.discount_days import ONCE, DatedDiscount, Recurrence, Renewal
from pricing.kernel.discounts import Discount, DiscountKind
from pricing.kernel.periods import Duration, Period, Unit
from pricing.kernel.rates import AfterLast, Basis, Phase, Rate
from pricing.kernel.steps import Rule
from pricing.kernel.tiers import Tier
from pricing.kernel.versions import ConditionalRate
from tests.billing.kernel.histories import (
    MONTH,
    PLAN,
    PRODUCT,
    history,
    live,
    monthly,
    period,
    rows,
    spell,
    terms,
)

ALWAYS = Period(date(2020, 1, 1), None)
JANUARY = date(2026, 1, 1)


def dated(
    kind: DiscountKind,
    value: str,
    *,
    days: Period = ALWAYS,
    recurrence: Recurrence | None = None,
    key: int = 1,
) -> DatedDiscount:
    return DatedDiscount(
        discount=Discount(key, kind, Decimal(value)),
        name=f"Discount {key}",
        period=days,
        since=max(days.start, JANUARY),
        **({"recurrence": recurrence} if recurrence else {}),
    )


def percent(value: str, **options) -> DatedDiscount:
    return dated(DiscountKind.PERCENTAGE, value, **options)


def amount(value: str, **options) -> DatedDiscount:
    return dated(DiscountKind.AMOUNT, value, **options)


def with_discounts(*discounts: DatedDiscount, start: str = "2026-01-01") -> ServiceHistory:
    return replace(history(spell(start)), discounts=discounts)


def charged(given: ServiceHistory, on: date = JANUARY) -> list[tuple[str, str, str]]:
    return rows(reconcile(given, horizon=on).charges)


def test_percentages_and_an_amount_are_taken_off_the_whole_cycle() -> None:
    given = with_discounts(percent("0.1"), amount("5.00", key=2))

    assert charged(given) == [("2026-01-01", "2026-02-01", "22.90")]


def test_an_amount_per_cycle_is_prorated_with_the_charge() -> None:
    given = with_discounts(amount("3.10"), start="2026-01-15")

    assert charged(given, date(2026, 1, 15)) == [("2026-01-15", "2026-02-01", "15.30")]


def test_a_charge_is_cut_where_a_discount_begins() -> None:
    given = with_discounts(percent("0.5", days=Period(date(2026, 1, 11), None)))

    assert charged(given) == [
        ("2026-01-01", "2026-01-11", "10.00"),
        ("2026-01-11", "2026-02-01", "10.50"),
    ]


def test_an_amount_once_is_taken_off_the_first_charge_in_full() -> None:
    given = with_discounts(amount("5.00", recurrence=ONCE), start="2026-01-01")

    assert charged(given, date(2026, 2, 1)) == [
        ("2026-01-01", "2026-02-01", "26.00"),
        ("2026-02-01", "2026-03-01", "31.00"),
    ]


def test_a_free_period_costs_nothing_on_its_days() -> None:
    days = Recurrence(Renewal.NEVER, length=Duration(10, Unit.DAY))
    given = with_discounts(dated(DiscountKind.FREE_PERIOD, "1", recurrence=days))

    assert charged(given) == [
        ("2026-01-01", "2026-01-11", "0.00"),
        ("2026-01-11", "2026-02-01", "21.00"),
    ]


def test_a_persons_decision_takes_the_place_of_discounts() -> None:
    given = with_discounts(percent("0.5"))
    decided = Override(period("2026-01-01", "2026-02-01"), ChargeKind.RECURRING, Decimal(12))

    charges = reconcile(given, overrides=[decided], horizon=JANUARY).charges

    assert rows(charges) == [("2026-01-01", "2026-02-01", "12.00")]
    assert charges[0].steps is not None
    assert [step.rule for step in charges[0].steps] == [Rule.DECIDED]


def test_a_discount_given_later_replaces_what_was_rated() -> None:
    before = reconcile(with_discounts(), horizon=JANUARY).charges

    found = reconcile(with_discounts(percent("0.2")), rated=live(before), horizon=JANUARY)

    assert rows(found.charges) == [("2026-01-01", "2026-02-01", "24.80")]
    assert [each.item_id for each in found.reversals] == [1]


def conditional(
    *holds: Period, rate: Rate | None = None, base: Rate | None = None, **options
) -> ServiceHistory:
    found = ConditionalRate(rate, base, holds, **options)
    return history(spell("2026-01-01"), rates={(PLAN, PRODUCT): found})


MARCH = Period(date(2026, 3, 1), None)


def test_the_conditional_rate_holds_for_cycles_that_begin_while_its_conditions_do() -> None:
    until_mid_february = Period(JANUARY, date(2026, 2, 10))
    given = conditional(until_mid_february, rate=monthly("20.00", 4), base=monthly("31.00"))

    charges = reconcile(given, horizon=date(2026, 3, 1)).charges

    assert [(str(each.amount), each.rate_id) for each in charges] == [
        ("20.00", 4),
        ("20.00", 4),
        ("31.00", 3),
    ]


def test_a_plan_without_a_rate_of_its_own_leaves_the_product_to_its_base() -> None:
    given = conditional(ALWAYS, base=monthly("31.00"))

    assert charged(given) == [("2026-01-01", "2026-02-01", "31.00")]


def test_no_rate_on_the_day_is_refused() -> None:
    with pytest.raises(MissingRate):
        charged(conditional(MARCH, rate=monthly("20.00")))


def test_a_component_is_covered_while_neither_plan_prices_it() -> None:
    given = conditional(MARCH, rate=monthly("20.00"), is_covered=True)

    assert charged(given) == []


def test_cycles_follow_each_other_when_the_lengths_of_base_and_conditional_differ() -> None:
    yearly = Rate(9, Basis.MATURITY, Duration(1, Unit.YEAR), Decimal("300.00"))
    given = conditional(Period(date(2026, 2, 1), date(2026, 2, 2)), rate=yearly, base=monthly("31"))

    assert charged(given, date(2027, 2, 1)) == [
        ("2026-01-01", "2026-02-01", "31.00"),
        ("2026-02-01", "2027-02-01", "300.00"),
        ("2027-02-01", "2027-03-01", "31.00"),
    ]


def test_looking_forward_from_a_mark_finds_the_same_charges() -> None:
    given = conditional(
        Period(date(2026, 4, 1), date(2026, 8, 1)), rate=monthly("20.00"), base=monthly("31.00")
    )

    for month in range(2, 12):
        day = date(2026, month, 1)
        assert rows(reconcile(given, horizon=day, since=day).charges) == charged(given, day)[-1:]


def test_steps_lead_from_the_base_plan_to_the_amount() -> None:
    tiers = (Tier(Decimal(2), Decimal(10)), Tier(None, Decimal(8)))
    tiered = Rate(4, Basis.QUANTITY_AND_MATURITY, MONTH, Decimal(0), tiers=tiers)
    base = Rate(3, Basis.QUANTITY_AND_MATURITY, MONTH, Decimal(12))
    given = replace(
        history(
            spell("2026-01-15", quantity="3"),
            rates={(PLAN, PRODUCT): ConditionalRate(tiered, base, (ALWAYS,))},
        ),
        discounts=(percent("0.1"), amount("5.00", key=2)),
    )

    (charge,) = reconcile(given, horizon=date(2026, 1, 15)).charges

    assert charge.steps is not None
    assert [(step.rule.value, f"{step.amount:.4f}") for step in charge.steps] == [
        ("PLAN_CONDITION", "0.0000"),
        ("BASE_PRICE", "0.0000"),
        ("TIER", "20.0000"),
        ("TIER", "28.0000"),
        ("PLAN_DISCOUNT", "28.0000"),
        ("PERCENTAGE_DISCOUNT", "25.2000"),
        ("AMOUNT_DISCOUNT", "20.2000"),
        ("PRORATION", "11.0774"),
        ("ROUNDING", "11.0800"),
    ]
    assert charge.rate_amount == 28


def test_plain_charges_come_without_steps() -> None:
    (charge,) = reconcile(history(spell("2026-01-15")), horizon=date(2026, 1, 15)).charges

    assert charge.steps is None


def test_phases_and_agreed_prices_come_with_steps() -> None:
    phased = Rate(
        3,
        Basis.MATURITY,
        MONTH,
        Decimal(0),
        phases=(Phase(MONTH, 1, Decimal("10.00")), Phase(MONTH, 1, Decimal("20.00"))),
        after_last=AfterLast.KEEP,
    )
    agreed = history(spell("2026-01-01", override="9.00", quantity="2"), under=terms())

    (first, second) = reconcile(
        history(spell("2026-01-01"), rate=phased), horizon=date(2026, 2, 1)
    ).charges
    (charge,) = reconcile(agreed, horizon=JANUARY).charges

    assert [step.rule for step in (*(first.steps or ()), *(second.steps or ()))] == [
        Rule.PHASE,
        Rule.PHASE,
    ]
    assert [step.rule for step in charge.steps or ()] == [Rule.PRICE_OVERRIDE, Rule.QUANTITY]
