"""Cells of forms with rows look as crispy would make them."""

import pytest
from crispy_forms.templatetags.crispy_forms_filters import as_crispy_field
from django import forms

from config.shared.forms import RatebookForm
from config.shared.templatetags.row_tags import row_cell


class Sample(RatebookForm):
    """One field of each kind that rows have."""

    name = forms.CharField(help_text="As people say it.")
    count = forms.IntegerField(required=False)
    kind = forms.ChoiceField(choices=[("a", "A")], required=False)
    always = forms.BooleanField(required=False)
    several = forms.MultipleChoiceField(
        choices=[("a", "A")], widget=forms.CheckboxSelectMultiple, required=False
    )


@pytest.mark.parametrize("data", [None, {"name": "", "count": "x", "kind": "z"}])
@pytest.mark.parametrize("name", Sample.base_fields)
def test_a_cell_has_the_label_control_help_and_errors_of_its_field(data, name) -> None:
    field = Sample(data)[name]

    cell, expected = row_cell(field), as_crispy_field(field)

    for text in ("form-label", "form-check-input", "form-select", "form-control", "requiredField"):
        assert (f"{text}" in cell) == (text in expected), text
    for text in ("is-invalid", 'class="invalid-feedback"', "_helptext", f'for="{field.auto_id}"'):
        assert (text in cell) == (text in expected), text
    for error in field.errors:
        assert error in cell


def test_what_was_typed_is_escaped() -> None:
    cell = row_cell(Sample({"name": '"><script>'})["name"])

    assert "<script>" not in cell
