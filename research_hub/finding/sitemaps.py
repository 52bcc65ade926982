"""What search engines are to know of: every public page, in the languages that it exists in.

All of it is read from the published read model, so nothing else can stand in it. A file holds the records of one
stretch of numbers: it is found by the index and not by counting, and a record never moves to another file. Entries of
all kinds, and the lists of their topics, places, authors and series, are numbered alike (activity/kinds.py).
"""

from datetime import UTC, datetime
from typing import NamedTuple

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import SitemapIndexItem
from django.db.models import Exists, OuterRef
from django.db.models.fields.json import KT
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.views import View

from publications.models import PublicationType
from research_hub.activity.caching import Versioned
from research_hub.activity.hot import fetch
from research_hub.activity.kinds import BITS, OWNERS
from research_hub.activity.models import (
    EVERYTHING,
    LANGUAGE_BITS,
    SITEMAP_NUMBERS,
    Activity,
    List,
    PeriodCount,
)
from research_hub.activity.twins import since_ever
from research_hub.languages.addresses import absolute, paths_of
from research_hub.languages.text import LANGUAGES, current

# Pages without a record of their own, and whether all that is published shows on them.
PAGES = {
    "home": True, "activity": True, "topic_list": False, "publication_list": False, "event_list": False,
    "author_list": False, "region_list": False, "series_list": False, "feeds": False, "api": False,
}  # fmt: skip

# The first number of each stretch, and when something in it last changed. It leaps from stretch to stretch, so that it
# takes as long as there are files, however much stands in them.
STRETCHES = f"""
    WITH RECURSIVE stretches (number) AS (
        SELECT MIN(id / {SITEMAP_NUMBERS}) FROM activity_activity
        UNION ALL
        SELECT (SELECT MIN(id / {SITEMAP_NUMBERS}) FROM activity_activity WHERE id / {SITEMAP_NUMBERS} > number)
        FROM stretches WHERE number IS NOT NULL)
    SELECT number, (SELECT MAX(changed_at) FROM activity_activity WHERE id / {SITEMAP_NUMBERS} = number)
    FROM stretches WHERE number IS NOT NULL"""


class Place(NamedTuple):
    """A page: where it is in each language that it exists in, and when it last changed, if that is known."""

    paths: dict[str, str]
    changed_at: datetime | None = None


class Pages(Sitemap):
    """These pages, each naming the other where it exists in both languages."""

    i18n = alternates = True
    limit = 50_000  # what the protocol allows in a file

    def __init__(self, places: list[Place]):
        self.places = places

    def items(self):
        return self.places

    def get_protocol(self, protocol=None):
        return settings.SITE_URL.partition("://")[0]

    def get_domain(self, site=None):
        return settings.SITE_URL.partition("://")[2]

    def get_languages_for_item(self, item):
        return list(item.paths)

    def location(self, item):
        return item.paths[current()]

    def lastmod(self, item):
        return item.changed_at

    def get_urls(self, **options):
        """Of what exists in one language there is nothing to name."""
        urls = super().get_urls(**options)
        return [url | {"alternates": url["alternates"] if len(url["alternates"]) > 1 else []} for url in urls]


# The files


def pages() -> list[Place]:
    changed_at = moment_of(List.objects.filter(pk=EVERYTHING).values_list("version", flat=True).first() or 0)
    own = [Place(paths_of(name), changed_at if shows_all else None) for name, shows_all in PAGES.items()]
    counted = PeriodCount.objects.filter(list_id=EVERYTHING, level=PeriodCount.PAGE, period=PeriodCount.ALL, n__gt=0)
    types = PublicationType.objects.filter(pk__in=counted.values("type")).order_by("position", "pk")
    return own + [Place({language: type_.get_absolute_url(language) for language in LANGUAGES}) for type_ in types]


