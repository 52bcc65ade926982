"""No migration locks a large table for as long as its rows take to read, nor breaks the release that is still serving
(docs/operators.md: Upgrade; Grow, PostgreSQL)."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation

from research_hub.operations.migrating import AddIndexWhileServing

# The last migration of each app before the first release: until then no site has rows to wait for.
BEFORE_RELEASE = {
    "accounts": "0001_initial",
    "activity": "0006_found_by_stretches",
    "editorial": "0008_accounts",
    "events": "0006_corrections",
    "importing": "0003_findings_and_columns",
    "languages": "0001_initial",
    "media": "0002_renditions",
    "operations": "0001_last_runs",
    "publications": "0007_corrections",
    "research_hub": "0004_legacy_addresses",
    "topics": "0001_initial",
    "translation": "0001_states",
}

GONE = (migrations.RemoveField, migrations.RenameField, migrations.DeleteModel, migrations.RenameModel)
BUILT_BY_SQL = re.compile(r"CREATE\s+(UNIQUE\s+)?INDEX(?!\s+CONCURRENTLY)|\bREINDEX\b(?!.*CONCURRENTLY)", re.I)
REWRITTEN_BY_SQL = re.compile(
    r"ALTER\s+TABLE.*(ALTER\s+COLUMN.*\bTYPE\b|SET\s+NOT\s+NULL|ADD\s+CONSTRAINT(?!.*NOT\s+VALID))", re.I
)


def danger(operation: Operation, made: set[str]) -> str:
    """Why the operation would hold a table; nothing where it is quick, or where the table is made here and empty."""
    if isinstance(operation, migrations.RunSQL):
        statements = operation.sql if isinstance(operation.sql, str) else " ".join(map(str, operation.sql or []))
        return "its SQL builds an index or reads the whole table" if slow(statements) else ""
    if getattr(operation, "model_name", "").lower() in made:
        return ""
    if isinstance(operation, migrations.AddIndex) and type(operation) is migrations.AddIndex:
        return "an index is built while nobody can write: AddIndexWhileServing, in a migration with atomic = False"
    if isinstance(operation, migrations.AddConstraint) and type(operation) is migrations.AddConstraint:
        return "a constraint reads every row: AddConstraintNotValid, then ValidateConstraint in another migration"
    if isinstance(operation, migrations.AddField) and has_index(operation.field):
        return "a new column with an index or a key: add it without (db_index=False, db_constraint=False) first"
    if isinstance(operation, migrations.AlterUniqueTogether):
        return "an index is built while nobody can write"
    return what_the_release_before_lacks(operation)


def what_the_release_before_lacks(operation: Operation) -> str:
    """Why the release that still serves could not go on: what it reads is gone, or what it writes is not enough."""
    if isinstance(operation, GONE):
        return "the release before still uses it: take it out of the state in one release, of the database in the next"
    if isinstance(operation, migrations.AddField) and is_demanded(operation.field):
        return "the release before does not fill the new column: null=True, or db_default"
    return ""


def is_demanded(field: models.Field) -> bool:
    return bool(not field.null and not field.has_db_default() and not field.many_to_many)


def slow(statements: str) -> bool:
    return bool(BUILT_BY_SQL.search(statements) or REWRITTEN_BY_SQL.search(statements))


def has_index(field: models.Field) -> bool:
    return bool(field.unique or field.db_index or (getattr(field, "db_constraint", False) and field.is_relation))


def dangers(migration: migrations.Migration) -> list[str]:
    operations = list(migration.operations)
    made = {operation.name.lower() for operation in operations if isinstance(operation, migrations.CreateModel)}
    return [f"{operation.describe()}: {why}" for operation in operations if (why := danger(operation, made))]


def ours() -> dict[tuple[str, str], migrations.Migration]:
    labels = {app.label for app in apps.get_app_configs() if Path(app.path).is_relative_to(settings.BASE_DIR)}
    labels = {label for label in labels if ".venv" not in apps.get_app_config(label).path}
    found = MigrationLoader(None).disk_migrations
    return {key: migration for key, migration in found.items() if key[0] in labels}


def test_no_migration_since_the_first_release_locks_a_large_table():
    late = {key: found for key, found in ours().items() if key[1] > BEFORE_RELEASE.get(key[0], "")}
    assert {key: told for key, migration in late.items() if (told := dangers(migration))} == {}


def test_what_is_let_be_is_there():
    assert BEFORE_RELEASE.items() <= set(ours())


def with_operations(*operations: Operation) -> migrations.Migration:
    migration = migrations.Migration("x", "y")
    migration.operations = list(operations)
    return migration


INDEX = models.Index(fields=["title"], name="x")
LOCKING = [
    migrations.AddIndex("entry", INDEX),
    migrations.AddConstraint("entry", models.CheckConstraint(condition=models.Q(a=1), name="x")),
    migrations.AddField("entry", "owner", models.ForeignKey("auth.User", models.CASCADE)),
    migrations.AddField("entry", "slug", models.SlugField(default="")),
    migrations.AddField("entry", "note", models.CharField(max_length=9, default="")),
    migrations.RemoveField("entry", "title"),
    migrations.RenameField("entry", "title", "name"),
    migrations.RenameModel("Entry", "Item"),
    migrations.DeleteModel("Entry"),
    migrations.RunSQL("CREATE INDEX x ON entry (title)"),
    migrations.RunSQL(["ALTER TABLE entry ALTER COLUMN title TYPE text"]),
    migrations.RunSQL("alter table entry add constraint x check (a = 1)"),
]
QUICK = [
    migrations.AddField("entry", "note", models.CharField(max_length=9, null=True)),
    migrations.AddField("entry", "size", models.IntegerField(default=0, db_default=0)),
    migrations.AddField("entry", "topics", models.ManyToManyField("topics.Topic")),
    migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveField("entry", "title")]),
    AddIndexWhileServing("entry", INDEX),
    migrations.RunSQL("CREATE INDEX CONCURRENTLY x ON entry (title)"),
    migrations.RunSQL("ALTER TABLE entry ADD CONSTRAINT x CHECK (a = 1) NOT VALID"),
    migrations.RemoveIndex("entry", "x"),
]


@pytest.mark.parametrize("operation", LOCKING, ids=str)
def test_what_locks_is_found(operation):
    assert len(dangers(with_operations(operation))) == 1


def test_what_is_quick_is_let_be_and_so_is_a_table_that_is_made_here():
    assert dangers(with_operations(*QUICK)) == []
    assert dangers(with_operations(migrations.CreateModel("Entry", []), *LOCKING[:4])) == []


@pytest.mark.django_db(transaction=True)
def test_an_index_is_added_and_taken_back_on_either_database_while_the_table_is_in_use():
    index = models.Index(fields=["position"], name="topic_index_of_a_test")
    before = MigrationLoader(connection).project_state()
    after = before.clone()
    operation = AddIndexWhileServing("topic", index)
    operation.state_forwards("topics", after)

    def names() -> set[str]:
        with connection.cursor() as cursor:
            return set(connection.introspection.get_constraints(cursor, "topics_topic"))

    with connection.schema_editor(atomic=False) as editor:
        operation.database_forwards("topics", editor, before, after)
    assert index.name in names()
    with connection.schema_editor(atomic=False) as editor:
        operation.database_backwards("topics", editor, after, before)
    assert index.name not in names()
