"""What stands around every request: its name, its line in the log, and what the monitor counts of it."""

import logging
import re
from secrets import token_hex
from time import perf_counter

from django.conf import settings

from research_hub.editorial.proxies import is_forwarded

from . import metrics, probes
from .asked import Asked, asked, route_of

logger = logging.getLogger("research_hub.requests")

ID = re.compile(r"[A-Za-z0-9._-]{8,128}")  # of a request, as a proxy may have named it
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"}
REFUSALS = {401, 403, 429}
MOST_ROUTES = 5_000

_routes: dict[str, str] = {}  # of pages that are kept, by their paths: they are answered before anybody asks the routes


class Watched:
    """Middleware, the outermost: what is asked by a probe is answered here, where no host or https is asked for."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        probe = probes.PROBES.get(request.path_info)
        if probe and (answer := probe(request)):
            return answer
        now = Asked(name_of(request))
        token = asked.set(now)
        try:
            response = self.get_response(request)
            tell(request, response, now)
        finally:
            asked.reset(token)
        response.headers["X-Request-ID"] = now.id
        return response


def name_of(request) -> str:
    """As the proxy named it, where one that we trust has sent it; else a new one."""
    if is_forwarded(request):
        given = request.META.get("HTTP_X_REQUEST_ID", "")
        if ID.fullmatch(given):
            return given
    return token_hex(8)


def tell(request, response, now: Asked) -> None:
    seconds, came = perf_counter() - now.began, getattr(response, "came", "")
    method = request.method if request.method in METHODS else "OTHER"
    route, status = route_in(request, came), response.status_code
    metrics.count(method, route, status, seconds, came)
    is_refused = status in REFUSALS or status >= 500
    if is_refused or settings.LOG_REQUESTS == "all" or (settings.LOG_REQUESTS == "made" and came in ("", "made")):
        level = logging.WARNING if is_refused else logging.INFO
        if logger.isEnabledFor(level):
            line = {
                "method": method, "route": route, "status": status, "ms": round(seconds * 1e3, 1),
                "queries": now.queries, "database_ms": round(now.database_seconds * 1e3, 1), "came": came,
                "request_id": now.id,
            }  # fmt: skip
            # Made by hand, as the logger would look for the line of code that calls it, which takes longer.
            record = logging.LogRecord(logger.name, level, __file__, 0, "answered", (), None)
            record.__dict__.update(line)
            logger.handle(record)


def route_in(request, came: str) -> str:
    """The name of the address; of a page that was kept, that under which it was made."""
    if request.resolver_match is None:
        return _routes.get(request.path, "none") if came else "none"
    route = route_of(request)
    if came == "made" and request.path not in _routes:
        if len(_routes) >= MOST_ROUTES:
            _routes.clear()
        _routes[request.path] = route
    return route
