"""Files in the storage under names made of their content: the same name, the same bytes."""

import hashlib
import re
from collections.abc import Iterator
from typing import IO, Final

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage

_CHUNK: Final = 64 * 1024


def store_bytes(folder: str, content: bytes, suffix: str = "") -> str:
    """Store `content` unless it is there already, and return its name in the storage."""
    name = content_name(folder, hashlib.sha256(content).hexdigest(), suffix)
    return _store(name, ContentFile(content))


def store_upload(folder: str, upload: "File[bytes] | IO[bytes]") -> str:
    """Store an uploaded file as it is, in pieces, and return its name in the storage."""
    digest = hashlib.sha256()
    for piece in _pieces(upload):
        digest.update(piece)
    upload.seek(0)
    content = upload if isinstance(upload, File) else File(upload)
    return _store(content_name(folder, digest.hexdigest()), content)


def content_name(folder: str, digest: str, suffix: str = "") -> str:
    """Return the name in the storage of what has this SHA-256.

    Raises ValueError where it is none.
    """
    if not re.fullmatch("[0-9a-f]{64}", digest):
        raise ValueError("Not a SHA-256.")
    return f"{folder}/{digest[:2]}/{digest}{suffix}"


def _store(name: str, content: "File[bytes]") -> str:
    if default_storage.exists(name):
        return name
    saved = default_storage.save(name, content)
    if saved != name:
        # Another request stored the same content meanwhile.
        default_storage.delete(saved)
    return name


def _pieces(upload: "File[bytes] | IO[bytes]") -> Iterator[bytes]:
    upload.seek(0)
    while piece := upload.read(_CHUNK):
        yield piece
