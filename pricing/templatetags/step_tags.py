"""The steps that lead to an amount, in words and figures. None queries."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import Any, Final

from django import template

from config.shared.templatetags.ui_tags import days as days_text
from pricing.kernel.steps import Figure, Rule, Step
from pricing.templatetags.pricing_tags import exact, period_text

register = template.Library()

Figures = dict[str, Any]


@register.filter
def step_words(step: Step, currency: str = "") -> str:
    """Show a step so that a person can redo it: Times the quantity of 3."""
    return _WORDS[step.rule](dict(step.figures), currency)


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step in words, and the amount so far as text."""

    words: str
    amount: str


@register.simple_tag
def step_lines(
    steps: Sequence[Step], currency: str, quantity: Decimal | None = None, cycle: Any = None
) -> list[StepLine]:
    """Return steps as lines; `quantity` and the days of the `cycle` make some of them clearer."""
    is_flat = quantity not in (None, 1) and not any(step.rule in _OF_QUANTITY for step in steps)
    lines = []
    for step in steps:
        words = step_words(step, currency)
        if is_flat and step.rule is Rule.BASE_PRICE:
            words = f"Flat fee {_per(dict(step.figures))}, however many"
        elif is_flat and step.rule is Rule.PHASE:
            words = f"{words}, however many"
        elif step.rule is Rule.PRORATION and cycle is not None:
            words = f"{words}; the cycle is {days_text(cycle)}"
        lines.append(StepLine(words, step_amount(step, currency)))
    return lines


@register.filter
def step_amount(step: Step, currency: str = "") -> str:
    """Show what stood after a step, unrounded: 26.870967…; nothing where it only chose a way."""
    if step.rule in _WITHOUT_AMOUNT or "tiers" in dict(step.figures):
        return ""
    if step.amount == step.amount.quantize(_MOST_DIGITS):
        return exact(step.amount, currency)
    return f"{exact(step.amount.quantize(_SHOWN, ROUND_DOWN), currency)}…"


def discounts_text(steps: Iterable[Step], currency: str = "") -> str:
    """Return the discounts among the steps, in short: − 10 % Loyal, − 5.00 Welcome."""
    return ", ".join(
        f"{_TAKEN[step.rule](dict(step.figures), currency)} {dict(step.figures)['name']}"
        for step in steps
        if step.rule in _TAKEN
    )


_TAKEN: Final[dict[Rule, Callable[[Figures, str], str]]] = {
    Rule.PERCENTAGE_DISCOUNT: lambda figures, currency: (
        f"\N{MINUS SIGN}\N{NO-BREAK SPACE}{number(figures['percent'])}\N{NO-BREAK SPACE}%"
    ),
    Rule.AMOUNT_DISCOUNT: lambda figures, currency: (
        f"\N{MINUS SIGN}\N{NO-BREAK SPACE}{exact(figures['taken'], currency)}"
    ),
    Rule.FREE_PERIOD: lambda figures, currency: "free:",
}


_MOST_DIGITS: Final = Decimal("1E-10")
_SHOWN: Final = Decimal("1E-6")
_OF_QUANTITY: Final = frozenset({Rule.QUANTITY, Rule.TIER, Rule.UNITS, Rule.MINIMUM})
_WITHOUT_AMOUNT: Final = frozenset({Rule.PLAN_CONDITION, Rule.FREE_USAGE, Rule.UNITS})


def _base(figures: Figures, currency: str) -> str:
    if "tiers" in figures:
        return _count(figures["tiers"], "tier") + " of the quantity"
    return f"Price {_per(figures)}"


def _phase(figures: Figures, currency: str) -> str:
    place = f"Phase {figures['phase']} of {figures['phases']}"
    if "tiers" in figures:
        return f"{place}, with {_count(figures['tiers'], 'tier')} of the quantity"
    return f"{place}: price {_per(figures)}"


def _tier(figures: Figures, currency: str) -> str:
    """Return which units a tier prices, and how."""
    rule, units = figures["rule"], number(figures["units"])
    above, up_to = number(figures["above"]), figures["up_to"]
    reach = f"above {above}" if up_to is None else f"above {above} up to {number(up_to)}"
    place = f"Tier {figures['tier']} ({reach})"
    rate, fixed = figures.get("rate"), figures.get("fixed")
    plus = f" + {exact(fixed, currency)} fixed" if fixed else ""
    if rule == "STEP":
        return f"{place}: {exact(fixed or Decimal(0), currency)} for {units} in all"
    if rule == "PACKAGE":
        blocks = f"{units} started × {number(figures['block'])}"
        return f"{place}: {blocks} at {exact(rate, currency)} each{plus}"
    what = "all of " if rule == "VOLUME" else ""
    return f"{place}: {what}{units} × {exact(rate, currency)}{plus}"


def _multiple(figures: Figures, currency: str) -> str:
    return f"× {figures['periods']}: the cycle is {period(figures['per'])} long"


