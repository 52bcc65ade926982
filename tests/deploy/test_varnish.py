"""The site behind Varnish with our VCL: kept there, forgotten when something is published, served while it is away."""

import pytest

from tests.servers import ask, free_port, need, wait_until

pytestmark = [pytest.mark.once, pytest.mark.django_db]

PUBLISH = """
import django; django.setup()
from tests.factories import make_publication
from topics.models import Topic
make_publication({title!r}, topics=[Topic.objects.get(slug_en="water")])
"""


@pytest.fixture(scope="module")
def cached(servers, site):
    """The application that tells Varnish, and Varnish."""
    need("varnishd")
    port = free_port()
    told = {"CDN_SECONDS": "3600", "CDN_PURGE_URL": f"http://127.0.0.1:{port}/", "CDN_PURGE_METHOD": "BAN"}
    site.environment |= told
    app = servers.gunicorn(site, WEB_CONCURRENCY="1")
    yield app, servers.varnish(app.port, port)
    for name in told:
        del site.environment[name]


@pytest.fixture
def get(cached):
    def get(path, **headers):
        return ask(cached[1].port, path, X_Forwarded_Proto="https", **headers)

    return get


def publish(site, title):
    site.run(PUBLISH.format(title=title))


def test_a_page_is_kept_until_something_is_published_then_is_the_new_one(get, site):
    assert get("/topics/water/").headers["X-Cache"] == "miss"
    kept = get("/topics/water/")
    assert kept.headers["X-Cache"] == "hit"
    assert kept.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert not {"Surrogate-Key", "CDN-Cache-Control", "Via"} & set(kept.headers)
    assert get("/topics/water/", Cookie="sessionid=x").headers["X-Cache"] == "hit"
    publish(site, "Just published")
    site.manage("publish_due")
    assert "Just published" in get("/topics/water/").text


def test_the_admin_is_never_kept(get):
    for _ in range(2):
        answer = get("/admin/")
        assert (answer.status, answer.headers["X-Cache"]) == (302, "miss")


def test_nobody_else_can_have_it_forget(cached):
    assert ask(cached[1].port, "/", method="BAN").status == 403


def test_while_the_application_is_away_what_was_kept_is_served(get, cached, servers, site):
    app = cached[0]
    assert get("/es/temas/agua/").status == 200
    app.stop()
    assert get("/es/temas/agua/").status == 200
    assert get("/publications/first/").status == 503
    servers.gunicorn(site, app.port, WEB_CONCURRENCY="1")
    wait_until(lambda: get("/publications/first/").status == 200)
