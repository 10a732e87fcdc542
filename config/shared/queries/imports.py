"""Imports: their list, and their rows."""

from collections.abc import Iterator

from django.db.models import QuerySet

from config.shared.imports.resources import ADDED
from config.shared.models import ImportBatch, ImportRow, RowOutcome


def imports() -> QuerySet[ImportBatch]:
    """Return all imports, the newest first."""
    return ImportBatch.objects.select_related("created_by", "applied_by").order_by("-pk")


def rows_of(batch: ImportBatch) -> QuerySet[ImportRow]:
    """Return the rows of an import, by line."""
    return ImportRow.objects.filter(batch=batch).order_by("line")


def rejected_lines(batch: ImportBatch, head: list[str]) -> Iterator[list[str]]:
    """Yield rejected rows as they were in the file, each with its line and the reasons."""
    for row in rows_of(batch).filter(outcome=RowOutcome.REJECTED).iterator(chunk_size=1_000):
        reasons = "; ".join(
            f"{name}: {reason}" if name else reason
            for name, reasons in row.errors.items()
            for reason in reasons
        )
        values = [row.values.get(name, "") for name in head if name.casefold() not in ADDED]
        yield [*values, str(row.line), reasons]
