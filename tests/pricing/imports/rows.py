"""Rows of a file through one kind of import, without the file's way there and back."""

from io import BytesIO

from django.db import transaction

from config.shared.imports.files import read_rows
from config.shared.imports.resources import RowReport, load_resources
from config.shared.imports.writers import csv_text

Reports = list[RowReport]


def stored(slug: str, text: str) -> Reports:
    """Store the good rows, and return what became of each."""
    resource = load_resources()[slug]()
    rows = read_rows(BytesIO(text.encode()))
    resource.begin(rows.head)
    return resource.process(list(rows.lines), dry_run=False)


def checked(slug: str, text: str) -> Reports:
    """Return what would become of each row."""
    with transaction.atomic():
        reports = stored(slug, text)
        transaction.set_rollback(True)
    return reports


def exported(slug: str) -> str:
    """Return all that is stored of a kind, as CSV."""
    resource = load_resources()[slug]()
    return "".join(csv_text(resource.export_head(), resource.export_rows(resource.all_records())))


def sample(slug: str) -> str:
    """Return the sample file of a kind."""
    kind = load_resources()[slug]
    head = kind().export_head()
    return "".join(csv_text(head, [[row.get(name, "") for name in head] for row in kind.examples]))


def outcomes(reports: Reports) -> list[str]:
    """Return the outcome of each row."""
    return [report.outcome.value for report in reports]


def errors(reports: Reports) -> dict[int, dict[str, list[str]]]:
    """Return the reasons of the rejected rows by line and column."""
    return {report.line.number: report.errors for report in reports if report.errors}


def refused(reports: Reports) -> dict[int, list[str]]:
    """Return the columns at fault by line."""
    return {line: list(found) for line, found in errors(reports).items()}


def changes(reports: Reports) -> dict[int, dict[str, list[str]]]:
    """Return the differences of the changed rows by line."""
    return {
        report.line.number: report.changes
        for report in reports
        if report.outcome.value == "CHANGED"
    }
