"""What `make stress` reckons with: a save that is gone is found, and a fault is no refusal."""

import pytest

from tests.stress.__main__ import LISTS, Stage
from tests.stress.tally import Tally, table
from tests.stress.visitors import Browser, Editor


def test_what_came_of_a_request_is_told_by_its_status():
    tally = Tally("all is well")
    for status in (200, 302, 304, 404, 429, 502, 503, 507, 500, 0):
        tally.count("GET /", status, 0.1)
    assert (tally.sent, tally.answered, tally.refused, tally.failed) == (10, 4, 4, 2)
    assert tally.faults == ["GET /: 500", "GET /: no answer"]
    assert not tally.is_right
    assert "all is well" in table([tally]).splitlines()[1]


def test_a_run_in_which_nothing_was_asked_is_not_right():
    assert not Tally("nobody came").is_right


class OfWhichOneSaveIsGone(Stage):
    def __init__(self):
        self.site = type("Site", (), {"manage": lambda *arguments: None})()

    def data(self, command, *arguments):
        return {"titles": ["Stress ana 1", "Stress ana 3"], "public": "Stress ana 1"}[command]


def test_a_save_that_was_acknowledged_and_is_gone_is_found():
    tally = Tally("")
    editor = Editor(Browser("https://127.0.0.1:1", tally), 1, "ana", "", 1)
    editor.acknowledged, editor.published = ["Stress ana 1", "Stress ana 2", "Stress ana 3"], ["Stress ana 3"]
    OfWhichOneSaveIsGone().look_for(tally, [editor])
    assert tally.lost == 2
    assert tally.faults == ["lost: Stress ana 2", "lost: Stress ana 3: readers meet Stress ana 1"]


class WhoseDoorWasShut(Stage):
    def __init__(self):
        self.tallies, self.address = [], "https://127.0.0.1:1"

    def act(self, name, fault):
        self.tallies.append(Tally(name))
        self.tallies[0].count("GET /", 503, 0.1)


def test_who_is_refused_while_a_release_is_put_in_place_counts_as_lost_and_so_does_an_old_page():
    stage = WhoseDoorWasShut()
    stage.upgrade()
    (tally,) = stage.tallies
    assert tally.faults[0] == "lost: 1 were told to come again"
    assert tally.faults[1] == "lost: / is not the page of the next release"
    assert tally.lost == 1 + len(LISTS)


@pytest.mark.parametrize(("act", "is_right"), [("SQLite: workers killed", True), ("SQLite: disk full", False)])
def test_an_answer_that_ends_in_the_middle_is_counted_and_is_right_only_where_workers_are_killed(act, is_right):
    tally = Tally(act)
    tally.count("GET /", 200, 0.1)
    tally.count_cut("GET /", 0.1)
    assert (tally.sent, tally.answered, tally.cut) == (2, 1, 1)
    assert tally.is_right is is_right
