"""What every answer tells the browser, whatever is asked and however."""

import json
import os
import re
import subprocess
import sys

import pytest
from django.conf import settings as site_settings
from django.test import Client

from research_hub.headers import ADMIN_POLICY, PUBLIC_POLICY
from tests.factories import make_event, make_image, make_publication, make_topic, make_user

pytestmark = pytest.mark.django_db

PATHS = [
    "/", "/es/", "/topics/water/", "/activity/", "/activity/feed.atom", "/activity/feed.json", "/search/?q=a", "/api/",
    "/api/v1/entries", "/api/v1/nothing", "/nothing/", "/robots.txt", "/sitemap.xml", "/files/nothing",
    "/static/nothing", "/admin/", "/admin/login/", "/es/admin/password/forgotten/", "/admin/nothing/", "/preview/x/",
    "/favicon.ico",
]  # fmt: skip
READ_ONLY_JSON = ["/api/v1/entries", "/api/v1/nothing", "/activity/feed.json"]


@pytest.fixture
def content():
    return make_publication("Report", topics=[make_topic()])


def directives(policy: str) -> dict[str, list[str]]:
    return {name: sources for name, *sources in (part.split() for part in policy.split(";"))}


@pytest.mark.parametrize("policy", [PUBLIC_POLICY, ADMIN_POLICY])
def test_a_policy_lets_in_nothing_unsafe_and_nothing_by_default(policy):
    told = directives(policy)
    assert "unsafe" not in policy and "*" not in policy
    for name in ("default-src", "object-src", "base-uri", "frame-ancestors"):
        assert told[name] == ["'none'"]
    assert told["form-action"] == ["'self'"]
    assert told["script-src"] == ["'self'"]


def test_only_the_sites_that_play_recordings_may_be_framed_and_only_on_pages_for_readers():
    assert directives(PUBLIC_POLICY)["frame-src"] == ["https://www.youtube-nocookie.com", "https://player.vimeo.com"]
    assert directives(ADMIN_POLICY)["frame-src"] == ["'none'"]


def test_nothing_leaves_without_the_headers(client, content):
    for path in PATHS:
        for method in ("get", "head", "options", "post", "put", "trace"):
            answer = getattr(client, method)(path)
            where = f"{method} {path}: {answer.status_code}"
            assert answer["Content-Security-Policy"], where
            assert "unsafe" not in answer["Content-Security-Policy"], where
            assert answer["X-Content-Type-Options"] == "nosniff", where
            assert answer["X-Frame-Options"] == "DENY", where
            is_preview = path.startswith("/preview/") and answer.status_code != 404
            referrer = "no-referrer" if is_preview else "strict-origin-when-cross-origin"
            assert answer["Referrer-Policy"] == referrer, where
            assert answer["Cross-Origin-Opener-Policy"] == "same-origin", where
            assert "camera=()" in answer["Permissions-Policy"], where
            assert answer["Cross-Origin-Resource-Policy"] in ("same-origin", "cross-origin"), where


def test_a_kept_page_has_them_too_and_the_same_as_when_it_was_made(client, content):
    first, again = client.get("/topics/water/"), client.get("/topics/water/")
    unchanged = client.get("/topics/water/", headers={"If-None-Match": first["ETag"]})
    assert unchanged.status_code == 304
    for name in ("Content-Security-Policy", "Permissions-Policy", "X-Content-Type-Options"):
        assert first[name] == again[name] == unchanged[name]


def test_a_public_page_needs_no_nonce(client, content):
    event = make_event("Debate")
    event.media.create(kind="video", url="https://youtu.be/dQw4w9WgXcQ")
    for path in ("/", "/topics/water/", content.get_absolute_url(), event.get_absolute_url(), "/search/?q=a", "/api/"):
        text = client.get(path).content.decode()
        scripts = [mark for mark in re.findall(r"<script\b[^>]*>", text) if "application/ld+json" not in mark]
        assert scripts and all("src=" in mark for mark in scripts), path
        assert not re.search(r"<style\b|\sstyle=|\son\w+=|javascript:", text), path


def test_the_editors_script_in_the_page_carries_the_nonce_of_the_policy_and_each_page_another(client):
    entry = make_publication("Draft", published=False)
    client.force_login(make_user("editor"))
    nonces = set()
    for _time in range(2):
        page = client.get(f"/admin/publications/publication/{entry.pk}/change/")
        (nonce,) = set(re.findall(r'<script[^>]*nonce="([^"]+)"', page.content.decode()))
        assert f"'nonce-{nonce}'" in directives(page["Content-Security-Policy"])["script-src"]
        nonces.add(nonce)
    assert len(nonces) == 2


