"""Calls under a voice plan: classes, included minutes, the deck, inbound."""

from datetime import datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from pricing.kernel.voice import DeckEntry, PrefixIndex, TimeBand, price_call
from pricing.kernel.voice_plans import (
    Call,
    Covered,
    NumberClass,
    Outcome,
    RatedCall,
    Treatment,
    VoiceRules,
    rate_call,
    rate_calls,
)

D = Decimal
FORT_WORTH = DeckEntry("1817", "Fort Worth", D("0.025"), 0, 6)
AMERICA = DeckEntry("1", "North America", D(0))
BY_DAY = DeckEntry("33", "France", D(0), band_rates=(("peak", D("0.12")),))
CODE = DeckEntry("", "", D("1.20"), 60)
DECK = PrefixIndex(
    (entry.prefix, entry)
    for entry in (
        AMERICA,
        FORT_WORTH,
        DeckEntry("49", "Germany", D("0.03"), 60, 6, D("0.05")),
    )
)
CLASSES = (
    NumberClass("Toll free", ("1800", "1844"), Treatment.FREE),
    NumberClass("Premium", ("1900",), Treatment.REFUSED),
    NumberClass("Service code", ("311$",), Treatment.OWN_RATE, CODE),
    NumberClass("Local", ("1512",), Treatment.PLAN_CALL),
)
RULES = VoiceRules(
    plan_seconds=600,
    overage_rate=D("0.03"),
    long_distance_minimum=30,
    inbound_rate=D("0.01"),
    classes=CLASSES,
)


@pytest.mark.parametrize(
    ("number", "outcome", "name", "amount"),
    [
        pytest.param("18445551234", Outcome.FREE, "Toll free", "0", id="toll free"),
        pytest.param("19005551234", Outcome.REFUSED, "Premium", "0", id="premium refused"),
        pytest.param("311", Outcome.OWN_RATE, "Service code", "1.20", id="a rate of its own"),
        pytest.param("3115551234", Outcome.UNRATED, "", "0", id="311 is a whole number"),
        pytest.param("15125551234", Outcome.PLAN_CALL, "Local", "0", id="local"),
        pytest.param("12125551234", Outcome.PLAN_CALL, "", "0", id="deck rate 0 is a plan call"),
        pytest.param("18175551234", Outcome.LONG_DISTANCE, "", "0.0125", id="long distance"),
        pytest.param("4930123456", Outcome.LONG_DISTANCE, "", "0.08", id="with connect fee"),
        pytest.param("442071234567", Outcome.UNRATED, "", "0", id="no row"),
    ],
)
def test_a_call_of_ten_seconds(number: str, outcome: Outcome, name: str, amount: str) -> None:
    rated = rate_call(RULES, Call(number, 10), DECK.find)

    assert (rated.outcome, rated.class_name) == (outcome, name)
    assert rated.amount == Fraction(amount)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        pytest.param(
            "18445551234", RatedCall(Outcome.FREE, "Toll free", 10, Fraction(0)), id="free"
        ),
        pytest.param(
            "19005551234", RatedCall(Outcome.REFUSED, "Premium", 0, Fraction(0)), id="refused"
        ),
        pytest.param(
            "311",
            RatedCall(
                Outcome.OWN_RATE,
                "Service code",
                60,
                Fraction("1.20"),
                entry=CODE,
                price=price_call(CODE, 60),
            ),
            id="a rate of its own",
        ),
        pytest.param("3115", RatedCall(Outcome.UNRATED, "", 10, Fraction(0)), id="no row"),
        pytest.param(
            "12125551234",
            RatedCall(Outcome.PLAN_CALL, "", 10, Fraction(0), entry=AMERICA),
            id="deck rate 0",
        ),
        pytest.param(
            "18175551234",
            RatedCall(
                Outcome.LONG_DISTANCE,
                "",
                30,
                Fraction("0.0125"),
                entry=FORT_WORTH,
                price=price_call(FORT_WORTH, 30),
            ),
            id="long distance",
        ),
    ],
)
def test_a_rated_call_names_what_it_was_rated_by(number: str, expected: RatedCall) -> None:
    assert rate_call(RULES, Call(number, 10), DECK.find) == expected


