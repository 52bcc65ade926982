import os
import subprocess
import sys
from importlib import import_module

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.core.management.color import no_style
from django.db import connection
from django.utils import translation

from topics.tree import topics_at


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """A test about one database is no test of the other. Those that commit come last: after them the tables are empty
    of what migrations put there."""
    items.sort(key=commits)
    left_out = [item for item in items if is_for_another_pass(item)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def is_for_another_pass(item) -> bool:
    """What says nothing of the database is tested once, on SQLite."""
    others = {"sqlite", "postgresql"} - {connection.vendor}
    if any(item.get_closest_marker(other) for other in others):
        return True
    return connection.vendor != "sqlite" and bool(item.get_closest_marker("once") or not meets_database(item))


def meets_database(item) -> bool:
    fixtures = {"db", "transactional_db", "live_server", "shared_database"}
    return bool(item.get_closest_marker("django_db") or fixtures & set(item.fixturenames))


def commits(item) -> bool:
    marker = item.get_closest_marker("django_db")
    return bool(marker and marker.kwargs.get("transaction"))


@pytest.fixture(autouse=True)
def english():
    """A test begins in the default language, whatever page the one before it visited."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture
def numbers_from_one(db):
    """New records are numbered from what is there, as on SQLite: PostgreSQL goes on from what other tests had made."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), apps.get_models()):
            cursor.execute(statement)


@pytest.fixture(autouse=True)
def _files_in_a_folder_of_their_own(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture(autouse=True)
def _nothing_kept():
    """What is kept by version is wrong in a test that is rolled back and run on a clock that stands still."""
    cache.clear()
    topics_at.cache_clear()


@pytest.fixture(scope="session", autouse=True)
def _a_test_that_commits_may_empty_the_log():
    """Tables are emptied after such a test, which the audit log refuses: here, and only here, it lets it happen."""
    log = import_module("research_hub.editorial.migrations.0002_audit")
    operations = type(connection.ops)  # the class: the connection of one test need not be that of the next
    empty = operations.sql_flush

    def sql_flush(*args, **options):
        return [*log.ALLOW[connection.vendor], *empty(*args, **options), *log.REFUSE[connection.vendor]]

    operations.sql_flush = sql_flush
    yield
    operations.sql_flush = empty


@pytest.fixture
def shared_data():
    """The folder of real records that stands beside the checkout in some places."""
    if not settings.SHARED_DATA.exists():
        pytest.skip("the folder ../shared/data is not here")
    return settings.SHARED_DATA


@pytest.fixture(scope="module")
def shared_database(tmp_path_factory):
    """A database of its own, which processes can share, of the sort that is being tested."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('writers')}/db.sqlite3"
        return
    server, _, _ = os.environ["DATABASE_URL"].rpartition("/")
    name = f"{settings.DATABASES['default']['TEST']['NAME']}_writers_{os.getpid()}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connected:
        connected.execute(f"CREATE DATABASE {name}")
    yield f"{server}/{name}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connected:
        connected.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def processes(shared_database):
    """Start a command against that database; returns the process."""

    def start(*command, **options):
        environment = os.environ | {"DATABASE_URL": shared_database, "DJANGO_SETTINGS_MODULE": "tests.settings"}
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        return subprocess.Popen(
            [sys.executable, *command], env=environment, cwd=settings.BASE_DIR, **streams, **options
        )

    def finish(process):
        out, err = process.communicate(timeout=300)
        assert process.returncode == 0, err
        return out

    start.and_finish = lambda *command: finish(start(*command))
    start.finish = finish
    start.and_finish("manage.py", "migrate", "--verbosity=0")
    return start
