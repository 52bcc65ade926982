"""Public pages by version: an unchanged page is not made again, and a changed one is never served."""

import time
from datetime import datetime
from hashlib import blake2b
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse, HttpResponseNotModified
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.http import http_date, parse_etags

from .models import EVERYTHING

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
    """When anything public last changed, in microseconds since 1970; one raw query, as it precedes every page."""
    with connection.cursor() as cursor:
        cursor.execute(VERSION_QUERY)
        row = cursor.fetchone()
    return row[0] if row else 0


class Versioned:
    """A public page that is kept, and answered with 304, until anything public changes or its clock moves on."""

    def clock(self) -> datetime:
        """Since when the page would look the same, had nothing been written: since midnight."""
        return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)

    def dispatch(self, request, *args, **kwargs):
        if request.method not in ("GET", "HEAD"):
            return super().dispatch(request, *args, **kwargs)
        version, clock = site_version(), self.clock()
        etag = self._etag(request, version, clock)
        modified = max(version // 1_000_000, int(clock.timestamp()))
        if etag in parse_etags(request.headers.get("If-None-Match", "")):
            return self._stamped(HttpResponseNotModified(), etag, modified)
        body = cache.get(etag)
        if body is not None:
            return self._stamped(HttpResponse(body), etag, modified)
        response = super().dispatch(request, *args, **kwargs)
        if response.status_code != 200:
            return response
        response.render()
        if request.get_full_path() == self.get_own_path():
            cache.set(etag, response.content, LONGEST_KEPT)
        return self._stamped(response, etag, modified)

    def get_own_path(self) -> str:
        """The one address under which the page is kept; with other words in its query it is made each time."""
        return self.request.path

    def _etag(self, request, version: int, clock: datetime) -> str:
        told = f"{RELEASE} {version} {clock:%Y%m%d%H%M} {request.get_host()} {request.get_full_path()}"
        return f'"{blake2b(told.encode(), digest_size=16).hexdigest()}"'

    def _stamped(self, response, etag: str, modified: int):
        response["ETag"] = etag
        response["Cache-Control"] = "public, max-age=0, must-revalidate"
        if modified < int(time.time()):  # in the second of a change a further change could not be told from it
            response["Last-Modified"] = http_date(modified)
        return response