def test_a_row_that_costs_in_a_band_only_is_no_plan_call() -> None:
    peak = TimeBand("peak", frozenset(range(5)), 8 * 60, 18 * 60)
    rules = VoiceRules(plan_seconds=600, bands=(peak,))
    call = Call("331", 60, datetime.fromisoformat("2026-03-02 17:59:30"))

    rated = rate_call(rules, call, PrefixIndex([("33", BY_DAY)]).find)

    assert (rated.outcome, rated.amount) == (Outcome.LONG_DISTANCE, Fraction("0.06"))


@pytest.mark.parametrize(
    "number_class",
    [
        NumberClass("Texas", ("1817",), Treatment.BY_DECK, CODE),
        NumberClass("Texas", ("1817",), Treatment.OWN_RATE),
    ],
)
def test_a_class_needs_treatment_and_rate_to_leave_the_deck(number_class: NumberClass) -> None:
    rated = rate_call(VoiceRules(classes=(number_class,)), Call("18175551234", 60), DECK.find)

    assert (rated.outcome, rated.class_name) == (Outcome.LONG_DISTANCE, "Texas")
    assert rated.amount == Fraction("0.025")


def test_a_call_that_takes_just_the_plan_minutes_is_covered() -> None:
    assert rate_call(RULES, Call("15125551234", 600), DECK.find).beyond == 0


def test_what_the_plan_minutes_do_not_cover_is_charged() -> None:
    rated = rate_call(RULES, Call("15125551234", 120), DECK.find, used_seconds=540)

    assert (rated.seconds, rated.beyond, rated.amount) == (120, 60, Fraction("0.03"))


@pytest.mark.case("billmax:C26")
def test_lines_that_share_minutes_are_rated_as_one() -> None:
    rules = VoiceRules(plan_seconds=500 * 60, overage_rate=D("0.03"), classes=CLASSES)
    calls = [Call("15125550000", minutes * 60) for minutes in (300, 150, 100)]

    rated = rate_calls(rules, calls, DECK.find)

    assert [one.beyond for one in rated] == [0, 0, 50 * 60]
    assert sum(one.amount for one in rated) == Fraction("1.50")


def test_calls_of_other_outcomes_use_up_no_minutes() -> None:
    calls = [Call("4930123456", 600), Call("15125550000", 600), Call("15125550000", 60)]

    rated = rate_calls(RULES, calls, DECK.find)

    assert [one.beyond for one in rated] == [0, 0, 60]


@pytest.mark.parametrize(
    ("covers", "outcome", "amount"),
    [
        pytest.param(Covered.OUTBOUND, Outcome.INBOUND, "0.01", id="not covered"),
        pytest.param(Covered.INBOUND, Outcome.PLAN_CALL, "0", id="covered"),
        pytest.param(Covered.COMBINED, Outcome.PLAN_CALL, "0", id="covered with outbound"),
    ],
)
def test_an_inbound_call(covers: Covered, outcome: Outcome, amount: str) -> None:
    rules = VoiceRules(
        plan_seconds=600, covers=covers, overage_rate=D("0.03"), inbound_rate=D("0.01")
    )

    rated = rate_call(rules, Call("4930123456", 60, inbound=True), DECK.find)

    assert rated == RatedCall(outcome, "", 60, Fraction(amount))


def test_calls_that_are_not_covered_leave_the_minutes_to_others() -> None:
    rules = VoiceRules(plan_seconds=600, covers=Covered.INBOUND, classes=CLASSES)
    calls = [Call("15125551234", 600), Call("15125551234", 600, inbound=True)]

    rated = rate_calls(rules, calls, DECK.find)

    assert [one.beyond for one in rated] == [600, 0]


def test_minutes_for_inbound_calls_do_not_cover_outbound_ones() -> None:
    rules = VoiceRules(
        plan_seconds=600, covers=Covered.INBOUND, overage_rate=D("0.03"), classes=CLASSES
    )

    rated = rate_call(rules, Call("15125551234", 60), DECK.find)

    assert (rated.beyond, rated.amount) == (60, Fraction("0.03"))
