"""Rows of rates as text, pasted from a spreadsheet."""

from django import forms

from config.shared.forms import RatebookForm

LONGEST = 500_000


class PasteForm(RatebookForm):
    """The rows."""

    rows = forms.CharField(
        max_length=LONGEST,
        strip=False,
        widget=forms.Textarea(
            attrs={"spellcheck": "false", "wrap": "off", "class": "font-monospace"}
        ),
        help_text="A row a rate, as copied from a spreadsheet. With names of columns in the "
        "first row they may stand in any order; without: product code, basis, amount, per, set-up "
        "fee, tiers. Between cells: tabs, semicolons or commas; 3,50 is read as 3.50 unless commas "
        "part the cells.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["rows"].widget.attrs["rows"] = 12

    def clean_rows(self):
        """Ask for something besides white space."""
        text = self.cleaned_data["rows"]
        if not text.strip():
            raise forms.ValidationError("Paste at least one row.")
        return text
