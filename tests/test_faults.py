"""Where the site itself fails it says what to do, in both languages; a passing fault is no 500."""

import errno
import sqlite3

import psycopg
import pytest
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.urls import reverse

from research_hub.demonstration.pictures import landscape
from research_hub.media.models import Image
from tests.admin.cast import press
from tests.factories import make_user
from tests.pages import soup, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor(client):
    client.raise_request_exception = False
    return client


@pytest.fixture
def database_says():
    """Whatever the database is asked, it fails with this."""
    taken = []

    def says(error):
        def fail(execute, sql, params, many, context):
            raise OperationalError(str(error)) from error

        watched = connection.execute_wrapper(fail)
        watched.__enter__()
        taken.append(watched)

    yield says
    for watched in taken:
        watched.__exit__(None, None, None)


AWAY = [
    psycopg.OperationalError("connection refused"),
    psycopg.errors.AdminShutdown("terminating connection"),
    psycopg.errors.QueryCanceled("canceling statement due to statement timeout"),
    psycopg.errors.LockNotAvailable("canceling statement due to lock timeout"),
    psycopg.errors.TooManyConnections("too many clients"),
    sqlite3.OperationalError("database is locked"),
    sqlite3.OperationalError("unable to open database file"),
]


@pytest.mark.parametrize("error", AWAY, ids=str)
@pytest.mark.parametrize("path", ["/", "/es/temas/", "/search/?q=a"])
def test_while_the_database_is_away_a_page_says_to_come_again(visitor, database_says, error, path):
    database_says(error)
    page = visitor.get(path)
    assert (page.status_code, page["Retry-After"], page["Cache-Control"]) == (503, "30", "no-store")
    told = ["We will be right back", "Volvemos enseguida"]
    assert [words(heading) for heading in soup(page).select("h1, h2")] == (told[::-1] if "/es/" in path else told)


def test_programs_are_told_as_json(visitor, database_says):
    database_says(AWAY[0])
    answer = visitor.get("/api/v1/entries")
    assert (answer.status_code, answer["Content-Type"]) == (503, "application/json")
    (told,) = answer.json()["errors"]
    assert told["message"].startswith("The site cannot answer")


WRONG = ("Something went wrong", "Algo salió mal")


@pytest.mark.parametrize(
    "error",
    [
        sqlite3.OperationalError("no such column: x"),
        psycopg.errors.UndefinedColumn("x"),
        psycopg.errors.SyntaxError("x"),
    ],
    ids=str,
)
def test_what_does_not_pass_by_itself_is_a_500(visitor, database_says, error):
    database_says(error)
    for address, first, second in (("/", *WRONG), ("/es/", *reversed(WRONG))):
        page = visitor.get(address)
        assert page.status_code == 500
        assert (words(soup(page).h1), words(soup(page).h2)) == (first, second)


@pytest.mark.parametrize(
    "error", [sqlite3.OperationalError("database or disk is full"), psycopg.errors.DiskFull("no space left")], ids=str
)
def test_a_database_without_room_says_so(visitor, database_says, error):
    database_says(error)
    assert visitor.get("/").status_code == 507


@pytest.mark.parametrize("language", ["en", "es"])
def test_where_a_file_does_not_fit_on_the_disk_nothing_is_saved_and_the_page_says_so(visitor, monkeypatch, language):
    def full(*args):
        raise OSError(errno.ENOSPC, "No space left on device")

    visitor.force_login(make_user("administrator", is_superuser=True))
    monkeypatch.setattr(FileSystemStorage, "_save", full)
    picture = SimpleUploadedFile("a.jpg", landscape("a").read(), "image/jpeg")
    url = "/es" * (language == "es") + reverse("admin:media_image_add")
    page = press(visitor, url, file=picture, alt_en="A field", alt_es="Un campo")
    assert page.status_code == 507
    assert "No queda espacio" in [words(heading) for heading in soup(page).select("h1, h2")]
    assert not Image.objects.exists()
