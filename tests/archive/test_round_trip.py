"""What leaves a site comes into another as it was: the same archive again, the same addresses, the same pages."""

import json
import os
import shutil
import subprocess
import sys
from io import StringIO
from zipfile import ZipFile

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.urls import reverse

from publications.models import Publication
from research_hub.activity.kinds import KINDS
from research_hub.archive import format
from research_hub.editorial.models import PreviewLink
from research_hub.editorial.views import download_name
from research_hub.media.models import Image
from tests import factories
from tests.archive.corpus import make_site, undone

ROSA = {"username": "rosa", "password": "long-and-known-1"}

pytestmark = pytest.mark.django_db

WHOLE = ["--with-passwords"]
TESTS = {"DJANGO_SETTINGS_MODULE": "tests.settings"}


def run(command, *arguments) -> str:
    out = StringIO()
    call_command(command, *map(str, arguments), stdout=out, stderr=out)
    return out.getvalue()


@pytest.fixture
def left(tmp_path, settings, client):
    """An archive of a site that is no more, and what that site answered."""
    with undone():
        make_site()
        run("export_archive", tmp_path / "left.zip", "--with-passwords")
        answers = asked(client)
    shutil.rmtree(settings.MEDIA_ROOT)
    return tmp_path / "left.zip", answers


def asked(client) -> dict[str, bytes]:
    """All of the API, and a page of every sort in both languages."""
    api = [f"/api/v1/{name}" for name in ("entries", "topics", "regions", "authors", "series")]
    pages = ["/topics/rivers/", "/es/temas/rios/", "/activity/", "/node/1", "/search/?q=ice"]
    for kind in KINDS.values():
        for entry in kind.model.objects.published():
            api.append(f"/api/v1/entries/{entry.uid}")
            pages += [entry.get_absolute_url(language) for language in ("en", "es")]
            pages += [
                reverse("entry_download", args=[entry.uid, file.pk, download_name(entry, file)])
                for file in entry.downloads.all()
            ]
    answers = {path: client.get(path).content for path in api}
    for path in pages:
        response = client.get(path, follow=True)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        answers[path] = bytes(f"{response.status_code} {response.redirect_chain}", "utf-8") + body
    return answers


def test_every_model_is_decided_about():
    made = {model._meta.label for model in apps.get_models(include_auto_created=True) if model._meta.auto_created}
    all_of_them = {model._meta.label for model in apps.get_models(include_auto_created=True)} - made
    decided = [*format.RECORDS, *format.DERIVED, *format.LEFT_OUT]
    assert sorted(all_of_them) == sorted(decided)


def test_the_corpus_has_something_of_everything(left):
    with ZipFile(left[0]) as archive:
        empty = [name for name in archive.namelist() if not archive.getinfo(name).file_size]
    assert empty == []


def test_an_archive_comes_out_of_a_site_as_it_went_in(left, tmp_path):
    assert "records and" in run("import_archive", left[0])
    run("export_archive", tmp_path / "again.zip", "--with-passwords")
    run("export_archive", tmp_path / "once-more.zip", "--with-passwords")
    assert (tmp_path / "again.zip").read_bytes() == left[0].read_bytes()
    assert (tmp_path / "once-more.zip").read_bytes() == left[0].read_bytes()
    run("check_activity")
    run("check_translations")


def test_readers_and_programs_get_what_they_got(left, client):
    archive, answers = left
    assert client.get("/publications/another-address/").status_code == 404
    run("import_archive", archive)
    assert len(answers) > 15
    wrong = [path for path, said in answers.items() if said.startswith((b"404", b"500")) or b'"errors"' in said]
    assert wrong == []
    now = asked(client)
    assert [path for path in answers if now[path] != answers[path]] == []


