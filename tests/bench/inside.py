"""Pages asked for within this process: what they take of its processor, with no server between."""

import io
import statistics
import time
from dataclasses import dataclass

from django.core.handlers.wsgi import WSGIHandler
from django.test import override_settings

ROUNDS = 5
ROUND_SECONDS = 0.15
NO_CACHE = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}


@dataclass(frozen=True)
class Answer:
    status: int
    etag: str
    size: int


class Site:
    """The site as a server sees it: a function of an environment."""

    def __init__(self) -> None:
        self.handler = WSGIHandler()

    def get(self, url: str, etag: str = "") -> Answer:
        path, _, query = url.partition("?")
        environ = {
            "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query, "SCRIPT_NAME": "",
            "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1",
            "wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(), "wsgi.errors": io.StringIO(),
            "wsgi.multithread": True, "wsgi.multiprocess": True, "wsgi.run_once": False,
        }  # fmt: skip
        if etag:
            environ["HTTP_IF_NONE_MATCH"] = etag
        response = self.handler(environ, lambda status, headers: None)
        size = sum(len(part) for part in response)
        response.close()
        return Answer(response.status_code, response.headers.get("ETag", ""), size)


def processor_time(site: Site, pages: dict[str, tuple[str, str]]) -> dict[str, float]:
    """Microseconds of processor a request, by name of page: the median of rounds in which all take turns.

    A page is its address and the ETag that is sent along.
    """
    batches = {name: _batch(site, *page) for name, page in pages.items()}
    rounds = [{name: _round(site, *pages[name], batches[name]) for name in pages} for _ in range(ROUNDS)]
    return {name: statistics.median(spent[name] for spent in rounds) * 1e6 for name in pages}


def _batch(site: Site, url: str, etag: str) -> int:
    """How many requests make a round; the first few, which fill what is kept for good, are not counted."""
    _round(site, url, etag, 5)
    return max(5, int(ROUND_SECONDS / _round(site, url, etag, 10)))


def _round(site: Site, url: str, etag: str, times: int) -> float:
    start = time.process_time()
    for _ in range(times):
        site.get(url, etag)
    return (time.process_time() - start) / times


def without_cache():
    return override_settings(CACHES=NO_CACHE)
