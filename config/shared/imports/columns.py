"""Columns of import files: a name, and how its text becomes a value and back.

A column is a field of django-import-export; its widget reads and writes the cells. A cell that
cannot be read is a ValueError with the reason; an empty cell gives the widget's empty value.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from operator import attrgetter
from typing import Any, Final

from django.db import models
from import_export.fields import Field
from import_export.widgets import Widget

from config.shared.day_bounds import fault_of_day
from config.shared.imports.lookups import Found, find_by_text

BETWEEN: Final = ";"
_PERIOD: Final = re.compile(r"(\d{4}-\d\d-\d\d)\s*\.\.\s*(\d{4}-\d\d-\d\d)?")
_ALWAYS: Final = "always"
_YES: Final = frozenset({"yes", "y", "true", "1"})
_NO: Final = frozenset({"no", "n", "false", "0"})


class Column(Field):  # type: ignore[misc]  # import-export has no types
    """A column of a kind of import: `about` says what belongs in it.

    `required` columns must be in the file and filled.
    """

    def __init__(
        self,
        name: str,
        attribute: str,
        cell: "Cell",
        *,
        about: str,
        required: bool = False,
    ) -> None:
        super().__init__(attribute=attribute, column_name=name, widget=cell)
        self.about = about
        self.required = required

    @property
    def name(self) -> str:
        """The column's name in files."""
        return str(self.column_name)

    def text(self, value: Any) -> str:
        """Return a value as it stands in a file, as text."""
        shown = self.widget.render(value)
        return "" if shown is None else str(shown)

    def clean(self, row: Mapping[str, str], **kwargs: Any) -> Any:
        """Return the value of the row's cell. Raises ValueError."""
        text = row[self.column_name]
        if self.required and not text:
            raise ValueError("This column must be filled.")
        return self.widget.clean(text, row=row)


class Cell(Widget):  # type: ignore[misc]  # import-export has no types
    """How cells are read and written: `clean` and `render`."""

    empty: Any = ""

    def clean(self, value: str, row: Mapping[str, str] | None = None, **kwargs: Any) -> Any:
        """Return the value of a cell. Raises ValueError."""
        return self.read(value) if value else self.empty

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        """Return what stands in a file: text, or a number."""
        return "" if value is None else self.write(value)

    def read(self, text: str) -> Any:
        """Return the value of a text that is not empty. Raises ValueError."""
        return text

    def write(self, value: Any) -> Any:
        """Return a value that is not None as text or number."""
        return value

    def hints(self) -> str:
        """Return what may be written, in a few words, or ""."""
        return ""


class TextCell(Cell):
    """Text of at most `longest` characters."""

    def __init__(self, longest: int | None = None) -> None:
        super().__init__()
        self.longest = longest

    def read(self, text: str) -> str:
        """Return the text."""
        if self.longest is not None and len(text) > self.longest:
            raise ValueError(
                f"Ensure this value has at most {self.longest} characters (it has {len(text)})."
            )
        if "\x00" in text:
            raise ValueError("Null characters are not allowed.")
        return text

    def write(self, value: Any) -> Any:
        """Return the text with the line ends that files have."""
        return str(value).replace("\r\n", "\n")


class SlugCell(TextCell):
    """A code that stands in addresses: letters, digits, hyphens, underscores."""

    def read(self, text: str) -> str:
        """Return the code."""
        if not re.fullmatch(r"[-\w]+", text, re.ASCII):
            raise ValueError(f"“{text}” is no code: use letters, digits, hyphens and underscores.")
        return super().read(text)


class ChoiceCell(Cell):
    """One of a few choices, by its value or its label, in any letter case."""

    def __init__(
        self, choices: type[models.TextChoices] | Iterable[tuple[str, str]], *, empty: Any = ""
    ) -> None:
        super().__init__()
        self.empty = empty
        pairs = choices.choices if isinstance(choices, type) else choices
        self.labels = {value: str(label) for value, label in pairs}
        self.values = {value.casefold(): value for value in self.labels}
        self.values |= {label.casefold(): value for value, label in self.labels.items()}

    def read(self, text: str) -> str:
        """Return the value of the choice."""
        value = self.values.get(text.casefold())
        if value is None:
            raise ValueError(f"“{text}” is none of {self.hints()}.")
        return str(value)

    def write(self, value: Any) -> Any:
        """Return the label."""
        return self.labels.get(str(value), str(value))

    def hints(self) -> str:
        """Return the labels."""
        return "; ".join(self.labels.values())


class YesNoCell(Cell):
    """Yes or No."""

    def __init__(self, *, empty: bool = False) -> None:
        super().__init__()
        self.empty = empty

    def read(self, text: str) -> bool:
        """Return the truth value."""
        word = text.casefold()
        if word not in _YES | _NO:
            raise ValueError("Write Yes or No.")
        return word in _YES

    def write(self, value: Any) -> Any:
        """Return the word."""
        return "Yes" if value else "No"

    def hints(self) -> str:
        """Return the words."""
        return "Yes or No"


class WholeCell(Cell):
    """A whole number between `least` and `most`."""

    def __init__(self, *, least: int, most: int, empty: int | None = None) -> None:
        super().__init__()
        self.least, self.most, self.empty = least, most, empty

    def read(self, text: str) -> int:
        """Return the number."""
        if not re.fullmatch(r"[-+]?\d{1,12}", text, re.ASCII):
            raise ValueError("Enter a whole number.")
        number = int(text)
        if number < self.least:
            raise ValueError(f"Ensure this value is greater than or equal to {self.least}.")
        if number > self.most:
            raise ValueError(f"Ensure this value is less than or equal to {self.most}.")
        return number


