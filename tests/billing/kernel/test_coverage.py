"""Which days of a service are charged, under which terms, and where charges are cut."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from billing.kernel.coverage import (
    Piece,
    covered_until,
    first_days,
    ordered_spells,
    pieces,
)
from billing.kernel.history import BillMode, ChargeKind, Override, Spell
from tests.billing.kernel.histories import day, history, period, spell, terms


@pytest.mark.parametrize(
    ("spells", "first_shared_day"),
    [
        pytest.param(
            (spell("2025-01-05", "2025-01-10"), spell("2025-01-01", "2025-01-20")),
            "2025-01-05",
            id="one inside the other",
        ),
        pytest.param(
            (spell("2025-01-01"), spell("2025-01-01", quantity="2")), "2025-01-01", id="twins"
        ),
    ],
)
def test_spells_that_share_a_day_are_refused(
    spells: tuple[Spell, ...], first_shared_day: str
) -> None:
    with pytest.raises(ValueError, match=f"overlap on {first_shared_day}$"):
        ordered_spells(history(*spells))


def test_terms_are_taken_in_order_with_the_first_day_they_charge() -> None:
    january, later = terms("2025-01-01", "2025-02-01"), terms("2025-02-01")
    spells = ordered_spells(history(spell("2025-01-15")))

    assert first_days(spells, (later, january)) == [
        (january, day("2025-01-15")),
        (later, day("2025-02-01")),
    ]


@pytest.mark.parametrize(
    "only",
    [
        spell("2025-01-01", "2025-02-01"),
        spell("2025-03-01"),
        spell("2025-02-05", None, BillMode.NONE),
    ],
    ids=["before", "after", "not billed"],
)
def test_terms_without_a_billed_day_charge_nothing(only: Spell) -> None:
    february = terms("2025-02-01", "2025-03-01")

    assert first_days(ordered_spells(history(only)), (february,)) == []


@pytest.mark.parametrize(
    ("spells", "until"),
    [
        pytest.param((), date.max, id="none"),
        pytest.param(
            (spell("2025-01-01", "2025-02-01"), spell("2025-02-01", None, BillMode.NONE)),
            date.max,
            id="goes on unbilled",
        ),
        pytest.param(
            (
                spell("2025-01-01", "2025-02-01"),
                spell("2025-02-01", "2025-03-01", BillMode.NONE),
            ),
            date(2025, 2, 1),
            id="ended unbilled",
        ),
        pytest.param(
            (spell("2025-01-01", "2025-02-01", BillMode.NONE),), date.max, id="never billed"
        ),
    ],
)
def test_a_service_that_has_ended_is_covered_until_its_last_charged_day(
    spells: tuple[Spell, ...], until: date
) -> None:
    stretches = [(each.period.start, each.period.end or date.max, each) for each in spells]

    assert covered_until(stretches) == until


def test_a_decision_that_another_hides_cuts_nothing() -> None:
    january = spell("2025-01-01", "2025-02-01")
    hidden = Override(period("2025-01-05", "2025-01-10"), ChargeKind.RECURRING, Decimal(1))
    shown = Override(period("2024-12-01", "2025-03-01"), ChargeKind.RECURRING, Decimal(2))
    stretch = (day("2025-01-01"), day("2025-02-01"), january)

    assert list(pieces([stretch], [hidden, shown])) == [
        Piece(period("2025-01-01", "2025-02-01"), january, shown)
    ]