def _condition(figures: Figures, currency: str) -> str:
    if figures["holds"]:
        return "The conditions of the conditional plan hold: its own rate"
    return "The conditions of the conditional plan do not hold: its base plan's rate"


def _plan_discount(figures: Figures, currency: str) -> str:
    less = figures["less"]
    word = "less" if less >= 0 else "more"
    return (
        f"The base plan asks {exact(figures['base'], currency)}; "
        f"the conditional plan {exact(abs(less), currency)} {word}"
    )


def _percentage(figures: Figures, currency: str) -> str:
    of, percent = exact(figures["of"], currency), number(figures["percent"])
    taken = exact(figures["taken"], currency)
    return f"{figures['name']}: {percent} % of {of} = {taken} less"


def _amount(figures: Figures, currency: str) -> str:
    value, taken = figures["value"], figures["taken"]
    left = "" if value == taken else f", of which {exact(taken, currency)} were left"
    return f"{figures['name']}: {exact(value, currency)} less{left}"


def _proration(figures: Figures, currency: str) -> str:
    days, cycle_days = figures["days"], figures["cycle_days"]
    return f"× {days} ÷ {cycle_days}: {days} of {cycle_days} days are charged"


def _rounding(figures: Figures, currency: str) -> str:
    return f"Rounded half up to {number(figures['coin'])}"


def _rest(figures: Figures, currency: str) -> str:
    difference = figures["difference"]
    sign = "+" if difference > 0 else "\N{MINUS SIGN}"
    return f"The last part of a cycle takes the rest: {sign}{number(abs(difference))}"


def _decided(figures: Figures, currency: str) -> str:
    decided = exact(figures["decided"], currency)
    days, of_days = figures["days"], figures["of_days"]
    part = "" if of_days in (None, days) else f", of which {days} of {of_days} days"
    return f"A person decided on {decided}{part}"


def _tax(figures: Figures, currency: str) -> str:
    percent = number(figures["percent"])
    return (
        f"{figures['name']}: {percent} % of {exact(figures['base'], currency)} = "
        f"{exact(figures['tax'], currency)} more"
    )


def _tax_included(figures: Figures, currency: str) -> str:
    percent = number(figures["percent"])
    base, tax = exact(figures["base"], currency), exact(figures["tax"], currency)
    whole = number(100 + figures["percent"])
    if figures["of_gross"]:
        return f"{figures['name']} is included: {base} × {percent} ÷ {whole} = {tax}"
    return f"{figures['name']} is included: {percent} % of {base} = {tax}"


def _units(figures: Figures, currency: str) -> str:
    free = figures["free"]
    less = f" less {number(free)} free" if free else ""
    return f"{number(figures['used'])}{less} = {number(figures['priced'])} to be priced"


_WORDS: Final[dict[Rule, Callable[[Figures, str], str]]] = {
    Rule.BASE_PRICE: _base,
    Rule.COVERED_BY_BUNDLE: lambda figures, currency: "The package's price covers it",
    Rule.PRICE_OVERRIDE: lambda figures, currency: "Agreed price, in place of the plan's",
    Rule.PHASE: _phase,
    Rule.MULTIPLE: _multiple,
    Rule.QUANTITY: lambda figures, currency: f"× {number(figures['quantity'])} (quantity)",
    Rule.TIER: _tier,
    Rule.MINIMUM: lambda figures, currency: (
        f"At least {exact(figures['minimum'], currency)} is asked"
    ),
    Rule.PLAN_CONDITION: _condition,
    Rule.PLAN_DISCOUNT: _plan_discount,
    Rule.FREE_USAGE: lambda figures, currency: (
        f"{figures['name']}: {number(figures['value'])} units free"
    ),
    Rule.PERCENTAGE_DISCOUNT: _percentage,
    Rule.AMOUNT_DISCOUNT: _amount,
    Rule.FREE_PERIOD: lambda figures, currency: f"{figures['name']}: nothing is asked",
    Rule.PRORATION: _proration,
    Rule.ROUNDING: _rounding,
    Rule.REST: _rest,
    Rule.DECIDED: _decided,
    Rule.SETUP_FEE: lambda figures, currency: "Set-up fee, once",
    Rule.UNITS: _units,
    Rule.TAX: _tax,
    Rule.TAX_INCLUDED: _tax_included,
}


def number(value: Figure) -> str:
    """Return a number without the zeros that it may be padded with."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def period(text: str) -> str:
    """Return a period of a step in words: 3 MONTH is 3 months."""
    count, unit = text.split()
    return f"{count} {unit.lower()}" if count == "1" else period_text(int(count), unit)


def _per(figures: Figures) -> str:
    text = str(figures["per"])
    if text == "once":
        return text
    if text == "unit":
        return "per unit"
    count, unit = text.split()
    return f"per {period_text(int(count), unit)}"


def _count(number_of: int, noun: str) -> str:
    return f"{number_of} {noun}{'' if number_of == 1 else 's'}"
