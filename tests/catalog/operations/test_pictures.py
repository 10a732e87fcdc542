"""What is taken as an image, and what is left of it."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from catalog.operations.errors import ImageNotUsable
from catalog.operations.pictures import read_picture
from tests.catalog.pictures import picture

SCRIPT = b"<script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def png_of_size(width: int, height: int) -> bytes:
    """Return a small PNG whose head promises many pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts)


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_picture_becomes_webp_with_a_small_copy(kind):
    read = read_picture(BytesIO(picture(kind, (400, 300))))

    assert (read.width, read.height) == (400, 300)
    assert (opened(read.content).format, opened(read.content).size) == ("WEBP", (400, 300))
    assert (opened(read.thumbnail).format, opened(read.thumbnail).size) == ("WEBP", (160, 120))


def test_a_large_picture_is_scaled_down_and_a_small_one_is_not_scaled_up():
    large = read_picture(BytesIO(picture("JPEG", (3200, 800))))
    small = read_picture(BytesIO(picture("PNG", (8, 4))))

    assert (large.width, large.height) == (1600, 400)
    assert (small.width, small.height, opened(small.thumbnail).size) == (8, 4, (8, 4))


@pytest.mark.parametrize("mode", ["L", "LA", "P", "1", "RGBA", "CMYK", "I;16"])
def test_every_kind_of_pixel_is_read(mode):
    kind = "JPEG" if mode == "CMYK" else "PNG"
    colour = 0 if mode in {"1", "P", "L", "I;16"} else "black"

    read = read_picture(BytesIO(picture(kind, mode=mode, colour=colour)))

    assert opened(read.content).size == (40, 30)


def test_what_is_transparent_stays_so():
    read = read_picture(BytesIO(picture("PNG", mode="RGBA", colour="#ff000000")))

    assert opened(read.content).convert("RGBA").getpixel((0, 0))[3] == 0


def test_the_picture_is_upright_and_says_nothing_of_where_it_was_taken():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010E] = "Secret garden"
    exif.get_ifd(0x8825).update({1: "N", 2: (35.0, 10.0, 0.0)})
    source = picture("JPEG", (60, 20), exif=exif, comment=b"Secret garden")

    read = read_picture(BytesIO(source))

    assert b"Secret garden" in source
    assert (read.width, read.height) == (20, 60)
    for content in (read.content, read.thumbnail):
        assert not opened(content).getexif()
        assert b"Secret garden" not in content
        assert b"EXIF" not in content


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(picture("GIF") + SCRIPT, id="GIF and script"),
        pytest.param(
            picture("GIF").replace(b"GIF87a", b"GIF89a") + b"=1;alert(1)//", id="GIF and JS"
        ),
        pytest.param(picture("JPEG", comment=SCRIPT), id="script in a comment"),
        pytest.param(picture("PNG") + b"PK\x03\x04archive", id="PNG and archive"),
    ],
)
def test_of_a_file_that_is_two_things_only_the_pixels_are_kept(content):
    read = read_picture(BytesIO(content))

    for kept in (read.content, read.thumbnail):
        assert kept.startswith(b"RIFF")
        assert b"script" not in kept
        assert b"alert" not in kept
        assert b"PK\x03\x04" not in kept


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"", "no image", id="empty"),
        pytest.param(b"I am a picture", "no image", id="text"),
        pytest.param(SVG, "no image", id="SVG"),
        pytest.param(SCRIPT, "no image", id="HTML"),
        pytest.param(b"%PDF-1.7\n%\xe2\xe3", "no image", id="PDF"),
        pytest.param(b"MZ" + bytes(500), "no image", id="program"),
        pytest.param(picture("TIFF"), "no image", id="TIFF"),
        pytest.param(picture("BMP"), "no image", id="BMP"),
        pytest.param(picture("PNG", (400, 300))[:200], "no image", id="PNG cut off"),
        pytest.param(picture("JPEG", (400, 300))[:900], "no image", id="JPEG cut off"),
        pytest.param(picture("WEBP", (400, 300))[:60], "no image", id="WebP cut off"),
        pytest.param(b"GIF89a" + b"\xff" * 50, "no image", id="GIF of noise"),
        pytest.param(png_of_size(8_000, 8_000), "40 million pixels", id="64 million pixels"),
        pytest.param(png_of_size(30_000, 30_000), "40 million pixels", id="900 million pixels"),
        pytest.param(png_of_size(65_535, 2), "no image", id="wide, with few of its pixels"),
        pytest.param(
            picture("GIF", save_all=True, append_images=[Image.new("RGB", (40, 30), "blue")]),
            "moves",
            id="animation",
        ),
    ],
)
def test_what_is_no_still_image_is_refused_at_its_field(content, reason):
    with pytest.raises(ImageNotUsable, match=reason) as refusal:
        read_picture(BytesIO(content))

    assert refusal.value.field == "image"


def test_a_file_over_the_limit_is_refused_unread(settings):
    settings.IMAGE_MAX_BYTES = 2 * 1024 * 1024

    with pytest.raises(ImageNotUsable, match="larger than 2 MB"):
        read_picture(BytesIO(bytes(2 * 1024 * 1024 + 1)))
