"""How amounts, days, states and numbers are written."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.html import strip_tags

from config.shared.templatetags.ui_tags import badge, day, days, figure, money, signed


@pytest.mark.parametrize(
    ("amount", "currency", "expected"),
    [
        ("1234.5", "EUR", "1,234.50 EUR"),
        ("-4.33", "EUR", "−4.33 EUR credit"),
        ("1234", "JPY", "1,234 JPY"),
        ("1.5", "BHD", "1.500 BHD"),
        ("0.0375", "EUR", "0.0375 EUR"),
        ("0", "EUR", "0.00 EUR"),
        ("12.3000", "", "12.30"),
        ("1E+3", "EUR", "1,000.00 EUR"),
    ],
)
def test_money(amount, currency, expected):
    assert strip_tags(money(Decimal(amount), currency)).replace("\xa0", " ") == expected


def test_absent_amounts_and_days_are_a_dash():
    assert (money(None), figure(None), day(None), days(None)) == ("–", "–", "–", "–")


def test_figure_has_no_code_and_a_real_minus():
    assert figure(Decimal("-1234.5"), "EUR") == "−1,234.50"


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (date(2026, 1, 1), date(2026, 2, 1), "1 Jan 2026 – 31 Jan 2026"),
        (date(2026, 1, 1), date(2026, 1, 2), "1 Jan 2026"),
        (date(2026, 1, 1), None, "from 1 Jan 2026"),
        (None, date(2026, 2, 1), "until 31 Jan 2026"),
        (None, None, "always"),
    ],
)
def test_last_day_is_shown_inclusive(start, end, expected):
    assert days(DateRange(start, end, "[)")) == expected


def test_empty_range_is_a_dash():
    assert days(DateRange(empty=True)) == "–"


def test_kernel_periods_are_shown_the_same_way():
    @dataclass
    class Period:
        start: date
        end: date

    assert days(Period(date(2026, 1, 1), date(2026, 2, 1))) == "1 Jan 2026 – 31 Jan 2026"


@pytest.mark.parametrize(
    ("state", "label", "tone"),
    [
        ("ACTIVE", "Active", "ok"),
        ("NOT_EFFECTIVE", "Not effective", "warn"),
        ("UNHEARD_OF", "Unheard of", "neutral"),
    ],
)
def test_state_is_icon_and_word(state, label, tone):
    shown = badge(state)

    assert f"state-{tone}" in shown
    assert "<svg" in shown
    assert strip_tags(shown).strip() == label


def test_label_of_a_state_is_escaped():
    assert "<b>" not in badge("ACTIVE", "<b>")


@pytest.mark.parametrize(("number", "expected"), [(31, "+31"), (-2, "−2"), (0, "0")])
def test_signed(number, expected):
    assert signed(number) == expected
