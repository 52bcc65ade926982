"""`make bench`: lists of several sizes on both databases, how much work their pages are, and how fast they come."""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

import psycopg
from psycopg.sql import SQL, Identifier

from tests.__main__ import POSTGRESQL, postgresql_listens

from .report import tables

FOLDER = Path("var/bench")
DATABASE = "research_hub_bench"
UNITS = {"k": 1_000, "M": 1_000_000}


def entries(text: str) -> int:
    """1k, 10k, 100k, 1M, or a plain number."""
    return int(text[:-1]) * UNITS[text[-1]] if text[-1:] in UNITS else int(text)


def measure(database: str, size: int, times: int) -> dict:
    """What came of one corpus on a database of its own, which is removed again."""
    longer = f", with lists {times} times as long" if times > 1 else ""
    print(f"\n{database}, {size:,} entries{longer}", file=sys.stderr, flush=True)
    found = FOLDER / f"{database}-{size * times}.json"
    url = remake(database)
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.bench.settings", "DATABASE_URL": url}
    try:
        command = [sys.executable, "-m", "tests.bench.one", str(size), str(times), str(found)]
        code = subprocess.run(command, env=environment, check=False).returncode
    finally:
        remove(database)
    if code:
        sys.exit(code)  # the child has said what is wrong
    return json.loads(found.read_text())


def remake(database: str) -> str:
    """An empty database; returns its address."""
    remove(database)
    if database == "sqlite":
        return f"sqlite:///{FOLDER / 'corpus.sqlite3'}"
    administer("CREATE DATABASE {}")
    return address(DATABASE)


def remove(database: str) -> None:
    if database == "sqlite":
        for file in FOLDER.glob("corpus.sqlite3*"):
            file.unlink()
    else:
        administer("DROP DATABASE IF EXISTS {} WITH (FORCE)")


def administer(statement: str) -> None:
    with psycopg.connect(address("postgres"), autocommit=True) as connected:
        connected.execute(SQL(statement).format(Identifier(DATABASE)))


def address(name: str) -> str:
    return f"{POSTGRESQL.rpartition('/')[0]}/{name}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.bench", description=__doc__)
    parser.add_argument("sizes", nargs="*", type=entries, default=[1_000, 10_000], help="1k 10k 100k 1M")
    parser.add_argument("--on", nargs="+", choices=["sqlite", "postgresql"], default=["sqlite", "postgresql"])
    longer = "lists of so many times as many entries as were loaded, made within the database"
    parser.add_argument("--times", type=int, default=1, help=longer)
    asked = parser.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    for database in asked.on:
        if database == "postgresql" and not postgresql_listens():
            print(f"Not measured: PostgreSQL, because none listens at {POSTGRESQL}; set TEST_DATABASE_URL.")
            continue
        print(tables([measure(database, size, asked.times) for size in asked.sizes]), flush=True)


if __name__ == "__main__":
    main()
