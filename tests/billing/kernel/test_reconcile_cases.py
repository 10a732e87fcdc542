"""The acceptance cases on cycles, parts of cycles and price phases, through reconcile."""

from __future__ import annotations

from decimal import Decimal

import pytest

from billing.kernel.reconcile import BillMode, ChargeKind, Override, Spell, reconcile
from pricing.kernel.periods import Duration, Unit
from pricing.kernel.rates import AfterLast, Basis, Phase, Rate
from tests.billing.kernel.histories import (
    MONTH,
    day,
    history,
    live,
    monthly,
    net,
    period,
    rows,
    spell,
    terms,
)


def case(*ids: str) -> list[pytest.MarkDecorator]:
    return [pytest.mark.case(each) for each in ids]


@pytest.mark.parametrize(
    ("start", "price", "billing_day", "end", "amount"),
    [
        pytest.param(
            "2025-01-15",
            "31.00",
            1,
            "2025-02-01",
            "17.00",
            marks=case("billmax:P1", "billmax:P1a", "crmcom:M1", "crmcom:M6"),
        ),
        pytest.param("2025-01-15", "30.00", 1, "2025-02-01", "16.45", marks=case("billmax:P1b")),
        pytest.param("2025-01-15", "49.95", 1, "2025-02-01", "27.39", marks=case("billmax:P1c")),
        pytest.param("2025-01-15", "19.99", 1, "2025-02-01", "10.96", marks=case("billmax:P1d")),
        pytest.param(
            "2025-02-15",
            "28.00",
            1,
            "2025-03-01",
            "14.00",
            marks=case("billmax:P2", "billmax:P2a", "crmcom:M2", "crmcom:M7"),
        ),
        pytest.param("2025-02-15", "30.00", 1, "2025-03-01", "15.00", marks=case("billmax:P2b")),
        pytest.param("2025-02-15", "49.95", 1, "2025-03-01", "24.98", marks=case("billmax:P2c")),
        pytest.param("2024-02-15", "30.00", 1, "2024-03-01", "15.52", marks=case("billmax:P3")),
        pytest.param("2024-02-15", "29.00", 1, "2024-03-01", "15.00", marks=case("crmcom:M3")),
        pytest.param("2025-04-15", "30.00", 1, "2025-05-01", "16.00", marks=case("billmax:P4")),
        pytest.param("2025-01-31", "30.00", 1, "2025-02-01", "0.97", marks=case("billmax:P5")),
        pytest.param("2025-01-31", "31.00", 1, "2025-02-01", "1.00", marks=case("crmcom:M5")),
        pytest.param(
            "2025-01-01",
            "30.00",
            1,
            "2025-02-01",
            "30.00",
            marks=case("billmax:P6", "crmcom:M4"),
        ),
        pytest.param("2025-01-20", "30.00", 15, "2025-02-15", "25.16", marks=case("billmax:P7")),
    ],
)
def test_the_first_part_costs_its_days_of_the_cycle(
    start: str, price: str, billing_day: int, end: str, amount: str
) -> None:
    given = history(spell(start), under=terms(billing_day=billing_day), rate=monthly(price))

    found = reconcile(given, horizon=day(start))

    assert rows(found.charges) == [(start, end, amount)]
    assert found.rated_up_to == day(end)


@pytest.mark.parametrize(
    ("bill_next_term", "amounts", "next_bill"),
    [
        pytest.param(False, ["17.00"], "2025-02-01", marks=case("billmax:P8", "billmax:P10")),
        pytest.param(
            True, ["17.00", "31.00"], "2025-03-01", marks=case("billmax:P9", "billmax:P10")
        ),
    ],
)
def test_the_next_full_term_is_billed_with_the_first_part_if_asked(
    *, bill_next_term: bool, amounts: list[str], next_bill: str
) -> None:
    given = history(spell("2025-01-15"), under=terms(bill_next_term=bill_next_term))

    found = reconcile(given, horizon=day("2025-01-15"))

    assert [row[2] for row in rows(found.charges)] == amounts
    assert found.rated_up_to == day(next_bill)


