"""The rules of reconciliation, one by one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from billing.kernel.reconcile import (
    BillingMethod,
    BillMode,
    ChargeKind,
    MissingRate,
    OneTime,
    Override,
    reconcile,
)
from pricing.kernel.periods import Duration, Period, Unit
from pricing.kernel.rates import SetUpFee
from tests.billing.kernel.histories import (
    CENT,
    day,
    history,
    live,
    monthly,
    period,
    rows,
    spell,
    terms,
)

FEE = replace(monthly("31.00"), setup_fee=Decimal("25.00"), tax_inclusive=True)


def test_a_pre_billed_cycle_is_due_when_it_starts() -> None:
    given = history(spell("2025-01-01"))

    assert len(reconcile(given, horizon=day("2025-01-31")).charges) == 1
    assert len(reconcile(given, horizon=day("2025-02-01")).charges) == 2


def test_a_post_billed_cycle_is_due_when_it_has_ended() -> None:
    given = history(spell("2025-01-15"), under=terms(pre_bill=False))

    early = reconcile(given, horizon=day("2025-01-31"))
    found = reconcile(given, horizon=day("2025-02-01"))

    assert (early.charges, early.rated_up_to) == ((), None)
    assert rows(found.charges) == [("2025-01-15", "2025-02-01", "17.00")]
    assert found.rated_up_to == day("2025-02-01")


def test_a_post_billed_cycle_cut_by_the_end_of_the_service_is_due_on_that_day() -> None:
    given = history(
        spell("2025-01-01", "2025-01-11"), under=terms(pre_bill=False), rate=monthly("31.00")
    )

    assert reconcile(given, horizon=day("2025-01-10")).charges == ()
    assert rows(reconcile(given, horizon=day("2025-01-11")).charges) == [
        ("2025-01-01", "2025-01-11", "10.00")
    ]


def test_post_billed_terms_bill_no_next_term_ahead() -> None:
    given = history(spell("2025-01-15"), under=terms(pre_bill=False, bill_next_term=True))

    assert len(reconcile(given, horizon=day("2025-02-01")).charges) == 1


def test_without_proration_the_first_part_costs_the_full_price() -> None:
    given = history(spell("2025-01-15"), under=terms(prorate=False))

    assert rows(reconcile(given, horizon=day("2025-02-01")).charges) == [
        ("2025-01-15", "2025-02-01", "31.00"),
        ("2025-02-01", "2025-03-01", "31.00"),
    ]


def test_asynchronous_terms_count_from_the_services_own_first_day() -> None:
    given = history(
        spell("2025-01-31"), under=terms(method=BillingMethod.ASYNCHRONOUS, billing_day=1)
    )

    assert rows(reconcile(given, horizon=day("2025-03-30")).charges) == [
        ("2025-01-31", "2025-02-28", "31.00"),
        ("2025-02-28", "2025-03-31", "31.00"),
    ]


def test_a_price_per_days_counts_from_the_services_own_first_day() -> None:
    weekly = replace(monthly("7.00"), per=Duration(1, Unit.WEEK))

    found = reconcile(history(spell("2025-01-15"), rate=weekly), horizon=day("2025-01-22"))

    assert rows(found.charges) == [
        ("2025-01-15", "2025-01-22", "7.00"),
        ("2025-01-22", "2025-01-29", "7.00"),
    ]


def test_a_year_in_advance_costs_twelve_months_and_its_part_goes_by_days() -> None:
    given = history(
        spell("2025-12-02"),
        under=terms(frequency=Duration(1, Unit.YEAR)),
        rate=monthly("36.50"),
    )

    found = reconcile(given, horizon=day("2026-01-01"))

    assert rows(found.charges) == [
        ("2025-12-02", "2026-01-01", "36.00"),
        ("2026-01-01", "2027-01-01", "438.00"),
    ]
    assert found.charges[0].cycle == period("2025-01-01", "2026-01-01")


def test_a_cycle_shared_by_two_accounts_adds_up_to_its_price() -> None:
    given = history(
        spell("2025-04-01", "2025-04-11"),
        spell("2025-04-11", "2025-04-21", account=6),
        spell("2025-04-21"),
        rate=monthly("10.00"),
    )

    found = reconcile(given, horizon=day("2025-04-01"))

    assert [row[2] for row in rows(found.charges)] == ["3.33", "3.33", "3.34"]
    assert [each.account_id for each in found.charges] == [5, 6, 5]


def test_a_swap_within_a_cycle_charges_each_product_its_days() -> None:
    given = history(
        spell("2025-04-01", "2025-04-16"),
        spell("2025-04-16", product=8),
        rates={(1, 7): monthly("30.00"), (1, 8): monthly("60.00", 4)},
    )

    found = reconcile(given, horizon=day("2025-04-01"))

    assert rows(found.charges) == [
        ("2025-04-01", "2025-04-16", "15.00"),
        ("2025-04-16", "2025-05-01", "30.00"),
    ]
    assert found.rated_up_to == day("2025-05-01")


def test_spells_that_differ_in_nothing_charged_are_one_charge() -> None:
    given = history(spell("2025-01-01", "2025-01-10"), spell("2025-01-10"))

    found = reconcile(given, horizon=day("2025-01-01"))

    assert rows(found.charges) == [("2025-01-01", "2025-02-01", "31.00")]


def test_a_kept_charge_lasts_to_the_end_of_its_cycle_only() -> None:
    given = history(spell("2025-01-01", "2025-01-10"), spell("2025-01-10", None, BillMode.KEEP))

    found = reconcile(given, horizon=day("2025-06-01"))

    assert rows(found.charges) == [("2025-01-01", "2025-02-01", "31.00")]
    assert found.rated_up_to == day("2025-02-01")


def test_a_charge_made_before_the_first_day_that_is_kept_stays() -> None:
    before = history(spell("2025-01-01"))
    billed = live(reconcile(before, horizon=day("2025-02-01")).charges)
    after = history(spell("2025-01-01", "2025-02-01"), spell("2025-02-01", None, BillMode.KEEP))

    found = reconcile(after, rated=billed, horizon=day("2025-06-01"), since=day("2025-02-01"))

    assert rows(found.charges) == []
    assert found.reversals == ()
    assert found.rated_up_to == day("2025-03-01")


def test_a_service_on_again_in_a_term_that_was_kept_pays_it_once() -> None:
    before = history(spell("2025-01-01"))
    billed = live(reconcile(before, horizon=day("2025-02-01")).charges)
    after = history(
        spell("2025-01-01", "2025-02-01"),
        spell("2025-02-01", "2025-02-11", BillMode.KEEP),
        spell("2025-02-11"),
    )

    found = reconcile(after, rated=billed, horizon=day("2025-03-01"), since=day("2025-02-01"))

    assert rows(found.charges) == [("2025-03-01", "2025-04-01", "31.00")]
    assert found.reversals == ()


def test_days_that_are_not_billed_cost_nothing() -> None:
    given = history(
        spell("2025-01-01", "2025-01-11"),
        spell("2025-01-11", "2025-01-22", BillMode.NONE),
        spell("2025-01-22"),
    )

    found = reconcile(given, horizon=day("2025-01-31"))

    assert rows(found.charges) == [
        ("2025-01-01", "2025-01-11", "10.00"),
        ("2025-01-22", "2025-02-01", "10.00"),
    ]


def test_a_price_of_ones_own_replaces_the_plans() -> None:
    given = history(spell("2025-01-01", quantity="2", override="5.00"))

    assert rows(reconcile(given, horizon=day("2025-01-01")).charges) == [
        ("2025-01-01", "2025-02-01", "10.00")
    ]


def test_the_setup_fee_is_charged_once_on_the_first_billable_day() -> None:
    given = history(spell("2025-01-10", "2025-01-15", BillMode.NONE), spell("2025-01-15"), rate=FEE)

    found = reconcile(given, horizon=day("2025-01-15"))
    again = reconcile(given, rated=live(found.charges), horizon=day("2025-01-15"))

    setup = found.charges[0]
    assert (setup.kind, setup.source_key, setup.period) == (
        ChargeKind.SETUP,
        "setup:9",
        period("2025-01-15", "2025-01-16"),
    )
    assert (setup.amount, setup.tax_inclusive, setup.rate_id) == (Decimal("25.00"), True, 3)
    assert (again.charges, again.reversals) == ((), ())


def test_no_setup_fee_if_it_is_not_asked_for() -> None:
    given = replace(history(spell("2025-01-15"), rate=FEE), charge_setup=False)

    found = reconcile(given, horizon=day("2025-01-15"))

    assert [each.kind for each in found.charges] == [ChargeKind.RECURRING]


@pytest.mark.parametrize(
    ("setup", "days"),
    [
        (SetUpFee.CHARGE, [period("2025-02-01", "2025-02-02")]),
        (SetUpFee.WAIVE, []),
        (SetUpFee.ON_OPEN, [period("2025-01-10", "2025-01-11")]),
    ],
)
def test_the_rate_says_when_the_setup_fee_is_asked(setup: SetUpFee, days: list[Period]) -> None:
    given = history(
        spell("2025-01-10", "2025-02-01", BillMode.NONE),
        spell("2025-02-01"),
        rate=replace(FEE, setup=setup),
    )

    found = reconcile(given, horizon=day("2025-02-01"))

    assert [each.period for each in found.charges if each.kind is ChargeKind.SETUP] == days


def test_one_time_amounts_are_charged_on_their_day_to_who_pays_then() -> None:
    visit = OneTime("job:4", 12, Decimal(1), Decimal("40.005"), day("2025-01-20"))
    given = history(
        spell("2025-01-01", "2025-01-18"), spell("2025-01-18", account=6), one_time=[visit]
    )

    early = reconcile(given, horizon=day("2025-01-19"))
    found = reconcile(given, horizon=day("2025-01-20"))

    assert [each.kind for each in early.charges] == [ChargeKind.RECURRING] * 2
    charge = found.charges[0]
    assert (charge.kind, charge.amount, charge.account_id) == (
        ChargeKind.ONE_TIME,
        Decimal("40.01"),
        6,
    )


@pytest.mark.parametrize("kind", [ChargeKind.SETUP, ChargeKind.RECURRING, ChargeKind.ONE_TIME])
def test_a_waived_charge_is_not_wanted(kind: ChargeKind) -> None:
    visit = OneTime("job:4", 12, Decimal(1), Decimal(40), day("2025-01-20"))
    given = history(spell("2025-01-01", "2025-02-01"), rate=FEE, one_time=[visit])
    billed = live(reconcile(given, horizon=day("2025-02-01")).charges)
    waived = Override(period("2025-01-01", "2025-02-01"), kind, None)

    found = reconcile(given, overrides=[waived], rated=billed, horizon=day("2025-02-01"))

    assert found.charges == ()
    assert found.reversals[0].item_id == next(i.item_id for i in billed if i.kind is kind)
    assert len(found.reversals) == 1
    assert found.rated_up_to == day("2025-02-01")


def test_a_decided_amount_stays_on_its_days_when_the_charge_is_cut() -> None:
    decision = Override(period("2025-01-01", "2025-02-01"), ChargeKind.RECURRING, Decimal("15.50"))
    whole = history(spell("2025-01-01"))
    cut = history(spell("2025-01-01", "2025-01-11"))

    assert rows(reconcile(whole, overrides=[decision], horizon=day("2025-01-01")).charges) == [
        ("2025-01-01", "2025-02-01", "15.50")
    ]
    assert rows(reconcile(cut, overrides=[decision], horizon=day("2025-01-01")).charges) == [
        ("2025-01-01", "2025-01-11", "5.00")
    ]


def test_a_decision_on_some_days_cuts_the_charge_there() -> None:
    waived = Override(period("2025-01-11", "2025-01-21"), ChargeKind.RECURRING, None)

    found = reconcile(history(spell("2025-01-01")), overrides=[waived], horizon=day("2025-01-01"))

    assert rows(found.charges) == [
        ("2025-01-01", "2025-01-11", "10.00"),
        ("2025-01-21", "2025-02-01", "11.00"),
    ]


def test_the_last_decision_wins() -> None:
    days = period("2025-01-01", "2025-02-01")
    decisions = [
        Override(days, ChargeKind.RECURRING, None),
        Override(days, ChargeKind.RECURRING, Decimal(9)),
    ]

    found = reconcile(history(spell("2025-01-01")), overrides=decisions, horizon=day("2025-01-01"))

    assert rows(found.charges) == [("2025-01-01", "2025-02-01", "9.00")]


def test_a_product_free_of_charge_is_not_charged() -> None:
    given = history(spell("2025-01-01"), rates={(1, 7): None})

    assert reconcile(given, horizon=day("2025-01-01")).charges == ()


def test_a_product_without_a_rate_is_refused() -> None:
    given = history(spell("2025-01-01"), rates={(2, 7): None})

    with pytest.raises(MissingRate, match="price plan 1 has no rate for product 7"):
        reconcile(given, horizon=day("2025-01-01"))


def test_rates_may_be_asked_by_a_function() -> None:
    given = replace(history(spell("2025-01-01")), rates=lambda _plan, _product: monthly("5.00"))

    assert reconcile(given, horizon=day("2025-01-01")).charges[0].amount == Decimal("5.00")


def test_spells_that_overlap_are_refused() -> None:
    given = history(spell("2025-01-01"), spell("2025-02-01"))

    with pytest.raises(ValueError, match="overlap on 2025-02-01"):
        reconcile(given, horizon=day("2025-01-01"))


def test_nothing_is_due_before_the_service_begins() -> None:
    found = reconcile(history(spell("2025-03-01")), horizon=day("2025-02-28"))

    assert (found.charges, found.reversals, found.rated_up_to) == ((), (), None)


def test_amounts_are_rounded_to_the_currencys_coin() -> None:
    given = replace(history(spell("2025-01-15"), rate=monthly("1000")), coin=Decimal(1))

    assert reconcile(given, horizon=day("2025-01-15")).charges[0].amount == Decimal(548)


def test_a_mark_never_passes_a_cycle_that_is_not_due() -> None:
    given = history(
        spell("2025-01-01", "2025-02-15"),
        spell("2025-02-15", product=8),
        under=terms(pre_bill=False),
        rates={
            (1, 7): replace(monthly("120.00"), per=Duration(1, Unit.YEAR)),
            (1, 8): monthly("28.00"),
        },
    )

    found = reconcile(given, horizon=day("2025-03-01"))

    assert rows(found.charges) == [("2025-02-15", "2025-03-01", "14.00")]
    assert found.rated_up_to == day("2025-01-01")


def test_periods_of_charges_lie_inside_their_cycles() -> None:
    found = reconcile(history(spell("2025-01-15", "2025-05-05")), horizon=day("2025-12-31"))

    assert all(each.cycle.covers(each.period) for each in found.charges)
    assert all(each.amount == each.amount.quantize(CENT) for each in found.charges)
    ends = [each.period.end for each in found.charges]
    starts = [each.period.start for each in found.charges]
    assert ends[:-1] == starts[1:]
    assert Period(starts[0], ends[-1]).days == (day("2025-05-05") - day("2025-01-15")) // timedelta(
        days=1
    )
