"""Atom, RSS and JSON Feed."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed, rfc3339_date
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from research_hub.languages.addresses import absolute
from research_hub.languages.text import current

from ..views import page_number
from .base import Twin
from .rows import Row, rows_at

SIZE = 50

NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class Paged(Twin):
    """The newest entries; what is older stands on further pages, to which each leads."""

    @cached_property
    def number(self) -> int:
        return page_number(self.request.GET.get("page", "1"))

    @property
    def path(self):
        return self.page_path(self.number)

    def get_own_path(self):
        """A further page is read once by each who wants everything, and so not kept."""
        return super().get_own_path() if self.number == 1 else ""

    def page_path(self, number: int) -> str:
        return self.with_query(self.request.path, **({"page": str(number)} if number > 1 else {}))

    @cached_property
    def page_keys(self) -> list[int]:
        """The keys of its page, and one more where another page follows."""
        start = (self.number - 1) * SIZE
        keys = self.keys(start, start + SIZE + 1) if start >= 0 else []
        if self.number != 1 and not keys:
            raise Http404
        return keys

    @property
    def rows(self) -> Iterator[Row]:
        return rows_at(self.page_keys[:SIZE], current())

    @property
    def next_url(self) -> str:
        return absolute(self.page_path(self.number + 1)) if len(self.page_keys) > SIZE else ""


class Marked:
    """A feed whose entries say which language they are in, and that leads on."""

    link_element: str

    def item_attributes(self, item):
        return super().item_attributes(item) | {"xml:lang": item["language"]}

    def add_root_elements(self, handler):
        super().add_root_elements(handler)
        if self.feed["next_url"]:
            handler.addQuickElement(self.link_element, None, {"rel": "next", "href": self.feed["next_url"]})

    def latest_post_date(self):
        return max((item["updateddate"] for item in self.items), default=self.feed["changed_at"])


class Atom(Marked, Atom1Feed):
    link_element = "link"


class Rss(Marked, Rss201rev2Feed):
    link_element = "atom:link"

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, item)
        handler.addQuickElement("atom:updated", rfc3339_date(item["updateddate"]))


class XmlFeed(Twin):
    generator: type[SyndicationFeed]
    next_url = ""

    def respond(self):
        feed = self.open_feed()
        for item in self.items():
            feed.add_item(**item)
        return HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)

    def items(self) -> Iterable[dict]:
        return map(xml_item, self.rows)

    def open_feed(self) -> SyndicationFeed:
        tagline = settings.SITE_TAGLINE[current()]
        return self.generator(
            title=in_xml(self.title),
            link=self.page_url,
            description=tagline,
            subtitle=tagline,
            language=current(),
            author_name=self.site_name,
            feed_url=absolute(self.path),
            next_url=self.next_url,
            changed_at=datetime.fromtimestamp(self.version / 1_000_000, UTC),
        )


class AtomFeed(Paged, XmlFeed):
    file, mime, label = "feed.atom", "application/atom+xml", "Atom"
    about = _("New and changed entries, in a feed reader.")
    generator = Atom


class RssFeed(Paged, XmlFeed):
    file, mime, label = "feed.rss", "application/rss+xml", "RSS"
    about = _("The same, for feed readers and newsletters that ask for RSS.")
    generator = Rss


class JsonFeed(Paged):
    file, mime, label = "feed.json", "application/feed+json", "JSON Feed"
    about = _("The same, for programs: JSON Feed 1.1.")

    def respond(self):
        feed = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": self.title,
            "home_page_url": self.page_url,
            "feed_url": absolute(self.path),
            "language": current(),
            "authors": [{"name": self.site_name}],
            "items": [json_item(row) for row in self.rows],
        }
        if self.next_url:
            feed["next_url"] = self.next_url
        return JsonResponse(feed, content_type=self.mime, json_dumps_params={"ensure_ascii": False})


def xml_item(row: Row) -> dict:
    """What feedgenerator takes of an entry."""
    card = row.card
    return {
        "title": in_xml(card["title"]),
        "link": row.url,
        "description": in_xml(as_html(row)),
        "author_name": in_xml(card["byline"]) or None,
        "pubdate": row.published_at,
        "updateddate": row.changed_at,
        "unique_id": row.permanent_url,
        "unique_id_is_permalink": False,  # it leads to a page in the language of the browser, not of the feed
        "categories": tags(row),
        "language": row.language(current()),
    }


def json_item(row: Row) -> dict:
    card, published = row.card, row.published_at
    found = {
        "id": row.permanent_url,
        "url": row.url,
        "title": card["title"],
        "content_html": as_html(row),
        "summary": card["summary"],
        "date_published": rfc3339_date(published) if published else "",
        "date_modified": rfc3339_date(row.changed_at),
        "authors": [{"name": card["byline"]}] if card["byline"] else [],
        "tags": tags(row),
        "language": row.language(current()),
    }
    return {name: value for name, value in found.items() if value}


def tags(row: Row) -> list[str]:
    return [tag for tag in (row.card["type"], row.card["state"]) if tag]


def as_html(row: Row) -> str:
    return render_to_string("activity/_feed_entry.html", {"card": row.card, "language": current()})


def in_xml(text: str) -> str:
    """Without the characters that no XML document may hold, such as those a PDF leaves in a pasted title."""
    return NOT_IN_XML.sub("", text)
