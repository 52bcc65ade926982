"""A cache in front is told of each change, at once or as soon as it can be reached, and nobody waits for it."""

import json
from datetime import datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import StringIO
from threading import Thread
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import call_command

from research_hub.activity import purging
from tests.factories import make_publication, make_topic

pytestmark = pytest.mark.django_db


class Asked(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((dict(self.headers), json.loads(body)))
        self.send_response(self.server.status)
        self.send_header("Location", "/elsewhere")
        self.end_headers()

    def do_GET(self):
        self.server.detours.append(dict(self.headers))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def cdn(settings):
    server = HTTPServer(("127.0.0.1", 0), Asked)
    server.asked, server.detours, server.status = [], [], 200
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    settings.CDN_PURGE_URL = f"http://127.0.0.1:{server.server_port}/purge"
    settings.CDN_PURGE_TOKEN = "Bearer secret"
    yield server
    server.shutdown()
    server.server_close()


def publish_due() -> str:
    told = StringIO()
    call_command("publish_due", stdout=told, stderr=told)
    return told.getvalue()


def test_it_is_told_once_of_what_changed_and_again_of_the_next_change(cdn):
    make_publication("First", topics=[make_topic()])
    publish_due()
    publish_due()
    ((headers, body),) = cdn.asked
    assert (headers["Surrogate-Key"], headers["Authorization"], body) == ("site", "Bearer secret", {"tags": ["site"]})
    make_publication("Second")
    publish_due()
    assert len(cdn.asked) == 2


def test_what_it_could_not_be_told_it_is_told_later(cdn):
    make_publication("First")
    cdn.status = 503
    assert "could not be told" in publish_due()
    cdn.status = 200
    assert publish_due() == ""
    assert len(cdn.asked) == 2


@pytest.mark.parametrize("status", [301, 302, 303, 307])
def test_it_sends_nobody_elsewhere_with_the_token(cdn, status):
    make_publication("First")
    cdn.status = status
    assert "could not be told" in publish_due()
    assert (len(cdn.asked), cdn.detours) == (1, [])


@pytest.mark.django_db(transaction=True)
def test_it_is_told_beside_the_answer_once_the_change_is_committed(cdn, monkeypatch):
    threads = []

    class Watched(Thread):
        def start(self):
            threads.append(self)
            super().start()

    monkeypatch.setattr(purging, "Thread", Watched)
    make_publication("First")
    for thread in threads:
        thread.join(30)
    assert threads and cdn.asked
    assert publish_due() == ""
    assert cdn.asked[-1][1] == {"tags": ["site"]}


def test_a_page_says_to_shared_caches_what_it_says_to_no_browser(client, settings):
    make_publication("First", topics=[make_topic()])
    assert "CDN-Cache-Control" not in client.get("/topics/water/").headers
    settings.CDN_SECONDS = 3600
    page = client.get("/topics/water/?other=1")
    assert page["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert page["CDN-Cache-Control"].endswith("stale-while-revalidate=60, stale-if-error=86400")
    assert page["Surrogate-Key"].split()[0] == "site" and page["Surrogate-Key"].split()[1].startswith("list-")
    assert page["Cache-Tag"].split(",") == page["Surrogate-Key"].split()
    for secret in ("/admin/", "/topics/never-was/"):
        assert "CDN-Cache-Control" not in client.get(secret).headers


@pytest.mark.once
def test_no_page_is_kept_past_the_moment_at_which_it_looks_different(settings, client, time_machine_at):
    settings.CDN_SECONDS = 86400
    make_publication("First", topics=[make_topic()])
    with time_machine_at(23, 59, 30):
        assert "max-age=30," in client.get("/topics/water/?other=1")["CDN-Cache-Control"]
        assert "max-age=86400," in client.get("/topics/water/feed.atom")["CDN-Cache-Control"]


@pytest.fixture
def time_machine_at(settings):
    zone = ZoneInfo(settings.TIME_ZONE)
    return lambda *clock: time_machine.travel(datetime(2026, 5, 1, *clock, tzinfo=zone), tick=False)
