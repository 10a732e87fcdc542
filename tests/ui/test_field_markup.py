"""Plain fields look as crispy draws them."""

import re

import pytest
from crispy_forms.templatetags.crispy_forms_filters import as_crispy_field
from django import forms

from config.shared.field_markup import field_markup
from config.shared.forms import RatebookForm


class OfferForm(RatebookForm):
    name = forms.CharField(help_text="As <em>people</em> say it.")
    amount = forms.DecimalField(required=False)
    on = forms.DateField(required=False, label="Day")
    note = forms.CharField(widget=forms.Textarea, required=False)
    kind = forms.ChoiceField(choices=[("A", "a"), ("B", "b")], help_text="One of two.")
    kinds = forms.MultipleChoiceField(choices=[("A", "a"), ("B", "b")])
    boxes = forms.MultipleChoiceField(
        choices=[("A", "a")], widget=forms.CheckboxSelectMultiple, required=False
    )
    is_new = forms.BooleanField(required=False)
    file = forms.FileField(required=False)
    picture = forms.FileField(widget=forms.FileInput({"accept": "image/png"}), help_text="PNG.")
    address = forms.URLField(required=False, assume_scheme="https")
    choice = forms.ChoiceField(
        choices=[("A", "a"), ("B", "b & c")], widget=forms.RadioSelect, initial="B"
    )
    ticked = forms.MultipleChoiceField(
        choices=[("A", "a"), ("B", "b")],
        widget=forms.CheckboxSelectMultiple,
        initial=["A"],
        help_text="Any.",
    )
    is_old = forms.BooleanField(label="Is <old>", initial=True, help_text="Or not.")
    wide = forms.CharField(widget=forms.TextInput({"class": "num"}), label="")


def squeezed(markup):
    return re.sub(r"\s*([<>])\s*", r"\1", re.sub(r"\s+", " ", str(markup))).replace(' "', '"')


@pytest.mark.parametrize("name", list(OfferForm().fields))
@pytest.mark.parametrize("data", [None, {"amount": "x", "name": "A & B"}], ids=["blank", "sent"])
def test_a_field_is_drawn_as_crispy_draws_it(name, data):
    ours, theirs = OfferForm(data, prefix="a"), OfferForm(data, prefix="a")

    assert squeezed(field_markup(ours[name])) == squeezed(as_crispy_field(theirs[name]))
