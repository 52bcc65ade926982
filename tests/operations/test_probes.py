"""What machines ask: whether it lives, whether it is ready, and its figures."""

import subprocess
import sys
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from research_hub.editorial.workflow import Answers, take
from research_hub.operations import readiness
from research_hub.operations.models import Heartbeat
from tests.factories import make_author, make_publication, make_topic, make_user
from tests.servers import free_port, listens, wait_until
from tests.web.site import environment

pytestmark = pytest.mark.django_db

TOKEN = "a-token-of-the-monitor"


def asked_by_monitor(client):
    page = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert page.status_code == 200
    return {
        (sample.name.removeprefix("research_hub_"), *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(page.content.decode())
        for sample in family.samples
    }


@pytest.fixture
def figures(client, settings):
    settings.METRICS_TOKEN = TOKEN
    return lambda: asked_by_monitor(client)


@pytest.fixture
def ready(client, settings, tmp_path):
    (tmp_path / "files").mkdir()
    Heartbeat.beat("publish_due")

    def ask():
        readiness.within.cache_clear()
        answer = client.get("/readyz", HTTP_HOST="10.1.2.3")
        return answer.status_code, {name for name, found in answer.json()["checks"].items() if found != "ok"}

    return ask


def test_the_process_lives_whatever_the_database_does(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get("/healthz", HTTP_HOST="10.1.2.3")  # a probe names no host of ours
    assert (answer.status_code, answer.json()) == (200, {"alive": True})
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("door", ["/healthz", "/readyz", "/metrics"])
def test_a_probe_is_only_read(client, door):
    assert client.post(door).status_code == 405
    assert client.head("/healthz").status_code == 200


def test_it_is_ready_when_all_is_well(ready):
    assert ready() == (200, set())


def test_it_is_not_ready_while_the_schedule_stands_still(ready):
    Heartbeat.objects.update(at=timezone.now() - timedelta(minutes=6))
    assert ready() == (503, {"schedule"})
    call_command("publish_due", stdout=StringIO())
    assert ready() == (200, set())


def test_it_is_not_ready_without_its_folder_of_files(ready, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "gone"
    assert ready() == (503, {"storage"})


def test_it_is_not_ready_before_its_migrations(ready):
    MigrationRecorder.Migration.objects.filter(app="operations", name="0001_last_runs").delete()
    assert ready() == (503, {"migrations"})


def test_it_is_not_ready_without_its_cache(ready, monkeypatch, settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    assert ready() == (503, {"cache"})
    settings.READY_NEEDS = ["database", "migrations"]
    assert ready() == (200, {"cache"})


def test_a_database_that_is_away_is_said_without_a_word_of_its_own(ready, client, monkeypatch, log):
    def gone(*args, **kwargs):
        raise OperationalError('connection to server at "10.0.0.5", user "joe" failed')

    monkeypatch.setattr(connection, "cursor", gone)
    assert ready()[0] == 503
    assert "database" in ready()[1]
    told = client.get("/readyz").content.decode()
    assert "10.0.0.5" not in told and "joe" not in told
    assert [line["failed"] for line in log.lines("research_hub.readiness") if line["message"] == "not ready"]


def test_however_often_strangers_ask_it_is_looked_at_once_a_second(
    ready, client, monkeypatch, django_assert_num_queries
):
    ready()
    monkeypatch.setattr(readiness, "monotonic", lambda: 5.5)
    client.get("/readyz")
    with django_assert_num_queries(0):
        assert client.get("/readyz").status_code == 200


def test_figures_are_for_the_monitor_and_for_others_the_address_is_like_one_that_never_was(client, settings):
    never = client.get("/never-was")
    for told in (
        client.get("/metrics"),
        client.get("/metrics", headers={"Authorization": "Bearer "}),
        client.get("/metrics", headers={"Authorization": "Bearer wrong"}),
    ):
        assert told.status_code == never.status_code == 404
        assert told.content.replace(b"/metrics", b"/never-was") == never.content
    settings.METRICS_TOKEN, settings.METRICS_FROM = TOKEN, ["192.0.2.0/24"]
    assert client.get("/metrics", headers={"Authorization": "Bearer ñ"}).status_code == 404
    assert client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="192.0.2.7").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="192.0.3.7").status_code == 404
    assert client.get("/metrics", REMOTE_ADDR="192.0.3.7", HTTP_X_FORWARDED_FOR="192.0.2.7").status_code == 404


def test_requests_are_counted_by_route_and_kept_pages_by_how_they_came(client, figures):
    page = make_topic().get_absolute_url()
    before = figures()
    for _ in range(3):
        client.get(page)
    client.get("/a/b/c/")
    client.generic("BREW", "/a/b/c/")
    after = figures()
    gain = {key: value - before.get(key, 0) for key, value in after.items() if value != before.get(key, 0)}
    assert gain["requests_total", "200", "GET", "topic_detail"] == 3
    assert gain["request_seconds_count", "topic_detail"] == 3
    assert gain["kept_pages_total", "made"] == 1 and gain["kept_pages_total", "kept"] == 2
    assert gain["requests_total", "404", "GET", "none"] == gain["requests_total", "405", "OTHER", "none"] == 1


def test_the_work_of_the_institute_is_told(figures, client):
    editor, publisher = make_user("editor"), make_user("publisher")
    ready = {"published": False, "topics": [make_topic()], "authors": [make_author()]}
    waiting = take("submit", make_publication("Waiting", **ready), by=editor)
    soon = Answers(moment=timezone.now() + timedelta(hours=1))
    planned = make_publication("Planned", **ready)
    for code, user in (("submit", editor), ("approve", publisher), ("schedule", publisher)):
        planned = take(code, planned, by=user, answers=soon)
    found = figures()
    assert found["entries", "in_review", "publication"] == 1 and found["entries", "approved", "publication"] == 1
    assert found["review_oldest_seconds", "publication"] > 0
    assert found["scheduled", "publication", "publish"] == 1 and found["overdue", "publication", "publish"] == 0
    assert found["database_up",] == 1
    assert found["translation_texts", "es", "missing"] > 0 and found["translation_words", "es", "missing"] > 0
    model = type(planned)
    model._base_manager.filter(pk=planned.pk).update(publish_at=timezone.now() - timedelta(minutes=9))
    model._base_manager.filter(pk=waiting.pk).update(updated_at=timezone.now() - timedelta(days=2))
    found = figures()
    assert found["overdue", "publication", "publish"] == 1
    assert 540 <= found["overdue_oldest_seconds", "publication", "publish"] < 600
    assert found["review_oldest_seconds", "publication"] > 2 * 86400 - 60
    call_command("publish_due", stdout=StringIO())
    assert figures()["overdue", "publication", "publish"] == 0
    assert figures()["last_run_timestamp_seconds", "publish_due"] == pytest.approx(time.time(), abs=60)


def test_errors_of_the_database_are_counted_and_the_figures_go_on_without_it(figures, monkeypatch, client):
    before = figures()

    def gone(*args, **kwargs):
        raise OperationalError("the server is away")

    client.raise_request_exception = False
    with monkeypatch.context() as patched:
        patched.setattr(connection, "cursor", gone)
        patched.setattr(connection, "close", lambda: None)
        assert client.get("/").status_code == 500
        after = figures()
    assert after["database_up",] == 0
    assert after["database_errors_total", "OperationalError"] > before.get(
        ("database_errors_total", "OperationalError"), 0
    )
    assert figures()["database_up",] == 1


def ask(url, **headers):
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=30) as answer:
        return answer.read().decode()


def ask_until_two_have_answered(url, folder, master) -> int:
    """How many requests that took: eight at once, each on a connection of its own."""
    with ThreadPoolExecutor(8) as readers:
        for asked in range(8, 401, 8):
            list(readers.map(ask, [url] * 8))
            if len({path.stem.rpartition("_")[2] for path in folder.glob("*.db")} - {str(master)}) == 2:
                return asked
    raise AssertionError("One worker answered all of them.")


@pytest.mark.sqlite
def test_several_workers_of_gunicorn_add_up_what_each_has_counted(tmp_path):
    port, folder = free_port(), tmp_path / "counted"
    own = {"PROMETHEUS_MULTIPROC_DIR": str(folder), "METRICS_TOKEN": TOKEN, "LOG_REQUESTS": "none"}
    own |= {"DJANGO_SETTINGS_MODULE": "research_hub.settings"}
    command = [sys.executable, "-m", "gunicorn", "research_hub.wsgi", "--workers", "2", "--bind", f"127.0.0.1:{port}"]
    command += ["--preload", "--no-control-socket", "--log-level", "warning"]
    process = subprocess.Popen(command, env=environment(tmp_path, port) | own, cwd=settings.BASE_DIR)
    try:
        wait_until(lambda: listens(port))
        site = f"http://127.0.0.1:{port}"
        n = ask_until_two_have_answered(f"{site}/robots.txt", folder, process.pid)
        told = ask(f"{site}/metrics", Authorization=f"Bearer {TOKEN}")
    finally:
        process.terminate()
        process.wait(30)
    assert f'research_hub_requests_total{{method="GET",route="robots",status="200"}} {float(n)}' in told
    assert f'research_hub_request_seconds_count{{route="robots"}} {float(n)}' in told
