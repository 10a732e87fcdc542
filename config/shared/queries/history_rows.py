"""The rows of history that django-simple-history keeps of a model."""

from functools import cache
from typing import Any

from django.db.models import Model, QuerySet


@cache
def history_model(model: type[Model]) -> Any:
    """Return the model of the history rows of `model`.

    Asked for once: to ask for the manager of a history makes a class each time.
    """
    return getattr(model, vars(model._meta)["simple_history_manager_attribute"]).model


def history_rows(model: type[Model]) -> "QuerySet[Any]":
    """Return all history rows of `model`."""
    rows: QuerySet[Any] = history_model(model)._base_manager.all()
    return rows
