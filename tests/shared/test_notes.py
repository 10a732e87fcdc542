"""Notes: written once, pinned ones on top."""

import pytest

from config.shared.operations.notes import EmptyNote, write_note
from config.shared.queries.notes import notes_of

pytestmark = pytest.mark.django_db


def test_notes_of_an_object_are_read_pinned_first_and_newest_first(subject):
    write_note(subject, "old", by=None)
    write_note(subject, "pinned", by=None, pinned=True)
    write_note(subject, "new", by=subject)

    assert [note.text for note in notes_of(subject)] == ["pinned", "new", "old"]


def test_note_without_text_is_refused(subject):
    with pytest.raises(EmptyNote):
        write_note(subject, "  \n", by=None)
