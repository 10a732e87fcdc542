"""Rows as files to download, sent while they are read."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Final

from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase

from config.shared.imports.workbooks import workbook
from config.shared.tables import neutralised

FORMATS: Final = {"csv": "CSV", "xlsx": "Excel"}
_LINES_AT_ONCE: Final = 200
_BOM: Final = "\N{ZERO WIDTH NO-BREAK SPACE}"
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


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
        return StreamingHttpResponse(
            workbook_parts(head, rows), content_type=_XLSX, headers=disposition
        )
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


def workbook_parts(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """Yield rows as an XLSX workbook of one sheet, a piece at a time."""
    return workbook(head, ([neutralised(cell) for cell in row] for row in rows))


def _line(writer: Any, row: Sequence[Any]) -> str:
    return str(writer.writerow([neutralised(cell) for cell in row]))
