"""Rows as files to download: CSV as it is read, XLSX as soon as it is written."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import islice
from tempfile import TemporaryFile
from typing import IO, Any, Final

import xlsxwriter
from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from config.shared.tables import neutralised

FORMATS: Final = {"csv": "CSV", "xlsx": "Excel"}
_LINES_AT_ONCE: Final = 200
_BOM: Final = "\N{ZERO WIDTH NO-BREAK SPACE}"
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MOST_SHEET_ROWS: Final = 1_048_575


class _Echo:
    """A file that gives back each line written to it."""

    def write(self, line: str) -> str:
        return line


def download(
    rows: Iterable[Sequence[Any]], *, head: Sequence[str], name: str, file_format: str
) -> HttpResponseBase:
    """Return rows as an attachment, `file_format` being csv or xlsx; formulas are neutralised."""
    disposition = {"Content-Disposition": f'attachment; filename="{name}.{file_format}"'}
    if file_format == "xlsx":
        return FileResponse(write_xlsx(head, rows), content_type=_XLSX, headers=disposition)
    return StreamingHttpResponse(
        csv_text(head, rows), content_type="text/csv; charset=utf-8", headers=disposition
    )


def csv_text(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Yield rows as CSV, the first line at once and then some hundred lines at a time."""
    writer = csv.writer(_Echo())
    yield _BOM + _line(writer, head)
    lines = (_line(writer, row) for row in rows)
    while text := "".join(islice(lines, _LINES_AT_ONCE)):
        yield text


def write_xlsx(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> IO[bytes]:
    """Write rows into a workbook of one sheet, in little memory; return it open at its start."""
    file = TemporaryFile()  # noqa: SIM115  # the response closes it
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(file, options) as workbook:
        sheet = workbook.add_worksheet("Rows")
        bold = workbook.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        for place, name in enumerate(head):
            sheet.set_column(place, place, 18)
            sheet.write_string(0, place, name, bold)
        for number, row in enumerate(islice(rows, _MOST_SHEET_ROWS), start=1):
            for place, cell in enumerate(row):
                if isinstance(cell, int | float | Decimal) and not isinstance(cell, bool):
                    sheet.write_number(number, place, cell)
                elif text := str(neutralised(cell)):
                    sheet.write_string(number, place, text)
    file.seek(0)
    return file


def _line(writer: Any, row: Sequence[Any]) -> str:
    return str(writer.writerow([neutralised(cell) for cell in row]))
