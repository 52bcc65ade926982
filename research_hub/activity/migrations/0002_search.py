from django.db import migrations, models

# The newest matches. PostgreSQL takes a rare word for a frequent one where it has no statistics of it, and would
# then read the whole table backwards: so it is told how to look, first among the newest, then through the index.
NEWEST = """
CREATE FUNCTION activity_search_newest(query tsquery, low bigint, high bigint, reaches integer, most integer)
RETURNS SETOF bigint LANGUAGE plpgsql STABLE
SET enable_seqscan = off SET enable_indexscan = on SET plan_cache_mode = force_custom_plan
AS $$
DECLARE
    walked CONSTANT integer := 2000;
    few CONSTANT integer := 10;
    whole CONSTANT bigint := reaches::bigint << 32;
    keys bigint[];
    near bigint := low;
BEGIN
    -- Frequent words: the newest entries, one by one, hold enough of them.
    keys := ARRAY(
        SELECT newest.rowid FROM (
            SELECT rowid, doc FROM activity_search WHERE rowid >= low AND rowid < high ORDER BY rowid DESC LIMIT walked
        ) newest
        WHERE doc @@ query AND (newest.rowid >= whole OR reaches <= (
            SELECT last_day FROM activity_listing WHERE list_id = 0 AND sort_key = newest.rowid))
        LIMIT most
    );
    IF cardinality(keys) < most THEN
        -- Others: through the index, first as far back as these promise to suffice, then all the way.
        IF cardinality(keys) >= few THEN
            near := coalesce((SELECT rowid FROM activity_search WHERE rowid >= low AND rowid < high
                ORDER BY rowid DESC OFFSET walked * most / cardinality(keys) * 3 / 2 LIMIT 1), low);
        END IF;
        PERFORM set_config('enable_indexscan', 'off', true);
        LOOP
            keys := ARRAY(
                SELECT words.rowid FROM activity_search AS words
                WHERE doc @@ query AND words.rowid >= near AND words.rowid < high
                AND (words.rowid >= whole OR reaches <= (
                    SELECT last_day FROM activity_listing WHERE list_id = 0 AND sort_key = words.rowid))
                ORDER BY words.rowid DESC LIMIT most
            );
            EXIT WHEN near = low OR cardinality(keys) = most;
            near := low;
        END LOOP;
    END IF;
    RETURN QUERY SELECT unnest(keys);
END $$
"""

TABLES = {
    # One row an entry; the tokens are ours, plain letters and digits (see activity/search.py).
    "sqlite": [
        """CREATE VIRTUAL TABLE activity_search
        USING fts5(title, summary, body, terms, tokenize = 'ascii', columnsize = 0, prefix = '4')"""
    ],
    "postgresql": [
        "CREATE TABLE activity_search (rowid bigint PRIMARY KEY, doc tsvector NOT NULL DEFAULT '')",
        "CREATE INDEX activity_search_doc ON activity_search USING gin (doc)",
        NEWEST,
    ],
}


def create(apps, schema_editor):
    for statement in TABLES[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION activity_search_newest")
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
