"""Run definitions: made, changed, switched on and off."""

from collections.abc import Mapping
from typing import Any

from config.shared.db import refused_by
from config.shared.models import DefinitionState, RunDefinition
from config.shared.runs.kinds import RunError, load_kinds


class DefinitionError(RunError):
    """A definition cannot be made or changed as asked."""


def create_definition(
    *,
    code: str,
    name: str,
    kind: str,
    description: str = "",
    criteria: Mapping[str, Any] | None = None,
    defaults: Mapping[str, Any] | None = None,
) -> RunDefinition:
    """Make an active definition of one of the installation's kinds of run.

    Raises DefinitionError if the code is taken or the kind unknown.
    """
    if kind not in load_kinds():
        raise DefinitionError(f"This installation has no run kind “{kind}”.")
    taken = DefinitionError(f"Another definition has the code “{code}”.")
    with refused_by("shared_rundefinition_code_key", taken):
        return RunDefinition.objects.create(
            code=code,
            name=name,
            kind=kind,
            description=description,
            criteria=dict(criteria or {}),
            defaults=dict(defaults or {}),
        )


def update_definition(
    definition: RunDefinition,
    *,
    name: str,
    description: str,
    criteria: Mapping[str, Any],
    defaults: Mapping[str, Any],
) -> RunDefinition:
    """Change what future runs of a definition do; runs that exist keep what they have."""
    definition.name, definition.description = name, description
    definition.criteria, definition.defaults = dict(criteria), dict(defaults)
    definition.save(update_fields=["name", "description", "criteria", "defaults"])
    return definition


def set_definition_state(definition: RunDefinition, state: DefinitionState) -> RunDefinition:
    """Switch a definition on or off; only active ones make runs."""
    definition.state = state
    definition.save(update_fields=["state"])
    return definition
