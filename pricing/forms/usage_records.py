"""What forms of usage plans, decks and catalogues share."""

import re
from datetime import timedelta
from decimal import Decimal

from django import forms

from catalog.forms.rows import RowsMixin
from config.shared.db import days
from config.shared.forms import RatebookForm, RatebookModelForm
from pricing.forms.plans import currency_choices

FREE_FIELDS = ("name", "code", "description")


def rate_cell(**options):
    """Return the field of a price with up to ten decimals."""
    return forms.DecimalField(max_digits=24, decimal_places=10, min_value=0, **options)


def seconds_cell(**options):
    """Return the field of a number of seconds."""
    return forms.IntegerField(min_value=0, max_value=999_999, **options)


class CurrencyField(forms.ChoiceField):
    """One of the operator's currencies."""

    def __init__(self, **options):
        super().__init__(choices=currency_choices, **options)


class UsageRecordForm(RatebookModelForm):
    """A record that is frozen by its first use: then only what names it is asked."""

    free_fields = FREE_FIELDS

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.is_frozen:
            for name in list(self.fields):
                if name not in self.free_fields:
                    del self.fields[name]

    @property
    def is_frozen(self) -> bool:
        """Return whether the record has been used."""
        return self.instance.used_at is not None

    def record_fields(self) -> dict:
        """Return the fields for the operation."""
        return {name: self.cleaned_data[name] for name in self._meta.fields if name in self.fields}


class UsageRowsForm(RowsMixin, UsageRecordForm):
    """A record with a table of rows, which a used one does not show."""

    def clean(self):
        """Leave the rows alone where they are frozen."""
        return UsageRecordForm.clean(self) if self.is_frozen else super().clean()

    def wanted_rows(self):
        """Return the rows for the operation, in order; None keeps those there are."""
        if self.is_frozen:
            return None
        return [row.row() for row in self.filled_rows()]

    def add_row_error(self, place, field, message):
        """Show a refusal at the row, or on top where no row is there."""
        if place < len(self.filled_rows()):
            super().add_row_error(place, field, message)
        else:
            self.add_error(None, message)


class CloneForm(RatebookForm):
    """Name and code of a copy."""

    name = forms.CharField(max_length=120)
    code = forms.SlugField(max_length=40)


class ValidityMixin:
    """First and last day beside a record's `validity`."""

    def set_validity(self, validity) -> None:
        """Fill the days from a stored range."""
        if validity is not None:
            self.initial["valid_from"] = validity.lower
            if validity.upper is not None:
                self.initial["valid_until"] = validity.upper - timedelta(days=1)

    def validity(self):
        """Return the range of the days given; that of all days where none is."""
        start, end = self.cleaned_data["valid_from"], self.cleaned_data["valid_until"]
        return days(start, end + timedelta(days=1) if end else None)

    def clean(self):
        """Refuse an end before the start."""
        cleaned = super().clean()
        start, end = cleaned.get("valid_from"), cleaned.get("valid_until")
        if start and end and end < start:
            self.add_error("valid_until", "The last day is before the first.")
        return cleaned


def first_day_field(**options):
    """Return the field of a first day."""
    return forms.DateField(
        required=False, label="Valid from", help_text="Empty: from ever on.", **options
    )


def last_day_field(**options):
    """Return the field of a last day."""
    return forms.DateField(
        required=False,
        label="Valid until",
        help_text="The last day. Empty: without end.",
        **options,
    )


def digits_of(text: str) -> str:
    """Return a telephone number without what people write between its digits."""
    return re.sub(r"[\s()./+-]", "", text)


class NumberField(forms.CharField):
    """A telephone number; its value is its digits."""

    def __init__(self, **options):
        super().__init__(max_length=40, **options)

    def clean(self, value):
        """Return the digits."""
        digits = digits_of(super().clean(value))
        if digits and not (digits.isascii() and digits.isdigit()):
            raise forms.ValidationError("A telephone number is made of digits.")
        return digits


def plain_decimal(number: Decimal | None) -> Decimal | None:
    """Return a number without the zeros that its column pads it with."""
    if number is None:
        return None
    return (
        number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize()
    )
