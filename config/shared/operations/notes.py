"""Notes on any object."""

from django.contrib.auth.models import User
from django.db import models

from config.shared.models import Note


class NoteError(Exception):
    """A note cannot be written."""


class EmptyNote(NoteError):
    """A note without text."""


def write_note(subject: models.Model, text: str, *, by: User | None, pinned: bool = False) -> Note:
    """Leave a note on `subject`; `by` is None for one that Ratebook itself leaves.

    Raises EmptyNote.
    """
    text = text.strip()
    if not text:
        raise EmptyNote("Write the text of the note.")
    return Note.objects.create(subject=subject, text=text, written_by=by, pinned=pinned)
