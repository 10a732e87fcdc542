"""Filters for services: quantities and prices in words. None queries."""

from datetime import date, timedelta
from decimal import Decimal

from django import template
from django.utils.formats import date_format
from django.utils.safestring import mark_safe

from config.shared.escaping import escaped
from config.shared.money_format import figure_text
from pricing.kernel.periods import Duration
from subscriptions.queries.shown_services import ShownPrice

register = template.Library()


@register.filter
def plain(number: Decimal | None) -> str:
    """Show a number without the zeros that its column pads it with; – for None."""
    return "–" if number is None else f"{number.normalize():f}"


@register.filter
def per_text(per: Duration | None) -> str:
    """Show what an amount pays for: month, 3 months; once."""
    if per is None:
        return "once"
    word = per.unit.value.lower()
    return f"per {word}" if per.count == 1 else f"per {per.count} {word}s"


@register.filter
def price_text(price: ShownPrice) -> str:
    """Show a price: 24.90 EUR per month; of tiers, what one unit costs."""
    more = " for one" if price.by_tiers else ""
    tax = f"{more} incl. tax" if price.tax_inclusive else more
    return mark_safe(
        f'<span class="money">{escaped(figure_text(price.amount, price.currency))}'
        f"\N{NO-BREAK SPACE}{escaped(price.currency)}</span> "
        f'<span class="quiet">{escaped(per_text(price.per))}{tax}</span>'
    )


@register.filter
def reason_text(classification: str) -> str:
    """Show the reason of an act: codes that Ratebook gives by itself as words."""
    if classification.isupper():
        return classification.replace("_", " ").capitalize()
    return classification


@register.filter
def day_before(first: date) -> str:
    """Show the last day before a first one: 30 Apr 2026."""
    return date_format(first - timedelta(days=1))
