"""The cache that several servers share, and what happens where it is away."""

import base64
import json
import logging
import time
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

logger = logging.getLogger(__name__)

ANSWERS_IN = 0.5  # seconds: a page is made in less than it takes to wait for one much longer
AWAY = 5  # seconds for which a cache that did not answer is not asked again
TELL_EVERY = 60  # seconds


class PlainValues:
    """What is kept, as JSON with bytes in it: whoever could write into Redis could run code by a pickle."""

    def dumps(self, value: Any) -> int | str:
        return value if type(value) is int else json.dumps(value, default=as_text, separators=(",", ":"))

    def loads(self, kept: bytes) -> Any:
        """Raises ValueError for what is none of ours."""
        return json.loads(kept, object_hook=as_bytes)


def as_text(value: Any) -> dict[str, str]:
    if not isinstance(value, bytes):
        raise TypeError(f"{type(value).__name__} cannot be kept in the shared cache: make it JSON or bytes")
    return {"__bytes__": base64.b64encode(value).decode("ascii")}


def as_bytes(found: dict) -> Any:
    return base64.b64decode(found["__bytes__"]) if found.keys() == {"__bytes__"} else found


class SharedCache(BaseCache):
    """Redis while it answers, and this process's own memory while it does not: the site is slower then, and right.

    Right, because the version of the site is part of a page's name: what Redis or the memory holds from before is
    not asked for any more. What is counted for a limit is counted by each process meanwhile.
    """

    def __init__(self, server, params):
        super().__init__(params)
        waits = {"socket_timeout": ANSWERS_IN, "socket_connect_timeout": ANSWERS_IN, "retry": Retry(NoBackoff(), 0)}
        options = waits | {"serializer": PlainValues} | params.get("OPTIONS", {})
        self.shared = RedisCache(server, params | {"OPTIONS": options})
        self.own = LocMemCache(f"beside {server}", {"MAX_ENTRIES": 2000})
        self.away_until = self.silent_until = 0.0

    def ask(self, name: str, *args, **kwargs):
        if time.monotonic() >= self.away_until:
            try:
                return getattr(self.shared, name)(*args, **kwargs)
            except (RedisError, OSError) as error:
                self.note_loss(error)
        return getattr(self.own, name)(*args, **kwargs)

    def note_loss(self, error: Exception) -> None:
        now = time.monotonic()
        if now >= self.away_until:
            self.own.clear()  # what is left of an earlier loss
        self.away_until = now + AWAY
        if now >= self.silent_until:
            self.silent_until = now + TELL_EVERY
            logger.error("The shared cache is away; pages are kept by each process meanwhile: %s", error)

    def add(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        return self.ask("add", key, value, timeout, version)

    def get(self, key, default=None, version=None):
        try:
            return self.ask("get", key, default, version)
        except ValueError:  # written by another release, or by nobody of ours
            return default

    def set(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        return self.ask("set", key, value, timeout, version)

    def touch(self, key, timeout=DEFAULT_TIMEOUT, version=None):
        return self.ask("touch", key, timeout, version)

    def delete(self, key, version=None):
        return self.ask("delete", key, version)

    def get_many(self, keys, version=None):
        return self.ask("get_many", list(keys), version)

    def has_key(self, key, version=None):
        return self.ask("has_key", key, version)

    def incr(self, key, delta=1, version=None):
        return self.ask("incr", key, delta, version)

    def set_many(self, data, timeout=DEFAULT_TIMEOUT, version=None):
        return self.ask("set_many", data, timeout, version)

    def delete_many(self, keys, version=None):
        return self.ask("delete_many", list(keys), version)

    def clear(self):
        return self.ask("clear")
