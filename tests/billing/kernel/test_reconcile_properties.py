"""What holds for every history: repeatable, convergent, and adding up."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from hypothesis import assume, given
from hypothesis import strategies as st

from billing.kernel.reconcile import (
    BillMode,
    ChargeKind,
    Override,
    Rated,
    ServiceHistory,
    Spell,
    reconcile,
)
from pricing.kernel.discount_days import DatedDiscount
from pricing.kernel.steps import discounts_in
from tests.billing.kernel.histories import carried_out, live
from tests.billing.kernel.strategies import (
    days,
    deterministic,
    discounts,
    edited,
    edits,
    histories,
    histories_paid_once,
    near,
    numbered,
    overrides,
)

LATE = date(2027, 1, 1)


def nothing_kept(after: Spell) -> Spell:
    """Return the spell with its days not charged, where it would keep what was charged before.

    What is kept depends on what was known when it was charged, and is meant to.
    """
    return replace(after, mode=BillMode.NONE) if after.mode is BillMode.KEEP else after


def content(items: list[Rated]) -> Counter[tuple[object, ...]]:
    """Return what the items say, without their ids."""
    return Counter(
        (item.kind, item.period, item.product_id, item.quantity, item.amount, item.account_id)
        for item in items
    )


@deterministic()
@given(histories(), st.lists(overrides(), max_size=3), days)
def test_reconciling_twice_yields_nothing(
    history: ServiceHistory, decisions: list[Override], horizon: date
) -> None:
    first = reconcile(history, overrides=decisions, horizon=horizon)
    items = live(first.charges)

    again = reconcile(history, overrides=decisions, rated=items, horizon=horizon)
    forward = reconcile(
        history, overrides=decisions, rated=items, horizon=horizon, since=first.rated_up_to
    )

    assert (again.charges, again.reversals) == ((), ())
    assert (forward.charges, forward.reversals) == ((), ())
    assert again.rated_up_to == first.rated_up_to == forward.rated_up_to


@deterministic()
@given(histories_paid_once(), st.lists(discounts(near), min_size=1, max_size=3), near, near)
def test_what_comes_once_is_taken_off_one_charge_and_stays_there(
    history: ServiceHistory, given_discounts: list[DatedDiscount], horizon: date, later: date
) -> None:
    given_all = replace(history, discounts=numbered(given_discounts))
    items: list[Rated] = []
    taken: Counter[int] = Counter()

    for day in sorted((horizon, later)):
        found = reconcile(given_all, rated=items, horizon=day)
        assert found.reversals == ()
        items = carried_out(items, found)
        taken.update(key for each in found.charges for key in discounts_in(each.steps or ()))
    again = reconcile(given_all, rated=items, horizon=max(horizon, later))

    assert (again.charges, again.reversals) == ((), ())
    assert all(
        taken[place] <= 1 for place, each in enumerate(given_discounts) if each.recurrence.once
    )


@deterministic()
@given(histories(), st.lists(overrides(), max_size=3), days)
def test_recurring_charges_never_overlap(
    history: ServiceHistory, decisions: list[Override], horizon: date
) -> None:
    found = reconcile(history, overrides=decisions, horizon=horizon)

    periods = [each.period for each in found.charges if each.kind is ChargeKind.RECURRING]
    assert all(one.intersection(next_one) is None for one, next_one in pairwise(periods))
    assert all(each.cycle.covers(each.period) for each in found.charges)


@deterministic()
@given(histories(), st.lists(days, min_size=1, max_size=5))
def test_looking_forward_run_by_run_equals_one_late_run(
    history: ServiceHistory, horizons: list[date]
) -> None:
    items: list[Rated] = []
    mark: date | None = None

    for horizon in sorted(horizons):
        since = mark or date.min
        ahead = [item for item in items if item.period.end is None or item.period.end > since]
        found = reconcile(history, rated=ahead, horizon=horizon, since=mark)
        assert found.reversals == ()
        items = carried_out(items, found)
        mark = found.rated_up_to

    once = reconcile(history, horizon=max(horizons))
    assert content(items) == content(live(once.charges))
    assert mark == once.rated_up_to


@deterministic()
@given(histories(), st.lists(st.tuples(days, edits()), min_size=1, max_size=4))
def test_changes_that_reach_back_converge_to_rating_from_scratch(
    history: ServiceHistory, changes: list[tuple[date, tuple[date, Spell]]]
) -> None:
    items: list[Rated] = []
    mark: date | None = None
    known = history

    for horizon, (day, after) in sorted(changes, key=lambda each: each[0]):
        found = reconcile(known, rated=items, horizon=horizon, since=mark)
        items, mark = carried_out(items, found), found.rated_up_to
        known = edited(known, day, nothing_kept(after))
        since = None if mark is None else min(mark, day)
        found = reconcile(known, rated=items, horizon=horizon, since=since)
        items, mark = carried_out(items, found), found.rated_up_to
    found = reconcile(known, rated=items, horizon=LATE, since=mark)
    items = carried_out(items, found)

    assert content(items) == content(live(reconcile(known, horizon=LATE).charges))


@deterministic()
@given(histories(), st.permutations(range(3)), st.lists(edits(), min_size=3, max_size=3))
def test_the_order_in_which_changes_become_known_does_not_matter(
    history: ServiceHistory, order: list[int], changes: list[tuple[date, Spell]]
) -> None:
    versions = [history]
    for day, after in changes:
        versions.append(edited(versions[-1], day, nothing_kept(after)))
    items: list[Rated] = []

    for place in (*order, 3):
        found = reconcile(versions[place], rated=items, horizon=LATE)
        items = carried_out(items, found)

    assert content(items) == content(live(reconcile(versions[3], horizon=LATE).charges))


@deterministic()
@given(histories(), st.lists(st.sampled_from([5, 6]), min_size=2, max_size=5), days)
def test_the_parts_of_a_cycle_add_up_to_the_whole(
    history: ServiceHistory, payers: list[int], day: date
) -> None:
    (spell, *_) = history.spells
    assume(spell.period.start < day)
    whole = reconcile(edited(history, day, spell), horizon=LATE)
    parted = edited(history, day, spell)
    for number, payer in enumerate(payers):
        on = day + timedelta(days=11 * number)
        (*_, last) = parted.spells
        parted = edited(parted, on, replace(last, account_id=payer))

    parts = reconcile(parted, horizon=LATE)

    for charge in whole.charges:
        if charge.kind is ChargeKind.RECURRING and charge.period == charge.cycle:
            inside = [
                each.amount
                for each in parts.charges
                if each.kind is ChargeKind.RECURRING and charge.period.covers(each.period)
            ]
            assert sum(inside, Decimal(0)) == charge.amount
