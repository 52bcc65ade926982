"""Public pages by version: an unchanged page is not made again, and a changed one is never served."""

import gzip
import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import blake2b
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.db import DEFAULT_DB_ALIAS, connection
from django.http import HttpResponse, HttpResponseNotModified
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.decorators import method_decorator
from django.utils.functional import SimpleLazyObject
from django.utils.http import http_date, parse_etags
from django.views.decorators.csrf import csrf_exempt

from .purging import SITE_KEY
from .reader import LOST, leave_alone, reading_from, replica_at, stored_version, version_of_replicas

logger = logging.getLogger(__name__)

Clock = Callable[[], datetime]  # since when a page would look the same, had nothing been written

READING = ("GET", "HEAD")
MOST_REMEMBERED = 5_000
SERVED_WHILE_MADE = 60  # seconds for which a shared cache may answer with the old page while it asks for the new
LONGEST_KEPT = 24 * 3600  # seconds; the version is part of a page's name, so this only frees room


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
    a second way to the server and back. While the database is away, the replicas say how far they have come.
    """
    connection.health_check_done = True
    try:
        version = stored_version()
    except LOST:  # as when the server was started anew since the last page
        if connection.in_atomic_block:
            raise
        connection.close()
        version = version_after_loss()
    _last_version[0] = version
    return version


def version_after_loss() -> int:
    try:
        return stored_version()
    except LOST as error:
        connection.close()
        version = version_of_replicas()
        if version is None:
            raise
        logger.error("The database is away; pages are made from a replica: %s", error)
        return version


def since_midnight() -> datetime:
    """The clock of most pages: what is upcoming and what is past changes with the day."""
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)


def since_this_minute() -> datetime:
    return timezone.now().replace(second=0, microsecond=0)


def for_shared_caches(clock: Clock) -> str:
    """What a cache that is told of each change may keep, in a header of its own (RFC 9213): browsers ask each time.

    It is told nothing when midnight makes what was upcoming past, so it keeps no page longer than to then.
    """
    seconds = min(settings.CDN_SECONDS, seconds_left(clock))
    return (
        f"public, max-age={seconds}, stale-while-revalidate={SERVED_WHILE_MADE}, "
        f"stale-if-error={settings.CDN_STALE_SECONDS}"
    )


def seconds_left(clock: Clock) -> int:
    """Until the page looks different though nothing was written."""
    now = timezone.localtime()
    if clock is since_this_minute:
        return 60 - now.second
    if clock is since_midnight:
        return max(1, int((since_midnight() + timedelta(days=1) - now).total_seconds()))
    return settings.CDN_SECONDS


class Stamp:
    """What names a page as it is now: the same while nothing public changes and its clock does not move on."""

    def __init__(self, request, clock: Clock, version: int | None = None):
        self.version, since = site_version() if version is None else version, clock()
        self.clock = clock
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
        if settings.CDN_SECONDS:
            response["CDN-Cache-Control"] = for_shared_caches(self.clock)
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
        try:
            request.stamp = Stamp(request, clock)
        except LOST as error:
            return answer_without_database(request, clock, error)
        return request.stamp.answer() or self.get_response(request)


def answer_without_database(request, clock: Clock, error: Exception):
    """The page as it was when the database was last asked, if it is still kept: better than none."""
    kept = Stamp(request, clock, _last_version[0]).answer()
    if kept is None:
        raise error
    logger.error("The database is away; a kept page was answered: %s", error)
    return kept


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
        response = self.make(request, *args, **kwargs)
        if response.status_code != 200:
            return response
        stamp.pack(response)
        if settings.CDN_SECONDS:
            keys = [SITE_KEY, *self.get_keys()]
            response["Surrogate-Key"], response["Cache-Tag"] = " ".join(keys), ",".join(keys)
        path = request.get_full_path()
        if path == self.get_own_path():
            cache.set(stamp.etag, (response.content, dict(response.headers)), LONGEST_KEPT)
            _remember(path, self.clock)
        return stamp.on(response, "made")

    def make(self, request, *args, **kwargs):
        """From a replica, where one has come as far as the version, or as the database itself has it."""
        alias, before = replica_at(self.version), dict(vars(self))
        try:
            with reading_from(alias):
                return rendered(super().dispatch(request, *args, **kwargs))
        except LOST as error:
            if alias == DEFAULT_DB_ALIAS:
                raise
            leave_alone(alias, error)
        self.__dict__ = before  # what was read of the page so far
        return rendered(super().dispatch(request, *args, **kwargs))

    def get_keys(self) -> list[str]:
        """By what else than the whole site an operator may have a shared cache forget the page."""
        return []

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


def rendered(response):
    return response.render() if hasattr(response, "render") else response


_last_version = [0]  # that this process has seen
_clocks: dict[str, Clock] = {}  # of the pages that this process has made, by their addresses


def _remember(path: str, clock: Clock) -> None:
    if len(_clocks) >= MOST_REMEMBERED:
        _clocks.clear()
    _clocks[path] = clock
