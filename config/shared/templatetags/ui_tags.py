"""Tags and filters of the pages: money, days, states, icons, panels.

`{% load ui_tags %}` in a template. All return text or escaped markup; none queries.
"""

from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

import heroicons
from django import template
from django.forms import BaseForm
from django.template import Context, Engine
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from config.shared.badges import tone_and_icon
from config.shared.day_text import day_text
from config.shared.field_markup import field_markup
from config.shared.forms import RatebookFormMixin, Section
from config.shared.money_format import MINUS, figure_text
from config.shared.panels import ShownPanel
from config.shared.table_body import table_body
from config.shared.table_head import table_heads

register = template.Library()

register.simple_tag(table_body)
register.simple_tag(table_heads)
register.filter("as_field", field_markup)


@register.simple_tag
def money(amount: Decimal | int | None, currency: str = "") -> str:
    """Show an amount with its currency code; a negative one has a real minus and says "credit".

    `{% money bill.gross_amount bill.currency %}` → 1,234.50 EUR; −4.33 EUR credit; – for None.
    """
    if amount is None:
        return "–"
    return format_html(
        '<span class="money">{}{}{}</span>',
        figure_text(amount, currency),
        f"\N{NO-BREAK SPACE}{currency}" if currency else "",
        "\N{NO-BREAK SPACE}credit" if amount < 0 else "",
    )


@register.filter
def figure(amount: Decimal | int | None, currency: str = "") -> str:
    """Show an amount without its code, for columns whose head names it; – for None."""
    return "–" if amount is None else figure_text(amount, currency)


@register.filter
def signed(number: int) -> str:
    """Show a whole number with its sign: +31, −2, 0."""
    if number == 0:
        return "0"
    return f"{'+' if number > 0 else MINUS}{abs(number)}"


@register.filter
def day(value: date | None) -> str:
    """Show one day: 15 Jan 2026; – for None."""
    return "–" if value is None else day_text(value)


@register.filter
def days(period: Any) -> str:
    """Show a half-open period of days with its last day inclusive: 1 Jan 2026 – 31 Jan 2026.

    Takes a `DateRange` (lower, upper) or a kernel `Period` (start, end).
    """
    if period is None or getattr(period, "isempty", False):
        return "–"
    first = period.lower if hasattr(period, "lower") else period.start
    after = period.upper if hasattr(period, "upper") else period.end
    if first is None and after is None:
        return "always"
    if after is None:
        return f"from {day_text(first)}"
    last = after - timedelta(days=1)
    if first is None:
        return f"until {day_text(last)}"
    if first == last:
        return day_text(first)
    return f"{day_text(first)} – {day_text(last)}"


@register.simple_tag
def badge(state: str, label: str = "") -> str:
    """Show a state as icon and word: `{% badge account.status account.get_status_display %}`."""
    word = label or str(getattr(state, "label", "")) or state.replace("_", " ").capitalize()
    return _badge(str(state), str(word))


@lru_cache(maxsize=1_000)
def _badge(state: str, word: str) -> SafeString:
    tone, icon_name = tone_and_icon(state)
    return format_html(
        '<span class="state state-{}">{}{}</span>', tone, icon(icon_name, size=14), word
    )


@register.simple_tag
def icon(name: str, size: int = 18) -> SafeString:
    """Draw an outline icon of heroicons.com; hidden from screen readers, so a word goes with it."""
    return _icon(name, size)


@lru_cache(maxsize=256)
def _icon(name: str, size: int) -> SafeString:
    style = "mini" if size <= 16 else "outline"
    return mark_safe(heroicons._render_icon(style, name, size, {"class": "icon"}))


@register.simple_tag(takes_context=True)
def panel_body(context: Context, panel: ShownPanel) -> str:
    """Render a panel's template with its own context, within that of the page."""
    with context.push(panel=panel, **panel.context):
        body: str = Engine.get_default().get_template(panel.template_name).render(context)
    return mark_safe(body)


@register.filter
def is_in(value: Any, container: Any) -> bool:
    """Tell whether `value` is in `container`."""
    return value in container


@register.filter
def form_sections(form: BaseForm) -> list[Any]:
    """Return the sections of a form; one without a title where the form names none."""
    if isinstance(form, RatebookFormMixin):
        return form.sections()
    return [Section("", form.visible_fields())] if form.visible_fields() else []


@register.simple_tag(takes_context=True)
def query_with(context: Context, *pairs: Any) -> str:
    """Return the page's query string with changes: `{% query_with "page" 2 "sort" None as url %}`.

    Names and values alternate; None takes a name out.
    """
    query = context["request"].GET.copy()
    for name, value in zip(pairs[::2], pairs[1::2], strict=True):
        query.pop(name, None)
        if value is not None:
            query[name] = str(value)
    return f"?{query.urlencode()}"
