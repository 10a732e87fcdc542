"""What a charge says of itself, and how a person's decisions share its days."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from billing.kernel.history import Charge, ChargeKind
from billing.kernel.reconcile import Override, reconcile
from pricing.kernel.steps import Rule, Step
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
        spell("2025-01-01", "2025-01-16"), spell("2025-01-16", "2025-01-31", quantity="2")
    )

    found = reconcile(
        given, overrides=[decided("2025-01-01", None, "3.00")], horizon=day("2025-01-01")
    )

    assert rows(found.charges) == [
        ("2025-01-01", "2025-01-16", "1.50"),
        ("2025-01-16", "2025-01-31", "1.50"),
    ]
    figures = (("decided", Decimal("3.00")), ("days", 15), ("of_days", None))
    assert found.charges[0].steps == (Step(Rule.DECIDED, Decimal("1.50"), figures),)
