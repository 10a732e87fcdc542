"""Pictures made in memory."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


def picture(
    kind: str = "PNG",
    size: tuple[int, int] = (40, 30),
    *,
    colour: str = "red",
    mode: str = "RGB",
    **options: object,
) -> bytes:
    """Return an encoded picture of one colour."""
    stream = BytesIO()
    Image.new(mode, size, colour).save(stream, kind, **options)
    return stream.getvalue()


def upload(content: bytes, name: str = "picture.png") -> SimpleUploadedFile:
    """Return `content` as a browser sends it."""
    return SimpleUploadedFile(name, content, content_type="image/png")
