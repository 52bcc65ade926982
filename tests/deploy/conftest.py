import sqlite3
from contextlib import closing

import pytest
from django.db import connection

from tests.factories import make_publication, make_topic
from tests.servers import Servers, need


@pytest.fixture(scope="session")
def copied_database(django_db_setup, django_db_blocker, tmp_path_factory):
    """A copy of the empty database of this test run, with a topic and a publication in it, on SQLite."""
    copy = tmp_path_factory.mktemp("served") / "db.sqlite3"
    with django_db_blocker.unblock():
        own = connection.settings_dict["NAME"]
        with closing(sqlite3.connect(own)) as here, closing(sqlite3.connect(copy)) as there:
            here.backup(there)
        connection.close()
        connection.settings_dict["NAME"] = str(copy)
        try:
            make_publication("First", topics=[make_topic()])
        finally:
            connection.close()
            connection.settings_dict["NAME"] = own
    return f"sqlite:///{copy}"


@pytest.fixture(scope="session")
def servers(tmp_path_factory):
    with Servers(tmp_path_factory.mktemp("servers")) as servers:
        yield servers


@pytest.fixture(scope="session")
def site(servers, copied_database):
    site = servers.site(copied_database, prepare=False)
    (site.data / "files").mkdir(exist_ok=True)
    return site


@pytest.fixture(scope="session")
def gunicorn(servers, site):
    return servers.gunicorn(site, app="tests.deploy.echo", FILES_BY_NGINX="/_files/")


@pytest.fixture(scope="session")
def nginx(servers, site, gunicorn):
    need("nginx", "openssl")
    return servers.nginx(gunicorn, site)
