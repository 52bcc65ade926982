"""Public pages by version: an unchanged page is not made again, and a changed one is never served."""

import gzip
import time
from collections.abc import Callable
from datetime import datetime
from hashlib import blake2b
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpResponse, HttpResponseNotModified
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.decorators import method_decorator
from django.utils.functional import SimpleLazyObject
from django.utils.http import http_date, parse_etags
from django.views.decorators.csrf import csrf_exempt

from .models import EVERYTHING

Clock = Callable[[], datetime]  # since when a page would look the same, had nothing been written

READING = ("GET", "HEAD")
MOST_REMEMBERED = 5_000
LONGEST_KEPT = 24 * 3600  # seconds; the version is part of a page's name, so this only frees room
VERSION_QUERY = f"SELECT version FROM activity_list WHERE id = {EVERYTHING}"


def _digest_of_the_release() -> str:
    """What a page looks like beside its content: code, templates, messages and the site's own words."""
    digest = blake2b(digest_size=8)
    for pattern in ("templates/**/*.html", "*/**/*.py", "research_hub/locale/**/*.mo", "research_hub/static/**/*"):
        for path in sorted(Path(settings.BASE_DIR).glob(pattern)):
            if path.is_file() and "tests" not in path.parts:
                digest.update(path.read_bytes())
    digest.update(repr((settings.SITE_NAME, settings.SITE_TAGLINE, settings.SITE_URL)).encode())
    return digest.hexdigest()


RELEASE = SimpleLazyObject(_digest_of_the_release)


def site_version() -> int:
    """When anything public last changed, in microseconds since 1970.

    One raw query, as it precedes every page. It also proves the connection: Django's own check beforehand would be
    a second way to the server and back.
    """
    connection.health_check_done = True
    try:
        return _stored_version()
    except (OperationalError, InterfaceError):  # as when the server was started anew since the last page
        if connection.in_atomic_block:
            raise
        connection.close()
        return _stored_version()


def _stored_version() -> int:
    with connection.cursor() as cursor:
        cursor.execute(VERSION_QUERY)
        row = cursor.fetchone()
    return row[0] if row else 0


def since_midnight() -> datetime:
    """The clock of most pages: what is upcoming and what is past changes with the day."""
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)


def since_this_minute() -> datetime:
    return timezone.now().replace(second=0, microsecond=0)


class Stamp:
    """What names a page as it is now: the same while nothing public changes and its clock does not move on."""

    def __init__(self, request, clock: Clock):
        self.version, since = site_version(), clock()
        self.is_packed = "gzip" in request.headers.get("Accept-Encoding", "")
        told = f"{RELEASE} {self.version} {since:%Y%m%d%H%M} {request.get_host()} {request.get_full_path()}"
        told += " gzip" * self.is_packed
        self.etag = f'"{blake2b(told.encode(), digest_size=16).hexdigest()}"'
        self.modified = max(self.version // 1_000_000, int(since.timestamp()))
        self.asked = request.headers.get("If-None-Match")

    def answer(self):
        """The page without making it: unchanged, or as it was kept; else None."""
        if self.asked and self.etag in parse_etags(self.asked):
            return self.on(HttpResponseNotModified(), "unchanged")
        kept = cache.get(self.etag)
        if kept is None:
            return None
        body, headers = kept
        return self.on(HttpResponse(body, headers=headers), "kept")

    def pack(self, response) -> None:
        """Once, before it is kept. Safe here, where a page holds nothing that is secret."""
        if self.is_packed:
            response.content = gzip.compress(response.content, compresslevel=6, mtime=0)
            response["Content-Encoding"] = "gzip"

    def on(self, response, came: str):
        """The answer with what it is known by; how it came about is for whoever counts (operations/)."""
        response.came = came
        patch_vary_headers(response, ["Accept-Encoding"])
        response["ETag"] = self.etag
        response["Cache-Control"] = "public, max-age=0, must-revalidate"
        if self.modified < int(time.time()):  # in the second of a change a further one could not be told from it
            response["Last-Modified"] = http_date(self.modified)
        return response


class KeptPages:
    """Middleware: a page that this process has made before is answered before anything else is looked at."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        clock = _clocks.get(request.get_full_path()) if request.method in READING else None
        if clock is None:
            return self.get_response(request)
        request.stamp = Stamp(request, clock)
        return request.stamp.answer() or self.get_response(request)


class Versioned:
    """A public page that is kept, and answered with 304, until anything public changes or its clock moves on.

    While it is made, `version` is that of the site: what is read once a version is found by it.
    """

    clock: Clock = staticmethod(since_midnight)

    @method_decorator(csrf_exempt)  # it changes nothing: a form sent to it is answered as the wrong method
    def dispatch(self, request, *args, **kwargs):
        if request.method not in READING:
            return super().dispatch(request, *args, **kwargs)
        stamp = getattr(request, "stamp", None) or Stamp(request, self.clock)
        kept = stamp.answer() or self.guarded(request)
        if kept:
            return kept
        self.version = stamp.version
        response = super().dispatch(request, *args, **kwargs)
        if response.status_code != 200:
            return response
        if hasattr(response, "render"):
            response.render()
        stamp.pack(response)
        path = request.get_full_path()
        if path == self.get_own_path():
            cache.set(stamp.etag, (response.content, dict(response.headers)), LONGEST_KEPT)
            _remember(path, self.clock)
        return stamp.on(response, "made")

    def guarded(self, request) -> HttpResponse | None:
        """What a middleware has to say before a costly page is made; an answer takes the place of the page."""
        guard = getattr(request, "guard", None)
        return guard(request) if guard and self.is_costly(request) else None

    def is_costly(self, request) -> bool:
        """Whether it is one of very many that could be asked for."""
        return bool(request.META.get("QUERY_STRING"))

    def get_own_path(self) -> str:
        """The one address under which the page is kept; with other words in its query it is made each time."""
        return self.request.path


_clocks: dict[str, Clock] = {}  # of the pages that this process has made, by their addresses


def _remember(path: str, clock: Clock) -> None:
    if len(_clocks) >= MOST_REMEMBERED:
        _clocks.clear()
    _clocks[path] = clock
