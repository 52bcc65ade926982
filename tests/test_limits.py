"""A reader in haste is told to wait, in words; what is kept costs nothing and is never refused."""

import pytest
import time_machine
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from redis.exceptions import ConnectionError as NoRedis

from research_hub import limits
from tests.factories import make_publication, make_topic
from tests.pages import soup, words

pytestmark = pytest.mark.django_db
BROWSER = {"Accept": "text/html,*/*"}


@pytest.fixture(autouse=True)
def three_a_minute(settings):
    settings.PAGES_MADE_PER_MINUTE = 3
    make_publication("Rivers", title_es="Ríos", summary_es="x", topics=[make_topic()])
    with time_machine.travel("2026-03-01 12:00:20Z", tick=False):
        yield


def asked(client, path, times=4, **options):
    """The last answer of so many, of which each has to be made."""
    mark = "&" if "?" in path else "?"
    return [client.get(f"{path}{mark}q=word{n}", **options) for n in range(times)][-1]


@pytest.mark.parametrize(
    ("path", "said"),
    [("/search/", "Wait 40 seconds"), ("/es/buscar/", "Espere 40 segundos"), ("/es/temas/agua/", "Espere 40 segundos")],
)
def test_a_page_that_is_one_too_many_says_how_long_to_wait(client, path, said):
    assert asked(client, path, 3, headers=BROWSER).status_code == 200
    page = asked(client, path, 1, headers=BROWSER | {"X-Requested": "again"})
    assert (page.status_code, page["Retry-After"], page["Cache-Control"]) == (429, "40", "no-store")
    assert said in words(soup(page).main)
    assert not page.cookies


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/activity/feed.atom", "Wait 40"),
        ("/es/actividad/list.csv", "Espere 40"),
        ("/es/eventos/events.ics", "Espere 40"),
    ],
)
def test_so_does_a_file_beside_a_list(client, path, said):
    answer = asked(client, path)
    assert (answer.status_code, answer["Retry-After"], answer["Content-Type"]) == (
        429,
        "40",
        "text/plain; charset=utf-8",
    )
    assert said in answer.content.decode()


@pytest.mark.parametrize(("path", "said"), [("/api/v1/entries", "Wait 40"), ("/api/v1/search?lang=es", "Espere 40")])
def test_so_does_the_api_as_it_says_all_that_is_wrong(client, settings, path, said):
    answer = asked(client, path)
    assert (answer.status_code, answer["Access-Control-Allow-Origin"]) == (429, "*")
    (error,) = answer.json()["errors"]
    assert error["field"] == "" and said in error["message"]
    settings.PAGES_MADE_PER_MINUTE = 0
    described = client.get("/api/v1/openapi.json").json()["paths"]
    assert all("429" in methods["get"]["responses"] for methods in described.values())


def test_the_next_minute_begins_anew(client):
    assert asked(client, "/search/").status_code == 429
    with time_machine.travel("2026-03-01 12:01:00Z", tick=False):
        assert asked(client, "/search/", 1).status_code == 200


def test_each_reader_is_counted_alone_and_a_network_of_the_newer_sort_as_one(client):
    assert asked(client, "/search/").status_code == 429
    assert asked(client, "/search/", REMOTE_ADDR="192.0.2.7").status_code == 429
    assert asked(client, "/search/", 3, REMOTE_ADDR="192.0.2.8").status_code == 200
    for last in "123":
        assert asked(client, "/search/", 1, REMOTE_ADDR=f"2001:db8::{last}").status_code == 200
    assert asked(client, "/search/", 1, REMOTE_ADDR="2001:db8::4").status_code == 429
    assert asked(client, "/search/", 1, REMOTE_ADDR="2001:db8:0:1::4").status_code == 200


def test_who_says_to_be_somebody_else_is_not_believed(client):
    for n in range(4):
        answer = client.get(f"/search/?q=word{n}", headers={"X-Forwarded-For": f"192.0.2.{n}"})
    assert answer.status_code == 429


def test_what_is_kept_or_unchanged_is_neither_counted_nor_refused(client, monkeypatch):
    page = client.get("/publications/?type=report")
    asked(client, "/search/")
    monkeypatch.setattr(limits, "is_within", None)  # a count would fail
    for _ in range(3):
        assert client.get("/publications/?type=report").content == page.content
        assert client.get("/publications/?type=report", headers={"If-None-Match": page["ETag"]}).status_code == 304


def test_plain_pages_are_not_counted(client):
    asked(client, "/search/")
    for path in ("/", "/es/", "/topics/", "/topics/water/", "/publications/rivers/", "/activity/", "/api/"):
        assert client.get(path).status_code == 200


def test_a_refusal_asks_the_database_for_nothing_but_the_version(client):
    asked(client, "/search/")
    with CaptureQueriesContext(connection) as queries:
        assert asked(client, "/search/", 1).status_code == 429
    assert len(queries) == 1


def test_readers_are_served_where_the_count_cannot_be_kept(client, monkeypatch, caplog):
    def away(*args, **kwargs):
        raise NoRedis

    monkeypatch.setattr(type(caches["default"]), "incr", away)
    assert asked(client, "/search/").status_code == 200
    assert "Readers are not counted: ConnectionError" in caplog.text


def test_without_a_limit_nobody_is_counted(client, settings, monkeypatch):
    settings.PAGES_MADE_PER_MINUTE = 0
    monkeypatch.setattr(limits, "is_within", None)
    assert asked(client, "/search/").status_code == 200
