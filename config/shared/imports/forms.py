"""Forms of the imports: a file to check, and how to apply it."""

from django import forms
from django.core.exceptions import ValidationError

from config.shared.forms import RatebookForm
from config.shared.imports.files import MOST_BYTES, MOST_ROWS
from config.shared.kept_files import KeptFileField, KeptFileInput
from config.shared.models import ImportMode
from config.shared.operations.imports import rows_are


class NewImportForm(RatebookForm):
    """The kind and the file."""

    kind = forms.ChoiceField(label="What the rows are")
    file = KeptFileField(
        allow_empty_file=True,
        max_length=200,
        help_text=f"CSV (UTF-8) or Excel (.xlsx), at most {MOST_BYTES // 2**20} MB and "
        f"{MOST_ROWS:,} rows.",
        widget=KeptFileInput(attrs={"accept": ".csv,.txt,.xlsx"}),
    )
    whole_row = ("file",)

    def __init__(self, *args, kinds, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", "Choose …"), *((one.slug, one.title) for one in kinds)]

    def clean_file(self):
        """Refuse what is too large to be read."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise ValidationError(
                f"The file has {file.size / 2**20:.0f} MB; {MOST_BYTES // 2**20} MB are allowed."
            )
        return file


class ApplyForm(RatebookForm):
    """All rows or none, or only the good ones."""

    mode = forms.ChoiceField(label="Apply", widget=forms.RadioSelect)

    def __init__(self, *args, batch, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["mode"]
        field.choices = ImportMode.choices
        field.initial = ImportMode.ALL_OR_NOTHING
        if batch.rejected_count:
            field.choices = [(ImportMode.GOOD_ROWS.value, ImportMode.GOOD_ROWS.label)]
            field.initial = ImportMode.GOOD_ROWS
            field.help_text = (
                f"“{ImportMode.ALL_OR_NOTHING.label}” is not possible: "
                f"{rows_are(batch.rejected_count)} rejected. Correct them in the file and import "
                "it again, or leave them out."
            )
        else:
            field.help_text = (
                "What is stored may change before the rows are: all are checked once more. With "
                f"“{ImportMode.ALL_OR_NOTHING.label}” one row that has become wrong keeps all out."
            )
