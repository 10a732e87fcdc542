"""Characteristics: the rows of a type, and fields for what its products answer."""

from decimal import Decimal

from django import forms

from catalog.forms.rows import RowForm, RowsMixin
from catalog.models import CharacteristicKind
from catalog.operations.characteristics import CharacteristicRow
from catalog.operations.values import LONGEST_VALUE, value_field
from catalog.queries.characteristics import Answer, characteristics_of
from config.shared.forms import NO_CHOICE, RatebookForm, dress_field

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


class ChoicesField(forms.CharField):
    """Choices, one a line; its value is a list of texts."""

    widget = forms.Textarea(attrs={"rows": 3})

    def prepare_value(self, value):
        """Write a stored list one a line."""
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value):
        """Return the lines that are not empty."""
        return [line.strip() for line in super().clean(value).splitlines() if line.strip()]


class CharacteristicRowForm(RowForm):
    """One characteristic of a type."""

    id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(max_length=80)
    kind = forms.ChoiceField(choices=[("", NO_CHOICE), *CharacteristicKind.choices])
    unit = forms.CharField(max_length=20, required=False, help_text="Of a number: Mbit/s.")
    choices = ChoicesField(required=False, max_length=9_000, help_text="One a line.")
    default = forms.CharField(max_length=LONGEST_VALUE, required=False)
    required = forms.BooleanField(required=False)
    place = forms.IntegerField(label="Order", required=False, min_value=1, max_value=999)

    def row(self):
        """Return the row for the operation."""
        names = ("id", "name", "kind", "unit", "choices", "default", "required")
        return CharacteristicRow(**{name: self.cleaned_data[name] for name in names})


class CharacteristicsForm(RowsMixin, RatebookForm):
    """The characteristics of a type; rows with a number stand in the order of their numbers."""

    row_form_class = CharacteristicRowForm
    rows_label = "Characteristics"

    def __init__(self, *args, stored=(), **kwargs):
        rows = [
            {
                "id": one.pk,
                "name": one.name,
                "kind": one.kind,
                "unit": one.unit,
                "choices": list(one.choices),
                "default": one.default,
                "required": one.required,
                "place": place,
            }
            for place, one in enumerate(stored, start=1)
        ]
        super().__init__(*args, rows_initial=rows, **kwargs)

    def filled_rows(self):
        """Return the rows that are to stay in the order asked for, those without a number last."""
        return sorted(super().filled_rows(), key=lambda row: row.cleaned_data.get("place") or 1_000)

    def add_removed_error(self, pk, message):
        """Show at its row why a stored characteristic cannot be removed; on top if it has none."""
        for number, row in enumerate(self.rows.forms, start=1):
            if row.cleaned_data.get("id") == pk:
                row.add_error(None, message)
                self.add_error(None, f"Row {number}: {message}")
                return
        self.add_error(None, message)

    def characteristic_rows(self):
        """Return the rows for the operation."""
        return [row.row() for row in self.filled_rows()]
