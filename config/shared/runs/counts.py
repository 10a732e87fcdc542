"""What a run counts: whole numbers and amounts, nested by name, and their exact sums."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

Count = int | Decimal
Counts = Mapping[str, Any]
"""Names to `Count`, or to such mappings: `{"bills": 3, "gross": {"EUR": Decimal("9.90")}}`."""


def sum_counts(many: Iterable[Counts]) -> dict[str, Any]:
    """Add counts up name by name, in the order in which the names first appear."""
    total: dict[str, Any] = {}
    for counts in many:
        for name, value in counts.items():
            if isinstance(value, Mapping):
                total[name] = sum_counts([total.get(name, {}), value])
            else:
                total[name] = total.get(name, 0) + value
    return total


def counts_to_json(counts: Counts) -> dict[str, Any]:
    """Return `counts` as JSON keeps them: amounts as text, so that no cent is lost.

    Raises TypeError for a float.
    """
    stored: dict[str, Any] = {}
    for name, value in counts.items():
        if isinstance(value, Mapping):
            stored[name] = counts_to_json(value)
        elif isinstance(value, Decimal):
            stored[name] = str(value)
        elif isinstance(value, int):
            stored[name] = value
        else:
            raise TypeError(f"Counts are whole numbers or decimals; {name} is {value!r}.")
    return stored


def counts_from_json(stored: Counts) -> dict[str, Any]:
    """Return what `counts_to_json` stored, with amounts as `Decimal` again."""
    counts: dict[str, Any] = {}
    for name, value in stored.items():
        if isinstance(value, Mapping):
            counts[name] = counts_from_json(value)
        else:
            counts[name] = Decimal(value) if isinstance(value, str) else value
    return counts
