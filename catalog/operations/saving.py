"""Saving rows that are set as a list."""

from collections.abc import Mapping
from typing import Any

from django.db import models


def save_if_changed(row: models.Model, values: Mapping[str, Any]) -> None:
    """Save only what differs, so that history records changes and nothing else."""
    if row.pk and all(getattr(row, field) == value for field, value in values.items()):
        return
    for field, value in values.items():
        setattr(row, field, value)
    row.save()
