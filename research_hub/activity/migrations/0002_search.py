from django.db import migrations, models

TABLES = {
    # One row an entry; the tokens are ours, plain letters and digits (see activity/search.py).
    "sqlite": [
        """CREATE VIRTUAL TABLE activity_search
        USING fts5(title, summary, body, terms, tokenize = 'ascii', columnsize = 0, prefix = '4')"""
    ],
    "postgresql": [
        "CREATE TABLE activity_search (rowid bigint PRIMARY KEY, doc tsvector NOT NULL DEFAULT '')",
        "CREATE INDEX activity_search_doc ON activity_search USING gin (doc)",
    ],
}


def create(apps, schema_editor):
    for statement in TABLES[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    schema_editor.execute("DROP TABLE activity_search")


class Migration(migrations.Migration):
    dependencies = [("activity", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(create, drop)],
            state_operations=[
                migrations.CreateModel(
                    name="SearchEntry",
                    fields=[
                        ("sort_key", models.BigIntegerField(db_column="rowid", primary_key=True, serialize=False))
                    ],
                    options={"db_table": "activity_search"},
                ),
            ],
        ),
    ]
