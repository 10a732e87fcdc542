"""Forms of rate decks: the deck with its time bands, a file of rates, a call, a comparison."""

import re
from io import BytesIO

from django import forms

from catalog.forms.rows import RowForm
from config.shared.forms import RatebookForm
from config.shared.kept_files import KeptFileField
from pricing.forms.usage_records import (
    CurrencyField,
    NumberField,
    UsageRowsForm,
    seconds_cell,
)
from pricing.models import DeckImportMode, RateDeck
from pricing.operations.decks import BandRow
from pricing.queries.deck_differences import DifferenceKind

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MOST_VERSIONS = 200


def weekdays_text(days) -> str:
    """Return days of the week in words: Mon–Fri, Sun."""
    parts, days = [], sorted(days)
    while days:
        last = days[0]
        while last + 1 in days:
            last += 1
        first = days[0]
        parts.append(WEEKDAYS[first] if first == last else f"{WEEKDAYS[first]}–{WEEKDAYS[last]}")
        days = [day for day in days if day > last]
    return ", ".join(parts)


def clock_text(minute: int) -> str:
    """Return a minute of the day as a time: 08:00, 24:00."""
    return f"{minute // 60:02}:{minute % 60:02}"


class WeekdaysField(forms.CharField):
    """Days of the week as words; its value is a list of numbers, Monday 0."""

    def clean(self, value):
        """Read "Mon-Fri, Sun"."""
        text = super().clean(value)
        found = set()
        for part in re.split(r"[,;\s]+", re.sub(r"\s*[-–]\s*", "-", text.strip())):
            if not part:
                continue
            ends = [self._day(word) for word in part.split("-")]
            first, last = ends[0], ends[-1]
            span = last - first if last >= first else last - first + 7
            found |= {(first + step) % 7 for step in range(span + 1)}
        return sorted(found)

    def _day(self, word: str) -> int:
        for number, name in enumerate(WEEKDAYS):
            if word[:3].casefold() == name.casefold():
                return number
        raise forms.ValidationError("Write days as Mon-Fri, Sun.")

    def has_changed(self, initial, data):
        """Compare the words."""
        return (initial or "").replace("–", "-") != (data or "").replace("–", "-")


class MinuteField(forms.CharField):
    """A time of the day up to 24:00; its value is minutes after midnight."""

    def clean(self, value):
        """Read HH:MM."""
        text = super().clean(value).strip()
        match = re.fullmatch(r"([0-9]{1,2}):([0-5][0-9])", text, re.ASCII)
        minute = int(match[1]) * 60 + int(match[2]) if match else 1441
        if minute > 1440:
            raise forms.ValidationError("Write a time as 08:00, at most 24:00.")
        return minute


class BandForm(RowForm):
    """A time band."""

    code = forms.SlugField(max_length=20)
    weekdays = WeekdaysField(max_length=60, label="Days (Mon-Fri, Sun)")
    starts_at = MinuteField(max_length=5, label="From (08:00)")
    ends_at = MinuteField(max_length=5, label="To (24:00)")

    def row(self):
        """Return the row for the operation."""
        data = self.cleaned_data
        return BandRow(data["code"], data["weekdays"], data["starts_at"], data["ends_at"])


class DeckForm(UsageRowsForm):
    """A deck with its time bands."""

    row_form_class = BandForm
    rows_label = "Time bands"
    currency = CurrencyField()
    form_sections = [
        ("Main information", ["name", "code", "currency", "minimum_seconds"]),
        ("Notes", ["description"]),
    ]

    class Meta:
        model = RateDeck
        fields = ["name", "code", "currency", "minimum_seconds", "description"]

    def __init__(self, *args, bands=(), **kwargs):
        rows = [
            {
                "code": band.code,
                "weekdays": weekdays_text(band.weekdays),
                "starts_at": clock_text(band.start_minute),
                "ends_at": clock_text(band.end_minute),
            }
            for band in bands
        ]
        super().__init__(*args, rows_initial=rows, **kwargs)


class ImportDeckForm(RatebookForm):
    """A file of rates, or rows pasted."""

    starts_on = forms.DateField(
        label="Valid from", help_text="The version before it holds until the day before."
    )
    mode = forms.ChoiceField(choices=DeckImportMode, label="Take")
    file = KeptFileField(required=False, help_text="CSV or XLSX with a head; 50 MB at most.")
    rows = forms.CharField(
        required=False,
        widget=forms.Textarea,
        label="Rows",
        help_text="In place of a file: rows with their head, as pasted from a spreadsheet.",
    )

    def clean(self):
        """Ask for one of the two."""
        cleaned = super().clean()
        if not self.errors and bool(cleaned.get("file")) == bool(cleaned.get("rows")):
            self.add_error("file", "Choose a file or paste rows.")
        return cleaned

    def source(self):
        """Return what is to be read, and its name."""
        file = self.cleaned_data["file"]
        if file:
            return file, file.name
        return BytesIO(self.cleaned_data["rows"].encode()), "pasted rows"


class LookupForm(RatebookForm):
    """A number, and how long the call lasts."""

    number = NumberField(label="Number called")
    seconds = seconds_cell(required=False, label="Answered seconds", initial=60)
    on = forms.DateField(required=False, label="Day", help_text="Empty: today.")
    at = MinuteField(
        required=False, max_length=5, label="Time", help_text="As 18:30.", initial="12:00"
    )


class CompareForm(RatebookForm):
    """Two versions of decks."""

    old = forms.ModelChoiceField(None, label="Before")
    new = forms.ModelChoiceField(None, label="After")
    kind = forms.ChoiceField(
        required=False,
        label="Show",
        choices=[
            ("", "All differences"),
            (DifferenceKind.ADDED.value, "Added"),
            (DifferenceKind.GONE.value, "Gone"),
            (DifferenceKind.CHANGED.value, "Changed"),
        ],
    )

    def __init__(self, *args, versions, **kwargs):
        super().__init__(*args, **kwargs)
        options = [("", "Choose …")] + [
            (row.pk, f"{row.deck} {row}") for row in versions[:MOST_VERSIONS]
        ]
        for name in ("old", "new"):
            self.fields[name].queryset = versions
            self.fields[name].widget.choices = options

    def clean(self):
        """Refuse two currencies: their rates cannot be compared."""
        cleaned = super().clean()
        old, new = cleaned.get("old"), cleaned.get("new")
        if old and new and old.deck.currency != new.deck.currency:
            self.add_error("new", f"Its rates are in {new.deck.currency}, not {old.deck.currency}.")
        return cleaned