def lists_in(number: int) -> list[Place]:
    """The pages of topics, places, authors and series on whose lists something stands."""
    low, high = bounds(number)
    versions = dict(owned_lists().filter(pk__gte=low, pk__lt=high).values_list("pk", "version"))
    return [
        Place({language: owner.get_absolute_url(language) for language in owner.written_in}, moment_of(version))
        for sort in OWNERS.values()
        for owner, version in owners_of(sort, versions)
    ]


def entries_in(number: int) -> list[Place]:
    low, high = bounds(number)
    rows = Activity.objects.filter(pk__gte=low, pk__lt=high).order_by("pk")
    columns = ("languages", "changed_at", *(KT(f"card_{language}__url") for language in LANGUAGES))
    return [
        Place({code: path for code, path in zip(LANGUAGES, paths, strict=True) if bits & LANGUAGE_BITS[code]}, changed)
        for bits, changed, *paths in rows.values_list(*columns)
    ]


SECTIONS = {"lists": lists_in, "entries": entries_in}


def bounds(number: int) -> tuple[int, int]:
    return number * SITEMAP_NUMBERS, (number + 1) * SITEMAP_NUMBERS


def owned_lists():
    """The lists of owners on which something stands."""
    counted = PeriodCount.objects.filter(
        list_id=OuterRef("pk"), level=PeriodCount.PAGE, period=PeriodCount.ALL, n__gt=0
    )
    return List.objects.filter(Exists(counted)).exclude(pk=EVERYTHING).order_by("pk")


def owners_of(sort, versions: dict[int, int]) -> list[tuple]:
    """The owners of this sort with the versions of their lists."""
    numbers = {number >> BITS: version for number, version in versions.items() if number % (1 << BITS) == sort.code}
    found = sort.model.objects.filter(pk__in=numbers).order_by("pk") if numbers else []
    return [(owner, numbers[owner.pk]) for owner in found]


def moment_of(version: int) -> datetime | None:
    """A version is the moment of a change, in microseconds."""
    return datetime.fromtimestamp(version / 1_000_000, UTC) if version else None


# The index


def files() -> list[SitemapIndexItem]:
    found = [SitemapIndexItem(location("pages"))]
    newest: dict[int, int] = {}
    for pk, version in owned_lists().values_list("pk", "version"):
        number = pk // SITEMAP_NUMBERS
        newest[number] = max(newest.get(number, 0), version)
    found += [SitemapIndexItem(location("lists", number), moment_of(newest[number])) for number in sorted(newest)]
    for number, changed_at in fetch(STRETCHES, []):
        found.append(SitemapIndexItem(location("entries", number), as_moment(changed_at)))
    return found


def location(section: str, number: int | None = None) -> str:
    if number is None:
        return absolute(reverse(f"sitemap_{section}"))
    return absolute(reverse("sitemap_file", args=[section, number]))


def as_moment(stored: datetime | str) -> datetime:
    """A moment as the database gives it: SQLite has text, without its zone."""
    if isinstance(stored, datetime):
        return stored
    return parse_datetime(stored).replace(tzinfo=UTC)


class SitemapIndex(Versioned, View):
    clock = staticmethod(since_ever)

    def get(self, request):
        return xml(request, "sitemap_index.xml", sitemaps=files())


class PagesSitemap(Versioned, View):
    clock = staticmethod(since_ever)

    def get(self, request):
        return xml(request, "sitemap.xml", urlset=Pages(pages()).get_urls())


class SitemapFile(Versioned, View):
    clock = staticmethod(since_ever)

    def get(self, request, section, number):
        places = SECTIONS[section](number) if section in SECTIONS and number < LAST_NUMBER else []
        if not places:
            raise Http404
        return xml(request, "sitemap.xml", urlset=Pages(places).get_urls())


LAST_NUMBER = 1 << 40  # so that no number is larger than a database takes


def xml(request, template: str, **context):
    headers = {"X-Robots-Tag": "noindex"}
    return TemplateResponse(request, template, context, content_type="application/xml", headers=headers)
