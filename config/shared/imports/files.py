"""Reading files of rows: CSV in UTF-8, and the first sheet of an XLSX workbook.

Both give a head and then lines of text, one at a time, so that a long file needs little memory.
What cannot be read is refused with the place at fault, in words that say what to do.
"""

import codecs
import csv
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from io import TextIOWrapper
from itertools import islice
from typing import IO, Any, Final
from xml.etree.ElementTree import ParseError

import openpyxl
from defusedxml import DefusedXmlException
from django.core.files import File
from openpyxl.utils.exceptions import InvalidFileException

MOST_BYTES: Final = 50 * 1024 * 1024
MOST_ROWS: Final = 200_000
MOST_COLUMNS: Final = 200
LONGEST_CELL: Final = 20_000
# What the parts of a workbook may take unpacked; all its texts are held in memory at once.
_MOST_UNPACKED: Final = 300 * 1024 * 1024
_MOST_TEXTS: Final = 64 * 1024 * 1024
_DELIMITERS: Final = (",", ";", "\t")
_NEUTRALISED: Final = re.compile(r"'+[=+\-@\t\r]")
_WORKBOOK: Final = b"PK\x03\x04"
_OLD_WORKBOOK: Final = b"\xd0\xcf\x11\xe0"
_UNREADABLE: Final = (
    zipfile.BadZipFile,
    InvalidFileException,
    DefusedXmlException,
    ParseError,
    KeyError,
    ValueError,
    TypeError,
    IndexError,
    AttributeError,
    EOFError,
    OSError,
    NotImplementedError,
)


class FileRefused(Exception):
    """The file cannot be read as rows; says why, in words that a user may read."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row as it was read: column → text. `faults` is column → reason, "" for the whole row."""

    number: int
    values: dict[str, str]
    faults: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rows:
    """What a file holds: the names of its columns, and its lines, to be read once."""

    head: list[str]
    lines: Iterator[Line]


def read_rows(file: Any, *, known: Iterable[str] = (), name: str = "") -> Rows:
    """Read a CSV or XLSX file, told apart by its content. `known` names columns to expect; what is
    called a workbook by its `name` has to be one.

    `file` is open for reading bytes; it may be one of Django's.

    Blank rows are left out. Raises FileRefused, also while the lines are read.
    """
    while isinstance(file, File):
        file = file.file
    file.seek(0)
    start = file.read(4)
    if not start:
        raise FileRefused("The file is empty.")
    if start == _OLD_WORKBOOK:
        raise FileRefused("This is an old Excel workbook (.xls). Save it as .xlsx or as CSV.")
    if start == _WORKBOOK:
        return _rows(_sheet_lines(file))
    if name.lower().endswith(".xlsx"):
        raise FileRefused("This is not an Excel file. Save it as .xlsx, or as CSV under that name.")
    return _rows(_csv_lines(file, known))


# A raw line: its number, its cells, and what is wrong with single cells by their place.
_Raw = tuple[int, Sequence[str], dict[int, str]]


def _rows(raw: Iterator[_Raw]) -> Rows:
    first = next(raw, None)
    if first is None:
        raise FileRefused("The file is empty.")
    head = [name.strip() for name in first[1]]
    while head and not head[-1]:
        head.pop()
    _check_head(head)
    return Rows(head, _lines(raw, head))


def _check_head(head: Sequence[str]) -> None:
    if not head:
        raise FileRefused("The first line is empty; it has to name the columns.")
    if len(head) > MOST_COLUMNS:
        raise FileRefused(f"The file has {len(head)} columns; {MOST_COLUMNS} are allowed.")
    seen: set[str] = set()
    for place, name in enumerate(head, start=1):
        if not name:
            raise FileRefused(f"Column {place} has no name in the first line.")
        if name.casefold() in seen:
            raise FileRefused(f"The column “{_short(name)}” is there twice.")
        seen.add(name.casefold())


def _lines(raw: Iterator[_Raw], head: Sequence[str]) -> Iterator[Line]:
    count = 0
    for number, cells, cell_faults in raw:
        if not any(cell.strip() for cell in cells) and not cell_faults:
            continue
        count += 1
        if count > MOST_ROWS:
            raise FileRefused(f"The file has more than {MOST_ROWS:,} rows; cut it into parts.")
        faults = {head[place]: why for place, why in cell_faults.items() if place < len(head)}
        if len(cells) < len(head):
            faults[""] = f"The row ends after {len(cells)} of {len(head)} columns."
        elif any(cell.strip() for cell in cells[len(head) :]):
            faults[""] = f"The row has {len(cells)} cells, but the first line {len(head)} columns."
        values = {}
        for name, cell in zip(head, cells, strict=False):
            if len(cell) > LONGEST_CELL:
                faults[name] = f"The text is longer than {LONGEST_CELL:,} characters."
            values[name] = _plain(cell[:LONGEST_CELL])
        yield Line(number, values, faults)


