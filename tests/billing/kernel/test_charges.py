"""What a charge says of itself, and how a person's decisions share its days."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from billing.kernel.history import Charge, ChargeKind
from billing.kernel.reconcile import Override, reconcile
from pricing.kernel.rates import Rate
from pricing.kernel.steps import Rule, Step
from pricing.kernel.tiers import Tier
from tests.billing.kernel.histories import day, history, monthly, period, rows, spell

JANUARY = period("2025-01-01", "2025-02-01")
RATE = replace(monthly("15.50"), tax_inclusive=True)


def decided(start: str, end: str | None, amount: str | None) -> Override:
    figure = None if amount is None else Decimal(amount)
    return Override(period(start, end), ChargeKind.RECURRING, figure)


@pytest.mark.parametrize("decision", [None, decided("2025-03-01", "2025-04-01", "1.00")])
def test_a_plain_charge_says_what_it_is_for(decision: Override | None) -> None:
    given = history(spell("2025-01-01", quantity="2"), rate=RATE)

    found = reconcile(
        given, overrides=[] if decision is None else [decision], horizon=day("2025-01-01")
    )

    assert found.charges == (
        Charge(
            kind=ChargeKind.RECURRING,
            period=JANUARY,
            cycle=JANUARY,
            source_key="",
            product_id=7,
            quantity=Decimal(2),
            rate_amount=Decimal("31.00"),
            amount=Decimal("31.00"),
            tax_inclusive=True,
            rate_id=3,
            account_id=5,
        ),
    )


@pytest.mark.parametrize(
    "rate",
    [
        replace(RATE, base_amount=Decimal(0), tiers=(Tier(None, Decimal("7.75")),)),
        replace(RATE, base_amount=Decimal("1.00"), minimum=Decimal("15.50")),
    ],
    ids=["tiers", "minimum"],
)
def test_tiers_and_a_minimum_charge_are_no_plain_price(rate: Rate) -> None:
    found = reconcile(history(spell("2025-01-01", quantity="2"), rate=rate), horizon=JANUARY.start)

    assert rows(found.charges) == [("2025-01-01", "2025-02-01", "15.50")]
    assert found.charges[0].steps


def test_decisions_are_made_of_days_each_by_itself() -> None:
    waived = decided("2025-01-01", "2025-01-11", None)
    lower = decided("2025-01-11", "2025-01-21", "3.00")

    found = reconcile(
        history(spell("2025-01-01")), overrides=[waived, lower], horizon=day("2025-01-01")
    )

    assert rows(found.charges) == [
        ("2025-01-11", "2025-01-21", "3.00"),
        ("2025-01-21", "2025-02-01", "11.00"),
    ]
    figures = (("decided", Decimal("3.00")), ("days", 10), ("of_days", 10))
    assert found.charges[0].steps == (Step(Rule.DECIDED, Decimal("3.00"), figures),)


def test_a_decision_without_an_end_is_shared_by_what_is_charged_of_it() -> None:
    given = history(
        spell("2025-01-01", "2025-01-11"),
        spell("2025-01-11", "2025-01-21", quantity="2"),
        spell("2025-01-21", "2025-01-31"),
    )

    found = reconcile(
        given, overrides=[decided("2025-01-01", None, "3.00")], horizon=day("2025-01-01")
    )

    assert rows(found.charges) == [
        ("2025-01-01", "2025-01-11", "1.00"),
        ("2025-01-11", "2025-01-21", "1.00"),
        ("2025-01-21", "2025-01-31", "1.00"),
    ]
    figures = (("decided", Decimal("3.00")), ("days", 10), ("of_days", None))
    assert found.charges[0].steps == (Step(Rule.DECIDED, Decimal("1.00"), figures),)
