"""What lies around the API: its answers are kept like pages, open to the scripts of any site, and wrong in words."""

from collections.abc import Callable
from copy import copy

from django.http import HttpResponse
from django.urls import URLPattern
from django.utils.translation import gettext as _
from django.views import View
from ninja import NinjaAPI
from ninja.renderers import JSONRenderer

from research_hub.activity.caching import Versioned

PATH = "/api/v1/"


class Refused(Exception):
    """What was asked cannot be answered: by its field, or by none, the reason in the reader's words."""

    def __init__(self, status: int, reasons: dict[str, str]):
        super().__init__(reasons)
        self.status, self.reasons = status, reasons


class PlainJSON(JSONRenderer):
    json_dumps_params = {"ensure_ascii": False}


def refuse(api: NinjaAPI, request, refused: Refused) -> HttpResponse:
    errors = [{"field": field, "message": message} for field, message in refused.reasons.items()]
    return api.create_response(request, {"errors": errors}, status=refused.status)


def missing() -> Refused:
    return Refused(404, {"": _("There is nothing at this address.")})


class Answer(Versioned, View):
    """An operation of the API, kept and answered with 304 as a page is."""

    answers: Callable[..., HttpResponse] | None = None

    def get(self, request, *args, **kwargs):
        self.asked = copy(request)
        self.asked.method = "GET"  # what is asked for by HEAD is made by the same operation
        response = self.answers(self.asked, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex"  # the page is what search engines are to show
        response["Content-Language"] = "en, es"
        return response

    def get_own_path(self):
        return getattr(self.asked, "own_path", self.request.path)

    def is_costly(self, request):
        return True


def kept(patterns: list[URLPattern]) -> list[URLPattern]:
    """The addresses of an API, each as an answer that is kept."""
    return [
        URLPattern(found.pattern, Answer.as_view(answers=found.callback), found.default_args, found.name)
        for found in patterns
    ]


class OpenToAll:
    """Middleware: scripts on the pages of any site may read the API, as anybody may."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.path.startswith(PATH):
            response["Access-Control-Allow-Origin"] = "*"
            response["Access-Control-Expose-Headers"] = "ETag"
            if request.method == "OPTIONS":
                response["Access-Control-Allow-Headers"] = "If-None-Match, If-Modified-Since"
        return response
