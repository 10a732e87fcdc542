"""Saving rows that are set as a list, and their order."""

from collections.abc import Mapping
from typing import Any

from django.db import models

from catalog.operations.errors import OrderNotPossible


def save_if_changed(row: models.Model, values: Mapping[str, Any]) -> None:
    """Save only what differs, so that history records changes and nothing else."""
    if row.pk and all(getattr(row, field) == value for field, value in values.items()):
        return
    for field, value in values.items():
        setattr(row, field, value)
    row.save()


def require_order(sort_order: int) -> None:
    """Check a place in lists. Raises OrderNotPossible."""
    if sort_order < 0:
        raise OrderNotPossible("The sort order is 0 or more.", field="sort_order")
