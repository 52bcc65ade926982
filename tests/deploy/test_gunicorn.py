"""What a real gunicorn says of itself under our configuration: lines like the site's own."""

import json
import os
import signal
from secrets import token_urlsafe

import pytest

from tests.servers import Servers, Site, wait_until


@pytest.fixture
def site(tmp_path):
    own = {"SECRET_KEY": token_urlsafe(50), "DATA_DIR": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path}/none"}
    own |= {"DJANGO_SETTINGS_MODULE": "research_hub.settings", "DEMO": "false", "DEBUG": "false"}
    return Site(os.environ | own, tmp_path)


def test_its_start_a_worker_that_hangs_and_its_end_are_lines_of_json(site, tmp_path):
    with Servers(tmp_path) as servers:
        gunicorn = servers.gunicorn(site, GUNICORN_CMD_ARGS="--workers 1 --timeout 1")
        wait_until(gunicorn.children)
        os.kill(gunicorn.children()[0], signal.SIGSTOP)
        wait_until(lambda: gunicorn.told.count("Booting worker") == 2)
    lines = [json.loads(line) for line in gunicorn.told.splitlines()]
    told = {line["message"].split(" (")[0]: line["level"] for line in lines if line["logger"] == "gunicorn.error"}
    assert told["WORKER TIMEOUT"] == "CRITICAL" and told["Shutting down: Master"] == "INFO"
    assert all(line["time"].endswith("+00:00") for line in lines)


def test_why_it_cannot_start_is_one(site, tmp_path):
    with Servers(tmp_path) as servers, pytest.raises(RuntimeError, match="gunicorn ended: ") as ended:
        servers.gunicorn(site, app="tests.deploy.no_such_module")
    lines = [json.loads(line) for line in str(ended.value).removeprefix("gunicorn ended: ").splitlines()]
    assert lines[-1]["level"] == "CRITICAL" and "no_such_module" in lines[-1]["traceback"]


def test_where_the_site_writes_for_people_so_does_it(site, tmp_path):
    with Servers(tmp_path) as servers:
        assert "INFO    gunicorn.error Listening at" in servers.gunicorn(site, LOG_FORMAT="plain").told
