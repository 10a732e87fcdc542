"""Which files people may attach: none that a browser or a computer would run."""

import re
import unicodedata
from typing import IO, Final

from django.conf import settings

NAME_LENGTH: Final = 120
_HEAD: Final = 2_048

# What Windows, browsers and shells run or render as a page, by the end of the name.
_RUN: Final = """
    ade adp apk app appx bash bat chm class cmd com cpl csh deb dll dmg elf exe gadget hta inf ins
    isp jar jse ksh lnk mde msc msi msix msp mst pcd pif pl ps1 psm1 py pyc pyw rb reg rpm scr sct
    sh shb sys url vb vbe vbs wasm ws wsc wsf wsh xll zsh
"""
_RENDERED: Final = """
    asp aspx cgi htm html js jsp mht mhtml mjs php phar phtml shtml svg svgz swf xht xhtml xsl xslt
"""
REFUSED_ENDINGS: Final = frozenset(f"{_RUN} {_RENDERED}".split())
# ... and by how the content begins: programs, and scripts that name their interpreter.
_PROGRAMS: Final = (
    b"MZ",
    b"\x7fELF",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
    b"\x00asm",
    b"#!",
    b"L\x00\x00\x00\x01\x14\x02\x00",
    b"<?php",
)
_PAGE: Final = re.compile(
    r"<(!doctype\s+(html|svg)|html|head|body|script|svg|iframe|object|embed|style|title|meta|link|"
    r"base|form|xsl:)\b",
    re.IGNORECASE,
)
_BEFORE_PAGE: Final = re.compile(r"^(\s|\ufeff|\0|<\?xml[^>]*>|<!--.*?-->)*", re.DOTALL)


class FileError(Exception):
    """A file or address cannot be attached as asked; `field` is the argument at fault."""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class FileNotAllowed(FileError):
    """The file is empty, too large, or of a kind that is not taken."""


class AddressNotAllowed(FileError):
    """The address is none of a page on the web."""


def checked_name(name: str) -> str:
    """Return the last part of a file's name as it may be shown: one line, no tricks with direction,
    at most 120 characters with its ending kept.
    """
    last = re.split(r"[/\\]", name)[-1]
    shown = "".join(
        one for one in last if unicodedata.category(one) not in {"Cc", "Cf", "Cs", "Co"}
    )
    shown = shown.strip(" .") or "file"
    if len(shown) <= NAME_LENGTH:
        return shown
    stem, dot, ending = shown.rpartition(".")
    if not dot or len(ending) > 20:
        return shown[:NAME_LENGTH]
    return f"{stem[: NAME_LENGTH - len(ending) - 1]}.{ending}"


def check_file(name: str, content: IO[bytes]) -> int:
    """Return the size in bytes of a file that may be attached; raises FileNotAllowed."""
    size = content.seek(0, 2)
    content.seek(0)
    most = settings.ATTACHMENT_MAX_BYTES
    if size == 0:
        raise FileNotAllowed("The file is empty.", field="file")
    if size > most:
        raise FileNotAllowed(
            f"The file is larger than {most // 1024 // 1024} MB. Choose a smaller one.",
            field="file",
        )
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    head = content.read(_HEAD)
    content.seek(0)
    if ending in REFUSED_ENDINGS or head.startswith(_PROGRAMS) or _is_page(head):
        raise FileNotAllowed(
            "Programs, scripts and web pages cannot be attached. Choose a document, a picture or "
            "an archive.",
            field="file",
        )
    return size


def _is_page(head: bytes) -> bool:
    """Tell whether a browser could take the content for a page, in whatever encoding."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = head.decode("utf-16", "replace")
    else:
        text = head.replace(b"\0", b"").decode("latin-1").removeprefix("\xef\xbb\xbf")
    return _PAGE.match(_BEFORE_PAGE.sub("", text, count=1)) is not None
