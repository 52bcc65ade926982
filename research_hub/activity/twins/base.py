from copy import copy
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect
from django.urls import include, path, re_path
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from research_hub.languages.addresses import absolute
from research_hub.languages.text import current

from ..caching import Versioned
from ..dates import PartialDate, print_date
from ..filters import ActivityFilter
from ..page import ActivityPage
from ..views import ListOnPage


def since_ever() -> datetime:
    """The clock of what looks the same on any day."""
    return datetime.fromtimestamp(0, UTC)


class Twin(Versioned, View):
    """The list of a page in another form. A filter that cannot be understood is refused: nobody would see that a
    subscription had turned into one to everything."""

    clock = staticmethod(since_ever)
    mirrors: type[ListOnPage] = ListOnPage
    file: str
    mime: str
    label: str | Promise
    about: str | Promise  # what it is good for, on the page that explains the twins

    @classmethod
    def suits(cls, page: ActivityPage) -> bool:
        """Whether the page has something to offer in this form."""
        return True

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        of_page = copy(request)
        of_page.path = request.path.removesuffix(self.file)
        self.page = self.mirrors()
        self.page.setup(of_page, *args, **kwargs)

    def get(self, request, *args, **kwargs):
        self.page.version = self.version
        self.page.find()
        target = self.page.get_redirect()
        if target:
            return HttpResponsePermanentRedirect(beside(target, self.file))
        if self.filter.errors:
            return self.refuse()
        response = self.respond()
        response["X-Robots-Tag"] = "noindex"  # the page is what search engines are to show
        return response

    def respond(self) -> HttpResponse:
        raise NotImplementedError

    def is_costly(self, request):
        return True

    def refuse(self) -> HttpResponse:
        mistakes = [f"{self.label_of(name)}: {self.filter.error(name)}" for name in self.filter.errors]
        text = "\n".join([_("This address asks for something that cannot be understood."), *mistakes, ""])
        return HttpResponse(text, status=400, content_type="text/plain; charset=utf-8")

    # What it tells

    @property
    def filter(self) -> ActivityFilter:
        return self.page.filter

    def keys(self, start: int, stop: int, **facets) -> list[int]:
        """The sort keys of the list from start to stop, of those that have these facets too."""
        selection = self.filter.selection
        selection = replace(selection, facets=replace(selection.facets, **facets))
        counts = selection.counts()
        undated = selection.facets.total(counts.undated) if selection.undated else 0
        return selection.keys(start, stop, selection.facets.total(counts.found), undated)

    @property
    def title(self) -> str:
        name = getattr(self.page, "object", None) or self.page.list_heading
        narrowed = f" ({self.narrowed})" if self.filter.canonical else ""
        return f"{name}{narrowed} – {self.site_name}"

    @property
    def site_name(self) -> str:
        return settings.SITE_NAME[current()]

    @property
    def narrowed(self) -> str:
        """What the list is narrowed to, in words."""
        return ", ".join(f"{self.label_of(name)}: {self.asked(name)}" for name in self.filter.canonical)

    def label_of(self, name: str) -> str:
        return str(self.filter.base_filters[name].label)

    def asked(self, name: str) -> str:
        value = self.filter.asked[name]
        if isinstance(value, PartialDate):
            return print_date(value, current())
        choices = dict(getattr(self.filter.form.fields[name], "choices", ()))
        return str(choices.get(value, value))

    # Where it stands

    @property
    def page_url(self) -> str:
        return absolute(self.with_query(self.page.request.path))

    @property
    def path(self) -> str:
        return self.with_query(self.request.path)

    def with_query(self, path: str, **more: str) -> str:
        query = self.filter.canonical | more
        return f"{path}?{urlencode(query)}" if query else path

    def get_own_path(self):
        is_one_of_few = "q" not in self.filter.canonical
        return self.path if is_one_of_few else ""


FILE = r"^(?P<file>[a-z]+\.[a-z]+)$"
TWINS: dict[str, type[Twin]] = {}


def register_twin(twin: type[Twin]) -> None:
    TWINS[twin.file] = twin


def beside(address: str, file: str) -> str:
    """The address of a file beside the page at this address, with the same query."""
    path, mark, query = address.partition("?")
    return f"{path}{file}{mark}{query}"


def listed(page: type[ListOnPage], name: str):
    """For `path`: a page with a list, and the list's twins beside it."""
    return include([path("", page.as_view(), name=name), re_path(FILE, twin_of, {"mirrors": page})])


@csrf_exempt  # as every public page: a form sent to it is answered as the wrong method
def twin_of(request, file: str, mirrors: type[ListOnPage], **kwargs):
    """Looked up when it is asked for: by then every app has registered its own."""
    if file not in TWINS:
        raise Http404
    return TWINS[file].as_view(mirrors=mirrors)(request, **kwargs)
