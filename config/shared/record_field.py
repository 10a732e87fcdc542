"""A choice among records that were read already: neither showing nor reading it asks anything."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Model


def record_field(
    records: Iterable[Model], *, first: str, required: bool = True, label: str | None = None
) -> forms.TypedChoiceField:
    """Return a select of `records`, below `first` for none; cleaned it is the record, or None.

    Initial data names a record by its primary key.
    """
    known = {str(record.pk): record for record in records}

    def read(value: Any) -> Model:
        return known[str(value)]

    return forms.TypedChoiceField(
        choices=[("", first), *((key, str(record)) for key, record in known.items())],
        coerce=read,
        empty_value=None,
        required=required,
        label=label,
        error_messages={
            "invalid_choice": forms.ModelChoiceField.default_error_messages["invalid_choice"]
        },
    )
