"""Reads of attached files and addresses."""

from typing import Final

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q, QuerySet

from config.shared.models import Attachment
from config.shared.queries.history import HistoryPart
from config.shared.statements import Given, Statement


def attachments_of(record: Model) -> "QuerySet[Attachment]":
    """Return what is attached to a record, in the order in which it was added."""
    return Attachment.objects.filter(_of(record)).select_related("added_by").order_by("id")


def listed_attachments(record: Model) -> list[Attachment]:
    """Return `attachments_of` a record, with who added them, to be shown."""
    content_type = ContentType.objects.get_for_model(record)
    return _OF_RECORD.ask(type=content_type.pk, record=record.pk)


def _of(record: Model) -> Q:
    return Q(content_type=ContentType.objects.get_for_model(record), object_id=record.pk)


_OF_RECORD = Statement(
    lambda: (
        Attachment.objects.filter(content_type=Given("type"), object_id=Given("record"))
        .select_related("added_by")
        .order_by("id")
    )
)
HISTORY_PARTS: Final = (
    HistoryPart(
        Attachment,
        "Attachment",
        where=_of,
        named_by=("title",),
        hidden=("content_type", "object_id", "file", "size_bytes", "added_at", "added_by"),
    ),
)
