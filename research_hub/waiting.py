"""How long the database may keep a page waiting; commands, as a rebuild or an import, wait as long as it takes."""

from django.conf import settings
from django.db import connections


def limit_waiting() -> None:
    """From now on every new connection to PostgreSQL gives up a statement, or the wait for a lock, after its time.

    Without it one locked table holds every worker for as long as the lock lasts.
    """
    told = (
        f" -c statement_timeout={round(settings.DATABASE_STATEMENT_TIMEOUT * 1000)}"
        f" -c lock_timeout={round(settings.DATABASE_LOCK_TIMEOUT * 1000)}"
    )
    for alias in connections:
        database = connections.settings[alias]
        if database["ENGINE"].endswith("postgresql"):
            options = database.setdefault("OPTIONS", {})
            options["options"] = (options.get("options", "") + told).strip()
