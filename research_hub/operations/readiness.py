"""Whether this machine can serve readers now: each thing that it needs, tried as a page would use it."""

import logging
import os
from functools import lru_cache
from secrets import token_hex
from time import monotonic

from django.conf import settings
from django.core.cache import cache
from django.core.files.storage import FileSystemStorage, storages
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from .models import Heartbeat

logger = logging.getLogger("research_hub.readiness")


def database_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def cache_remembers(kept_in=cache) -> bool:
    word = token_hex(8)
    kept_in.set("readiness", word, 60)
    return kept_in.get("readiness") is not None


def files_are_there() -> bool:
    """A folder that can be written in; or an object store that answers."""
    storage = storages["default"]
    if isinstance(storage, FileSystemStorage):
        return os.access(storage.location, os.W_OK | os.X_OK)
    storage.exists("readiness")
    return True


def unapplied() -> list[str]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


@lru_cache(1)
def is_migrated() -> bool:
    """Once it is so it stays so, as long as this process runs this code."""
    if unapplied():
        raise LookupError("migrations are not applied")  # which is not remembered
    return True


def schedule_runs() -> bool:
    return Heartbeat.is_fresh("publish_due", settings.SCHEDULE_LATE_SECONDS)


CHECKS = {
    "database": database_answers,
    "cache": cache_remembers,
    "storage": files_are_there,
    "migrations": is_migrated,
    "schedule": schedule_runs,
}


def lately() -> dict[str, bool]:
    """What was found within this second: however often strangers ask, little is done."""
    return within(int(monotonic()))


@lru_cache(1)
def within(second: int) -> dict[str, bool]:
    found = {name: holds(name) for name in CHECKS}
    if not is_enough(found):
        failed = ",".join(name for name, is_right in found.items() if not is_right)
        logger.error("not ready", extra={"failed": failed})
    return found


def holds(name: str) -> bool:
    try:
        return CHECKS[name]()
    except Exception as error:  # whatever it is that is away
        logger.warning("a check of readiness failed", extra={"check": name, "error": type(error).__name__})
        return False


def is_enough(checks: dict[str, bool]) -> bool:
    return all(checks[name] for name in settings.READY_NEEDS)
