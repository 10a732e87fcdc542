"""Requests and answers as pages show them: JSON with secrets masked."""

import json
import re
from typing import Any

MASK = "••••••"
# Names of values that nobody reads off a screen.
_SECRET = re.compile(r"(pass(word|wd|phrase)?|secret|token|pin\d?|puk\d?|psk|api_?key)$", re.I)


def shown_json(value: Any) -> str:
    """Return a JSON value as indented text, with what is named like a secret masked."""
    return json.dumps(_masked(value), indent=2, ensure_ascii=False)


def _masked(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: MASK if each and _SECRET.search(name) else _masked(each)
            for name, each in value.items()
        }
    if isinstance(value, list):
        return [_masked(each) for each in value]
    return value
