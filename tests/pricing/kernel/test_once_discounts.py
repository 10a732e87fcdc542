"""When discounts are taken off what is paid once: set-up fees, expenses, goods, visits."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from pricing.kernel.discount_days import (
    ONCE,
    ChargedDays,
    ChargedOnce,
    DatedDiscount,
    Recurrence,
    Renewal,
    acting_discounts,
    free_unit_discounts,
    once_discounts,
)
from pricing.kernel.discounts import Discount, DiscountKind
from pricing.kernel.periods import Duration, Period, Unit
from pricing.kernel.pricer import once_price

D = Decimal
MONTH = Duration(1, Unit.MONTH)
TEN_PERCENT = Discount(2, DiscountKind.PERCENTAGE, D("0.1"))
VISIT = 7
EVERY_TEN_DAYS = Recurrence(Renewal.EVERY, Duration(2, Unit.DAY), Duration(10, Unit.DAY))


def day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


def days(start: str, end: str | None = None) -> Period:
    return Period(day(start), day(end) if end else None)


def dated(since: str = "03-10", until: str | None = None, **more: object) -> DatedDiscount:
    options: dict[str, object] = {"on_recurring": False, "on_once": True, **more}
    return DatedDiscount(TEN_PERCENT, "Loyal", days(since, until), day(since), **options)


def by_itself(since: str, *, holds: Period | None = None, **more: object) -> DatedDiscount:
    options: dict[str, object] = {"on_recurring": False, "on_once": True, **more}
    return DatedDiscount(
        TEN_PERCENT,
        "Loyal",
        Period(date.min, None),
        day(since),
        holds=None if holds is None else (holds,),
        aligned=True,
        **options,
    )


def visit(on: str, *, is_setup: bool = False) -> ChargedOnce:
    return ChargedOnce(VISIT, day(on), MONTH, is_setup)


def acts(discount: DatedDiscount, *on: str, is_setup: bool = False) -> list[str]:
    """Return on which of the days the discount is taken off what is paid."""
    return [each for each in on if once_discounts([discount], visit(each, is_setup=is_setup))]


def test_each_is_taken_off_what_it_is_for() -> None:
    fee, once = dated(on_setup=True, on_once=False), dated()
    both, price = dated(on_setup=True), dated(on_recurring=True, on_once=False)
    given = [fee, once, both, price]

    assert once_discounts(given, visit("03-10", is_setup=True)) == (fee, both)
    assert once_discounts(given, visit("03-10")) == (once, both)
    assert once_discounts([dated(product_ids=frozenset({8}))], visit("03-10")) == ()
    assert once_discounts([dated(product_ids=frozenset({7}))], visit("03-10")) != ()


def test_one_for_what_is_paid_once_leaves_prices_of_periods_alone() -> None:
    charged = ChargedDays(
        VISIT,
        days=days("03-01", "04-01"),
        cycle=days("03-01", "04-01"),
        length=MONTH,
        first=day("03-01"),
        next_start=lambda wanted: wanted,
    )

    assert acting_discounts([dated("03-01"), dated("03-01", on_setup=True)], charged) == ()


def test_free_units_of_usage_take_nothing_off() -> None:
    units = Discount(3, DiscountKind.FREE_USAGE, D(5))
    free = DatedDiscount(units, "", days("03-01"), day("03-01"), on_setup=True, on_once=True)

    assert once_discounts([free], visit("03-10")) == ()
    assert once_discounts([free], visit("03-10", is_setup=True)) == ()
    assert free_unit_discounts([free], month_of_march()) == (units,)


def month_of_march() -> ChargedDays:
    march = days("03-01", "04-01")
    return ChargedDays(VISIT, march, march, MONTH, march.start, lambda wanted: wanted)


def test_given_by_hand_it_acts_on_its_days() -> None:
    tried = ("03-09", "03-10", "03-31", "04-01")

    assert acts(dated(until="04-01"), *tried) == ["03-10", "03-31"]
    assert acts(dated(holds=(days("03-31", "04-02"),)), *tried) == ["03-31", "04-01"]


@pytest.mark.parametrize(
    ("recurrence", "expected"),
    [
        pytest.param(
            Recurrence(Renewal.NEVER), ["03-10", "03-11", "03-12", "04-09"], id="one period"
        ),
        pytest.param(
            Recurrence(Renewal.NEVER, Duration(2, Unit.DAY)), ["03-10", "03-11"], id="two days"
        ),
        pytest.param(EVERY_TEN_DAYS, ["03-10", "03-11", "04-09", "04-10"], id="now and then"),
        pytest.param(
            Recurrence(Renewal.EVERY_CYCLE, Duration(2, Unit.DAY)),
            ["03-10", "03-11", "03-12", "04-09", "04-10"],
            id="some days of every period",
        ),
        pytest.param(ONCE, ["03-10", "03-11", "03-12", "04-09", "04-10"], id="once"),
    ],
)
def test_given_by_hand_it_acts_in_its_stretches(
    recurrence: Recurrence, expected: list[str]
) -> None:
    given = dated(recurrence=recurrence)

    assert acts(given, "03-09", "03-10", "03-11", "03-12", "04-09", "04-10") == expected
    assert acts(given, "03-08", "03-20", "03-21") == (
        ["03-20", "03-21"] if expected[-1] != "03-11" else []
    )


def test_one_that_comes_once_waits_for_its_first_day() -> None:
    later = DatedDiscount(
        TEN_PERCENT,
        "",
        days("03-01"),
        day("03-10"),
        ONCE,
        on_recurring=False,
        on_once=True,
    )

    assert acts(later, "03-09", "03-10", "03-11") == ["03-10", "03-11"]


@pytest.mark.parametrize("recurrence", [Recurrence(Renewal.NEVER), EVERY_TEN_DAYS, ONCE])
def test_by_itself_it_acts_wherever_its_criteria_hold_on_the_day(recurrence: Recurrence) -> None:
    given = by_itself("03-10", holds=days("02-01", "06-01"), recurrence=recurrence, on_setup=False)

    assert acts(given, "01-31", "02-01", "03-15", "05-31", "06-01") == ["02-01", "03-15", "05-31"]


def test_one_that_came_once_does_not_come_again_unless_it_is_given_again() -> None:
    first, again = dated(until="04-01", recurrence=ONCE), dated("04-01", recurrence=ONCE)
    other = dated(until="04-01")
    taken = [(TEN_PERCENT.key, day("03-12"))]

    assert once_discounts([first], visit("03-20"), taken) == ()
    assert once_discounts([again], visit("04-02"), taken) == (again,)
    assert once_discounts([other], visit("03-20"), taken) == (other,)
    assert once_discounts([first], visit("03-20"), [(99, day("03-12"))]) == (first,)
    assert once_discounts([by_itself("01-01", recurrence=ONCE)], visit("05-01"), taken) == ()


def test_what_comes_once_is_for_one_kind_of_price() -> None:
    for flags in ({"on_setup": True}, {"on_recurring": True}):
        with pytest.raises(
            ValueError, match=r"^what is given once is taken off one kind of price$"
        ):
            dated(recurrence=ONCE, **flags)
    assert dated(recurrence=ONCE, on_once=False, on_setup=True).on_setup


def test_a_price_needs_a_rate_or_an_agreed_price() -> None:
    with pytest.raises(ValueError, match=r"^a price needs a rate, or an agreed price$"):
        once_price(None, D(1))
    assert once_price(None, D(2), override=D(35)).amount == 70
