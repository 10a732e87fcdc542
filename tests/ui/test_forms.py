"""How people write amounts and days."""

from datetime import date
from decimal import Decimal

import pytest
from django import forms
from django.contrib.auth.models import Group
from django.utils import translation

from config.shared.forms import RatebookForm


class PriceForm(RatebookForm):
    form_sections = [("Price", ["amount"])]
    whole_row = ("note",)

    amount = forms.DecimalField(max_digits=18, decimal_places=4)
    on = forms.DateField(required=False)
    note = forms.CharField(required=False)


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en-gb", "1,234.50", "1234.50"),
        ("en-gb", "1234.5", "1234.5"),
        ("en-gb", "−4.33", "-4.33"),
        ("en-gb", ".5", "0.5"),
        ("de", "1.234,50", "1234.50"),
        ("de", "0,99", "0.99"),
    ],
)
def test_amounts_are_read_as_the_language_writes_them(language, text, expected):
    with translation.override(language):
        form = PriceForm({"amount": text})

        assert form.is_valid()

    assert form.cleaned_data["amount"] == Decimal(expected)


@pytest.mark.parametrize(
    "text", ["1,5", "12,34.5", "1,234,5", "NaN", "Infinity", "1e400", "1e3", "x", ""]
)
def test_ambiguous_or_senseless_amounts_are_refused(text):
    assert "amount" in PriceForm({"amount": text}).errors


def test_days_are_picked_and_typed():
    form = PriceForm({"amount": "1", "on": "15 Jan 2026"})

    assert form.is_valid()
    assert form.cleaned_data["on"] == date(2026, 1, 15)
    assert 'type="date"' in str(form["on"])


def test_fields_without_a_section_come_last():
    sections = PriceForm().sections()

    assert [(s.title, [f.name for f in s.fields]) for s in sections] == [
        ("Price", ["amount"]),
        ("", ["on", "note"]),
    ]


def test_named_fields_take_the_whole_row():
    form = PriceForm()

    assert form.fields["note"].is_whole_row
    assert not form.fields["amount"].is_whole_row


@pytest.mark.django_db
@pytest.mark.parametrize(("required", "words"), [(True, "Choose …"), (False, "None")])
def test_an_empty_choice_has_words(required, words):
    class GroupForm(RatebookForm):
        group = forms.ModelChoiceField(Group.objects.all(), required=required)
        rule = forms.ChoiceField(choices=[("", "---------"), ("A", "a")], required=required)

    form = GroupForm()

    assert words in str(form["group"])
    assert words in str(form["rule"])
    assert "----" not in str(form)
