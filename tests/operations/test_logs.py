"""Logs: each thing on a line of its own, by the name of its request, and nobody named in it."""

import contextlib
import logging
import re
from logging.config import DictConfigurator

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.urls import path
from django.views.defaults import permission_denied

from research_hub.editorial.audit import AuditEntry, record
from research_hub.editorial.workflow import Answers, take
from research_hub.operations.logs import PlainLines, logging_of
from research_hub.operations.middleware import ID
from tests.factories import make_author, make_publication, make_topic, make_user

EVIL = 'x\r\n{"level":"INFO","message":"forged"}\x1b[2J\u2028\u202e'


NAME = ".".join(["joe", "public"])  # not as it is written: a traceback shows lines of code


def broken(request, secret):
    raise RuntimeError(EVIL)


def twice(request):
    for _ in range(2):
        User.objects.create(username=NAME)


def forbidden(request, secret):
    return permission_denied(request, PermissionError())


urlpatterns = [
    path("broken/<str:secret>/", broken, name="broken"),
    path("twice/", twice, name="twice"),
    path("forbidden/<str:secret>/", forbidden, name="forbidden"),
]


@pytest.fixture
def own_pages(settings, client):
    settings.ROOT_URLCONF = __name__
    client.raise_request_exception = False


class Caught(logging.Handler):
    """An error tracker."""

    records = []

    def emit(self, record):
        self.records.append(record)


@pytest.mark.django_db
def test_an_answer_is_a_line_with_its_route_and_what_it_took(client, log):
    topic = make_topic("Water", "Agua")
    for language, came in (("en", "made"), ("en", "kept"), ("es", "made")):
        page = client.get(topic.get_absolute_url(language), {"from": "joe@public.example"} if came == "made" else {})
        client.get(topic.get_absolute_url(language))
        line = log.lines("research_hub.requests")[-1]
        assert line["request_id"] != page["X-Request-ID"]
        assert (line["method"], line["route"], line["status"]) == ("GET", "topic_detail", 200)
        assert line["level"] == "INFO" and line["queries"] >= 1 and line["ms"] >= line["database_ms"] >= 0
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00", line["time"])
    assert "public.example" not in log.text() and "water" not in log.text().lower() and "127.0.0.1" not in log.text()


@pytest.mark.django_db
def test_a_page_that_was_kept_says_so_and_its_route_all_the_same(client, log):
    topic = make_topic()
    first = client.get(topic.get_absolute_url())
    client.get(topic.get_absolute_url())
    client.get(topic.get_absolute_url(), headers={"If-None-Match": first["ETag"]})
    told = [(line["came"], line["route"], line["queries"]) for line in log.lines("research_hub.requests")]
    assert [(came, route) for came, route, _n in told] == [
        ("made", "topic_detail"),
        ("kept", "topic_detail"),
        ("unchanged", "topic_detail"),
    ]
    assert told[0][2] > told[1][2] == told[2][2] == 1


@pytest.mark.django_db
def test_pages_that_were_kept_may_be_left_out_and_refusals_not(client, log, settings):
    topic = make_topic()
    settings.LOG_REQUESTS = "made"
    for _ in range(2):
        client.get(topic.get_absolute_url())
    assert [line["came"] for line in log.lines("research_hub.requests")] == ["made"]
    settings.LOG_REQUESTS = "none"
    client.get(topic.get_absolute_url())
    client.force_login(make_user("translator"))
    assert client.get("/admin/auth/user/").status_code == 403
    assert [(line["status"], line["level"]) for line in log.lines("research_hub.requests")[1:]] == [(403, "WARNING")]


PEERS = ["10.0.0.5", "", "192.0.2.7", "127.0.0.1", "10.0.0.5, 192.0.2.7"]  # "" is a socket of the machine


def test_a_request_has_a_name_of_its_own_and_the_proxys_only_where_it_is_trusted(client, settings):
    given = {"X-Request-ID": "edge-0123456789abcdef"}
    first, second = (client.get("/robots.txt", headers=given)["X-Request-ID"] for _ in range(2))
    assert first != second and given["X-Request-ID"] not in (first, second) and ID.fullmatch(first)
    settings.BEHIND_PROXY, settings.TRUSTED_PROXIES = True, ["10.0.0.0/8"]
    named = {peer: client.get("/robots.txt", headers=given, REMOTE_ADDR=peer)["X-Request-ID"] for peer in PEERS}
    assert [peer for peer, name in named.items() if name == given["X-Request-ID"]] == ["10.0.0.5", ""]
    settings.TRUSTED_PROXIES = ["127.0.0.1/32"]
    for evil in ("short", "x" * 200, "a b c d e f g", "<script>alert</script>", EVIL):
        assert client.get("/robots.txt", HTTP_X_REQUEST_ID=evil)["X-Request-ID"] != evil


@pytest.mark.django_db
def test_an_error_has_its_traceback_and_the_name_of_its_request(client, log, own_pages):
    page = client.get("/broken/s3cret-token/?q=typed")
    error = log.lines("django.request")[0]
    assert page.status_code == 500
    assert error["request_id"] == page["X-Request-ID"] and error["route"] == "broken" and error["level"] == "ERROR"
    assert "RuntimeError" in error["traceback"] and "in broken" in error["traceback"]
    assert "s3cret" not in log.text() and "typed" not in log.text()
    answered = log.lines("research_hub.requests")[0]
    assert (answered["status"], answered["level"], answered["route"]) == (500, "WARNING", "broken")


