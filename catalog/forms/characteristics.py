"""Fields for what products answer to the characteristics of their type."""

from decimal import Decimal

from django import forms

from catalog.models import CharacteristicKind
from catalog.operations.values import LONGEST_VALUE, value_field
from catalog.queries.characteristics import Answer, characteristics_of
from config.shared.forms import RatebookForm, dress_field

YES_OR_NO = [("YES", "Yes"), ("NO", "No")]


class CharacteristicFields:
    """A form that also asks for values of characteristics: a field `char_<id>` for each.

    Call `ask_for_type` (a new product: proposes the defaults) or `ask_for_answers` (a stored one)
    once the form is made; `value_fields` are the bound fields, `cleaned_values` is what
    `create_product(values=…)` and `set_values` take.
    """

    asked = ()

    def ask_for_type(self, product_type):
        """Ask for the characteristics of a type, with their defaults as initial values."""
        self.ask_for_answers([Answer(one, one.default) for one in characteristics_of(product_type)])

    def ask_for_answers(self, answers):
        """Ask for the characteristics of the answers, with their values as initial values."""
        self.asked = [answer.characteristic for answer in answers]
        for answer in answers:
            field = characteristic_field(answer.characteristic)
            field.initial = answer.value
            dress_field(field)
            self.fields[value_field(answer.characteristic)] = field

    def value_fields(self):
        """Return the bound fields of the characteristics, in order."""
        return [self[value_field(one)] for one in self.asked]

    def cleaned_values(self):
        """Return the values by characteristic id, as text; "" where nothing was given."""
        return {one.pk: _text(self.cleaned_data.get(value_field(one))) for one in self.asked}


class ValuesForm(CharacteristicFields, RatebookForm):
    """What a stored product answers; `answers` come from `values_of`."""

    def __init__(self, *args, answers=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.ask_for_answers(list(answers))


def characteristic_field(characteristic):
    """Return the form field of a characteristic: its widget follows the kind."""
    options = {"label": characteristic.name, "required": characteristic.required}
    if characteristic.kind == CharacteristicKind.NUMBER:
        if characteristic.unit:
            options["label"] = f"{characteristic.name} ({characteristic.unit})"
        return forms.DecimalField(max_digits=21, decimal_places=6, **options)
    if characteristic.kind == CharacteristicKind.YES_NO:
        return forms.ChoiceField(choices=_choices(characteristic, YES_OR_NO), **options)
    if characteristic.kind == CharacteristicKind.CHOICE:
        offered = [(choice, choice) for choice in characteristic.choices]
        return forms.ChoiceField(choices=_choices(characteristic, offered), **options)
    return forms.CharField(max_length=LONGEST_VALUE, **options)


def _choices(characteristic, offered):
    empty = "Choose …" if characteristic.required else "Not given"
    return [("", empty), *offered]


def _text(value):
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value or ""
