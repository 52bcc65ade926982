"""A copy of the database and of the files, as they are, to be put back into the same sort of database."""

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

import psycopg
from django.apps import apps
from django.conf import settings
from django.db import connection
from psycopg import sql

from research_hub.activity.sync import Progress

from .export import BLOCK, one_moment
from .format import PUT_THERE_BY_MIGRATE, RECORDS, model_of

NAME, VERSION = "research-hub-backup", 1
MANIFEST, FILES = "manifest.json", "files/"
DATABASES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
FILE_NAME = re.compile(r"research-hub-\d{8}T\d{6}Z\.zip")
CHECKS = ["check_activity", "check_translations"]

Counts = dict[str, int]


class Failed(Exception):
    """Why there is no backup, or why it is not put back."""


def back_up(folder: Path, progress: Progress) -> Path:
    """Write a backup into the folder; returns where it is. Nothing stands there before it is whole."""
    path = folder / f"research-hub-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.zip"
    part = path.with_suffix(".part")
    part.touch(mode=0o600)
    try:
        with TemporaryDirectory(dir=folder) as scratch, zipfile.ZipFile(part, "w") as out:
            copy = Path(scratch) / DATABASES[connection.vendor]
            counts = COPY[connection.vendor](copy)
            out.write(copy, copy.name, zipfile.ZIP_DEFLATED)
            manifest = {"format": NAME, "version": VERSION, "database": connection.vendor, "counts": counts}
            add_files(out, progress)
            out.writestr(MANIFEST, json.dumps(manifest, indent=1, sort_keys=True))
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path


def add_files(out: zipfile.ZipFile, progress: Progress) -> None:
    """After the database: a file that was added since does no harm, and one that is missing would."""
    root = Path(settings.MEDIA_ROOT)
    found = sorted(path for path in root.rglob("*") if path.is_file())
    for done, path in enumerate(found, start=1):
        try:
            out.write(path, f"{FILES}{path.relative_to(root).as_posix()}", zipfile.ZIP_STORED)
        except FileNotFoundError:
            continue  # its picture was deleted meanwhile
        progress(done, len(found))


def keep_newest(folder: Path, number: int) -> list[Path]:
    """Delete the older backups in the folder; returns which."""
    found = sorted(path for path in folder.iterdir() if FILE_NAME.fullmatch(path.name))
    for path in found[:-number]:
        path.unlink()
    return found[:-number]


def put_back(path: Path, progress: Progress, *, replace: bool) -> Counts:
    """Make the site what the backup says; returns how many records of each table it has now."""
    if not replace and is_in_use():
        raise Failed(
            "There is a site in this database. To put the backup in its place, and lose what is there, stop the site "
            "and give --replace; to look at the backup, name another DATABASE_URL and DATA_DIR."
        )
    with opened(path) as backup, TemporaryDirectory(dir=path.absolute().parent) as scratch:
        manifest = manifest_of(backup)
        if manifest["database"] != connection.vendor:
            raise Failed(
                f"This is a backup of {manifest['database']}, and DATABASE_URL names {connection.vendor}. "
                "Restore it there; then export_archive and import_archive carry the site over."
            )
        copy = unpacked(backup, manifest, Path(scratch))
        put_files(backup, progress)
        connection.close()
        PUT[connection.vendor](copy, connection.settings_dict)
        counts = counts_here()
    if counts != manifest["counts"]:
        raise Failed("The database has not what the backup says; see which of its tables differ.")
    return counts


def verify(path: Path) -> Counts:
    """Restore it into a database of its own, compare what is there, and prove that it is whole."""
    with opened(path) as backup, TemporaryDirectory(dir=path.absolute().parent) as scratch:
        if damaged := backup.testzip():
            raise Failed(f"{damaged} in {path.name} is damaged.")
        manifest = manifest_of(backup)
        copy = unpacked(backup, manifest, Path(scratch))
        with SCRATCH[connection.vendor](Path(scratch)) as database:
            PUT[connection.vendor](copy, database)
            counts = COUNT[connection.vendor](database)
            for command in CHECKS:
                check(command, database)
    if counts != manifest["counts"]:
        raise Failed("What was restored for a trial has not what the backup says.")
    return counts


