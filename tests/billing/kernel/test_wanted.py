"""Which charges a history asks for: by product and terms, once, and ahead."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from billing.kernel.history import BillMode, ChargeKind, ServiceHistory
from billing.kernel.reconcile import OneTime, Override, Rated, reconcile
from pricing.kernel.discount_days import ONCE, DatedDiscount, Recurrence, Renewal
from pricing.kernel.discounts import Discount, DiscountKind
from pricing.kernel.periods import Duration, Period, Unit
from pricing.kernel.rates import SetUpFee
from tests.billing.kernel.histories import (
    ACCOUNT,
    day,
    history,
    monthly,
    period,
    rows,
    spell,
    terms,
)

WEEK = Duration(1, Unit.WEEK)
JAN_15 = day("2025-01-15")


def visit(on: str, amount: str = "40.00", account: int | None = None) -> OneTime:
    return OneTime("job:4", 12, Decimal(1), Decimal(amount), day(on), account_id=account)


def item(start: str, end: str, amount: str) -> Rated:
    days = period(start, end)
    return Rated(1, ChargeKind.RECURRING, days, "", 7, Decimal(1), Decimal(amount), ACCOUNT)


def of_kind(given: ServiceHistory, kind: ChargeKind, on: str, *decisions: Override) -> list[str]:
    found = reconcile(given, overrides=decisions, horizon=day(on))
    return [f"{each.amount:.2f}" for each in found.charges if each.kind is kind]


def test_terms_price_what_is_sold_on_their_days_and_nothing_else() -> None:
    given = history(
        spell("2025-01-01", "2025-02-01"),
        spell("2025-02-01", "2025-03-01", product=8),
        spell("2025-03-01", None, BillMode.NONE, product=9),
        under=[terms(end="2025-02-01"), terms("2025-02-01", plan=2)],
        rates={(1, 7): monthly("31.00"), (2, 8): monthly("28.00")},
    )
    asked = replace(given, rates=lambda plan, product: given.rates[plan, product])

    expected = [("2025-01-01", "2025-02-01", "31.00"), ("2025-02-01", "2025-03-01", "28.00")]
    assert rows(reconcile(given, horizon=day("2025-03-01")).charges) == expected
    assert rows(reconcile(asked, horizon=day("2025-03-01")).charges) == expected


def test_a_mark_stops_where_a_product_comes_back_and_is_not_due() -> None:
    given = history(
        spell("2025-01-15", "2025-01-22", product=8),
        spell("2025-01-22", "2025-02-05"),
        spell("2025-02-05", "2025-02-08", product=8),
        spell("2025-02-08"),
        under=terms(bill_next_term=True),
        rates={(1, 7): monthly("28.00"), (1, 8): replace(monthly("7.00"), per=WEEK)},
    )

    found = reconcile(given, horizon=JAN_15)

    assert [row[:2] for row in rows(found.charges)] == [
        ("2025-01-15", "2025-01-22"),
        ("2025-01-22", "2025-02-01"),
        ("2025-02-01", "2025-02-05"),
        ("2025-02-08", "2025-03-01"),
    ]
    assert found.rated_up_to == day("2025-02-05")


@pytest.mark.parametrize(
    ("rated", "charges"),
    [
        pytest.param(item("2025-02-01", "2025-03-01", "28.00"), [], id="all its days"),
        pytest.param(
            item("2025-02-01", "2025-02-15", "14.00"), ["2025-01-01"], id="its first days"
        ),
        pytest.param(item("2025-02-10", "2025-03-01", "19.00"), ["2025-01-01"], id="its last days"),
        pytest.param(
            item("2025-01-01", "2025-03-01", "59.00"), ["2025-01-01"], id="a longer cycle's"
        ),
    ],
)
def test_a_cycle_stays_due_ahead_only_where_all_its_days_are_rated(
    rated: Rated, charges: list[str]
) -> None:
    given = history(spell("2025-01-01"), rate=monthly("28.00"))
    january = replace(item("2025-01-01", "2025-02-01", "28.00"), item_id=2)

    found = reconcile(
        given, rated=[rated, january] if not charges else [rated], horizon=day("2025-01-20")
    )

    assert [str(each.period.start) for each in found.charges] == charges
    assert [each.item_id for each in found.reversals] == ([] if not charges else [1])


def test_who_is_named_pays_once_and_else_who_has_the_service_that_day() -> None:
    spells = spell("2025-01-01", "2025-01-18"), spell("2025-01-18", account=6)

    def payers(once: OneTime) -> list[int]:
        found = reconcile(history(*spells, one_time=[once]), horizon=day("2025-01-20"))
        return [each.account_id for each in found.charges if each.kind is ChargeKind.ONE_TIME]

    assert payers(visit("2025-01-17")) == [ACCOUNT]
    assert payers(visit("2025-01-18")) == [6]
    assert payers(visit("2024-12-31")) == [ACCOUNT]
    assert payers(visit("2025-01-18", account=4)) == [4]


def test_without_a_spell_nobody_pays() -> None:
    given = replace(history(spell("2025-01-01")), spells=(), one_time=(visit("2025-01-17"),))

    with pytest.raises(ValueError, match=r"^service 9 has no spell to find a payer in$"):
        reconcile(given, horizon=day("2025-01-20"))


def test_a_decision_holds_on_its_days_and_for_a_setup_fee_on_any() -> None:
    fee = replace(monthly("31.00"), setup_fee=Decimal("25.00"))
    given = history(spell("2025-01-01"), rate=fee, one_time=[visit("2025-01-20")])
    december = period("2024-12-01", "2024-12-02")
    decisions = [
        Override(december, ChargeKind.SETUP, Decimal(5)),
        Override(december, ChargeKind.ONE_TIME, Decimal(5)),
    ]

    assert of_kind(given, ChargeKind.SETUP, "2025-01-20", *decisions) == ["5.00"]
    assert of_kind(given, ChargeKind.ONE_TIME, "2025-01-20", *decisions) == ["40.00"]


@pytest.mark.parametrize(("fee", "expected"), [("0.50", ["0.50"]), ("0", [])])
def test_a_setup_fee_is_asked_where_there_is_one(fee: str, expected: list[str]) -> None:
    given = history(spell("2025-01-01"), rate=replace(monthly("31.00"), setup_fee=Decimal(fee)))

    assert of_kind(given, ChargeKind.SETUP, "2025-01-01") == expected


def test_what_ended_by_the_day_of_a_look_forward_is_not_charged_again() -> None:
    given = history(
        spell("2025-01-01"), under=terms(billing_day=21), one_time=[visit("2025-01-20")]
    )

    found = reconcile(given, horizon=day("2025-01-31"), since=day("2025-01-21"))

    assert rows(found.charges) == [("2025-01-21", "2025-02-21", "31.00")]


def test_a_product_without_a_rate_has_no_fee_when_it_opens_unbilled() -> None:
    fee = replace(monthly("31.00"), setup_fee=Decimal("25.00"), setup=SetUpFee.ON_OPEN)
    given = history(
        spell("2025-01-01", "2025-02-01", BillMode.NONE, product=9), spell("2025-02-01"), rate=fee
    )

    assert of_kind(given, ChargeKind.SETUP, "2025-02-01") == ["25.00"]


@pytest.mark.parametrize("explained", [True, False])
def test_plain_charges_explain_themselves_where_asked(*, explained: bool) -> None:
    given = replace(history(spell("2025-01-01")), explained=explained)

    (charge,) = reconcile(given, horizon=day("2025-01-01")).charges

    assert bool(charge.steps) is explained


def half(since: str, **options: object) -> DatedDiscount:
    discount = Discount(1, DiscountKind.PERCENTAGE, Decimal("0.5"))
    return DatedDiscount(discount, "Loyal", Period(day(since), None), day(since), **options)


@pytest.mark.parametrize(
    ("on", "amounts"),
    [("2025-01-20", ["0.25"]), ("2025-02-14", ["0.25"]), ("2025-02-15", ["0.50"])],
)
def test_a_billing_period_is_a_month_where_no_terms_are(on: str, amounts: list[str]) -> None:
    given = history(
        spell("2025-03-01"), under=terms("2025-03-01"), one_time=[visit(on, amount="0.50")]
    )
    welcome = half(
        "2025-01-15", recurrence=Recurrence(Renewal.NEVER), on_recurring=False, on_once=True
    )

    found = replace(given, discounts=(welcome,))

    assert of_kind(found, ChargeKind.ONE_TIME, "2025-02-20") == amounts


@pytest.mark.parametrize(
    ("since", "end", "amounts"),
    [
        pytest.param("2025-01-10", None, ["31.00", "15.50", "31.00"], id="begins in a cycle"),
        pytest.param("2025-02-01", None, ["31.00", "15.50", "31.00"], id="begins with a cycle"),
        pytest.param("2025-03-02", "2025-03-11", ["31.00", "31.00", "10.00"], id="after the last"),
    ],
)
def test_what_waits_for_a_charge_is_taken_off_the_next_that_begins(
    since: str, end: str | None, amounts: list[str]
) -> None:
    given = history(spell("2025-01-01"), under=terms(end=end))

    found = replace(given, discounts=(half(since, recurrence=ONCE, aligned=True),))

    assert of_kind(found, ChargeKind.RECURRING, "2025-03-01") == amounts


def test_a_discount_without_a_length_lasts_as_long_as_the_cycle() -> None:
    given = replace(
        history(spell("2025-01-01"), under=terms(frequency=Duration(2, Unit.MONTH))),
        discounts=(half("2025-01-01", recurrence=Recurrence(Renewal.NEVER)),),
    )

    assert of_kind(given, ChargeKind.RECURRING, "2025-03-01") == ["31.00", "62.00"]


def test_the_days_of_a_mark_are_none_before_anything_is_due() -> None:
    assert reconcile(history(spell("2025-01-15")), horizon=date(2025, 1, 14)).rated_up_to is None
