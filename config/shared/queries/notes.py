"""Reads of notes."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, QuerySet

from config.shared.models import Note


def notes_of(subject: Model) -> QuerySet[Note]:
    """Return the notes on `subject` with their authors: pinned ones first, then the newest."""
    content_type = ContentType.objects.get_for_model(subject)
    return (
        Note.objects.filter(content_type=content_type, object_id=subject.pk)
        .select_related("written_by")
        .order_by("-pinned", "-written_at", "-pk")
    )
