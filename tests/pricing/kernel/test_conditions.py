"""When the rates of a conditional plan hold, and why not."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.kernel.conditions import (
    Condition,
    ConditionKind,
    DatedClasses,
    DatedFacts,
    Facts,
    Failure,
    HeldService,
    conditions_hold,
    holding_days,
    months_of,
)
from pricing.kernel.periods import Period

STAFF, BUSINESS = 1, 2
SPORTS, MOVIES, NEWS = 11, 12, 13
DAY = date(2026, 3, 1)
ALWAYS = Period(date(2026, 1, 1), None)

STAFF_ONLY = Condition(ConditionKind.ACCOUNT_CLASS, frozenset({STAFF}))
TWO_CHANNELS = Condition(ConditionKind.SERVICES, frozenset({SPORTS, MOVIES}), least=Decimal(2))


def held(product_id: int, start: date, end: date | None = None, quantity: str = "1") -> HeldService:
    """Return a product held on some days."""
    return HeldService(Period(start, end), product_id, Decimal(quantity))


@pytest.mark.parametrize(
    ("condition", "facts", "holds"),
    [
        pytest.param(STAFF_ONLY, Facts(DAY, account_class=STAFF), True, id="class"),
        pytest.param(STAFF_ONLY, Facts(DAY, account_class=BUSINESS), False, id="other class"),
        pytest.param(STAFF_ONLY, Facts(DAY), False, id="no class"),
        pytest.param(
            Condition(ConditionKind.CLASSIFICATION, frozenset({7, 8})),
            Facts(DAY, classification=8),
            True,
            id="any of two classifications",
        ),
        pytest.param(
            Condition(ConditionKind.SUBSCRIPTION_TYPE, frozenset({3})),
            Facts(DAY, subscription_type=4),
            False,
            id="other subscription type",
        ),
        pytest.param(
            Condition(ConditionKind.SUBSCRIPTION_TYPE, frozenset({3})),
            Facts(DAY, subscription_type=3),
            True,
            id="subscription type",
        ),
        pytest.param(
            Condition(ConditionKind.SCHEME, frozenset({5})), Facts(DAY, scheme=5), True, id="scheme"
        ),
        pytest.param(
            Condition(ConditionKind.FREQUENCY, frozenset({"QUARTERLY", "ANNUAL"})),
            Facts(DAY, frequency="ANNUAL"),
            True,
            id="any of two frequencies",
        ),
        pytest.param(
            Condition(ConditionKind.BINDING, least=Decimal(12)),
            Facts(DAY, binding_months=12),
            True,
            id="bound for exactly the least",
        ),
        pytest.param(
            Condition(ConditionKind.BINDING, most=Decimal(0)),
            Facts(DAY, binding_months=12),
            False,
            id="bound, but not to be",
        ),
        pytest.param(
            Condition(ConditionKind.BINDING, most=Decimal(12)),
            Facts(DAY, binding_months=12),
            True,
            id="bound for exactly the most",
        ),
        pytest.param(
            TWO_CHANNELS,
            Facts(DAY, services=(held(SPORTS, DAY), held(MOVIES, DAY), held(NEWS, DAY))),
            True,
            id="two of the products counted",
        ),
        pytest.param(
            TWO_CHANNELS, Facts(DAY, services=(held(NEWS, DAY, quantity="5"),)), False, id="others"
        ),
        pytest.param(
            TWO_CHANNELS,
            Facts(DAY, services=(held(SPORTS, DAY, quantity="2"),)),
            True,
            id="quantities are added up",
        ),
        pytest.param(
            Condition(ConditionKind.SERVICES, frozenset({SPORTS}), most=Decimal(0)),
            Facts(DAY, services=(held(NEWS, DAY),)),
            True,
            id="none of the products counted",
        ),
        pytest.param(
            Condition(ConditionKind.DAYS, days=Period(DAY, date(2026, 3, 2))),
            Facts(DAY),
            True,
            id="the first of the days",
        ),
        pytest.param(
            Condition(ConditionKind.DAYS, days=Period(date(2026, 2, 1), date(2026, 3, 1))),
            Facts(DAY),
            False,
            id="the end is not one of the days",
        ),
    ],
)
def test_a_condition_holds_if_any_of_its_values_does(
    condition: Condition, facts: Facts, *, holds: bool
) -> None:
    assert (conditions_hold([condition], facts) == ()) is holds


def test_the_facts_of_a_day_are_those_that_stood_on_it() -> None:
    sports = held(SPORTS, date(2026, 2, 1), DAY)
    movies = held(MOVIES, DAY)
    facts = DatedFacts(
        subscription_type=3,
        scheme=5,
        frequency="ANNUAL",
        binding=Period(DAY, date(2026, 9, 1)),
        classes=(DatedClasses(Period(DAY, None), STAFF, 8),),
        services=(sports, movies),
    )

    before = facts.on(date(2026, 2, 28))

    assert before == Facts(date(2026, 2, 28), None, None, 3, 5, "ANNUAL", 0, (sports,))
    assert facts.on(DAY) == Facts(DAY, STAFF, 8, 3, 5, "ANNUAL", 6, (movies,))


def test_what_fails_is_said_with_what_was_found_instead() -> None:
    facts = Facts(DAY, account_class=BUSINESS, services=(held(SPORTS, DAY),))

    failures = conditions_hold([STAFF_ONLY, TWO_CHANNELS], facts)

    assert failures == (Failure(STAFF_ONLY, BUSINESS), Failure(TWO_CHANNELS, Decimal(1)))


def test_a_plan_without_conditions_always_holds() -> None:
    assert holding_days([], DatedFacts(), ALWAYS) == (ALWAYS,)


def test_the_days_are_those_on_which_all_facts_were_right() -> None:
    facts = DatedFacts(
        classes=(
            DatedClasses(Period(date.min, date(2026, 2, 10)), None, None),
            DatedClasses(Period(date(2026, 2, 10), date(2026, 6, 1)), STAFF, None),
            DatedClasses(Period(date(2026, 6, 1), None), BUSINESS, None),
        ),
        services=(
            held(SPORTS, date(2026, 1, 1), quantity="1"),
            held(MOVIES, date(2026, 1, 1), date(2026, 4, 15)),
            held(MOVIES, date(2026, 5, 1), None),
        ),
    )

    days = holding_days([STAFF_ONLY, TWO_CHANNELS], facts, ALWAYS)

    assert days == (
        Period(date(2026, 2, 10), date(2026, 4, 15)),
        Period(date(2026, 5, 1), date(2026, 6, 1)),
    )


def test_rates_hold_only_in_the_binding_period_of_the_length_asked_for() -> None:
    binding = Period(date(2026, 1, 15), date(2027, 1, 15))
    facts = DatedFacts(binding=binding)

    days = holding_days([Condition(ConditionKind.BINDING, least=Decimal(12))], facts, ALWAYS)

    assert days == (binding,)


@pytest.mark.parametrize(
    ("period", "months"),
    [
        pytest.param(Period(date(2026, 1, 15), date(2027, 1, 15)), 12, id="a year"),
        pytest.param(Period(date(2026, 1, 15), date(2027, 1, 14)), 11, id="a day short"),
        pytest.param(Period(date(2026, 1, 31), date(2026, 2, 28)), 1, id="to a shorter month"),
        pytest.param(Period(date(2026, 3, 1), date(2026, 3, 31)), 0, id="no whole month"),
    ],
)
def test_months_of_a_binding_period_are_whole(period: Period, months: int) -> None:
    assert months_of(period) == months


DAYS = st.integers(0, 60).map(lambda count: date.fromordinal(DAY.toordinal() + count))
CONDITIONS = st.one_of(
    st.builds(
        Condition,
        st.just(ConditionKind.ACCOUNT_CLASS),
        st.frozensets(st.integers(1, 3)),
    ),
    st.builds(
        Condition,
        st.just(ConditionKind.SERVICES),
        st.frozensets(st.integers(11, 13)),
        least=st.none() | st.integers(0, 3).map(Decimal),
        most=st.none() | st.integers(1, 4).map(Decimal),
    ),
    st.builds(
        lambda start, length: Condition(
            ConditionKind.DAYS, days=Period(start, date.fromordinal(start.toordinal() + length))
        ),
        DAYS,
        st.integers(1, 40),
    ),
)
SERVICES = st.builds(
    lambda start, length, product_id: held(
        product_id, start, date.fromordinal(start.toordinal() + length)
    ),
    DAYS,
    st.integers(1, 40),
    st.integers(11, 13),
)


@given(
    st.lists(CONDITIONS, max_size=4).flatmap(
        lambda found: st.tuples(st.just(found), st.permutations(found))
    ),
    st.lists(SERVICES, max_size=4),
    DAYS,
    st.integers(1, 3),
)
def test_the_order_of_conditions_does_not_matter_and_each_day_is_judged_alone(
    orders: tuple[list[Condition], list[Condition]],
    services: list[HeldService],
    turn: date,
    account_class: int,
) -> None:
    within = Period(DAY, date(2026, 5, 31))
    facts = DatedFacts(
        classes=(
            DatedClasses(Period(date.min, turn), None, None),
            DatedClasses(Period(turn, None), account_class, None),
        ),
        services=tuple(services),
    )
    given_order, other_order = orders

    holds = holding_days(given_order, facts, within)

    assert holds == holding_days(other_order, facts, within)
    for ordinal in range(within.start.toordinal(), within.start.toordinal() + within.days):
        day = date.fromordinal(ordinal)
        is_good = all(conditions_hold([one], facts.on(day)) == () for one in given_order)
        assert any(period.contains(day) for period in holds) is is_good
