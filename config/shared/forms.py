"""Forms as Ratebook shows them: dates with a picker, amounts as people write them, sections."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.forms.boundfield import BoundField
from django.utils.choices import BlankChoiceIterator
from django.utils.formats import get_format

from config.shared.choosing import ChosenField
from config.shared.day_bounds import fault_of_day


class DayInput(forms.DateInput):
    """A day: typed, or picked in the browser's own calendar."""

    input_type = "date"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%d")


class AmountInput(forms.TextInput):
    """A decimal number in the writing of the user's language: 1,234.50 or 1.234,50.

    Separators of groups are taken only where groups of three stand between them: "1,5" is
    refused in English, not read as 15.
    """

    def __init__(self, attrs=None):
        super().__init__({"inputmode": "decimal", "autocomplete": "off", **(attrs or {})})

    def value_from_datadict(self, data, files, name):
        """Return the number with a point and without groups, if it is written as one."""
        value = super().value_from_datadict(data, files, name)
        if not isinstance(value, str):
            return value
        point, group = get_format("DECIMAL_SEPARATOR"), get_format("THOUSAND_SEPARATOR")
        text = value.strip().replace("\N{MINUS SIGN}", "-").replace("\N{NO-BREAK SPACE}", " ")
        whole = rf"\d+|\d{{1,3}}(?:{re.escape(group)}\d{{3}})+"
        if not re.fullmatch(rf"[-+]?(?:{whole})?(?:{re.escape(point)}\d*)?", text):
            return value
        return text.replace(group, "").replace(point, ".")


@dataclass(frozen=True)
class Section:
    """A titled part of a form."""

    title: str
    fields: Sequence[BoundField]


class RatebookFormMixin:
    """Widgets and sections of Ratebook's forms.

    `form_sections` lists (title, field names); fields not named go into a last part, untitled.
    `whole_row` names fields that take both columns.
    """

    form_sections: ClassVar[Sequence[tuple[str, Sequence[str]]]] = ()
    whole_row: ClassVar[Sequence[str]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            dress_field(field)
            field.is_whole_row = name in self.whole_row or isinstance(field.widget, forms.Textarea)

    def sections(self) -> list[Section]:
        """Return the visible fields by section, in order."""
        named = {name for _, names in self.form_sections for name in names}
        parts = [
            Section(title, [self[name] for name in names if name in self.fields])
            for title, names in self.form_sections
        ]
        rest = [field for field in self.visible_fields() if field.name not in named]
        if rest:
            parts.append(Section("", rest))
        return [part for part in parts if part.fields]


class RatebookForm(RatebookFormMixin, forms.Form):
    """A form for an act."""


class RatebookModelForm(RatebookFormMixin, forms.ModelForm):
    """A form for plain editing of a record. What the record has at hand is not looked up again.

    Whole numbers stay inside the range of their columns.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = self.instance._state.fields_cache
        for name, field in self.fields.items():
            record = known.get(name)
            if isinstance(field, ChosenField) and self.initial.get(name) == getattr(
                record, "pk", None
            ):
                self.initial[name] = record
            self._keep_in_column(name, field)

    def _keep_in_column(self, name: str, field: forms.Field) -> None:
        try:
            column = self._meta.model._meta.get_field(name)
        except FieldDoesNotExist:
            return
        if isinstance(column, models.IntegerField):
            bounds = (MinValueValidator, MaxValueValidator)
            field.validators += [
                bound
                for bound in column.validators
                if isinstance(bound, bounds) and bound not in field.validators
            ]


NO_CHOICE = "---------"


def dress_field(field: forms.Field) -> None:
    """Give a field of a plain type the widget that Ratebook uses for it."""
    if isinstance(field, forms.ChoiceField):
        name_empty_choice(field)
    if isinstance(field, forms.DateField | forms.DateTimeField):
        check = _refuse_no_last_day if not field.required else _refuse_far_days
        if check not in field.validators:
            field.validators.append(check)
    if isinstance(field, forms.DateField) and type(field.widget) is forms.DateInput:
        field.widget = DayInput(attrs=field.widget.attrs)
    elif isinstance(field, forms.DecimalField) and type(field.widget) is forms.NumberInput:
        attrs = {k: v for k, v in field.widget.attrs.items() if k not in {"step", "min", "max"}}
        field.widget = AmountInput(attrs=attrs)
        field.error_messages["invalid"] = "Enter a number, such as 12.50."
        _refuse_exponents(field)
    elif isinstance(field, forms.SlugField):
        field.error_messages["invalid"] = "Use letters, digits, hyphens and underscores only."
    elif isinstance(field.widget, forms.Textarea):
        field.widget.attrs["rows"] = min(int(field.widget.attrs.get("rows", 3)), 3)


def _refuse_far_days(day: date) -> None:
    if fault := fault_of_day(day, may_be_empty=False):
        raise ValidationError(fault, code="far_day")


def _refuse_no_last_day(day: date) -> None:
    if fault := fault_of_day(day, may_be_empty=True):
        raise ValidationError(fault, code="far_day")


def _refuse_exponents(field: forms.DecimalField) -> None:
    """Have "1e3" refused: nobody means a thousand by it."""
    read = field.to_python

    def read_plain(value):
        if isinstance(value, str) and "e" in value.lower():
            raise ValidationError(field.error_messages["invalid"], code="invalid")
        return read(value)

    field.to_python = read_plain


def name_empty_choice(field: forms.ChoiceField) -> None:
    """Say in words what Django's row of dashes means."""
    words = "Choose …" if field.required else "None"
    if isinstance(field, forms.ModelChoiceField):
        if field.empty_label == NO_CHOICE:
            field.empty_label = words
    elif isinstance(field.choices, list | BlankChoiceIterator):
        field.choices = [
            (value, words if label == NO_CHOICE else label) for value, label in field.choices
        ]
