"""Forms with a table of rows."""

from functools import cache

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict, ErrorList

from config.shared.forms import RatebookFormMixin

MOST_ROWS = 200
MORE_ROWS = "more_rows"
ROWS_MORE = 5


class RowsMixin:
    """A form with a table of rows (`rows`, a formset). Refusals of rows are shown at the row.

    `rows_initial` are the stored rows; `row_options` are keyword arguments of each row's form.
    Sent with `more_rows`, as "More rows" does without JavaScript, the form comes back as it was
    typed, unchecked, with more blank rows.
    """

    row_form_class = forms.Form
    rows_label = "Rows"
    blank_rows = 1

    def __init__(self, *args, rows_initial=(), row_options=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.asks_for_rows = self.is_bound and MORE_ROWS in self.data
        if self.asks_for_rows:
            self._add_blank_rows()
        self.rows = _formset_class(self.row_form_class, self.blank_rows)(
            self.data if self.is_bound else None,
            initial=list(rows_initial),
            prefix=self._rows_prefix(),
            form_kwargs=row_options or {},
        )

    def _rows_prefix(self):
        return f"{self.prefix}-rows" if self.prefix else "rows"

    def _add_blank_rows(self):
        name = f"{self._rows_prefix()}-TOTAL_FORMS"
        sent = self.data.get(name, "")
        if sent.isascii() and sent.isdigit() and len(sent) < 6:
            self.data = self.data.copy()
            self.data[name] = str(min(int(sent) + ROWS_MORE, MOST_ROWS))

    def is_valid(self):
        """Return whether all was checked and is right."""
        return not self.asks_for_rows and super().is_valid()

    def full_clean(self):
        """Check the form, unless it only asks for more rows."""
        if not self.asks_for_rows:
            super().full_clean()
            return
        self._errors, self.cleaned_data = ErrorDict(), {}
        for row in self.rows.forms:
            row._errors, row.cleaned_data = ErrorDict(), {}
        self.rows._errors = [row._errors for row in self.rows.forms]
        self.rows._non_form_errors = ErrorList()

    def clean(self):
        """Check the rows with the rest and name their faults on top."""
        cleaned = super().clean()
        if not self.rows.is_valid():
            faults = [*self.rows.non_form_errors()]
            for number, row in enumerate(self.rows.forms, start=1):
                if row in self.rows.deleted_forms:
                    continue
                for name, errors in row.errors.items():
                    label = row[name].label if name in row.fields else ""
                    faults += [f"Row {number}{', ' if label else ''}{label}: {e}" for e in errors]
            raise ValidationError([ValidationError(fault) for fault in faults])
        return cleaned

    def filled_rows(self):
        """Return the forms of the rows that are to stay, in order."""
        return [
            row
            for row in self.rows.forms
            if row not in self.rows.deleted_forms and (row.has_changed() or row.initial)
        ]

    def add_row_error(self, place, field, message):
        """Show a refusal at the row in this place among the filled ones, and on top."""
        row = self.filled_rows()[place]
        row.add_error(field if field in row.fields else None, message)
        self.add_error(None, f"Row {self.rows.forms.index(row) + 1}: {message}")


class RowForm(RatebookFormMixin, forms.Form):
    """One row of a form with rows.

    `groups` are labels over its columns, each with how many it spans; `group_starts` the names of
    the fields with which a group but the first begins.
    """

    use_required_attribute = False
    groups = ()
    group_starts = ()


@cache
def _formset_class(row_form_class, blank_rows):
    return forms.formset_factory(
        row_form_class,
        extra=blank_rows,
        can_delete=True,
        can_delete_extra=False,
        max_num=MOST_ROWS,
        absolute_max=MOST_ROWS,
        validate_max=True,
    )


def quantity_field(**options):
    """Return the field of a quantity, shown without the zeros of its column."""
    return forms.DecimalField(max_digits=12, decimal_places=4, min_value=0, **options)


def plain(number):
    """Return a number without the zeros that its column pads it with."""
    if number is None:
        return None
    return number.quantize(1) if number == number.to_integral_value() else number.normalize()
