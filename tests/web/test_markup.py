"""The mark-up of every kind of page, as the Nu HTML checker reads it."""

import json
import subprocess

import pytest

from .pages import LOGIN, PUBLIC, STAFF
from .tools import VNU

# Of Django's own templates: the menu beside a page of the admin, and the choice of nothing in a box that searches.
OF_DJANGO = ("A table row was 2 columns wide", "Element “option” without attribute “label” must not be empty")


def judge(*files) -> list[str]:
    """Everything that the checker has to say, be it an error, a warning or advice."""
    command = ["java", "-Xmx512m", "-jar", VNU, "--format", "json", "--stdout", "--exit-zero-always", *files]
    told = subprocess.run(command, capture_output=True, text=True, check=True)
    return [
        f"{message['url'].rpartition('/')[2]}:{message.get('lastLine', '?')}: {message['message']}"
        f" {message.get('extract', '')!r}"
        for message in json.loads(told.stdout)["messages"]
    ]


@pytest.fixture
def pages_in(tmp_path, fetch):
    """A function that keeps pages as files, each by its name; one that answers otherwise than expected is no page."""

    def keep(pages, cookies=None):
        for page in pages:
            status, text = fetch(page.path, cookies)
            assert status == page.status, page
            (tmp_path / f"{page}.html").write_text(text, encoding="utf-8")
        return sorted(tmp_path.glob("*.html"))

    return keep


def test_the_checker_finds_what_is_wrong(tmp_path):
    file = tmp_path / "wrong.html"
    file.write_text("<!doctype html><html lang=en><title>x</title><p><div>x</div></p><img src=x>")
    found = "\n".join(judge(file))
    assert "No “p” element in scope" in found and "must have an “alt” attribute" in found


def test_the_public_pages(pages_in):
    found = judge(*pages_in([*PUBLIC, *LOGIN]))
    assert not found, "\n".join(found)


def test_the_pages_of_the_admin(pages_in, logged_in):
    found = [fault for fault in judge(*pages_in(STAFF, logged_in)) if not any(words in fault for words in OF_DJANGO)]
    assert not found, "\n".join(found)
