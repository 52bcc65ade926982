"""What can be listened to, for podcast apps."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

from django.templatetags.static import static
from django.utils.feedgenerator import Enclosure
from django.utils.translation import gettext_lazy as _

from research_hub.languages.addresses import absolute
from research_hub.languages.text import current, read

from ..kinds import KINDS
from ..models import MEDIA_BITS, Activity
from .feeds import SIZE, Rss, XmlFeed, in_xml, xml_item
from .rows import Row, rows_at

MOST_LOOKED_AT = 1_000  # entries with a recording, among which those with sound are sought

WITH_AUDIO = [bits for bits in range(1, sum(MEDIA_BITS.values()) + 1) if bits & MEDIA_BITS["audio"]]

CATEGORY = "Government"  # one of those that podcast directories know
PICTURE = "img/podcast.png"  # which they want square, of 1400 to 3000 pixels

# An app plays a file, and nothing else that an address may lead to.
PLAYED = {
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "aac": "audio/aac",
    "ogg": "audio/ogg",
    "oga": "audio/ogg",
    "opus": "audio/ogg",
    "flac": "audio/flac",
    "wav": "audio/wav",
}


class PodcastRss(Rss):
    def rss_attributes(self):
        return super().rss_attributes() | {"xmlns:itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd"}

    def add_root_elements(self, handler):
        super().add_root_elements(handler)
        handler.addQuickElement("itunes:author", self.feed["author_name"])
        handler.addQuickElement("itunes:category", None, {"text": CATEGORY})
        handler.addQuickElement("itunes:explicit", "false")
        handler.addQuickElement("itunes:image", None, {"href": absolute(static(PICTURE))})

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, item)
        if item["duration"]:
            handler.addQuickElement("itunes:duration", str(item["duration"]))


class Podcast(XmlFeed):
    """One item a recording. The length of its file is given as 0: it stands elsewhere, and we do not know it."""

    file, mime, label = "podcast.rss", "application/rss+xml", _("Podcast")
    about = _("The recordings that can be listened to, in a podcast app.")
    generator = PodcastRss

    @classmethod
    def suits(cls, page):
        return page.count_if(media=True) > 0

    def items(self) -> Iterator[dict]:
        keys = self.keys(0, MOST_LOOKED_AT, media=True)
        heard = Activity.objects.filter(sort_key__in=keys, media__in=WITH_AUDIO).order_by("-sort_key")[:SIZE]
        rows = list(rows_at(heard.values_list("sort_key", flat=True), current()))
        found = recordings(rows)
        for row in rows:
            for link in found[row.kind, row.object_id]:
                yield episode(row, link)


def recordings(rows: Iterable[Row]) -> dict[tuple[int, int], list[Any]]:
    """The audio files of these entries, by kind and entry."""
    found = defaultdict(list)
    for kind in KINDS.values():
        entry = f"{kind.name}_id"
        pks = [row.object_id for row in rows if row.kind == kind.code]
        links = kind.model.media.rel.related_model.objects.in_order().filter(kind="audio", **{f"{entry}__in": pks})
        for link in links if pks else []:
            if type_of(link.url):
                found[kind.code, getattr(link, entry)].append(link)
    return found


def type_of(url: str) -> str:
    """What sort of audio file stands at an address, by its ending; "" where it is none."""
    return PLAYED.get(urlsplit(url).path.rpartition(".")[2].lower(), "")


def episode(row: Row, link) -> dict:
    told, label = xml_item(row), read(link, "label")
    return told | {
        "title": in_xml(f"{row.card['title']}: {label}") if label else told["title"],
        "unique_id": f"{told['unique_id']}#{link.pk}",
        "enclosures": [Enclosure(link.url, "0", type_of(link.url))],
        "duration": link.duration,
    }
