"""Calls under a voice plan: classes, included minutes, the deck, inbound."""

from decimal import Decimal
from fractions import Fraction

import pytest

from pricing.kernel.voice import DeckEntry, PrefixIndex
from pricing.kernel.voice_plans import (
    Call,
    Covered,
    NumberClass,
    Outcome,
    Treatment,
    VoiceRules,
    rate_call,
    rate_calls,
)

D = Decimal
DECK = PrefixIndex(
    (entry.prefix, entry)
    for entry in (
        DeckEntry("1", "North America", D(0)),
        DeckEntry("1817", "Fort Worth", D("0.025"), 0, 6),
        DeckEntry("49", "Germany", D("0.03"), 60, 6, D("0.05")),
    )
)
CLASSES = (
    NumberClass("Toll free", ("1800", "1844"), Treatment.FREE),
    NumberClass("Premium", ("1900",), Treatment.REFUSED),
    NumberClass("Service code", ("311$",), Treatment.OWN_RATE, DeckEntry("", "", D("1.20"), 60)),
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
    rules = VoiceRules(plan_seconds=600, covers=covers, inbound_rate=D("0.01"))

    rated = rate_call(rules, Call("4930123456", 60, inbound=True), DECK.find)

    assert (rated.outcome, rated.amount) == (outcome, Fraction(amount))


def test_minutes_for_inbound_calls_do_not_cover_outbound_ones() -> None:
    rules = VoiceRules(
        plan_seconds=600, covers=Covered.INBOUND, overage_rate=D("0.03"), classes=CLASSES
    )

    rated = rate_call(rules, Call("15125551234", 60), DECK.find)

    assert (rated.beyond, rated.amount) == (60, Fraction("0.03"))
