"""Queries as they go to the database: counted for the request that asks, and told where they are slow."""

import logging
import sys
from time import perf_counter

from django.conf import settings
from django.db import Error, InterfaceError, OperationalError

from . import metrics
from .asked import asked

logger = logging.getLogger("research_hub.queries")

SHOWN = 2_000  # characters of a query; it has places for its parameters, which may be anybody's data


def watch(sender, connection, **kwargs):
    """Django tells of each new connection. First in the list, as who watches for a while takes the last one away."""
    if counted not in connection.execute_wrappers:
        connection.execute_wrappers.insert(0, counted)


def counted(execute, sql, params, many, context):
    now, began = asked.get(), perf_counter()
    try:
        return execute(sql, params, many, context)
    except Error as error:
        failed(error, now)
        raise
    finally:
        seconds = perf_counter() - began
        if now is not None:
            now.queries += 1
            now.database_seconds += seconds
        if settings.SLOW_QUERY_MS and seconds * 1e3 >= settings.SLOW_QUERY_MS:
            tell_slow(str(sql), seconds, context["connection"].alias)


def failed(error: Exception, now) -> None:
    metrics.DATABASE_ERRORS.labels(type(error).__name__).inc()
    if now is not None:
        now.database_failed = True


def tell_slow(sql: str, seconds: float, alias: str) -> None:
    metrics.SLOW_QUERIES.inc()
    words = " ".join(sql.split())
    logger.warning("slow query", extra={"ms": round(seconds * 1e3), "database": alias, "sql": words[:SHOWN]})


def request_failed(sender, request=None, **kwargs):
    """A database that cannot be reached at all fails before any query: Django tells of the request that met it."""
    error, now = sys.exc_info()[1], asked.get()
    if isinstance(error, OperationalError | InterfaceError) and not (now and now.database_failed):
        failed(error, now)
