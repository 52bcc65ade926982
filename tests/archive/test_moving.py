"""The site moves into another database by one command, and only into an empty one."""

import subprocess
import sys

import pytest

MAKE = "from tests.archive.corpus import make_site; make_site()"
SAID = (
    "from topics.models import Topic; from django.contrib.auth.models import User;"
    "rosa = User.objects.get(username='rosa');"
    "print(sorted(t.name_en or '' for t in Topic.objects.all()), rosa.check_password('long-and-known-1'))"
)
SAME = "['', 'Dams', 'Rivers'] True"


@pytest.fixture
def manage(manage_at, tmp_path):
    """Of a site on SQLite."""
    return manage_at(f"sqlite:///{tmp_path}/here.sqlite3", tmp_path / "here")


def files_below(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_site_on_sqlite_moves_in_one_command_and_is_the_same_there(manage, shared_database, tmp_path):
    for command in (["migrate", "-v0"], ["shell", "-v0", "-c", MAKE]):
        assert manage(*command)[0], command
    here = files_below(tmp_path / "here")

    done, said = manage("move_to", shared_database)
    assert done, said
    assert "records are there now, the same as here" in said and "Comparing the two" in said
    assert "names this file" not in said
    assert SAME in manage("shell", "-v0", "-c", SAID, DATABASE_URL=shared_database)[1]
    assert files_below(tmp_path / "here") == here  # no file moved, and nothing of the archive is left

    done, said = manage("move_to", shared_database)
    assert not done and "The database is not empty: there are records of" in said

    other = f"sqlite:///{tmp_path}/there.sqlite3"
    done, said = manage("move_to", other, "--files-to", tmp_path / "there")
    assert done and f"DATA_DIR={tmp_path / 'there'}" in said, said
    assert files_below(tmp_path / "there") == here


@pytest.mark.once
@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("nonsense", "This is no address of a database"),
        ("mongodb://127.0.0.1/a", "This is no address of a database"),
        ("postgres://nobody@127.0.0.1:1/a", "The database cannot be opened"),
    ],
)
def test_what_is_no_empty_database_is_refused_before_anything_is_done(manage, address, words):
    done, said = manage("move_to", address)
    assert not done and words in said and "Traceback" not in said


@pytest.mark.once
def test_a_database_of_something_else_is_refused(manage, tmp_path):
    (tmp_path / "else.sqlite3").touch()
    sql = "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('CREATE TABLE shop (id integer)')"
    subprocess.run([sys.executable, "-c", sql, tmp_path / "else.sqlite3"], check=True)
    done, said = manage("move_to", f"sqlite:///{tmp_path}/else.sqlite3")
    assert not done and "there are tables of something else in it" in said
