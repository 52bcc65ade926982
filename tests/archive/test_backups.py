"""A backup is put back as it was, by the commands of operators; a site in use is never overwritten unasked."""

import json
from zipfile import ZipFile

import pytest
from django.db import connection

TESTS = {"DJANGO_SETTINGS_MODULE": "tests.settings"}
MAKE = "from tests.archive.corpus import make_site; make_site()"
TITLE = "from topics.models import Topic; print('title', sorted(t.name_en or '' for t in Topic.objects.all()))"
LOSE = "from topics.models import Topic; Topic.objects.filter(name_en='Rivers').update(name_en='Lost')"


@pytest.fixture
def manage(manage_at, shared_database, tmp_path):
    """Against a database of its own."""
    return manage_at(shared_database, tmp_path / "data")


def test_a_backup_is_proved_kept_and_put_back(manage, tmp_path):
    folder = tmp_path / "backups"
    folder.mkdir()
    (folder / "mine.zip").write_text("not a backup")
    (folder / "research-hub-20200101T000000Z.zip").write_text("an old one")
    for command in (["migrate", "-v0"], ["shell", "-v0", "-c", MAKE]):
        assert manage(*command)[0], command

    done, said = manage("backup", folder, "--verify", "--keep", 1)
    assert done and "Restored for a trial" in said and "research-hub-20200101T000000Z.zip was deleted" in said, said
    (path,) = folder.glob("research-hub-*.zip")
    assert (folder / "mine.zip").exists() and path.stat().st_mode & 0o077 == 0
    assert len(list(folder.iterdir())) == 2  # nothing of the trial is left
    with ZipFile(path) as backup:
        assert json.loads(backup.read("manifest.json"))["database"] == connection.vendor
        pictures = [name for name in backup.namelist() if name.startswith("files/images/")]

    assert manage("shell", "-v0", "-c", LOSE)[0]
    (tmp_path / "data" / pictures[0]).unlink()
    done, said = manage("restore", path)
    assert not done and "There is a site in this database" in said and "--replace" in said
    assert "Lost" in manage("shell", "-v0", "-c", TITLE)[1]

    done, said = manage("restore", path, "--replace")
    assert done, said
    assert "title ['', 'Dams', 'Rivers']" in manage("shell", "-v0", "-c", TITLE)[1]
    assert (tmp_path / "data" / pictures[0]).exists()
    assert manage("check_activity")[0]

    refuse_what_is_wrong(manage, path, tmp_path)


def refuse_what_is_wrong(manage, path, tmp_path):
    (tmp_path / "cut.zip").write_bytes(path.read_bytes()[:-500])
    for file, words in ((tmp_path / "cut.zip", "is no backup"), (tmp_path / "none.zip", "There is no file")):
        done, said = manage("restore", file, "--replace")
        assert not done and words in said
    if connection.vendor == "postgresql":
        done, said = manage("backup", tmp_path, PATH="/nowhere")
        assert not done and "The program pg_dump is not here" in said
        done, said = manage("restore", path, DATABASE_URL=f"sqlite:///{tmp_path}/other.sqlite3")
        assert not done and "This is a backup of postgresql, and DATABASE_URL names sqlite" in said
    assert not list(tmp_path.glob("*.part"))