@pytest.mark.parametrize(
    ("start", "quantity", "amount"),
    [
        pytest.param("2025-01-15", "3", "51.00", marks=case("billmax:P11")),
        pytest.param("2025-01-01", "2.5", "77.50", marks=case("billmax:P12")),
    ],
)
def test_the_price_is_asked_for_each_unit(start: str, quantity: str, amount: str) -> None:
    given = history(spell(start, quantity=quantity))

    found = reconcile(given, horizon=day(start))

    assert [row[2] for row in rows(found.charges)] == [amount]


@pytest.mark.case("billmax:T1")
@pytest.mark.case("crmcom:M8")
def test_three_two_month_terms_then_single_months() -> None:
    rate = Rate(
        3,
        Basis.MATURITY,
        MONTH,
        Decimal(0),
        (Phase(Duration(2, Unit.MONTH), 3, Decimal("10.00")), Phase(MONTH, 0, Decimal("10.00"))),
    )

    found = reconcile(history(spell("2025-01-01"), rate=rate), horizon=day("2025-08-01"))

    assert rows(found.charges) == [
        ("2025-01-01", "2025-03-01", "10.00"),
        ("2025-03-01", "2025-05-01", "10.00"),
        ("2025-05-01", "2025-07-01", "10.00"),
        ("2025-07-01", "2025-08-01", "10.00"),
        ("2025-08-01", "2025-09-01", "10.00"),
    ]


@pytest.mark.case("billmax:T2")
@pytest.mark.case("crmcom:M9")
def test_three_quarterly_terms_and_then_nothing() -> None:
    quarter = Duration(3, Unit.MONTH)
    rate = Rate(
        3,
        Basis.QUANTITY_AND_MATURITY,
        quarter,
        Decimal(0),
        (Phase(quarter, 3, Decimal("10.00")),),
        AfterLast.STOP,
    )

    found = reconcile(
        history(spell("2025-01-01", quantity="2"), rate=rate), horizon=day("2026-12-31")
    )

    assert rows(found.charges) == [
        ("2025-01-01", "2025-04-01", "20.00"),
        ("2025-04-01", "2025-07-01", "20.00"),
        ("2025-07-01", "2025-10-01", "20.00"),
    ]
    assert found.rated_up_to == day("2025-10-01")


@pytest.mark.parametrize(
    ("after_last", "amounts"),
    [
        pytest.param(AfterLast.STOP, [10, 10, 20, 30], marks=case("billmax:T3")),
        pytest.param(AfterLast.KEEP, [10, 10, 20, 30, 30, 30, 30, 30], marks=case("billmax:T4")),
        pytest.param(AfterLast.REPEAT, [10, 10, 20, 30, 10, 10, 20, 30], marks=case("billmax:T5")),
    ],
)
def test_what_is_charged_after_the_last_phase(after_last: AfterLast, amounts: list[int]) -> None:
    phases = (
        Phase(MONTH, 2, Decimal("10.00")),
        Phase(MONTH, 1, Decimal("20.00")),
        Phase(MONTH, 1, Decimal("30.00")),
    )
    rate = Rate(3, Basis.MATURITY, MONTH, Decimal(0), phases, after_last)

    found = reconcile(history(spell("2025-01-01"), rate=rate), horizon=day("2025-08-01"))

    assert [each.amount for each in found.charges] == amounts


@pytest.mark.case("crmcom:R13")
def test_a_first_part_does_not_use_up_a_price_phase() -> None:
    rate = Rate(
        3,
        Basis.MATURITY,
        MONTH,
        Decimal(0),
        (Phase(MONTH, 3, Decimal("10.00")), Phase(MONTH, 0, Decimal("20.00"))),
    )

    whole = reconcile(history(spell("2025-01-01"), rate=rate), horizon=day("2025-05-01"))
    part = reconcile(history(spell("2025-01-31"), rate=rate), horizon=day("2025-05-01"))

    assert [each.amount for each in whole.charges] == [10, 10, 10, 20, 20]
    assert [row[2] for row in rows(part.charges)] == ["0.32", "10.00", "10.00", "10.00", "20.00"]


@pytest.mark.parametrize(
    ("rated_up_to", "billed"),
    [
        pytest.param("2025-06-30", True, marks=case("crmcom:N2")),
        pytest.param("2025-07-01", False, marks=case("crmcom:N3")),
    ],
)
def test_a_service_is_billed_if_it_is_rated_up_to_the_run_date_or_less(
    *, rated_up_to: str, billed: bool
) -> None:
    first = day(rated_up_to)
    given = history(spell("2025-01-01"), under=terms(billing_day=first.day))

    found = reconcile(given, horizon=day("2025-06-30"), since=first)

    assert bool(found.charges) is billed


