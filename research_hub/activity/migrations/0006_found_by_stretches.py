"""PostgreSQL's index of words knows no order: to find the newest matches it went through all lists of places of words
that are in many entries. Now it also holds the stretch of 128 days that an entry lies in, and is asked for one after
the other, the newest first, as far as enough is found.

Adding nothing to a key (`rowid + 0`) keeps PostgreSQL from reading the table backwards by it, which it would
do where it takes a rare word for a frequent one. A rare word is sought in everything at the second or third step.
"""

from django.db import migrations

STRETCH = 39  # bits of a key below its stretch of days
MOST_STRETCHES = 32  # that are asked for at once; beyond them all that is left is
SIGNATURE = "activity_search_newest(query tsquery, low bigint, high bigint, reaches integer, most integer)"

FOUND = """keys := keys || ARRAY(
                SELECT words.rowid FROM activity_search AS words
                WHERE doc @@ query AND rowid + 0 >= since AND rowid + 0 < above
                AND (words.rowid >= whole OR reaches <= (
                    SELECT last_day FROM activity_listing WHERE list_id = 0 AND sort_key = words.rowid)){within}
                ORDER BY words.rowid + 0 DESC LIMIT most - cardinality(keys));"""
WITHIN = f"""
                AND ARRAY[rowid >> {STRETCH}] && ARRAY(
                    SELECT generate_series(since >> {STRETCH}, above - 1 >> {STRETCH}))"""

NEWEST = f"""
CREATE OR REPLACE FUNCTION {SIGNATURE}
RETURNS SETOF bigint LANGUAGE plpgsql STABLE ROWS 20
SET enable_seqscan = off SET plan_cache_mode = force_custom_plan
AS $$
DECLARE
    whole CONSTANT bigint := reaches::bigint << 32;
    top CONSTANT bigint := (SELECT max(rowid) + 1 FROM activity_search WHERE rowid < high);
    keys bigint[] := '{{}}';
    above bigint := top;
    since bigint;
    n integer := 1;
BEGIN
    WHILE above > low AND cardinality(keys) < most LOOP
        IF n <= {MOST_STRETCHES} THEN
            since := greatest(low, ((above - 1 >> {STRETCH}) - n + 1) << {STRETCH});
            {FOUND.format(within=WITHIN)}
        ELSE
            since := low;
            {FOUND.format(within="")}
        END IF;
        -- As many stretches as those gone through promise to suffice.
        n := least(8 * n, 1 + (1.2 * (most - cardinality(keys)) / (cardinality(keys) + 1)
            * ((top - since)::float / (1::bigint << {STRETCH})))::integer);
        above := since;
    END LOOP;
    RETURN QUERY SELECT unnest(keys);
END $$
"""

INDEX = [
    f"CREATE INDEX activity_search_new ON activity_search USING gin ((ARRAY[rowid >> {STRETCH}]), doc)",
    "DROP INDEX activity_search_doc",
    "ALTER INDEX activity_search_new RENAME TO activity_search_doc",
]


def change(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for statement in [*INDEX, NEWEST]:
            schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("activity", "0005_told_version")]

    operations = [migrations.RunPython(change, migrations.RunPython.noop)]  # what was before does with it, too
