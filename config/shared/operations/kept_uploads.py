"""Uploads of forms that were refused, kept for a day so that nobody chooses the file again."""

from datetime import date, timedelta
from typing import Any, Final

from django.core import signing
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from config.shared.operations.content_store import store_upload

FOLDER: Final = "kept"
_SALT: Final = "config.shared.kept_uploads"
_DAY: Final = timedelta(days=1)


def keep_upload(upload: "UploadedFile[Any]") -> str:
    """Keep an uploaded file and return the signed token that gives it back for a day."""
    stored = store_upload(f"{FOLDER}/{_today().isoformat()}", upload)
    return signing.dumps([stored, upload.name, upload.content_type], salt=_SALT)


def find_upload(token: str) -> "UploadedFile[Any] | None":
    """Return the file that was kept under a token; None for one that is too old or not ours."""
    try:
        stored, name, content_type = signing.loads(token, salt=_SALT, max_age=_DAY)
    except signing.BadSignature:
        return None
    if not default_storage.exists(stored):
        return None
    file = default_storage.open(stored)
    return UploadedFile(file, name, content_type, file.size)


def drop_old_uploads(*, on: date | None = None) -> int:
    """Delete what was kept before yesterday and return how many files that were."""
    oldest = ((on or _today()) - _DAY).isoformat()
    if not default_storage.exists(FOLDER):
        return 0
    days, _ = default_storage.listdir(FOLDER)
    return sum(_delete(f"{FOLDER}/{day}") for day in days if day < oldest)


def _delete(folder: str) -> int:
    folders, files = default_storage.listdir(folder)
    count = len(files) + sum(_delete(f"{folder}/{one}") for one in folders)
    for name in (*(f"{folder}/{one}" for one in files), folder):
        default_storage.delete(name)
    return count


def _today() -> date:
    return timezone.now().date()
