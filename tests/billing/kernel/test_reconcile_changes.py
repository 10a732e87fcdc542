"""Facts that change after they were rated: what is reversed, what is rated again."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from billing.kernel.reconcile import reconcile
from tests.billing.kernel.histories import day, history, live, monthly, rows, spell, terms

FEE = replace(monthly("31.00"), setup_fee=Decimal("25.00"))


def test_a_cancellation_in_the_past_reverses_and_rates_again() -> None:
    billed = live(reconcile(history(spell("2025-01-01")), horizon=day("2025-03-01")).charges)
    cancelled = history(spell("2025-01-01", "2025-02-15"))

    found = reconcile(cancelled, rated=billed, horizon=day("2025-03-05"), since=day("2025-02-15"))

    assert [each.item_id for each in found.reversals] == [2, 3]
    assert rows(found.charges) == [("2025-02-01", "2025-02-15", "15.50")]
    assert found.rated_up_to == day("2025-02-15")


def test_what_ended_before_the_look_began_is_left_alone() -> None:
    billed = live(reconcile(history(spell("2025-01-01")), horizon=day("2025-02-01")).charges)
    dearer = history(spell("2025-01-01"), rate=monthly("99.00"))

    found = reconcile(dearer, rated=billed, horizon=day("2025-02-01"), since=day("2025-02-01"))

    assert [each.item_id for each in found.reversals] == [2]
    assert rows(found.charges) == [("2025-02-01", "2025-03-01", "99.00")]


def test_a_look_forward_needs_only_the_items_after_the_mark() -> None:
    given = history(spell("2021-01-15"), rate=FEE)

    found = reconcile(given, horizon=day("2025-06-01"), since=day("2025-06-01"))

    assert rows(found.charges) == [("2025-06-01", "2025-07-01", "31.00")]
    assert found.reversals == ()


def test_a_cycle_billed_ahead_stays_billed_for_an_earlier_horizon() -> None:
    given = history(spell("2025-01-01"))
    billed = live(reconcile(given, horizon=day("2025-02-01")).charges)

    same = reconcile(given, rated=billed, horizon=day("2025-01-20"))
    cut = reconcile(
        history(spell("2025-01-01", "2025-02-15")), rated=billed, horizon=day("2025-01-20")
    )

    assert (same.charges, same.reversals) == ((), ())
    assert rows(cut.charges) == [("2025-02-01", "2025-02-15", "15.50")]


def test_changing_the_billing_day_cuts_the_running_cycle() -> None:
    billed = live(reconcile(history(spell("2025-01-01")), horizon=day("2025-01-01")).charges)
    moved = history(
        spell("2025-01-01"),
        under=[terms(end="2025-01-15"), terms("2025-01-15", billing_day=15)],
    )

    found = reconcile(moved, rated=billed, horizon=day("2025-01-15"), since=day("2025-01-15"))

    assert rows(found.charges) == [
        ("2025-01-01", "2025-01-15", "14.00"),
        ("2025-01-15", "2025-02-15", "31.00"),
    ]
    assert [each.item_id for each in found.reversals] == [1]


def test_two_equal_live_items_are_one_too_many() -> None:
    given = history(spell("2025-01-01"))
    charges = reconcile(given, horizon=day("2025-01-01")).charges

    found = reconcile(given, rated=live(charges * 2), horizon=day("2025-01-01"))

    assert found.charges == ()
    assert len(found.reversals) == 1