@pytest.mark.case("crmcom:N15")
def test_terms_replaced_within_a_cycle_rate_their_own_stretch() -> None:
    given = history(
        spell("2025-04-01"),
        under=[terms(end="2025-04-16"), terms("2025-04-16", plan=2)],
        rates={(1, 7): monthly("30.00"), (2, 7): monthly("60.00", 4)},
    )

    found = reconcile(given, horizon=day("2025-04-30"))

    assert rows(found.charges) == [
        ("2025-04-01", "2025-04-16", "15.00"),
        ("2025-04-16", "2025-05-01", "30.00"),
    ]


# Suspend and re-open: one unit of currency a day, January 31.00 and February 28.00.
def january(start: str = "2025-01-01", end: str = "2025-02-01") -> Spell:
    return spell(start, end, override="31.00")


def february(start: str = "2025-02-01") -> Spell:
    return spell(start, override="28.00")


@pytest.mark.parametrize(
    ("after", "horizon", "expected", "next_bill"),
    [
        pytest.param(
            [
                january(end="2025-01-16"),
                spell("2025-01-16", "2025-01-20", BillMode.NONE),
                january("2025-01-20"),
                february(),
            ],
            "2025-01-20",
            "-4.00",
            "2025-02-01",
            id="returned inside the term",
            marks=case("billmax:R1"),
        ),
        pytest.param(
            [
                january(end="2025-01-16"),
                spell("2025-01-16", "2025-01-20", BillMode.KEEP),
                january("2025-01-20"),
                february(),
            ],
            "2025-01-20",
            "0.00",
            "2025-02-01",
            id="kept inside the term",
            marks=case("billmax:R1b"),
        ),
        pytest.param(
            [january(), spell("2025-02-01", "2025-02-02", BillMode.NONE), february("2025-02-02")],
            "2025-02-02",
            "27.00",
            "2025-03-01",
            id="returned at the start of the next term",
            marks=case("billmax:R2"),
        ),
        pytest.param(
            [
                january(end="2025-01-16"),
                spell("2025-01-16", "2025-02-15", BillMode.NONE),
                february("2025-02-15"),
            ],
            "2025-02-15",
            "-2.00",
            "2025-03-01",
            id="returned across two terms",
            marks=case("billmax:R3"),
        ),
    ],
)
def test_suspended_days_are_returned_or_kept(
    after: list[Spell], horizon: str, expected: str, next_bill: str
) -> None:
    before = history(january(), february())
    billed = live(reconcile(before, horizon=day("2025-01-31")).charges)

    found = reconcile(history(*after), rated=billed, horizon=day(horizon), since=day("2025-01-16"))

    assert net(billed, found) == Decimal(expected)
    assert found.rated_up_to == day(next_bill)


@pytest.mark.case("billmax:R4")
def test_days_billed_while_suspended_are_returned() -> None:
    billed = live(reconcile(history(january(), february()), horizon=day("2025-02-15")).charges)
    opened = history(
        january(end="2025-01-16"),
        spell("2025-01-16", "2025-02-15", BillMode.NONE),
        february("2025-02-15"),
    )

    found = reconcile(opened, rated=billed, horizon=day("2025-02-15"), since=day("2025-01-16"))

    assert net(billed, found) == Decimal("-30.00")
    assert found.rated_up_to == day("2025-03-01")


@pytest.mark.case("crmcom:N10")
def test_an_adjusted_item_is_reversed_and_rated_at_the_decided_amount() -> None:
    given = history(spell("2025-01-01", "2025-02-01"), rate=monthly("30.00"))
    billed = live(reconcile(given, horizon=day("2025-01-31")).charges)
    decision = Override(period("2025-01-01", "2025-02-01"), ChargeKind.RECURRING, Decimal(20))

    found = reconcile(given, overrides=[decision], rated=billed, horizon=day("2025-01-31"))

    assert [each.item_id for each in found.reversals] == [1]
    assert rows(found.charges) == [("2025-01-01", "2025-02-01", "20.00")]
    assert net(billed, found) == Decimal("-10.00")
