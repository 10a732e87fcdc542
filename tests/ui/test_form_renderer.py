"""Controls are written as Django's own templates write them."""

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import mark_safe

from config.shared.form_renderer import DirectRenderer

TYPED = 'A & "B" <script>'
CHOICES = [
    ("", "None"),
    (TYPED, TYPED),
    (7, 1_234.5),
    ("Group & more", [("a", "Ä"), ("b", mark_safe("<b>b</b>"))]),
]
ATTRIBUTES = {"id": "x", "required": True, "hidden": False, "maxlength": 5, "data-label": TYPED}


def full_lines(markup):
    """Return the lines; Django's templates leave an empty one behind every option."""
    return [line for line in markup.splitlines() if line.strip()]


@pytest.mark.parametrize("value", [None, "", 0, 7, TYPED, mark_safe("1 &lt; 2"), ["a", TYPED]])
@pytest.mark.parametrize(
    "widget",
    [
        *(forms.TextInput, forms.NumberInput, forms.EmailInput, forms.URLInput, forms.DateInput),
        *(forms.HiddenInput, forms.PasswordInput, forms.TimeInput, forms.FileInput),
        *(forms.CheckboxInput, forms.Textarea, forms.Select, forms.SelectMultiple),
        *(forms.RadioSelect, forms.CheckboxSelectMultiple, forms.ClearableFileInput),
    ],
)
def test_a_control_is_written_as_django_writes_it(widget, value) -> None:
    control = widget(ATTRIBUTES)
    if hasattr(control, "choices"):
        control.choices = CHOICES

    shown, expected = (
        control.render("na<me", value, renderer=renderer())
        for renderer in (DirectRenderer, DjangoTemplates)
    )

    assert full_lines(shown) == full_lines(expected)