def test_staff_log_in_as_they_did_and_find_their_work(left, client):
    run("import_archive", left[0])
    assert client.post("/admin/login/", ROSA).status_code == 302
    for page in ("publications/publication/", "translation/", "importing/batch/", "research_hub/legacyaddress/"):
        assert client.get(f"/admin/{page}").status_code == 200, page
    report = Publication.objects.get(doi="10.5555/rivers.1", revises=None)
    assert report.working_copy.title_en == "Next"
    assert client.get(f"/admin/publications/publication/{report.pk}/history/").status_code == 200
    assert client.get(PreviewLink.objects.get().get_absolute_url()).status_code == 200


def test_without_passwords_nobody_can_log_in_before_one_is_given(tmp_path, settings, client):
    with undone():
        make_site()
        run("export_archive", tmp_path / "site.zip")
    with ZipFile(tmp_path / "site.zip") as archive:
        people = archive.read("records/auth.user.jsonl").decode()
    assert "rosa" in people and "password" not in people
    assert "changepassword" in run("import_archive", tmp_path / "site.zip")
    run("export_archive", tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == (tmp_path / "site.zip").read_bytes()
    rosa = get_user_model().objects.get(username="rosa")
    assert not rosa.has_usable_password() and client.post("/admin/login/", ROSA).status_code == 200


def test_new_records_get_numbers_of_their_own(left):
    run("import_archive", left[0])
    factories.make_publication("After the move", regions=[factories.make_region("Chile", "Chile")])
    factories.make_image(size=(30, 20), renditions=False)
    assert Image.objects.count() == 2


def test_the_smaller_copies_of_pictures_are_made_anew(left):
    with ZipFile(left[0]) as archive:
        assert [name for name in archive.namelist() if name.count("/") > 2] == []
    run("import_archive", left[0])
    image = Image.objects.get()
    assert image.renditions and all(default_storage.exists(name) for name in image.files)


def test_a_file_that_is_lost_is_told_and_does_not_keep_anybody_from_leaving(tmp_path, settings):
    with undone():
        make_site()
        lost = Image.objects.get().file.name
        default_storage.delete(lost)
        assert f"{lost}: a record names this file" in run("export_archive", tmp_path / "site.zip")
    with pytest.raises(CommandError, match="could not be read"):  # of make_renditions: all else is there
        run("import_archive", tmp_path / "site.zip")
    assert Publication.objects.count() == 4


def test_only_an_empty_site_takes_one_in(left):
    topic = factories.make_topic()
    with pytest.raises(CommandError, match=r"not empty: 1 of topics.Topic.*DATABASE_URL"):
        run("import_archive", left[0])
    topic.delete()
    run("import_archive", left[0])


def test_a_file_is_not_written_over_unless_one_says_so(tmp_path):
    (tmp_path / "site.zip").write_text("mine")
    with pytest.raises(CommandError, match="there already"):
        run("export_archive", tmp_path / "site.zip")
    assert (tmp_path / "site.zip").read_text() == "mine"
    run("export_archive", tmp_path / "site.zip", "--replace")
    assert json.loads(ZipFile(tmp_path / "site.zip").read("manifest.json"))["format"] == format.NAME
    assert (tmp_path / "site.zip").stat().st_mode & 0o077 == 0
    with pytest.raises(CommandError, match="no folder"):
        run("export_archive", tmp_path / "nowhere" / "site.zip")


def test_it_is_the_same_through_the_other_database(left, tmp_path, shared_database):
    """On PostgreSQL by way of SQLite; on SQLite by way of another."""
    went_in = left[0]
    for place, database in enumerate((f"sqlite:///{tmp_path}/other.sqlite3", shared_database)):
        there = {"DATABASE_URL": database, "DATA_DIR": str(tmp_path / "data")}
        came_out = tmp_path / f"{place}.zip"
        for command in (["migrate", "-v0"], ["import_archive", went_in], ["export_archive", came_out, *WHOLE]):
            subprocess.run([sys.executable, "manage.py", *command], env=os.environ | TESTS | there, check=True)
        assert came_out.read_bytes() == left[0].read_bytes()
        went_in = came_out
        shutil.rmtree(tmp_path / "data")
