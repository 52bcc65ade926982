"""Many rows at once, in the way that either database takes them fastest."""

from collections.abc import Sequence
from datetime import date

from django.db import connection

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