def _plain(cell: str) -> str:
    """Return a cell's text, without what our exports put before a formula."""
    text = cell.replace("\r\n", "\n").replace("\r", "\n").strip()
    return text[1:] if _NEUTRALISED.match(text) else text


# ---- CSV


def _csv_lines(file: IO[bytes], known: Iterable[str]) -> Iterator[_Raw]:
    encoding = _encoding(file)
    delimiter = _delimiter(file, encoding, {name.casefold() for name in known})
    file.seek(0)
    text = TextIOWrapper(file, encoding=encoding, newline="")
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    last = 0
    try:
        for cells in reader:
            yield last + 1, cells, {}
            last = reader.line_num
    except UnicodeDecodeError as error:
        raise FileRefused(
            f"Line {last + 1} or one soon after it is not written in UTF-8. Save the file as "
            "“CSV UTF-8”."
        ) from error
    except csv.Error as error:
        raise FileRefused(
            f"The file cannot be read as CSV from line {last + 1} on: {error}."
        ) from error
    finally:
        text.detach()


def _encoding(file: IO[bytes]) -> str:
    file.seek(0)
    start = file.read(4096)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\x00" in start:
        raise FileRefused("This is neither CSV nor XLSX.")
    return "utf-8-sig"


def _delimiter(file: IO[bytes], encoding: str, known: set[str]) -> str:
    """Return the delimiter under which the first line has the most known names, or columns."""
    file.seek(0)
    text = TextIOWrapper(file, encoding=encoding, newline="")
    try:
        start = text.read(64 * 1024)
    except UnicodeDecodeError as error:
        raise FileRefused("The file is not written in UTF-8. Save it as “CSV UTF-8”.") from error
    finally:
        text.detach()

    def score(delimiter: str) -> tuple[int, int]:
        try:
            head = next(csv.reader(start.splitlines(keepends=True), delimiter=delimiter), [])
        except csv.Error:
            return 0, 0
        return sum(name.strip().casefold() in known for name in head), len(head)

    return max(_DELIMITERS, key=score)


# ---- XLSX


def _sheet_lines(file: IO[bytes]) -> Iterator[_Raw]:
    workbook: Any = None
    try:
        _check_unpacked(file)
        file.seek(0)
        workbook = openpyxl.load_workbook(file, read_only=True, data_only=False, keep_links=False)
        if not workbook.worksheets:
            raise FileRefused("The workbook has no sheet.")
        sheet = workbook.worksheets[0]
        # What the file says of its size may be wrong, and costs empty rows where it is.
        sheet.reset_dimensions()
        width = 0
        for number, cells in enumerate(sheet.iter_rows(), start=1):
            texts = [_cell_text(cell) for cell in islice(cells, MOST_COLUMNS + 1)]
            width = width or len(texts)
            texts.extend("" for _ in range(width - len(texts)))
            faults = {
                place: "A formula: paste its value instead."
                for place, cell in enumerate(cells)
                if cell.data_type == "f"
            }
            yield number, texts, faults
    except _UNREADABLE as error:
        raise FileRefused("The workbook cannot be read; save it anew as .xlsx.") from error
    finally:
        if workbook is not None:
            workbook.close()


def _check_unpacked(file: IO[bytes]) -> None:
    """Refuse a workbook that grows beyond measure; a part never unpacks to more than it says."""
    file.seek(0)
    with zipfile.ZipFile(file) as archive:
        parts = archive.infolist()
    if "xl/workbook.xml" not in {part.filename for part in parts}:
        raise FileRefused("This is a zip file, but no XLSX workbook.")
    texts = sum(part.file_size for part in parts if part.filename.endswith("sharedStrings.xml"))
    if sum(part.file_size for part in parts) > _MOST_UNPACKED or texts > _MOST_TEXTS:
        raise FileRefused("The workbook is too large when unpacked; save it as CSV or cut it.")


def _cell_text(cell: Any) -> str:
    value = cell.value
    if value is None or cell.data_type == "f":
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time.min:
        return value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"
