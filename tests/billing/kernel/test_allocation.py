"""The oldest credit pays the oldest debit; what is meant for a debit pays that first."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from billing.kernel.allocation import Credit, Debit, allocate

A = Debit(1, date(2025, 6, 10), Decimal(50))
B = Debit(2, date(2025, 6, 5), Decimal(30))
PAYMENT = Credit(10, date(2025, 6, 2), Decimal(60))
CREDIT_NOTE = Credit(11, date(2025, 6, 1), Decimal(10), "CREDIT_NOTE")


def unsettled(debits: list[Debit], paid: list[tuple[int, int, Decimal]]) -> dict[int, Decimal]:
    left = {debit.debit_id: debit.amount for debit in debits}
    for _, debit_id, amount in paid:
        left[debit_id] -= amount
    return left


@pytest.mark.case("crmcom:L1")
def test_the_debit_due_first_is_paid_first() -> None:
    paid = allocate([PAYMENT], [A, B])

    assert paid == [(10, 2, Decimal(30)), (10, 1, Decimal(30))]
    assert unsettled([A, B], paid) == {1: Decimal(20), 2: Decimal(0)}


@pytest.mark.case("crmcom:L2")
def test_the_credit_posted_first_pays_first() -> None:
    paid = allocate([PAYMENT, CREDIT_NOTE], [A, B])

    assert paid == [(11, 2, Decimal(10)), (10, 2, Decimal(20)), (10, 1, Decimal(40))]
    assert unsettled([A, B], paid) == {1: Decimal(10), 2: Decimal(0)}


@pytest.mark.case("crmcom:L3")
def test_a_payment_meant_for_a_debit_pays_it_first() -> None:
    paid = allocate([PAYMENT], [A, B], intended=[(10, 1)])

    assert paid == [(10, 1, Decimal(50)), (10, 2, Decimal(10))]
    assert unsettled([A, B], paid) == {1: Decimal(0), 2: Decimal(20)}


@pytest.mark.case("crmcom:L4")
def test_first_in_first_out_holds_inside_what_is_meant() -> None:
    paid = allocate([PAYMENT], [A, B], intended=[(10, 1), (10, 2)])

    assert paid == [(10, 2, Decimal(30)), (10, 1, Decimal(30))]


@pytest.mark.case("billmax:F3")
@pytest.mark.parametrize(
    ("credit", "debit", "pays"),
    [
        ("PAYMENT", "INVOICE", True),
        ("PAYMENT", "DEPOSIT", True),
        ("PAYMENT", "REFUND", True),
        ("STORE_CREDIT", "INVOICE", True),
        ("STORE_CREDIT", "DEPOSIT", False),
        ("STORE_CREDIT", "REFUND", False),
    ],
)
def test_what_may_pay_what(*, credit: str, debit: str, pays: bool) -> None:
    day, amount = date(2025, 6, 1), Decimal("20.00")

    paid = allocate([Credit(1, day, amount, credit)], [Debit(2, day, amount, debit)])

    assert paid == ([(1, 2, Decimal("20.00"))] if pays else [])


def test_equal_dates_go_by_id() -> None:
    day = date(2025, 6, 1)
    debits = [Debit(4, day, Decimal(5)), Debit(3, day, Decimal(5))]
    credits = [Credit(2, day, Decimal(6)), Credit(1, day, Decimal(3))]

    assert allocate(credits, debits) == [
        (1, 3, Decimal(3)),
        (2, 3, Decimal(2)),
        (2, 4, Decimal(4)),
    ]


def test_what_is_meant_goes_before_an_older_credit() -> None:
    older = Credit(9, date(2025, 1, 1), Decimal(50))

    paid = allocate([older, PAYMENT], [A], intended=[(10, 1)])

    assert paid == [(10, 1, Decimal(50))]


def test_cents_pay_cents_and_nothing_pays_nothing() -> None:
    day, cent, nothing = date(2025, 6, 1), Decimal("0.01"), Decimal(0)
    credits = [Credit(1, day, Decimal("0.02")), Credit(2, day, nothing)]
    debits = [Debit(3, day, cent), Debit(4, day, nothing), Debit(5, day, cent)]

    assert allocate(credits, debits) == [(1, 3, cent), (1, 5, cent)]


def test_a_kind_that_is_not_named_pays_nothing() -> None:
    assert allocate([PAYMENT], [A], may_pay={"CREDIT_NOTE": {"INVOICE"}}) == []


def test_a_negative_amount_cannot_pay() -> None:
    with pytest.raises(ValueError, match="negative"):
        allocate([Credit(1, date(2025, 1, 1), Decimal(-1))], [A])
