"""What a migration of a release may do while the release before is still serving (docs/operators.md)."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db.migrations import AddIndex


class AddIndexWhileServing(AddIndexConcurrently):
    """Add an index to a table that people read and write meanwhile: PostgreSQL builds it beside them, in a migration
    with `atomic = False`; SQLite, which knows no such thing, holds writers for as long as it takes."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        operation_for(schema_editor).database_forwards(self, app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        operation_for(schema_editor).database_backwards(self, app_label, schema_editor, from_state, to_state)


def operation_for(schema_editor) -> type[AddIndex]:
    return AddIndexConcurrently if schema_editor.connection.vendor == "postgresql" else AddIndex
