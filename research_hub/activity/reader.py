"""Which database a public page is made from: the primary, or a replica that has come as far as the site's version.

Everything else (the admin, commands, whatever is written, files that are handed out) goes to the primary, since
only `replica` leads anywhere else: so the staff read what they wrote.
"""

import logging
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager

from asgiref.local import Local
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from .models import EVERYTHING

logger = logging.getLogger(__name__)

AWAY = 10  # seconds for which a replica that did not answer is not asked again
VERSION_QUERY = f"SELECT version FROM activity_list WHERE id = {EVERYTHING}"
LOST = (OperationalError, InterfaceError)

_reading = Local()
_away_until: dict[str, float] = {}


def reader() -> BaseDatabaseWrapper:
    """The connection to read over, here and now."""
    return connections[read_from()]


def read_from() -> str:
    return getattr(_reading, "alias", DEFAULT_DB_ALIAS)


class Router:
    """Django's queries of a page go where `reader` leads; all others, and all that is written, to the primary."""

    def db_for_read(self, model, **hints):
        return read_from()

    def db_for_write(self, model, **hints):
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one, other, **hints):
        return True

    def allow_migrate(self, db, app_label, **hints):
        return db == DEFAULT_DB_ALIAS


@contextmanager
def reading_from(alias: str) -> Iterator[None]:
    before = read_from()
    _reading.alias = alias
    try:
        yield
    finally:
        _reading.alias = before


def replica_at(version: int) -> str:
    """A replica that holds this version of the site or a later one; the primary, where none does."""
    for alias, reached in versions_of_replicas():
        if reached >= version:
            return alias
    return DEFAULT_DB_ALIAS


def version_of_replicas() -> int | None:
    """How far the replicas have come that answer; None where none does."""
    return max((version for _alias, version in versions_of_replicas()), default=None)


def versions_of_replicas() -> Iterator[tuple[str, int]]:
    now = time.monotonic()
    there = [alias for alias in settings.DATABASE_REPLICAS if _away_until.get(alias, 0) <= now]
    for alias in random.sample(there, len(there)):
        try:
            yield alias, stored_version(alias)
        except LOST as error:
            leave_alone(alias, error)


def leave_alone(alias: str, error: Exception) -> None:
    logger.error("The database %s is away; pages are made from another one: %s", alias, error)
    _away_until[alias] = time.monotonic() + AWAY
    connections[alias].close()


def stored_version(alias: str = DEFAULT_DB_ALIAS) -> int:
    with connections[alias].cursor() as cursor:
        cursor.execute(VERSION_QUERY)
        row = cursor.fetchone()
    return row[0] if row else 0
