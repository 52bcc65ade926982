"""The whole site into another database, in one go: an archive that nobody has to carry."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import dj_database_url
from django.conf import settings
from django.db import DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler
from django.utils.connection import ConnectionDoesNotExist

from research_hub.activity.sync import Progress

from .export import export
from .format import PUT_THERE_BY_MIGRATE, RECORDS, model_of
from .opening import Archive, opened

MIGRATIONS = "django_migrations"

Step = Callable[[str], Progress]  # what begins, and how its progress is drawn
Manifest = dict[str, Any]


class NotMoved(Exception):
    """Why the site stays where it is."""


def move(url: str, folder: Path | None, step: Step) -> Manifest:
    """Make the same site in the database at `url`, which has to be empty; returns what was moved.

    The files are copied into the folder where one is given, and stay where they are otherwise.
    """
    refuse_unless_empty(url)
    environment = os.environ | {"DATABASE_URL": url, "DATA_DIR": str(folder or settings.DATA_DIR)}
    with TemporaryDirectory(dir=settings.DATA_DIR, prefix="moving-") as scratch:
        left, arrived = Path(scratch, "left.zip"), Path(scratch, "arrived.zip")
        manifest = export(left, passwords=True, progress=step("Reading this site"), with_files=bool(folder))
        step("Making the tables")
        manage(environment, "migrate", "--verbosity=0")
        step("Writing them")
        manage(environment, "import_archive", str(left))
        step("Comparing the two")
        files = [] if folder else ["--without-files"]
        manage(environment, "export_archive", str(arrived), "--with-passwords", *files)
        if differing := differences(manifest, manifest_of(arrived)):
            raise NotMoved(f"The new site is not the same: {', '.join(differing)}. Stay with this one, and report it.")
    return manifest


def manifest_of(path: Path) -> Manifest:
    with opened(path) as zip_file:
        return Archive(zip_file).manifest


def differences(left: Manifest, arrived: Manifest) -> list[str]:
    """The files, and the sorts of record, whose checksums are not the same."""
    return sorted(
        name
        for part in ("records", "files")
        for name in left[part].keys() | arrived[part].keys()
        if left[part].get(name) != arrived[part].get(name)
    )


def refuse_unless_empty(url: str) -> None:
    """Raises NotMoved where there is anything but what `migrate` makes; nothing is written there."""
    try:
        there = connection_to(url)
        with there.cursor() as cursor:
            tables = set(there.introspection.table_names(cursor))
            if tables and MIGRATIONS not in tables:
                raise NotMoved("The database is not empty: there are tables of something else in it.")
            for label in RECORDS:
                table = model_of(label)._meta.db_table
                if label in PUT_THERE_BY_MIGRATE or table not in tables:
                    continue
                cursor.execute(f"SELECT 1 FROM {there.ops.quote_name(table)} LIMIT 1")
                if cursor.fetchone():
                    raise NotMoved(f"The database is not empty: there are records of {label} in it.")
        there.close()
    except DatabaseError as error:
        raise NotMoved(f"The database cannot be opened: {error}") from error


def connection_to(url: str) -> BaseDatabaseWrapper:
    try:
        there = ConnectionHandler({"default": dj_database_url.parse(url)})["default"]
    except (ValueError, KeyError, ConnectionDoesNotExist) as error:
        raise NotMoved("This is no address of a database: write postgres://name@host:5432/database.") from error
    return there


def manage(environment: dict[str, str], *arguments: str) -> None:
    """A command of the new site. What it says of its progress is seen here, too."""
    run = [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments]
    done = subprocess.run(run, env=environment, stdout=subprocess.DEVNULL, check=False)
    if done.returncode:
        raise NotMoved(f"{arguments[0]} ended there with an error, which stands above. This site is as it was.")
