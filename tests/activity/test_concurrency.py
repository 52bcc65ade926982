"""Several processes write at once, and one is killed in the middle: the lists equal the entries afterwards."""

import signal
import time
from pathlib import Path

import pytest
from django.db import connection

from tests.servers import wait_until

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


def test_processes_side_by_side_make_and_prove_the_lists_as_one_does(run):
    run.and_finish("manage.py", "rebuild_activity", "--processes", "2")
    run.and_finish("manage.py", "shell", "--no-imports", "-c", SPOIL)
    told = [run("manage.py", "check_activity", "--processes", n).communicate()[1] for n in ("1", "2")]
    assert told[0] == told[1]
    *faults, _last = told[0].splitlines()
    assert len([fault for fault in faults if "missing from its list" in fault]) == 1
    assert all("counted" in fault or "missing from its list" in fault for fault in faults)
    run.and_finish("manage.py", "rebuild_activity", "--processes", "2")
    assert "equal" in run.and_finish("manage.py", "check_activity")


SPOIL = """
from research_hub.activity.models import Listing, PeriodCount
counter = PeriodCount.objects.first()
PeriodCount.objects.filter(pk=counter.pk).update(n=99)
Listing.objects.filter(pk=Listing.objects.last().pk).delete()
"""


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="the processes of a process are read from /proc")
def test_the_processes_of_one_that_is_killed_end_with_it(run):
    parent = run("manage.py", "check_activity", "--processes", "2")
    wait_until(lambda: len(processes_of(parent.pid)) >= 2)
    children = processes_of(parent.pid)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    wait_until(lambda: not any(map(is_running, children)))
    parent.communicate()


def processes_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def is_running(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status")
    return status.exists() and "State:\tZ" not in status.read_text()