def test_a_picture_may_be_shown_elsewhere_and_what_the_staff_see_may_not(client, content):
    assert client.get(make_image().file.url)["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert client.get("/activity/feed.atom")["Cross-Origin-Resource-Policy"] == "cross-origin"
    client.force_login(make_user("administrator"))
    assert client.get("/admin/")["Cross-Origin-Resource-Policy"] == "same-origin"


def test_what_the_staff_see_is_kept_by_nobody(client, content):
    client.force_login(make_user("administrator"))
    for path in (
        "/admin/", "/admin/publications/publication/", f"/admin/publications/publication/{content.pk}/change/",
        "/admin/my-sessions/", "/admin/second-factor/", "/admin/nothing/", "/es/admin/translation/",
    ):  # fmt: skip
        assert "no-store" in client.get(path)["Cache-Control"], path


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "PUT", "PATCH", "DELETE", "PROPFIND", "XYZZY"])
def test_a_method_that_is_for_nothing_here_is_refused_everywhere(client, content, method):
    client.force_login(make_user("administrator"))
    for path in PATHS:
        answer = client.generic(method, path)
        assert answer.status_code == 405, path
        assert "GET" in answer["Allow"]


@pytest.mark.parametrize("path", READ_ONLY_JSON)
def test_a_program_that_sends_something_to_be_read_is_answered_in_json(content, path):
    answer = Client(enforce_csrf_checks=True).post(path, {"a": 1}, content_type="application/json")
    assert answer.status_code == 405 or (path.endswith("nothing") and answer.status_code == 404)
    if answer.status_code == 405:
        assert answer["Content-Type"].startswith("application/json")
        assert answer.json()["errors"][0]["message"]
        assert "POST" not in answer["Allow"]


PRODUCTION = """
import json, django; django.setup()
from django.conf import settings
from django.test import Client
answer = Client().get("/admin/login/", secure=True, HTTP_HOST="hub.example")
moved = Client().get("/admin/login/", HTTP_HOST="hub.example")
spoofed = Client().get("/admin/login/", HTTP_HOST="hub.example", HTTP_X_FORWARDED_PROTO="https", REMOTE_ADDR="8.8.8.8")
proxied = Client().get("/admin/login/", HTTP_HOST="hub.example", HTTP_X_FORWARDED_PROTO="https", REMOTE_ADDR="10.0.0.1")
print(json.dumps({
    "headers": dict(answer.headers), "cookies": {name: str(cookie) for name, cookie in answer.cookies.items()},
    "session": settings.SESSION_COOKIE_NAME, "statuses": [moved.status_code, spoofed.status_code, proxied.status_code],
    "location": moved["Location"], "roles": settings.SECOND_FACTOR_ROLES,
}))
"""


@pytest.fixture(scope="module")
def deployed(tmp_path_factory) -> dict:
    """What the site says with the settings that it is deployed with."""
    folder = tmp_path_factory.mktemp("deployed")
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "research_hub.settings",
        "SECRET_KEY": site_settings.SECRET_KEY,
        "SITE_URL": "https://hub.example",
        "ALLOWED_HOSTS": "hub.example",
        "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}",
        "DATA_DIR": str(folder),
        "BEHIND_PROXY": "1",
        "DEMO": "0",
        "DEBUG": "0",
    }
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"],
        env=environment,
        cwd=site_settings.BASE_DIR,
        check=True,
    )
    command = [sys.executable, "-c", PRODUCTION]
    done = subprocess.run(command, env=environment, cwd=site_settings.BASE_DIR, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_behind_https_the_browser_keeps_to_it_and_cookies_are_of_this_host_alone(deployed):
    assert deployed["headers"]["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
    assert deployed["session"] == "__Host-sessionid"
    (cookie,) = deployed["cookies"].values()
    assert cookie.startswith("Set-Cookie: __Host-csrftoken=")
    for part in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
        assert part in cookie
    assert "Domain" not in cookie
    assert deployed["roles"] == ["administrator", "publisher"]


def test_what_only_a_proxy_may_say_is_believed_of_a_proxy_only(deployed):
    assert deployed["statuses"] == [301, 301, 200]
    assert deployed["location"] == "https://hub.example/admin/login/"
