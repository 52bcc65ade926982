"""PostgreSQL takes a function for one that returns a thousand rows, and would read a whole list to join so many."""

from django.db import migrations

NEWEST = "FUNCTION activity_search_newest(tsquery, bigint, bigint, integer, integer)"


def tell(rows: int):
    def alter(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"ALTER {NEWEST} ROWS {rows}")

    return alter


class Migration(migrations.Migration):
    dependencies = [("activity", "0002_search")]

    operations = [migrations.RunPython(tell(20), tell(1000))]
