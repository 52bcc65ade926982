"""The tables of the read model while they are emptied and filled anew, so that either database writes them fast.

Whatever is changed here is put back in the same transaction: a rebuild that is killed leaves everything as it was.
"""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from django.db import connection

from .models import Activity, Listing, PeriodCount
from .rows import make_anew

MEGABYTE = 1 << 20
USUAL_HASH = MEGABYTE  # of FTS5: the words that it holds in memory until it writes them
LARGE_HASH = 64 * MEGABYTE

INDEXES = (
    "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'activity_listing' AND sql IS NOT NULL"
)

# For this transaction only. The word index takes its rows in large sorted heaps instead of one by one.
SETTINGS = {"work_mem": "128MB", "maintenance_work_mem": "128MB", "gin_pending_list_limit": "128MB"}


def empty_tables() -> None:
    for model in (PeriodCount, Listing, Activity):
        if connection.vendor == "sqlite":
            make_anew(model._meta.db_table)
        else:
            model.objects.all().delete()


def filling():
    """Within it, rows are inserted into empty tables."""
    return {"sqlite": _sqlite, "postgresql": _postgresql}.get(connection.vendor, nullcontext)()


@contextmanager
def _sqlite() -> Iterator[None]:
    """Places are indexed when all are there, and the words put in one piece: FTS5 looks through each that there is.
    Readers see what was there before until the end of the transaction."""
    with connection.cursor() as cursor:
        indexes = cursor.execute(INDEXES).fetchall()
        for name, _sql in indexes:
            cursor.execute(f"DROP INDEX {name}")
        _hash_words(cursor, LARGE_HASH)
        yield
        _hash_words(cursor, USUAL_HASH)
        cursor.execute("INSERT INTO activity_search (activity_search) VALUES ('optimize')")
        for _name, sql in indexes:
            cursor.execute(sql)


def _hash_words(cursor, size: int) -> None:
    cursor.execute("INSERT INTO activity_search (activity_search, rank) VALUES ('hashsize', %s)", [size])


@contextmanager
def _postgresql() -> Iterator[None]:
    """The indexes stay: without them PostgreSQL would lock the tables, and every reader would wait."""
    with connection.cursor() as cursor:
        before = {name: _setting(cursor, name) for name in SETTINGS}
        for name, value in SETTINGS.items():
            cursor.execute(f"SET LOCAL {name} = '{value}'")
        yield
        cursor.execute("SELECT gin_clean_pending_list('activity_search_doc')")
        for name, value in before.items():
            cursor.execute(f"SET LOCAL {name} = '{value}'")


def _setting(cursor, name: str) -> str:
    cursor.execute(f"SHOW {name}")
    return cursor.fetchone()[0]
