"""Rows as an XLSX workbook of one sheet, made a piece at a time: nothing of it is kept.

Office Open XML (ECMA-376): texts stand in their cells (`inlineStr`), so that no table of them is
needed, and the archive says the size of a part after it, so that none has to be known before.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from io import RawIOBase
from itertools import chain, islice
from math import isfinite
from typing import Any, Final
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

MOST_ROWS: Final = 1_048_575
LONGEST_TEXT: Final = 32_767
_LINES_AT_ONCE: Final = 200
_XML: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_DOCUMENT: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS: Final = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels"'
    ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_TYPES}.styles+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPES}.worksheet+xml"/>'
    "</Types>",
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_DOCUMENT}/officeDocument" Target="xl/workbook.xml"/>'
    "</Relationships>",
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_DOCUMENT}">'
    "<bookViews><workbookView/></bookViews>"
    '<sheets><sheet name="Rows" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_DOCUMENT}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_DOCUMENT}/styles" Target="styles.xml"/>'
    "</Relationships>",
    "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}">'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>",
}
_SHEET: Final = (
    f'<worksheet xmlns="{_MAIN}"><sheetViews><sheetView tabSelected="1" workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    '</sheetView></sheetViews><cols><col min="1" max="{columns}" width="18" customWidth="1"/>'
    "</cols><sheetData>"
)
_SHEET_END: Final = "</sheetData></worksheet>"
# What XML cannot hold, and what reads like the way it is written instead.
_NOT_PLAIN: Final = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")


class _Sink(RawIOBase):
    """A file that gives away what was written to it."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.parts.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        taken = b"".join(self.parts)
        self.parts.clear()
        return taken


def workbook(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """Yield a workbook with a bold, frozen head and then the rows, as many as a sheet can have.

    Numbers are written as numbers, anything else as text.
    """
    sink = _Sink()
    with ZipFile(sink, "w", ZIP_DEFLATED) as archive:
        for name, text in _PARTS.items():
            archive.writestr(name, _XML + text)
        letters = [_letters(place) for place in range(1, len(head) + 1)]
        lines = chain(
            [_line(1, letters, head, ' s="1"')],
            (
                _line(number, letters, row)
                for number, row in enumerate(islice(rows, MOST_ROWS), start=2)
            ),
        )
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write((_XML + _SHEET.format(columns=max(len(head), 1))).encode())
            while text := "".join(islice(lines, _LINES_AT_ONCE)):
                sheet.write(text.encode())
                if sink.parts:
                    yield sink.take()
            sheet.write(_SHEET_END.encode())
    yield sink.take()


def _line(number: int, letters: Sequence[str], row: Sequence[Any], style: str = "") -> str:
    cells = [
        _cell(f"{letter}{number}", value, style)
        for letter, value in zip(letters, row, strict=True)
        if value is not None and value != ""
    ]
    return f'<row r="{number}">{"".join(cells)}</row>'


def _cell(place: str, value: Any, style: str) -> str:
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool) and isfinite(value):
        return f'<c r="{place}"{style}><v>{value}</v></c>'
    text = str(value)[:LONGEST_TEXT]
    if _NOT_PLAIN.search(text):
        text = _NOT_PLAIN.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
    inline = f'<is><t xml:space="preserve">{escape(text)}</t></is>'
    return f'<c r="{place}"{style} t="inlineStr">{inline}</c>'


def _letters(place: int) -> str:
    """Return the name of a column: 1 is A, 27 is AA."""
    name = ""
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
