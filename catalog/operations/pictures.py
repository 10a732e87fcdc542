"""Uploaded pictures are read by Pillow and encoded anew: nothing of the upload itself is kept."""

import struct
import threading
import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import IO, Final

from django.conf import settings
from PIL import Image, ImageOps

from catalog.operations.errors import ImageNotUsable

# Formats that are read, whatever the file is called. No other decoder of Pillow sees an upload.
FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF")
LONGEST_SIDE: Final = 1_600
THUMBNAIL_SIDE: Final = 160
# What Pillow's decoders raise on files that are broken, cut off or made to mislead.
_BROKEN: Final = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    EOFError,
    struct.error,
    zlib.error,
)
# A picture of the most pixels takes 400 MB while it is decoded: one of them per process.
_ONE_AT_A_TIME: Final = threading.Lock()
_BOMB: Final = (Image.DecompressionBombError, Image.DecompressionBombWarning)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as Ratebook stores it: WebP without metadata, and its small copy."""

    content: bytes
    thumbnail: bytes
    width: int
    height: int


def read_picture(upload: IO[bytes]) -> Picture:
    """Check an upload by its content and return it encoded anew, upright, at most 1,600 px wide or
    high.

    Raises ImageNotUsable if it is too large, moves, or is no whole picture of those formats.
    """
    upload.seek(0, 2)
    if upload.tell() > settings.IMAGE_MAX_BYTES:
        raise _not_usable(
            f"The file is larger than {settings.IMAGE_MAX_BYTES // 1024 // 1024} MB. "
            "Choose a smaller one."
        )
    upload.seek(0)
    try:
        with _ONE_AT_A_TIME, Image.open(upload, formats=FORMATS) as image:
            _check(image)
            full = _upright(image)
    except _BOMB as bomb:
        raise _too_many_pixels() from bomb
    except _BROKEN as broken:
        raise _not_usable(
            "This is no image that can be read. Choose a whole JPEG, PNG, WebP or GIF file."
        ) from broken
    small = full.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    return Picture(_encoded(full), _encoded(small), full.width, full.height)


def _check(image: Image.Image) -> None:
    if image.width * image.height > settings.IMAGE_MAX_PIXELS:
        raise _too_many_pixels()
    if getattr(image, "is_animated", False):
        raise _not_usable("The image moves. Choose a still one.")


def _upright(image: Image.Image) -> Image.Image:
    """Return the picture scaled down, turned as its camera meant it, with no metadata."""
    mode = "RGBA" if image.has_transparency_data else "RGB"
    if image.mode in {"1", "P"}:
        image = image.convert(mode)
    if image.format == "JPEG":
        # Decoded at a half, a quarter or an eighth already: less time and memory.
        ratio = 2 * LONGEST_SIDE / max(image.size)
        image.draft(None, (int(image.width * ratio), int(image.height * ratio)))
        image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), reducing_gap=None)
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), reducing_gap=2.0)
    turned = ImageOps.exif_transpose(image)
    clean = Image.new(mode, turned.size)
    clean.paste(turned.convert(mode))
    return clean


def _encoded(image: Image.Image) -> bytes:
    stream = BytesIO()
    image.save(stream, "WEBP", quality=82, method=4)
    return stream.getvalue()


def _too_many_pixels() -> ImageNotUsable:
    most = settings.IMAGE_MAX_PIXELS // 1_000_000
    return _not_usable(f"The image has more than {most} million pixels. Choose a smaller one.")


def _not_usable(message: str) -> ImageNotUsable:
    return ImageNotUsable(message, field="image")