def check(command: str, database: dict[str, Any]) -> None:
    environment = os.environ | {"DATABASE_URL": url_of(database), "DATA_DIR": str(settings.DATA_DIR)}
    run = [sys.executable, str(settings.BASE_DIR / "manage.py"), command]
    done = subprocess.run(run, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Failed(f"{command} of what was restored for a trial: {done.stderr.strip()[-500:]}")


def is_in_use() -> bool:
    tables = set(connection.introspection.table_names())
    models = [model_of(label) for label in RECORDS if label not in PUT_THERE_BY_MIGRATE]
    return any(model._meta.db_table in tables and model._base_manager.exists() for model in models)


# What is in the file


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as backup:
            yield backup
    except zipfile.BadZipFile as error:
        raise Failed(f"{path.name} is no backup, or it is damaged: {error}") from error


def manifest_of(backup: zipfile.ZipFile) -> dict[str, Any]:
    try:
        manifest = json.loads(backup.read(MANIFEST))
    except (KeyError, ValueError) as error:
        raise Failed("It has no manifest: this is no backup.") from error
    if manifest.get("format") != NAME or manifest.get("version") != VERSION:
        raise Failed("This is no backup of the sort that this release makes.")
    return manifest


def unpacked(backup: zipfile.ZipFile, manifest: dict[str, Any], folder: Path) -> Path:
    return Path(backup.extract(DATABASES[manifest["database"]], folder))


def put_files(backup: zipfile.ZipFile, progress: Progress) -> None:
    root = Path(settings.MEDIA_ROOT).resolve()
    names = [name for name in backup.namelist() if name.startswith(FILES)]
    if names and settings.FILES_BUCKET:
        raise Failed("It holds files, which are put back on a disk: leave FILES_BUCKET empty, then copy them there.")
    for done, name in enumerate(names, start=1):
        place = (root / name.removeprefix(FILES)).resolve()
        if not place.is_relative_to(root):
            raise Failed(f"{name} would lie outside of {root}.")
        place.parent.mkdir(parents=True, exist_ok=True)
        with backup.open(name) as content, place.open("wb") as out:
            shutil.copyfileobj(content, out, BLOCK)
        progress(done, len(names))


# Tables


def tables() -> list[str]:
    return sorted(model._meta.db_table for model in apps.get_models(include_auto_created=True))


def count(execute: Callable[[str], Any]) -> Counts:
    return {table: execute(f'SELECT count(*) FROM "{table}"').fetchone()[0] for table in tables()}


def counts_here() -> Counts:
    with connection.cursor() as cursor:
        return count(lambda query: [cursor.execute(query), cursor][1])


# SQLite: its own way to copy a database while people write


def copy_sqlite(copy: Path) -> Counts:
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as here, closing(sqlite3.connect(copy)) as there:
        here.backup(there)
        return count(there.execute)


def put_sqlite(copy: Path, database: dict[str, Any]) -> None:
    with closing(sqlite3.connect(copy)) as backup, closing(sqlite3.connect(database["NAME"], timeout=60)) as there:
        if backup.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
            raise Failed("The database in the backup is damaged.")
        backup.backup(there)


def count_sqlite(database: dict[str, Any]) -> Counts:
    with closing(sqlite3.connect(database["NAME"])) as there:
        return count(there.execute)


@contextmanager
def scratch_sqlite(folder: Path) -> Iterator[dict[str, Any]]:
    yield {"NAME": str(folder / "trial.sqlite3")}


# PostgreSQL: its own programs


def copy_postgresql(copy: Path) -> Counts:
    """What is counted is what is copied: both look at the same moment."""
    with one_moment(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_export_snapshot()")
        moment = cursor.fetchone()[0]
        here = connection.settings_dict
        run_program(
            "pg_dump", here, "--format=custom", "--no-owner", f"--snapshot={moment}", f"--file={copy}", here["NAME"]
        )
        return counts_here()


def put_postgresql(copy: Path, database: dict[str, Any]) -> None:
    into = ["--clean", "--if-exists", "--no-owner", "--exit-on-error", "--single-transaction"]
    run_program("pg_restore", database, *into, f"--dbname={database['NAME']}", str(copy))


def count_postgresql(database: dict[str, Any]) -> Counts:
    with psycopg.connect(url_of(database)) as there:
        return count(there.execute)


@contextmanager
def scratch_postgresql(_folder: Path) -> Iterator[dict[str, Any]]:
    name = f"{connection.settings_dict['NAME']}_trial_{os.getpid()}"
    with psycopg.connect(url_of(connection.settings_dict), autocommit=True) as server:
        try:
            server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        except psycopg.errors.InsufficientPrivilege as error:
            words = "A trial needs a database of its own, which this account may not make (ALTER ROLE … CREATEDB)."
            raise Failed(words) from error
        try:
            yield connection.settings_dict | {"NAME": name}
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def run_program(name: str, database: dict[str, Any], *arguments: str) -> None:
    if shutil.which(name) is None:
        raise Failed(
            f"The program {name} is not here: install the PostgreSQL client programs (postgresql-client), of the "
            "server's version or a later one. export_archive needs none of them."
        )
    place = {"--host": database["HOST"], "--port": str(database["PORT"] or ""), "--username": database["USER"]}
    where = [f"{option}={value}" for option, value in place.items() if value]
    environment = os.environ | ({"PGPASSWORD": database["PASSWORD"]} if database["PASSWORD"] else {})
    done = subprocess.run([name, *where, *arguments], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Failed(f"{name}: {done.stderr.strip()[-1000:]}")


def url_of(database: dict[str, Any]) -> str:
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    password = f":{quote(database['PASSWORD'], safe='')}" if database["PASSWORD"] else ""
    user = quote(database["USER"], safe="") + password
    port = f":{database['PORT']}" if database["PORT"] else ""
    return f"postgres://{user}@{quote(database['HOST'], safe='.')}{port}/{quote(database['NAME'], safe='')}"


COPY = {"sqlite": copy_sqlite, "postgresql": copy_postgresql}
PUT = {"sqlite": put_sqlite, "postgresql": put_postgresql}
COUNT = {"sqlite": count_sqlite, "postgresql": count_postgresql}
SCRATCH = {"sqlite": scratch_sqlite, "postgresql": scratch_postgresql}
