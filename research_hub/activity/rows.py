"""Many rows at once, written or taken away in the way that is fastest on either database."""

from collections.abc import Sequence
from datetime import date

from django.db import connection

SCHEMA = "SELECT sql FROM sqlite_master WHERE tbl_name = %s AND sql IS NOT NULL ORDER BY type <> 'table'"

ARRAYS = {int: "bigint[]", bool: "boolean[]", str: "text[]", date: "date[]"}


def insert(table: str, columns: Sequence[str], rows: Sequence[tuple]) -> None:
    if not rows:
        return
    names = ", ".join(columns)
    with connection.wrap_database_errors, connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            slots = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({slots})", rows)


def add(table: str, keys: Sequence[str], numbers: Sequence[str], rows: Sequence[tuple]) -> None:
    """Add to the numbers of the rows with these keys, and insert the rows that are not there yet.

    Django's bulk_create can replace a number, but not add to it.
    """
    if not rows:
        return
    names = [*keys, *numbers]
    changes = ", ".join(f"{number} = {table}.{number} + excluded.{number}" for number in numbers)
    into, then = f"INSERT INTO {table} ({', '.join(names)})", f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {changes}"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            columns = [list(column) for column in zip(*rows, strict=True)]
            arrays = ", ".join(f"%s::{ARRAYS[type(column[0])]}" for column in columns)
            cursor.execute(f"{into} SELECT * FROM unnest({arrays}) {then}", columns)
        else:
            cursor.executemany(f"{into} VALUES ({', '.join(['%s'] * len(names))}) {then}", rows)


def make_anew(table: str) -> None:
    """Empty a table of SQLite's with all its indexes: to delete its rows takes as long as to write them, where it is of
    words or refers to another table."""
    with connection.cursor() as cursor:
        statements = cursor.execute(SCHEMA, [table]).fetchall()
        cursor.execute(f"DROP TABLE {table}")
        for (statement,) in statements:
            cursor.execute(statement)
