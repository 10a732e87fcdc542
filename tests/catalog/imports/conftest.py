"""Sending files to the imports of the catalogue, each checked at once."""

from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO

import pytest
from django.contrib.auth.models import User

from config.shared.models import ImportBatch, ImportRow
from config.shared.operations.imports import order_import, receive_file

NOW = datetime(2026, 2, 1, 9, 0, tzinfo=UTC)


def clock() -> datetime:
    """Return the instant of all that these tests do."""
    return NOW


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> None:
    """Keep the files that tests send out of the way."""
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def user(db) -> User:
    """The one who sends files."""
    return User.objects.create_superuser("catherine")


@pytest.fixture
def send(user, django_capture_on_commit_callbacks) -> Callable[..., ImportBatch]:
    """Send a text as a file of a kind; the answer is the import after its check."""

    def send_file(kind: str, text: str | bytes, name: str = "file.csv") -> ImportBatch:
        content = text.encode() if isinstance(text, str) else text
        with django_capture_on_commit_callbacks(execute=True):
            batch = receive_file(kind, BytesIO(content), name, by=user, clock=clock)
        batch.refresh_from_db()
        return batch

    return send_file


@pytest.fixture
def apply(user, django_capture_on_commit_callbacks) -> Callable[..., ImportBatch]:
    """Apply a checked import: all rows, or the good ones."""

    def apply_batch(batch: ImportBatch, mode: str = "ALL") -> ImportBatch:
        with django_capture_on_commit_callbacks(execute=True):
            order_import(batch, mode, by=user, clock=clock)
        batch.refresh_from_db()
        return batch

    return apply_batch


def outcomes(batch: ImportBatch) -> list[str]:
    """Return the outcome of each row, by line."""
    rows = ImportRow.objects.filter(batch=batch).order_by("line")
    return list(rows.values_list("outcome", flat=True))


def errors(batch: ImportBatch) -> dict[int, dict[str, list[str]]]:
    """Return the errors of the rejected rows, by line."""
    rows = ImportRow.objects.filter(batch=batch, outcome="REJECTED").order_by("line")
    return dict(rows.values_list("line", "errors"))


def changes(batch: ImportBatch) -> dict[int, dict[str, list[str]]]:
    """Return the differences of the changed rows, by line."""
    rows = ImportRow.objects.filter(batch=batch, outcome="CHANGED").order_by("line")
    return dict(rows.values_list("line", "changes"))
