"""Migrations of many operations without the wait.

Django renders every related model anew after each operation that touches one, and nearly all
models are related: a hundred of them take it half a minute, `InOneStep` a few seconds.
"""

from collections.abc import Sequence

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class InOneStep(Operation):
    """Operations on models that share one state before and one after.

    For any that do not build on each other, but for what they refer to: models, fields, indexes
    and constraints, in an order in which the database takes them. A field that is added and then
    altered needs two steps.
    """

    serialization_expand_args = ["operations"]

    def __init__(self, operations: Sequence[Operation]) -> None:
        """`operations` in the order in which the database is to do them."""
        self.operations = operations

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Take all operations into `state`, which renders its models again when next asked."""
        state.__dict__.pop("apps", None)
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Do all operations, in order."""
        for operation in self.operations:
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Undo all operations, the last one first."""
        for operation in reversed(self.operations):
            operation.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        """Say what the operations do."""
        return "; ".join(operation.describe() for operation in self.operations)
