"""The operations of the first version of the API. The page of the API tells people of them, in both languages."""

from django.conf import settings
from django.http import Http404
from django.urls import re_path
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import NinjaAPI, Query
from ninja.errors import ValidationError

from publications.models import Author, Series
from research_hub.languages.text import LANGUAGES
from topics.models import Region, Topic

from . import schemas
from .door import Answer, PlainJSON, Refused, kept, missing, refuse
from .entries import Narrowed, entry_told, types_told
from .owners import owner_told, owners_told
from .parts import at

api = NinjaAPI(
    title=settings.SITE_NAME["en"],
    version="1",
    description="The published entries of the site, and what they are about. Read-only.",
    urls_namespace="api",
    docs_url=None,  # its page is our own, in both languages and without a script
    renderer=PlainJSON(),
    servers=[{"url": settings.SITE_URL}],
)

WRONG = {422: schemas.Mistakes, 429: schemas.Mistakes}
ABSENT = WRONG | {404: schemas.Mistakes}


@api.exception_handler(Refused)
def refused(request, error):
    return refuse(api, request, error)


@api.exception_handler(Http404)
def not_found(request, error):
    return refuse(api, request, missing())


@api.exception_handler(ValidationError)
def not_understood(request, error):
    """Before the operation it is looked at whether the language is one of ours, and whether there are words for a
    search; all else is any text."""
    lang = request.GET.get("lang")
    with translation.override(lang if lang in LANGUAGES else LANGUAGES[0]):
        told = {"lang": _("This may be en or es."), "q": _("Say what to look for.")}
        wrong = {found["loc"][-1]: told[found["loc"][-1]] for found in error.errors}
    return refuse(api, request, Refused(422, wrong))


def expect(request, asked) -> None:
    """Refuse a word that is none: nobody would see that a list had not been narrowed by it."""
    known = {field.alias or name for name, field in type(asked).model_fields.items()}
    unknown = sorted(request.GET.keys() - known)
    if unknown:
        with translation.override(asked.lang):
            raise Refused(422, {word: _("This word is not known here.") for word in unknown})


def operation(path: str, answer, summary: str, errors=ABSENT):
    """An operation by GET, described in a few words."""
    return api.get(path, response={200: answer} | errors, summary=summary, by_alias=True)


@operation("", schemas.Contents, gettext_noop("What there is"), WRONG)
def contents(request, asked: Query[schemas.Asking]):
    expect(request, asked)
    return {name: at(name) for name in schemas.Contents.model_fields if name != "openapi"} | {
        "openapi": at("openapi.json")
    }


@operation("entries", schemas.Items, gettext_noop("Publications and events, newest first"), WRONG)
def entries(request, asked: Query[schemas.Narrowing]):
    expect(request, asked)
    with translation.override(asked.lang):
        found = Narrowed(request.GET, asked.lang)
        request.own_path = found.own_path(request.path)
        return found.told(request.path)


@operation("search", schemas.Items, gettext_noop("What has certain words, in both languages"), WRONG)
def search(request, asked: Query[schemas.Searching]):
    if not asked.q.strip():
        with translation.override(asked.lang):
            raise Refused(422, {"q": _("Say what to look for.")})
    return entries(request, asked)


@operation(
    "entries/{slug:uid}",
    schemas.PublicationDetail | schemas.EventDetail,
    gettext_noop("One publication or event, in both languages"),
    ABSENT | {410: schemas.Mistakes},
)
def entry(request, uid: str, asked: Query[schemas.Asking]):
    expect(request, asked)
    return entry_told(uid, asked.lang)


@operation("types", schemas.Types, gettext_noop("The types of publications"), WRONG)
def types(request, asked: Query[schemas.Asking]):
    expect(request, asked)
    return {"next": None, "items": types_told()}


@operation("topics", schemas.Topics, gettext_noop("All topics"), WRONG)
def topics(request, asked: Query[schemas.Paging]):
    expect(request, asked)
    return owners_told(Topic, asked.after, request.path, asked.lang)


@operation("topics/{slug:slug}", schemas.Topic, gettext_noop("One topic"))
def topic(request, slug: str, asked: Query[schemas.Asking]):
    expect(request, asked)
    return owner_told(Topic, slug, asked.lang)


@operation("regions", schemas.Regions, gettext_noop("All places"), WRONG)
def regions(request, asked: Query[schemas.Paging]):
    expect(request, asked)
    return owners_told(Region, asked.after, request.path, asked.lang)


@operation("regions/{slug:slug}", schemas.Region, gettext_noop("One place"))
def region(request, slug: str, asked: Query[schemas.Asking]):
    expect(request, asked)
    return owner_told(Region, slug, asked.lang)


@operation("authors", schemas.Authors, gettext_noop("All authors"), WRONG)
def authors(request, asked: Query[schemas.Paging]):
    expect(request, asked)
    return owners_told(Author, asked.after, request.path, asked.lang)


@operation("authors/{slug:slug}", schemas.Author, gettext_noop("One author"))
def author(request, slug: str, asked: Query[schemas.Asking]):
    expect(request, asked)
    return owner_told(Author, slug, asked.lang)


@operation("series", schemas.AllSeries, gettext_noop("All series"), WRONG)
def all_series(request, asked: Query[schemas.Paging]):
    expect(request, asked)
    return owners_told(Series, asked.after, request.path, asked.lang)


@operation("series/{slug:slug}", schemas.Series, gettext_noop("One series"))
def series(request, slug: str, asked: Query[schemas.Asking]):
    expect(request, asked)
    return owner_told(Series, slug, asked.lang)


def elsewhere(request, rest):
    return not_found(request, None)


_patterns, _app, _namespace = api.urls
urls = ([*kept(_patterns), re_path(r"^(?P<rest>[\s\S]*)$", Answer.as_view(answers=elsewhere))], _app, _namespace)
