"""Files of rows: what is read, and what is refused in which words."""

import csv
import zipfile
from datetime import date
from io import BytesIO, StringIO

import openpyxl
import pytest

from config.shared.imports import files
from config.shared.imports.files import FileRefused, read_rows
from config.shared.imports.writers import csv_text, write_xlsx

KNOWN = ("code", "name", "type")


def lines_of(content: bytes | str) -> list[tuple[int, dict[str, str], dict[str, str]]]:
    data = content.encode() if isinstance(content, str) else content
    rows = read_rows(BytesIO(data), known=KNOWN)
    return [(line.number, line.values, line.faults) for line in rows.lines]


def workbook(*rows: list[object]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def archive(**parts: bytes) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name.replace("__", "/").replace("_DOT_", "."), content)
    return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"code,name\nA,Caf\xc3\xa9\n", id="UTF-8"),
        pytest.param(b"\xef\xbb\xbfcode,name\r\nA,Caf\xc3\xa9\r\n", id="with BOM, CRLF"),
        pytest.param("code;name\nA;Café\n".encode(), id="semicolons"),
        pytest.param("code\tname\nA\tCafé".encode(), id="tabs, no last line end"),
        pytest.param("code,name\nA,Café\n".encode("utf-16"), id="UTF-16"),
        pytest.param(workbook(["code", "name"], ["A", "Café"]), id="XLSX"),
    ],
)
def test_encoding_and_delimiter_are_found(content):
    assert lines_of(content) == [(2, {"code": "A", "name": "Café"}, {})]


def test_lines_are_counted_as_in_the_file():
    content = 'code,name\nA,"two\nlines"\n\n , \nB,one\n'

    assert [(number, values["code"]) for number, values, _ in lines_of(content)] == [
        (2, "A"),
        (6, "B"),
    ]


def test_cells_of_a_workbook_become_text():
    content = workbook(["code", "name", "a", "b"], [12, 1.5, date(2026, 1, 31), True])

    ((_, values, _),) = lines_of(content)

    assert values == {"code": "12", "name": "1.5", "a": "2026-01-31", "b": "Yes"}


def test_formula_is_a_fault_of_its_cell():
    ((_, values, faults),) = lines_of(workbook(["code", "name"], ["A", "=1+1"]))

    assert values["name"] == ""
    assert faults == {"name": "A formula: paste its value instead."}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        pytest.param("A", "The row ends after 1 of 2 columns.", id="short"),
        pytest.param("A,b,c", "The row has 3 cells, but the first line 2 columns.", id="long"),
    ],
)
def test_ragged_row_is_a_fault_of_the_row(row, reason):
    ((_, _, faults),) = lines_of(f"code,name\n{row}\n")

    assert faults == {"": reason}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"", "The file is empty", id="empty"),
        pytest.param(b"\n\n", "first line is empty", id="blank lines"),
        pytest.param(b"code,,name\n", "Column 2 has no name", id="unnamed column"),
        pytest.param(b"code,Code\n", "“Code” is there twice", id="column twice"),
        pytest.param(b"code\n" + b"A\n" * 9 + b"Caf\xe9\n", "not written in UTF-8", id="Latin-1"),
        pytest.param(b'code,name\nA,"open\n', "cannot be read as CSV from line 2", id="quote"),
        pytest.param(b"\x00\x01\x02\x03", "neither CSV nor XLSX", id="binary"),
        pytest.param(b"\x89PNG\r\n\x1a\n\x00", "neither CSV nor XLSX", id="image"),
        pytest.param(b"\xd0\xcf\x11\xe0old", "old Excel workbook", id="xls"),
        pytest.param(archive(readme=b"hello"), "no XLSX workbook", id="another zip"),
        pytest.param(b"PK\x03\x04cut", "cannot be read; save it anew", id="broken zip"),
        pytest.param(
            archive(
                xl__workbook_DOT_xml=b"<x/>",
                **{"[Content_Types]_DOT_xml": b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>"},
            ),
            "cannot be read; save it anew",
            id="XML bomb",
        ),
    ],
)
def test_what_is_no_table_is_refused(content, reason):
    with pytest.raises(FileRefused, match=reason):
        lines_of(content)


def test_workbook_that_unpacks_beyond_measure_is_refused(monkeypatch):
    monkeypatch.setattr(files, "_MOST_UNPACKED", 1_000_000)
    bomb = archive(xl__workbook_DOT_xml=b"<x/>", bomb=b"0" * 1_000_001)

    assert len(bomb) < 2_000
    with pytest.raises(FileRefused, match="too large when unpacked"):
        lines_of(bomb)


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr(files, "MOST_ROWS", 3)

    with pytest.raises(FileRefused, match="more than 3 rows"):
        lines_of("code\n" + "A\n" * 4)


TRICKY = ["=1+1", "'=1", "-5", "+357 22", "@x", "plain", 'q"uote', "a;b,c", "line\nbreak", "'only"]


@pytest.mark.parametrize("written", ["csv", "xlsx"])
def test_exported_cells_are_read_back_as_they_were(written):
    rows = [[text, str(place)] for place, text in enumerate(TRICKY)]
    if written == "csv":
        content = "".join(csv_text(["code", "name"], rows)).encode()
    else:
        with write_xlsx(["code", "name"], rows) as file:
            content = file.read()

    assert [values["code"] for _, values, _ in lines_of(content)] == TRICKY


def test_exported_csv_has_no_formula():
    text = "".join(csv_text(["code"], [[cell] for cell in TRICKY]))

    cells = [row[0] for row in csv.reader(StringIO(text.lstrip("\ufeff")))]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_text_that_is_called_a_workbook_is_refused():
    with pytest.raises(FileRefused, match="This is not an Excel file"):
        files.read_rows(BytesIO(b"code,name\nA,b\n"), name="Products.XLSX")
