"""Results: figures by name, printed as a table."""

from collections.abc import Mapping, Sequence
from typing import Any

Figures = Mapping[str, Any]


def show(title: str, header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print rows as a table with a title; the first column is text, the others are numbers."""
    told = [[_told(cell) for cell in row] for row in (header, *rows)]
    widths = [max(len(row[place]) for row in told) for place in range(len(header))]
    print(f"\n{title}")
    for number, row in enumerate(told):
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        print("  " + "  ".join(cells))
        if number == 0:
            print("  " + "  ".join("-" * width for width in widths))


def _told(cell: object) -> str:
    if isinstance(cell, float):
        return f"{cell:,.2f}" if cell < 100 else f"{cell:,.0f}"
    return f"{cell:,}" if isinstance(cell, int) else str(cell)
