"""Fixtures of the shared app's tests: the test run kind, its definition, notes to work on."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.contrib.auth.models import User

from config.shared.models import Note, Run, RunDefinition
from config.shared.operations.notes import write_note
from config.shared.operations.numbers import ensure_series
from config.shared.operations.runs import create_run, ensure_definitions

NOW = datetime(2026, 2, 1, 3, 0, tzinfo=UTC)
FEBRUARY_1 = date(2026, 2, 1)


@pytest.fixture
def definition(db, settings) -> RunDefinition:
    """The definition of the test kind, on an installation that has no other kind."""
    settings.RUN_KINDS = ["tests.shared.kinds.MarkNotes"]
    settings.RUN_WORKERS = 2
    settings.RUN_CHUNK_SIZE = 500
    ensure_series("marks", prefix="M-", width=4)
    (made,) = ensure_definitions()
    return made


@pytest.fixture
def subject(db) -> User:
    """Something to leave notes on."""
    return User.objects.create_user("subject")


@pytest.fixture
def write(subject: User) -> Callable[..., list[Note]]:
    """Write one note a text."""
    return lambda *texts: [write_note(subject, text, by=None) for text in texts]


@pytest.fixture
def make_run(definition: RunDefinition) -> Callable[..., Run]:
    """Make a draft run of the test kind for 1 February 2026."""

    def make(**options) -> Run:
        return create_run(definition, **{"as_of": FEBRUARY_1, "by": None, "now": NOW, **options})

    return make


def texts() -> list[str]:
    """Return the texts of all notes in the order written."""
    return list(Note.objects.order_by("pk").values_list("text", flat=True))
