"""How many pages one reader may have made in a minute. What is kept, or has not changed, is given without counting."""

import logging
import time
from hashlib import blake2b
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.core.cache import cache
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _

from research_hub.api.door import PATH as API
from research_hub.editorial.proxies import client_address
from research_hub.languages.text import LANGUAGES

logger = logging.getLogger(__name__)

WINDOW = 60  # seconds


class HasteIsLimited:
    """Middleware: a page that is costly asks, once it is to be made, whether it is one too many."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.guard = refuse_haste
        return self.get_response(request)


def refuse_haste(request) -> HttpResponse | None:
    """An answer in the place of a page that would be one too many; where the count cannot be kept, there is none."""
    most = settings.PAGES_MADE_PER_MINUTE
    if not most or is_within(most, reader_of(request), int(time.time()) // WINDOW):
        return None
    response = in_words(request, WINDOW - int(time.time()) % WINDOW)
    response["Cache-Control"] = "no-store"
    return response


def is_within(most: int, reader: str, window: int) -> bool:
    key = f"haste-{window}-{blake2b(reader.encode(), digest_size=16).hexdigest()}"
    try:
        cache.add(key, 0, WINDOW)
        return cache.incr(key) <= most
    except ValueError:  # it was thrown out in between
        return True
    except Exception as error:  # whatever a cache that is away raises: readers come first
        logger.warning("Readers are not counted: %s", type(error).__name__)
        return True


def reader_of(request) -> str:
    """An address; of the newer sort a network, as each house has billions of them."""
    told = client_address(request) or ""
    is_long = told and ip_address(told).version == 6
    return str(ip_network((told, 64), strict=False)) if is_long else told


def in_words(request, seconds: int) -> HttpResponse:
    """In the language of the page, or that which is asked of the API, and in the form in which it was asked for."""
    headers, asked = {"Retry-After": str(seconds)}, request.GET.get("lang")
    if request.path.startswith(API):
        with translation.override(asked if asked in LANGUAGES else LANGUAGES[0]):
            errors = [{"field": "", "message": said(seconds)}]
        return JsonResponse(
            {"errors": errors}, status=429, headers=headers, content_type="application/json; charset=utf-8"
        )
    if "text/html" in request.headers.get("Accept", ""):
        response = render(request, "429.html", {"said": said(seconds), "noindex": True}, status=429)
        response["Retry-After"] = str(seconds)
        return response
    return HttpResponse(f"{said(seconds)}\n", "text/plain; charset=utf-8", 429, headers=headers)


def said(seconds: int) -> str:
    return _("You ask for much in a short time. Wait %(seconds)s seconds and try again.") % {"seconds": seconds}
