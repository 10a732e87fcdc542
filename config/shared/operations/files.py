"""Files and addresses of pages that people attach to records."""

from datetime import datetime
from typing import IO, Final
from urllib.parse import urlsplit

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.validators import URLValidator
from django.db import connection, models, transaction

from config.shared.models import Attachment
from config.shared.operations.content_store import store_upload
from config.shared.operations.file_checks import (
    AddressNotAllowed,
    FileError,
    check_file,
    checked_name,
)
from config.shared.operations.signing import sign
from config.shared.queries.files import attachments_of

FOLDER: Final = "attachments"
MOST_ATTACHMENTS: Final = 100
_TITLE_LENGTH: Final = 120


@transaction.atomic
def attach_file(
    subject: models.Model,
    upload: IO[bytes],
    *,
    name: str,
    title: str = "",
    by: User | None,
    at: datetime,
) -> Attachment:
    """Attach a file to a record, under the name it was uploaded with; an empty title is that name.

    Raises FileNotAllowed; then nothing is stored.
    """
    shown = checked_name(name)
    size = check_file(shown, upload)
    _check_room(subject)
    # Held to the end: nobody takes the same content away meanwhile.
    _lock_store()
    return _save(
        Attachment(
            subject=subject,
            title=title.strip()[:_TITLE_LENGTH] or shown,
            file=store_upload(FOLDER, upload),
            file_name=shown,
            size_bytes=size,
            added_at=at,
            added_by=by,
        ),
        by,
    )


@transaction.atomic
def attach_address(
    subject: models.Model, address: str, *, title: str = "", by: User | None, at: datetime
) -> Attachment:
    """Attach the address of a page on the web; an empty title is the name of its host.

    Raises AddressNotAllowed.
    """
    address = address.strip()
    host = _host_of(address)
    _check_room(subject)
    return _save(
        Attachment(
            subject=subject,
            title=title.strip()[:_TITLE_LENGTH] or host[:_TITLE_LENGTH],
            url=address,
            added_at=at,
            added_by=by,
        ),
        by,
    )


@transaction.atomic
def remove_attachment(attachment: Attachment, *, by: User | None) -> None:
    """Remove an attachment; its file goes with the last attachment that has it."""
    stored = Attachment.objects.select_for_update(of=("self",)).filter(pk=attachment.pk).first()
    if stored is None:
        raise FileError("The attachment was removed meanwhile.")
    name = stored.file.name
    sign(stored, by)
    stored.delete()
    if name:
        transaction.on_commit(lambda: _forget(name))


@transaction.atomic
def remove_attachments_of(record: models.Model, *, by: User | None = None) -> None:
    """Remove all that is attached to a record that is about to be deleted."""
    for attachment in attachments_of(record):
        remove_attachment(attachment, by=by)


@transaction.atomic
def _forget(name: str) -> None:
    """Delete a file that no attachment has any more."""
    _lock_store()
    if not Attachment.objects.filter(file=name).exists():
        default_storage.delete(name)


def _lock_store() -> None:
    """Attach and forget files one at a time, to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('attachments'))")


def _save(attachment: Attachment, by: User | None) -> Attachment:
    sign(attachment, by)
    attachment.save()
    return attachment


def _host_of(address: str) -> str:
    try:
        URLValidator(schemes=["http", "https"])(address)
        parts = urlsplit(address)
    except (ValidationError, ValueError) as wrong:
        raise AddressNotAllowed("Give the address of a page: https://…", field="address") from wrong
    if len(address) > 500:
        raise AddressNotAllowed("The address has more than 500 characters.", field="address")
    if parts.username is not None or parts.password is not None:
        raise AddressNotAllowed("Leave name and password out of the address.", field="address")
    return parts.hostname or ""


def _check_room(subject: models.Model) -> None:
    if attachments_of(subject).count() >= MOST_ATTACHMENTS:
        raise FileError(
            f"{subject} has {MOST_ATTACHMENTS} attachments, which is the most. Remove one first."
        )
