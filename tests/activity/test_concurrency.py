"""Several processes write at once, and one is killed in the middle: the lists equal the entries afterwards."""

import signal
import time

import pytest
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
def run(processes):
    processes.and_finish("manage.py", "shell", "--no-imports", "-c", SEED)
    return processes


def test_writers_at_once_lose_nothing_and_leave_the_lists_right(run):
    writers = 8 if connection.vendor == "sqlite" else 6
    started = [run("-m", "tests.activity.worker", str(seed), "30") for seed in range(writers)]
    assert [run.finish(writer).strip() for writer in started] == ["done 30"] * writers
    assert "equal" in run.and_finish("manage.py", "check_activity")
    assert "right" in run.and_finish("manage.py", "check_translations")


def test_a_writer_that_is_killed_leaves_nothing_half_written(run):
    for pause in (1.5, 2.0, 2.5):
        writer = run("-m", "tests.activity.worker", str(int(pause * 10)), "100000")
        time.sleep(pause)
        writer.send_signal(signal.SIGKILL)
        writer.communicate()
        assert writer.returncode == -signal.SIGKILL
        assert "equal" in run.and_finish("manage.py", "check_activity")
        assert "right" in run.and_finish("manage.py", "check_translations")