class DecimalCell(Cell):
    """A number with decimals: 12.5."""

    empty = None

    def __init__(self, *, digits: int, decimals: int) -> None:
        super().__init__()
        self.digits, self.decimals = digits, decimals

    def read(self, text: str) -> Decimal:
        """Return the number."""
        whole = self.digits - self.decimals
        match = re.fullmatch(r"[-+]?0*(\d*)(?:\.(\d*?)0*)?", text, re.ASCII)
        if match is None or not re.search(r"\d", text):
            raise ValueError("Enter a number, such as 12.5.")
        if len(match[1]) > whole or len(match[2] or "") > self.decimals:
            raise ValueError(
                f"Ensure that there are no more than {whole} digits before and {self.decimals} "
                "after the decimal point."
            )
        return Decimal(text)

    def write(self, value: Any) -> Any:
        """Return the number without zeros at its end."""
        return f"{Decimal(value).normalize():f}"


class RecordCell(Cell):
    """One record, named by its code. Records are looked up for many rows at once by `load`."""

    empty: Any = None

    def __init__(self, model: type[models.Model], *, code: str = "code", noun: str = "") -> None:
        super().__init__()
        self.model, self.code = model, code
        self.noun = noun or str(model._meta.verbose_name)
        self.found: Found = {}
        self.made: Found = {}

    def load(self, texts: Iterable[str]) -> None:
        """Look up what the texts of many cells name; one query, none if all are known."""
        wanted = {one for text in texts for one in self.parts(text)} - self.found.keys()
        if wanted:
            self.found |= find_by_text(self.model, self.code, wanted)

    def remember(self, record: models.Model) -> None:
        """Have a record found that has just been made."""
        self.made[str(getattr(record, self.code)).upper()] = record

    def parts(self, text: str) -> Sequence[str]:
        """Return the codes in a cell."""
        return (text,) if text else ()

    def read(self, text: str) -> Any:
        """Return the record."""
        record = self.found.get(text) or self.made.get(text.upper())
        if record is None:
            raise ValueError(f"There is no {self.noun} with the code “{text}”.")
        return record

    def write(self, value: Any) -> Any:
        """Return the code."""
        return getattr(value, self.code)


class RecordsCell(RecordCell):
    """Several records, their codes parted by semicolons; the value is a tuple in key order."""

    empty = ()

    def parts(self, text: str) -> Sequence[str]:
        """Return the codes in a cell."""
        return split(text)

    def read(self, text: str) -> tuple[Any, ...]:
        """Return the records."""
        records = {}
        for code in split(text):
            record = super().read(code)
            records[record.pk] = record
        return in_key_order(records.values())

    def write(self, value: Any) -> Any:
        """Return the codes."""
        return join(sorted(str(getattr(record, self.code)) for record in value))


class PeriodsCell(Cell):
    """Periods of days, 2026-01-01..2026-03-31; 2026-05-01.. : the last day is covered.

    The value is a tuple of half-open (first day, day after the last or None), in order.
    """

    empty = ()

    def read(self, text: str) -> tuple[tuple[date, date | None], ...]:
        """Return the periods."""
        if text.casefold() == _ALWAYS:
            return ()
        return tuple(sorted(map(self._period, split(text)), key=lambda period: period[0]))

    def write(self, value: Any) -> Any:
        """Return the periods with their last days."""
        return join(
            f"{start.isoformat()}..{(end - timedelta(days=1)).isoformat() if end else ''}"
            for start, end in value
        )

    def _period(self, text: str) -> tuple[date, date | None]:
        match = _PERIOD.fullmatch(text)
        try:
            written = match.groups() if match else ()
            given = [date.fromisoformat(part) for part in written if part]
        except ValueError:
            given = []
        if not given:
            raise ValueError(
                f"“{text}” is no period; write 2026-01-01..2026-03-31, or 2026-01-01.. without end."
            )
        for day in given:
            if fault := fault_of_day(day, may_be_empty=True):
                raise ValueError(fault)
        return given[0], given[1] + timedelta(days=1) if given[1:] else None


class TextsCell(Cell):
    """Several texts, parted by semicolons."""

    empty = ()

    def read(self, text: str) -> tuple[str, ...]:
        """Return the texts."""
        return tuple(split(text))

    def write(self, value: Any) -> Any:
        """Return them in one cell."""
        return join(value)


def split(text: str) -> list[str]:
    """Return the parts between semicolons, empty ones left out."""
    return [part.strip() for part in text.split(BETWEEN) if part.strip()]


def join(parts: Iterable[str]) -> str:
    """Return the parts in one cell."""
    return f"{BETWEEN} ".join(parts)


def in_key_order(records: Iterable[Any]) -> tuple[Any, ...]:
    """Return records as values that can be compared: by primary key."""
    return tuple(sorted(records, key=attrgetter("pk")))


def quoted(names: Sequence[str]) -> str:
    """Return names for a sentence: the first five, long ones cut."""
    shown = ", ".join(f"“{name if len(name) <= 40 else name[:39] + '…'}”" for name in names[:5])
    return shown if len(names) <= 5 else f"{shown} and {len(names) - 5} more"
