"""The cache that servers share may go away and come back: pages are right all the time, and readers hardly wait."""

import signal

import pytest
from django.core.cache import caches

from research_hub import shared_cache
from tests.factories import make_publication, make_topic
from tests.pages import titles
from tests.servers import Servers, need

pytestmark = [pytest.mark.once, pytest.mark.django_db]


@pytest.fixture
def redis(tmp_path):
    need("redis-server")
    with Servers(tmp_path) as servers:
        yield servers.redis()


@pytest.fixture
def cache(redis, settings):
    settings.CACHES = {"default": described(redis)}
    return caches["default"]


def described(redis) -> dict:
    return {
        "BACKEND": "research_hub.shared_cache.SharedCache",
        "LOCATION": f"redis://127.0.0.1:{redis.port}/0",
        "KEY_PREFIX": "test",
    }


def test_what_one_process_keeps_another_finds(cache, redis):
    other = shared_cache.SharedCache(described(redis)["LOCATION"], {"KEY_PREFIX": "test"})
    page = [b"\x1f\x8b\x00page", {"Content-Type": "text/html"}]
    cache.set("page", page, 60)
    cache.set("times", 1)
    assert other.get("page") == page
    assert other.incr("times") == 2 == cache.get("times")
    assert cache.add("page", 1) is False
    assert other.get_many(["page", "nothing"]) == {"page": page}


def test_no_object_of_python_is_ever_made_from_what_redis_holds(cache):
    cache.shared._cache.get_client(write=True).set(cache.make_key("x"), b"cos\nsystem\n(S'true'\ntR.")
    assert cache.get("x", "nothing") == "nothing"


def test_the_site_is_right_while_it_is_away_and_when_it_is_back(client, cache, redis, caplog, monkeypatch):
    topic = make_topic()
    make_publication("First", topics=[topic])
    assert titles(client.get("/topics/water/")) == ["First"]
    assert titles(client.get("/topics/water/")) == ["First"]

    redis.stop(signal.SIGKILL)
    for _ in range(3):
        assert titles(client.get("/topics/water/")) == ["First"]
    make_publication("Second", topics=[topic])
    assert titles(client.get("/topics/water/")) == ["Second", "First"]
    assert caplog.text.count("The shared cache is away") == 1

    with Servers(redis.log.parent) as servers:
        servers.redis(redis.port)
        monkeypatch.setattr(cache, "away_until", 0)
        assert titles(client.get("/topics/water/")) == ["Second", "First"]
        assert cache.shared._cache.get_client().dbsize() > 0


def test_a_cache_that_does_not_answer_is_waited_for_once(cache, redis, monkeypatch):
    monkeypatch.setattr(shared_cache, "AWAY", 3600)
    waited = []
    note_loss = cache.note_loss
    monkeypatch.setattr(cache, "note_loss", lambda error: [waited.append(error), note_loss(error)])
    cache.set("a", 1)
    redis.process.send_signal(signal.SIGSTOP)
    try:
        for number in range(20):
            cache.set("a", number)
            assert cache.get("a") == number
    finally:
        redis.process.send_signal(signal.SIGCONT)
    assert len(waited) == 1
