"""Filters for prices: periods, phases, percentages in words. None queries."""

from decimal import Decimal, localcontext
from fractions import Fraction

from django import template

from config.shared.money_format import figure_text
from pricing.kernel.periods import Duration
from pricing.models import PricePlanRate, RatePhase

register = template.Library()


@register.filter
def percent(fraction: Decimal | None) -> str:
    """Show a fraction as a percentage: 0.0825 → 8.25 %; – for None."""
    if fraction is None:
        return "–"
    value = (fraction * 100).normalize()
    return f"{value:f}\N{NO-BREAK SPACE}%"


@register.filter
def per(rate: PricePlanRate) -> str:
    """Show what the amount of a rate pays for: month, 3 months; "once" for a flat fee."""
    if rate.basis == "FLAT_FEE":
        return "once"
    return period_text(rate.per_count, rate.per_unit)


@register.filter
def phases(rate: PricePlanRate, code: str = "") -> list[str]:
    """Show the phases of a rate, each in a few words; reads them as prefetched.

    `code` is put behind the amounts where the currency is not clear from the page.
    """
    rows = sorted(rate.phases.all(), key=lambda phase: phase.position)
    return [phase_text(phase, rate.plan.currency, code) for phase in rows]


def phase_text(phase: RatePhase, currency: str, code: str) -> str:
    """Return a phase in words: 10.00 EUR per month, 3 times."""
    times = {0: "until cancelled", 1: "once"}.get(phase.times, f"{phase.times} times")
    amount = figure_text(phase.amount, currency)
    if code:
        amount += f"\N{NO-BREAK SPACE}{code}"
    return f"{amount} per {period_text(phase.count, phase.unit)}, {times}"


@register.filter
def paid_for(per: Duration | None) -> str:
    """Show what an amount pays for: per month, per 3 months, once."""
    return "once" if per is None else f"per {period_text(per.count, per.unit.value)}"


def period_text(count: int, unit: str) -> str:
    """Return a period in words: month, 3 months."""
    word = unit.lower()
    return word if count == 1 else f"{count} {word}s"


@register.filter
def is_endless(rate: PricePlanRate) -> bool:
    """Tell whether the last phase of a rate goes on until cancelled."""
    last = max(rate.phases.all(), key=lambda phase: phase.position, default=None)
    return last is not None and last.times == 0


@register.filter
def exact(amount: Decimal | Fraction | None, currency: str = "") -> str:
    """Show an unrounded amount with up to ten decimals; – for None."""
    if amount is None:
        return "–"
    with localcontext(prec=60):  # room for what is too large for any bill
        if isinstance(amount, Fraction):
            amount = Decimal(amount.numerator) / amount.denominator
        return figure_text(amount.quantize(Decimal("1E-10")), currency)


@register.filter
def plain(number: Decimal | None) -> str:
    """Show a number without the zeros that its column pads it with; – for None."""
    return "–" if number is None else f"{number.normalize():f}"
