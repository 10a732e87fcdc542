"""Workbooks that are sent while their rows are read."""

from decimal import Decimal
from io import BytesIO

import openpyxl

from config.shared.imports.workbooks import LONGEST_TEXT, workbook


def cells(*rows: list[object]) -> list[tuple[object, ...]]:
    head = [f"h{place}" for place in range(len(rows[0]))]
    book = openpyxl.load_workbook(BytesIO(b"".join(workbook(head, rows))))
    found = list(book.active.iter_rows(values_only=True))
    assert found[0] == tuple(head)
    assert book.active.freeze_panes == "A2"
    assert book.active["A1"].font.b
    return found[1:]


def test_numbers_are_numbers_and_anything_else_is_text() -> None:
    row = [12, 2.5, Decimal("0.1000000000"), True, "007", "<b>&", " a\nb ", "", None]

    assert cells(row) == [(12, 2.5, 0.1, "True", "007", "<b>&", " a\nb ", None, None)]


def test_what_a_sheet_cannot_hold_is_written_otherwise() -> None:
    assert cells(["a\x0bb", "_x0041_", "x" * (LONGEST_TEXT + 1), float("inf")]) == [
        ("a_x000B_b", "_x005F_x0041_", "x" * LONGEST_TEXT, "inf")
    ]


def test_columns_beyond_the_alphabet_keep_their_place() -> None:
    assert cells([None] * 27 + ["far"]) == [(*[None] * 27, "far")]


def test_pieces_are_sent_while_rows_are_read() -> None:
    read = 0

    def rows():
        nonlocal read
        for read in range(1, 5001):
            yield [f"row {read}"]

    pieces = workbook(["h"], rows())
    next(pieces)

    assert read <= 200
    assert sum(1 for _ in pieces) > 2
