"""Several processes write at once, and one is killed in the middle: the lists equal the entries afterwards."""

import os
import signal
import subprocess
import sys
import time

import psycopg
import pytest
from django.conf import settings
from django.db import connection

SEED = """
from django.contrib.auth import get_user_model
from tests.factories import *
get_user_model().objects.create_user("the-publisher", is_staff=True)
parent = make_topic("Parent")
topics = [parent] + [make_topic(f"Topic {n}", parent=parent) for n in range(3)]
authors = [make_author(f"Author {n}") for n in range(4)]
for n in range(12):
    make_publication(f"Publication {n}", topics=[topics[n % 4]], authors=authors[: n % 4], date=str(2000 + n))
    make_event(f"Event {n}", topics=[topics[n % 4]], speakers=authors[:1])
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory):
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
def run(address):
    """Start a command against that database; returns the process."""

    def start(*command, **options):
        environment = os.environ | {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "tests.settings"}
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
    start.and_finish("manage.py", "shell", "--no-imports", "-c", SEED)
    return start


def test_writers_at_once_lose_nothing_and_leave_the_lists_right(run):
    writers = 8 if connection.vendor == "sqlite" else 6
    started = [run("-m", "tests.activity.worker", str(seed), "30") for seed in range(writers)]
    assert [run.finish(writer).strip() for writer in started] == ["done 30"] * writers
    assert "equal" in run.and_finish("manage.py", "check_activity")


def test_a_writer_that_is_killed_leaves_nothing_half_written(run):
    for pause in (1.5, 2.0, 2.5):
        writer = run("-m", "tests.activity.worker", str(int(pause * 10)), "100000")
        time.sleep(pause)
        writer.send_signal(signal.SIGKILL)
        writer.communicate()
        assert writer.returncode == -signal.SIGKILL
        assert "equal" in run.and_finish("manage.py", "check_activity")
