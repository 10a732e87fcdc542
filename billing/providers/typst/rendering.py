"""Typesetting: JSON in, PDF out. The same content and instant give the same bytes."""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import typst

TEMPLATES = Path(__file__).parent / "templates"
# Tagged, with a title and a language: readable by screen readers.
ACCESSIBLE: Final = "ua-1"


class UnknownTemplate(Exception):
    """Content names a template version that this installation does not have."""


def render(template: str, content: Mapping[str, Any], *, dated: datetime) -> bytes:
    """Return `content` as PDF, by the template of that name; it says it was made at `dated`.

    Data goes in as one JSON text, never as source. The fonts are those of the typst wheel. Only
    if a text needs a script they lack are the system's fonts used too, and PDF/UA, which refuses
    a missing letter, is given up. Raises UnknownTemplate.
    """
    source = TEMPLATES / f"{template}.typ"
    if source.parent != TEMPLATES or not source.is_file():
        raise UnknownTemplate(f"There is no template {template}.")
    inputs = {"content": json.dumps(content, ensure_ascii=False)}
    timestamp = int(dated.timestamp())
    try:
        made = typst.compile(
            source,
            font_paths=_own_fonts(),
            sys_inputs=inputs,
            pdf_standards=ACCESSIBLE,
            timestamp=timestamp,
        )
    except typst.TypstError as error:
        if "could not be displayed" not in str(error):
            raise
        made = typst.compile(source, sys_inputs=inputs, timestamp=timestamp)
    return bytes(made)


@cache
def _own_fonts() -> typst.Fonts:
    """Return the fonts that are inside the wheel, read once."""
    return typst.Fonts(include_system_fonts=False)
