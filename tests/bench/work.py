"""How much work a database does for a query, counted and not timed: the same on every machine."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import connection

Query = tuple[str, tuple]


@dataclass
class Work:
    """What was asked of the database, and what it did for it.

    `steps` are instructions of SQLite's virtual machine, or rows that PostgreSQL's scans have met, whether they
    passed or not; `blocks` are pages of PostgreSQL's buffers.
    """

    queries: list[Query] = field(default_factory=list)
    steps: int = 0
    blocks: int = 0
    plans: list[str] = field(default_factory=list)


def measure(action: Callable[[], object]) -> Work:
    """Run it, and have each of its queries explained; PostgreSQL counts only while it explains."""
    work = Work()
    with _recorded(work.queries):
        if connection.vendor == "sqlite":
            work.steps = steps_of(action)
        else:
            action()
    for query in work.queries:
        if connection.vendor == "sqlite":
            work.plans.append(sqlite_plan(query))
        else:
            plan = postgresql_plan(query)
            work.steps += sum(rows_met(node) for node in nodes(plan))
            work.blocks += plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
            work.plans.append(" / ".join(map(words, nodes(plan))))
    return work


def steps_of(action: Callable[[], object]) -> int:
    counted = 0

    def count() -> int:
        nonlocal counted
        counted += 1
        return 0

    connection.ensure_connection()
    connection.connection.set_progress_handler(count, 1)
    try:
        action()
    finally:
        connection.connection.set_progress_handler(None, 1)
    return counted


@contextmanager
def _recorded(queries: list[Query]) -> Iterator[None]:
    def record(execute, sql, params, many, context):
        if sql.lstrip().startswith(("SELECT", "(SELECT")):
            queries.append((sql, tuple(params or ())))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(record):
        yield


def sqlite_plan(query: Query) -> str:
    sql, params = query
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
        return " / ".join(row[3] for row in cursor.fetchall())


def postgresql_plan(query: Query) -> dict:
    sql, params = query
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}", params)
        plan = cursor.fetchone()[0]
    return (json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]


def nodes(plan: dict) -> Iterator[dict]:
    yield plan
    for below in plan.get("Plans", []):
        yield from nodes(below)


def rows_met(node: dict) -> int:
    """What a scan has read; other nodes only pass on what scans have read."""
    if "Scan" not in node["Node Type"] or "Relation Name" not in node:
        return 0
    removed = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
    return (node["Actual Rows"] + removed) * node["Actual Loops"]


def words(node: dict) -> str:
    relation = f" on {node['Relation Name']}" if "Relation Name" in node else ""
    index = f" using {node['Index Name']}" if "Index Name" in node else ""
    return f"{node['Node Type']}{relation}{index}"
