"""Filters for prices: periods, phases, percentages in words. None queries."""

from collections.abc import Sequence
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import cache
from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.urls import reverse

from config.shared.money_format import figure_text
from pricing.kernel.periods import Duration
from pricing.kernel.rates import BasePer, Basis, SetUpFee
from pricing.kernel.tax_rules import RuleKind
from pricing.kernel.tiers import TierRule
from pricing.models import PricePlanRate, RatePhase, RateTier, TaxRateVersion

register = template.Library()
_ONCE: dict[str, str] = {Basis.FLAT_FEE: "once", Basis.QUANTITY: "a piece"}


@register.filter
def preview_url(rate: PricePlanRate) -> str:
    """Return where to ask what the product of a rate would cost under its plan."""
    query = {"product": rate.product.code, "plan": rate.plan.code}
    return f"{_preview_address()}?{urlencode(query)}"


@cache
def _preview_address() -> str:
    return reverse(settings.PRICE_PREVIEW)


@register.filter
def percent(fraction: Decimal | None) -> str:
    """Show a fraction as a percentage: 0.0825 → 8.25 %; – for None."""
    if fraction is None:
        return "–"
    value = (fraction * 100).normalize()
    return f"{value:f}\N{NO-BREAK SPACE}%"


@register.filter
def tax_rule(version: TaxRateVersion) -> str:
    """Say in words what part of a charge a percentage falls on."""
    rule = version.tax_rule
    if rule.kind is RuleKind.PERCENTAGE:
        return f"{percent(rule.value)} of the amount"
    if rule.kind is RuleKind.MONTHLY_EXEMPTION:
        return f"what exceeds {figure_text(rule.value, '')} a month"
    if rule.kind is RuleKind.MONTHLY_MAXIMUM:
        return f"the first {figure_text(rule.value, '')} a month"
    return "everything"


@register.filter
def per(rate: PricePlanRate) -> str:
    """Show what the amount of a rate pays for: month, 3 months, once, a piece, an hour."""
    if rate.is_once:
        return _ONCE.get(rate.basis) or f"for each {rate.get_time_unit_display().lower()}"
    if rate.basis == Basis.QUANTITY_AND_MATURITY and rate.base_per == BasePer.PERIOD:
        return f"{period_text(rate.per_count, rate.per_unit)}, however many"
    return period_text(rate.per_count, rate.per_unit)


@register.filter
def extras(rate: PricePlanRate) -> list[str]:
    """Show what a rate asks besides its price: minimum charge, deposit; what becomes of its
    set-up fee.
    """
    currency = rate.plan.currency
    named = [("at least", rate.minimum), ("deposit", rate.deposit)]
    texts = [f"{name} {figure_text(amount, currency)}" for name, amount in named if amount]
    if rate.setup_fee and rate.setup != SetUpFee.CHARGE:
        texts.append("set-up waived" if rate.setup == SetUpFee.WAIVE else "set-up on open")
    return texts


@register.filter
def phases(rate: PricePlanRate, code: str = "") -> list[str]:
    """Show the phases and tiers of a rate, each in a few words; reads them as prefetched.

    `code` is put behind the amounts where the currency is not clear from the page.
    """
    rows = sorted(rate.phases.all(), key=lambda phase: phase.position)
    of_phase: dict[int, list[RateTier]] = {}
    for tier in sorted(rate.tiers.all(), key=lambda tier: (tier.phase, tier.position)):
        of_phase.setdefault(tier.phase, []).append(tier)
    texts = tier_texts(of_phase.get(0, ()), rate, code)
    if texts and not rate.is_once:
        texts.insert(0, f"by quantity per {period_text(rate.per_count, rate.per_unit)}")
    for number, phase in enumerate(rows, start=1):
        tiers = of_phase.get(number, ())
        texts.append(phase_text(phase, rate.plan.currency, code, by_tiers=bool(tiers)))
        texts += tier_texts(tiers, rate, code)
    return texts


def phase_text(phase: RatePhase, currency: str, code: str, *, by_tiers: bool = False) -> str:
    """Return a phase in words: 10.00 EUR per month, 3 times."""
    times = {0: "until cancelled", 1: "once"}.get(phase.times, f"{phase.times} times")
    amount = "by quantity" if by_tiers else _amount(phase.amount, currency, code)
    return f"{amount} per {period_text(phase.count, phase.unit)}, {times}"


def tier_texts(tiers: Sequence[RateTier], rate: PricePlanRate, code: str) -> list[str]:
    """Return tiers in words: up to 3: 99.00 EUR each; above 3: 89.00 EUR each."""
    texts: list[str] = []
    above: Decimal | None = None
    for tier in tiers:
        words = [] if above is None else [f"above {plain(above)}"]
        if tier.up_to is not None:
            words.append(f"up to {plain(tier.up_to)}")
        texts.append(f"{', '.join(words) or 'any number'}: {_tier_price(tier, rate, code)}")
        above = tier.up_to
    return texts


def _tier_price(tier: RateTier, rate: PricePlanRate, code: str) -> str:
    fixed = _amount(tier.fixed, rate.plan.currency, code)
    if rate.tier_rule == TierRule.STEP:
        return f"{fixed} in all"
    each = "each"
    if rate.tier_rule == TierRule.PACKAGE:
        each = f"for each {plain(tier.block)} begun"
    elif rate.tier_rule == TierRule.VOLUME:
        each = "each, of all"
    price = f"{_amount(tier.unit_rate, rate.plan.currency, code)} {each}"
    return f"{price} + {fixed}" if tier.fixed else price


def _amount(amount: Decimal, currency: str, code: str) -> str:
    text = figure_text(amount, currency)
    return f"{text}\N{NO-BREAK SPACE}{code}" if code else text


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
    """Tell whether a rate goes on until cancelled: the last phase does, or there is none."""
    last = max(rate.phases.all(), key=lambda phase: phase.position, default=None)
    return last is None or last.times == 0


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
