"""How the site speaks to PostgreSQL where it is served: it waits for nothing long, and may share its connections."""

import os
import subprocess
import sys
from contextlib import contextmanager

import psycopg
import pytest
from django.conf import settings
from django.db import OperationalError, connection, connections

from research_hub.waiting import limit_waiting
from tests.factories import make_publication, make_topic

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@contextmanager
def limited():
    before = dict(connection.settings_dict["OPTIONS"])
    connection.close()
    limit_waiting()
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["OPTIONS"] = before


@contextmanager
def locked(table):
    """Somebody else holds the table for as long as the test lasts."""
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": None}) as other:
        other.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        yield


def test_a_page_gives_up_waiting_for_a_locked_table(client, settings):
    settings.DATABASE_STATEMENT_TIMEOUT, settings.DATABASE_LOCK_TIMEOUT = 5, 0.3
    make_publication("First", topics=[make_topic()])
    with limited(), locked("activity_listing"), pytest.raises(OperationalError, match="lock timeout"):
        client.get("/activity/")
    assert client.get("/activity/").status_code == 200


def test_a_statement_that_takes_too_long_is_given_up(settings):
    settings.DATABASE_STATEMENT_TIMEOUT = 0.2
    with limited(), connection.cursor() as cursor, pytest.raises(OperationalError, match="statement timeout"):
        cursor.execute("SELECT pg_sleep(10)")


TOLD = """
import django; django.setup()
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SELECT current_setting('statement_timeout'), current_setting('lock_timeout')")
    print(*cursor.fetchone(), getattr(connection, "pool", None) and connection.pool.max_size)
"""


def told(before: str = "", **environment) -> str:
    command = [sys.executable, "-c", before + TOLD]
    server = os.environ["DATABASE_URL"].rpartition("/")[0]
    own = {"DATABASE_URL": f"{server}/{connection.settings_dict['NAME']}", "DJANGO_SETTINGS_MODULE": "tests.settings"}
    variables = os.environ | own | environment
    return subprocess.run(
        command, env=variables, cwd=settings.BASE_DIR, capture_output=True, text=True, check=True
    ).stdout.strip()


def test_the_server_is_limited_and_commands_are_not():
    assert told(before="import research_hub.wsgi", DATABASE_LOCK_TIMEOUT="2") == "5s 2s None"
    assert told(DATABASE_POOL="3") == "0 0 3"


def test_threads_share_a_pool_of_connections(client):
    make_publication("First", topics=[make_topic()])
    described = connections["default"].settings_dict
    pooled = described | {"CONN_MAX_AGE": 0, "OPTIONS": described["OPTIONS"] | {"pool": {"min_size": 1, "max_size": 2}}}
    wrapper = type(connections["default"])(pooled, "pooled")
    try:
        for _ in range(5):
            with wrapper.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM activity_activity")
                assert cursor.fetchone() == (1,)
            wrapper.close()
        told = wrapper.pool.get_stats()
        assert told["requests_num"] >= 5
        assert told["connections_num"] <= 2
    finally:
        wrapper.close_pool()