@pytest.mark.django_db
def test_nothing_that_somebody_chose_begins_a_line_or_reaches_the_terminal(client, log, own_pages):
    client.get("/broken/x/")
    assert len(log.text().splitlines()) == len(log.lines())
    assert not [line for line in log.lines() if line["message"] == "forged"]
    assert log.text().isascii() and "\x1b" not in log.text()
    told = logging.LogRecord("research_hub.x", 20, "x", 1, "said %s", (EVIL,), None)
    told.extra = EVIL
    shown = PlainLines().format(told)
    assert len(shown.splitlines()) == 1 and "\x1b" not in shown and "\u202e" not in shown


@pytest.mark.django_db
def test_the_plain_form_sets_a_traceback_off_so_that_no_line_of_it_passes_for_another(client, own_pages, caplog):
    client.get("/broken/x/")
    error = next(told for told in caplog.records if told.exc_info)
    first, *others = PlainLines().format(error).splitlines()
    assert "django.request" in first and any("RuntimeError" in line for line in others)
    assert all(line.startswith("    ") for line in others)


@pytest.mark.django_db
@pytest.mark.postgresql
def test_the_row_that_the_database_refused_is_not_told(client, log, own_pages):
    assert client.get("/twice/").status_code == 500
    told = log.lines("django.request")[0]["traceback"]
    assert "duplicate key value violates unique constraint" in told
    assert NAME not in log.text()


@pytest.mark.django_db
def test_a_refusal_is_told_without_the_address_that_was_refused(client, log, own_pages):
    client.get("/forbidden/s3cret-token/")
    assert [(line["route"], line["level"]) for line in log.lines("research_hub.requests")] == [("forbidden", "WARNING")]
    assert "s3cret" not in log.text()


@pytest.mark.django_db
def test_a_false_host_is_told(client, log):
    assert client.get("/", HTTP_HOST="evil.example").status_code == 400
    assert "evil.example" in log.lines("django.security")[0]["message"]


@pytest.mark.django_db
def test_log_ins_good_and_bad_are_told_by_number_and_never_by_name(client, log, django_capture_on_commit_callbacks):
    user = make_user("editor")
    user.set_password("a long enough phrase")
    user.save()
    for password in ("hunter2-hunter2", "a long enough phrase"):
        with django_capture_on_commit_callbacks(execute=True):
            client.post("/admin/login/", {"username": user.username, "password": password})
    told = {line["message"]: line for line in log.lines("research_hub.editorial.audit")}
    assert {"log_in_failed", "log_in"} <= told.keys()
    assert told["log_in_failed"]["level"] == "WARNING" and told["log_in"]["account"] == user.pk
    assert "hunter2" not in log.text() and user.username not in log.text() and "127.0.0.1" not in log.text()


@pytest.mark.django_db
def test_a_step_of_the_workflow_leads_to_its_entry_in_the_audit_log(log, django_capture_on_commit_callbacks):
    entry = make_publication("Quiet words", published=False, topics=[make_topic()], authors=[make_author()])
    editor = make_user("editor")
    with django_capture_on_commit_callbacks(execute=True):
        take("submit", entry, by=editor, answers=Answers(note="Please hurry."))
    line = log.lines("research_hub.editorial.audit")[0]
    written = AuditEntry.objects.get(pk=line["audit"])
    assert (line["message"], line["account"], line["key"]) == ("submit", editor.pk, entry.uid)
    assert (written.action, written.detail) == ("submit", {"note": "Please hurry."})
    assert "Quiet words" not in log.text() and "hurry" not in log.text()


@pytest.mark.django_db
def test_what_is_taken_back_with_its_transaction_was_not_done_and_is_not_told(log):
    with contextlib.suppress(ZeroDivisionError), transaction.atomic():
        record("export", by="nobody")
        raise ZeroDivisionError
    assert log.lines("research_hub.editorial.audit") == []


@pytest.mark.django_db
def test_a_slow_query_is_told_without_its_parameters(client, log, settings):
    settings.SLOW_QUERY_MS = 1
    slow = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000) SELECT count(*) FROM n"
    with connection.cursor() as cursor:
        cursor.execute(f"{slow} WHERE CAST(i AS text) <> %s", ["joe@public.example"])
    line = log.lines("research_hub.queries")[0]
    assert line["level"] == "WARNING" and line["ms"] >= 1 and line["database"] == "default"
    assert line["sql"].startswith("WITH RECURSIVE") and "joe@public" not in log.text()
    settings.SLOW_QUERY_MS = 0
    with connection.cursor() as cursor:
        cursor.execute(slow)
    assert len(log.lines("research_hub.queries")) == 1


@pytest.mark.django_db
def test_an_error_reaches_the_handler_of_the_operator(client, own_pages):
    config = logging_of("json", "INFO", f"{__name__}.Caught")
    assert config["root"]["handlers"] == ["console", "errors"]
    assert config["handlers"]["errors"]["level"] == "ERROR"
    handler = DictConfigurator(config).configure_handler(config["handlers"]["errors"] | {"filters": []})
    for name in config["handlers"]["errors"]["filters"]:
        handler.addFilter(config["filters"][name]["()"]())
    logging.getLogger().addHandler(handler)
    try:
        page = client.get("/broken/s3cret-token/")
        assert client.get("/", HTTP_HOST="evil.example").status_code == 400  # a stranger's fault, which alarms nobody
    finally:
        logging.getLogger().removeHandler(handler)
    (caught,) = Caught.records
    assert caught.exc_info[0] is RuntimeError and caught.request_id == page["X-Request-ID"]
    assert "s3cret" not in caught.getMessage()
