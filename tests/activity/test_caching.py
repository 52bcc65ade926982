"""Pages are kept by version: an unchanged page costs one query, a change shows at once."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest
import time_machine
from django.db import close_old_connections, connection, connections
from django.utils import timezone

from research_hub.demonstration.pictures import landscape
from research_hub.media.models import Image
from tests.factories import make_author, make_event, make_publication, make_topic, make_user
from tests.pages import titles

pytestmark = pytest.mark.django_db


@pytest.fixture
def topic():
    topic = make_topic()
    make_publication("First", topics=[topic], authors=[make_author()])
    return topic


def pages(topic):
    for language in ("en", "es"):
        yield topic.get_absolute_url(language)
        yield topic.get_absolute_url(language) + "?from=2017"
    yield from (
        "/",
        "/es/",
        "/topics/",
        "/authors/",
        "/events/",
        "/activity/",
        "/publications/first/",
        "/authors/ana-garcia/",
    )


def without_moment(response):
    """Its headers, but the request's name, and the moment of the last change, told only once its second is over."""
    return {name: value for name, value in response.headers.items() if name not in ("Last-Modified", "X-Request-ID")}


def test_a_kept_page_and_an_unchanged_one_cost_one_query(client, topic, django_assert_num_queries):
    for path in pages(topic):
        first = client.get(path)
        assert first.status_code == 200
        with django_assert_num_queries(1):
            again = client.get(path)
        assert again.content == first.content
        assert without_moment(again) == without_moment(first)
        with django_assert_num_queries(1):
            unchanged = client.get(path, headers={"If-None-Match": first["ETag"]})
        assert (unchanged.status_code, unchanged.content) == (304, b"")
        assert unchanged["ETag"] == first["ETag"]


def test_publishing_withdrawing_and_renaming_show_at_once(client, topic):
    path = topic.get_absolute_url()
    before = client.get(path)
    entry = make_publication("Second", topics=[topic])
    after = client.get(path, headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 200
    assert titles(after) == ["Second", "First"]
    entry.withdraw(by=make_user())
    assert titles(client.get(path)) == ["First"]
    topic.name_en = "Rivers"
    topic.save()
    assert "<h1>Rivers</h1>" in client.get(path).content.decode()


def test_a_child_topic_shows_on_its_parents_page_at_once(client, topic):
    path = topic.get_absolute_url()
    client.get(path)
    make_topic("Wetlands", parent=topic)
    assert "Wetlands" in client.get(path).content.decode()


def test_a_picture_with_a_new_description_shows_at_once(client, topic):
    image = Image.objects.create(file=landscape("a"), alt_en="Old words")
    topic.image = image
    topic.save()
    client.get(topic.get_absolute_url())
    image.alt_en = "New words"
    image.save()
    assert "New words" in client.get(topic.get_absolute_url()).content.decode()


def test_midnight_moves_an_event_from_upcoming_to_past(client, topic):
    with time_machine.travel(datetime(2026, 5, 1, 12, tzinfo=UTC), tick=False):
        make_event("Tomorrow's", starts_at=timezone.now() + timedelta(days=1), topics=[topic])
        assert 'id="upcoming"' in client.get(topic.get_absolute_url()).content.decode()
    with time_machine.travel(datetime(2026, 5, 4, 12, tzinfo=UTC), tick=False):
        assert 'id="upcoming"' not in client.get(topic.get_absolute_url()).content.decode()


def test_an_event_is_over_the_minute_it_ends(client):
    url = "https://register.example.org/1"
    with time_machine.travel(datetime(2026, 5, 1, 12, tzinfo=UTC), tick=False):
        event = make_event("Soon", starts_at=timezone.now() - timedelta(hours=1), hours=2, registration_url=url)
        assert url in client.get(event.get_absolute_url()).content.decode()
    with time_machine.travel(datetime(2026, 5, 1, 13, 1, tzinfo=UTC), tick=False):
        assert url not in client.get(event.get_absolute_url()).content.decode()


def test_what_is_not_there_is_not_kept_and_never_unchanged(client, topic):
    etag = client.get(topic.get_absolute_url())["ETag"]
    assert client.get("/topics/never-was/", headers={"If-None-Match": "*"}).status_code == 404
    assert client.get("/topics/never-was/", headers={"If-None-Match": etag}).status_code == 404
    assert (
        client.get("/topics/never-was/", headers={"If-Modified-Since": "Wed, 01 Jan 2098 00:00:00 GMT"}).status_code
        == 404
    )


def test_unknown_words_in_the_address_fill_no_cache(client, topic, django_assert_num_queries):
    path = topic.get_absolute_url() + "?utm_source=1"
    client.get(path)
    with pytest.raises(pytest.fail.Exception), django_assert_num_queries(1):
        client.get(path)


def test_a_shared_cache_may_keep_the_page_but_asks_each_time(client, topic):
    page = client.get(topic.get_absolute_url())
    assert page["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert page["Vary"] == "Accept-Encoding"


def test_the_moment_of_the_last_change_is_told_once_its_second_is_over(client, topic):
    now = timezone.now()
    with time_machine.travel(now + timedelta(seconds=5), tick=False):
        page = client.get(topic.get_absolute_url())
        unchanged = client.get(topic.get_absolute_url(), headers={"If-Modified-Since": page["Last-Modified"]})
        assert unchanged.status_code == 304
        make_publication("Third", topics=[topic])
        assert "Last-Modified" not in client.get(topic.get_absolute_url())


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_page_is_answered_over_a_new_connection_when_the_server_has_closed_the_old_one(client):
    make_publication("First", topics=[make_topic()])
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (process,) = cursor.fetchone()
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": None}) as other:
        other.execute("SELECT pg_terminate_backend(%s, 1000)", [process])
    close_old_connections()
    assert titles(client.get("/activity/")) == ["First"]


@pytest.mark.django_db(transaction=True)
def test_a_kept_page_does_not_ask_twice_whether_the_database_is_there(client, topic, monkeypatch):
    client.get("/activity/")
    close_old_connections()
    monkeypatch.setattr(type(connections["default"]), "is_usable", pytest.fail)
    assert client.get("/activity/").status_code == 200
