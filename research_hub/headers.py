"""What every answer tells the browser it may do with it, and which methods are answered at all.

The outermost of the middleware: nothing that leaves the site is without these headers, and what a kept page costs is
a few assignments. The policies are written out once; only a page that asked for a nonce gets one of its own.
"""

import re

from csp.constants import HEADER, NONCE, NONE, SELF
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpResponseNotAllowed, JsonResponse

from research_hub.editorial.proxies import forget_what_others_forward
from research_hub.media.players import FILE_SOURCES, FRAME_SOURCES

READING = ("GET", "HEAD", "OPTIONS")
METHODS = (*READING, "POST")  # nothing here is put, patched or deleted by its address
ADMINS = re.compile(r"/(?:[a-z]{2}/)?admin/")
# What pages and programs of other sites take in: pictures, feeds, calendars, the API.
OF_OTHERS = re.compile(r"/(?:files/images|static|api/v1)/|/[^/]+\.(?:atom|rss|json|ics|xml)$")
JSON = re.compile(r"/api/v1/|\.json$")

PUBLIC = {
    "default-src": [NONE],
    "script-src": [SELF],
    "style-src": [SELF],
    "img-src": [SELF, "data:", *settings.FILE_HOSTS],
    "font-src": [SELF],
    "connect-src": [SELF],
    "media-src": [SELF, *FILE_SOURCES],
    "frame-src": [*FRAME_SOURCES],
    "manifest-src": [SELF],
    "object-src": [NONE],
    "base-uri": [NONE],
    "form-action": [SELF],
    "frame-ancestors": [NONE],
}
# The editor's import map is an inline script, the one there is, and carries the page's nonce; the style sheet that its
# script writes into the page is let in for what it is, to the byte.
EDITORS_STYLE = "'sha256-PlumsSlvJ7vvWzjqibGAYKq92O3y/4JTxWWsWJvyUYA='"
ADMIN = PUBLIC | {
    "script-src": [SELF, NONCE],
    "style-src": [SELF, EDITORS_STYLE],
    "media-src": [SELF],
    "frame-src": [NONE],
}

PUBLIC_POLICY, ADMIN_POLICY = build_policy(PUBLIC), build_policy(ADMIN)

NEVER = (
    "accelerometer", "browsing-topics", "camera", "display-capture", "geolocation", "gyroscope", "hid",
    "magnetometer", "microphone", "midi", "payment", "publickey-credentials-create", "publickey-credentials-get",
    "serial", "usb", "xr-spatial-tracking",
)  # fmt: skip
PLAYERS = ("autoplay", "encrypted-media", "fullscreen", "picture-in-picture")
PLAYED_BY = " ".join(["self", *(f'"{site}"' for site in FRAME_SOURCES)])
PERMISSIONS = ", ".join([*(f"{name}=()" for name in NEVER), *(f"{name}=({PLAYED_BY})" for name in PLAYERS)])


class Headers(CSPMiddleware):
    """Middleware: the policy of the page, what it may use of the browser, and who may take it in."""

    def __call__(self, request):
        forget_what_others_forward(request)
        self.process_request(request)
        return self.process_response(request, self.get_response(request))

    def process_response(self, request, response):
        headers, path = response.headers, request.path
        is_admins = ADMINS.match(path)
        if getattr(request, "_csp_nonce", None) or hasattr(response, "_csp_replace"):
            response._csp_config = ADMIN if is_admins else PUBLIC
            super().process_response(request, response)
        else:
            headers.setdefault(HEADER, ADMIN_POLICY if is_admins else PUBLIC_POLICY)
        headers.setdefault("Permissions-Policy", PERMISSIONS)
        headers.setdefault("Cross-Origin-Resource-Policy", "cross-origin" if OF_OTHERS.search(path) else "same-origin")
        if is_admins:
            headers.setdefault("Cache-Control", "no-store, private")
        return response


def known_methods(get_response):
    """Middleware: TRACE and what nobody has heard of are refused, wherever they are sent."""

    def answer(request):
        if request.method in METHODS:
            response = get_response(request)
        else:
            response = HttpResponseNotAllowed(METHODS if ADMINS.match(request.path) else READING)
        if response.status_code == 405 and JSON.search(request.path):
            return refused_in_json(response)
        return response

    return answer


def refused_in_json(refused: HttpResponseNotAllowed) -> JsonResponse:
    """A program that sent something to what is only read is answered in its own language."""
    message = "Only reading is possible here: GET, HEAD and OPTIONS."
    response = JsonResponse({"errors": [{"field": "", "message": message}]}, status=405)
    for name, value in refused.headers.items():
        response.headers.setdefault(name, value)
    return response
