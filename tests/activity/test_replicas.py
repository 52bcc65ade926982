"""Public pages are made from a replica as long as it has come as far as the site, all else from the primary."""

import os
import sqlite3
from contextlib import closing

import psycopg
import pytest
from django.db import OperationalError, connection, connections

from research_hub.activity import reader
from research_hub.activity.reader import stored_version
from tests.factories import make_author, make_publication, make_topic, make_user
from tests.pages import titles

pytestmark = pytest.mark.django_db(transaction=True)

REPLICA = "replica1"

ENDED = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"


@pytest.fixture
def copy_of_database(tmp_path):
    """Makes a copy of the database as it is now; returns what it is called."""
    if connection.vendor == "sqlite":

        def copy():
            name = str(tmp_path / "replica.sqlite3")
            with (
                closing(sqlite3.connect(connection.settings_dict["NAME"])) as own,
                closing(sqlite3.connect(name)) as to,
            ):
                own.backup(to)
            return name

        yield copy
        return

    server, _, _ = os.environ["DATABASE_URL"].rpartition("/")
    own = connection.settings_dict["NAME"]
    name = f"{own}_replica"
    drop = f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"

    def copy():
        connection.close()
        with psycopg.connect(f"{server}/postgres", autocommit=True) as connected:
            connected.execute(drop)
            connected.execute(ENDED, [own])  # sessions that other tests have left; nobody else's may be open meanwhile
            connected.execute(f"CREATE DATABASE {name} TEMPLATE {own}")
        return name

    yield copy
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connected:
        connected.execute(drop)


@pytest.fixture
def replicate(copy_of_database, settings):
    """Give the site a replica: the database as it is now, which follows no further; or one that is not there."""

    def replicate(**changed):
        name = copy_of_database()
        described = connection.settings_dict | {"NAME": name} | changed
        connections[REPLICA] = type(connections["default"])(described, REPLICA)
        settings.DATABASE_REPLICAS = [REPLICA]
        settings.DATABASE_ROUTERS = ["research_hub.activity.reader.Router"]

    reader._away_until.clear()
    yield replicate
    if settings.DATABASE_REPLICAS:
        connections[REPLICA].close()
        del connections[REPLICA]
    reader._away_until.clear()


@pytest.fixture
def topic():
    topic = make_topic()
    make_publication("First", topics=[topic], authors=[make_author()])
    return topic


def asked(alias, client, path):
    """How many statements the database of this alias was asked for a page."""
    with CaptureStatements(alias) as statements:
        response = client.get(path)
    return statements, response


class CaptureStatements(list):
    def __init__(self, alias):
        super().__init__()
        self.wrapper = connections[alias].execute_wrapper(self.note)

    def note(self, execute, sql, params, many, context):
        self.append(sql)
        return execute(sql, params, many, context)

    def __enter__(self):
        self.wrapper.__enter__()
        return self

    def __exit__(self, *error):
        self.wrapper.__exit__(*error)


PAGES = ["/", "/topics/water/", "/es/temas/agua/", "/topics/water/?kind=publication&from=2010", "/search/?q=first"]
PAGES += ["/publications/first/", "/authors/ana-garcia/", "/api/v1/entries", "/topics/water/feed.atom"]


def test_the_primary_is_asked_for_the_version_and_the_replica_for_the_rest(client, topic, replicate):
    replicate()
    for path in PAGES:
        from_primary, page = asked("default", client, path)
        assert (path, page.status_code) == (path, 200)
        assert from_primary == [reader.VERSION_QUERY]


def test_a_replica_that_lags_behind_makes_no_page(client, topic, replicate):
    replicate()
    make_publication("Second", topics=[topic])
    assert stored_version(REPLICA) < stored_version()
    assert titles(client.get("/topics/water/")) == ["Second", "First"]
    assert titles(client.get("/topics/water/")) == ["Second", "First"]  # and no stale one was kept


def test_a_replica_that_is_away_costs_nothing_but_its_work(client, topic, replicate, caplog):
    replicate(**elsewhere())
    for _ in range(3):
        assert titles(client.get("/topics/water/?other=1")) == ["First"]
    assert caplog.text.count("The database replica1 is away") == 1


def elsewhere():
    if connection.vendor == "sqlite":
        return {"NAME": "/nowhere/replica.sqlite3"}
    return {"HOST": "127.0.0.1", "PORT": "9"}


def test_a_replica_that_is_lost_while_a_page_is_made_is_replaced_by_the_primary(client, topic, replicate):
    replicate()

    def lose(execute, sql, params, many, context):
        if "activity_listing" in sql:
            raise OperationalError("the server closed the connection unexpectedly")
        return execute(sql, params, many, context)

    with connections[REPLICA].execute_wrapper(lose):
        assert titles(client.get("/topics/water/")) == ["First"]
    assert reader._away_until


def test_the_staff_read_and_write_on_the_primary_alone(client, topic, replicate):
    client.force_login(make_user("administrator"))
    replicate()
    with CaptureStatements(REPLICA) as from_replica:
        assert client.get("/admin/publications/publication/").status_code == 200
        assert client.get("/admin/topics/topic/").status_code == 200
        form = client.get(f"/admin/topics/topic/{topic.pk}/change/")
    assert (form.status_code, from_replica) == (200, [])


def test_while_the_primary_is_away_pages_are_made_from_the_replica(client, topic, replicate, settings):
    replicate()
    with WithoutPrimary():
        assert titles(client.get("/topics/water/")) == ["First"]


def test_while_all_databases_are_away_what_was_kept_is_answered_and_nothing_else(client, topic):
    kept = client.get("/topics/water/")
    client.get("/topics/water/")
    client.raise_request_exception = False
    with WithoutPrimary():
        assert client.get("/topics/water/").content == kept.content
        assert client.get("/topics/water/", headers={"If-None-Match": kept["ETag"]}).status_code == 304
        assert client.get("/publications/first/").status_code == 503
    make_publication("Second", topics=[topic])
    assert titles(client.get("/topics/water/")) == ["Second", "First"]


class WithoutPrimary:
    """The database cannot be reached by anybody."""

    def __enter__(self):
        connection.close()
        self.kept = dict(connection.settings_dict)
        connection.settings_dict.update(elsewhere())

    def __exit__(self, *_error):
        connection.close()
        connection.settings_dict.update(self.kept)
