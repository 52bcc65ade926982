"""docs/licences.md names all that the site runs with, under licences that may stand beside ours."""

import pytest

from tests import licences


def test_the_list_is_what_the_packages_say_of_themselves():
    told = (licences.ROOT / "docs/licences.md").read_text(encoding="utf-8")
    assert told == licences.page(), "run python -m tests.licences > docs/licences.md"


@pytest.mark.parametrize("name", licences.pinned())
def test_each_package_is_under_a_licence_that_may_be_used(name):
    named = licences.words(licences.licence_of(name))
    assert named and named <= licences.ALLOWED


def test_each_package_is_here_for_a_reason():
    asked_for, needed = licences.asked_for(), licences.needed_by()
    assert [name for name in licences.pinned() if name not in asked_for and name not in needed] == []
    assert [name for name, (_requirement, reason) in asked_for.items() if not reason] == []


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("MIT", {"MIT"}),
        ("BSD-3-Clause AND ISC", {"BSD-3-Clause", "ISC"}),
        ("GPL-3.0-only OR MIT", {"GPL-3.0-only", "MIT"}),
        ("", set()),
    ],
)
def test_of_several_licences_each_is_looked_at(said, named):
    assert licences.words(said) == named


def test_what_says_nothing_of_its_licence_is_not_let_through():
    assert licences.licence_of("a-package-that-is-not-there") not in licences.ALLOWED
