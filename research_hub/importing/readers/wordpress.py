"""WordPress's own export, WXR, with lxml: an item at a time, no entity resolved, nothing fetched."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from lxml import etree

from research_hub.languages.text import LANGUAGES

from ..records import Fault, FileRef, Found, Note, Record
from . import sources
from .identity import language_in
from .names import people
from .objects import Utf8
from .posts import in_languages, prepared, recordings
from .told import Told, is_picture
from .translations import Waiting
from .words import NOT_IN_TEXT, clean, one_line

NO_ENTRIES = {
    "attachment", "nav_menu_item", "revision", "custom_css", "customize_changeset", "oembed_cache", "user_request",
    "wp_block", "wp_template", "wp_template_part", "wp_global_styles", "wp_navigation", "wp_font_family",
    "wp_font_face",
    "tribe_venue", "tribe_organizer", "acf-field", "acf-field-group",
}  # fmt: skip
EVENTS = {"tribe_events"}
EVENT = {"_EventStartDate": "starts", "_EventEndDate": "ends", "_EventTimezone": "zone"}
WPML_GROUP, WPML_LANGUAGE, WPML_SOURCE = (
    f"_wpml_import_{name}" for name in ("translation_group", "language_code", "source_language_code")
)
GONE = {"trash", "auto-draft"}
NO_TOPICS = {"uncategorized", "sin-categoria", "uncategorised", "sin-clasificar", "sin-categorizar"}
OF_NO_ENTRY = {"language", "post_translations", "author", "post_format", "nav_menu", "wp_theme"}
REGIONS = {"region", "regions", "country", "countries", "pais", "paises"}
DECLARED = re.compile(rb"^\s*<\?xml[^>]*encoding\s*=\s*[\"']([\w-]+)", re.I)
# A prefix or an entity that is not declared does no harm: the name, and the entity's, are there all the same.
HARMLESS = {etree.ErrorTypes.NS_ERR_UNDEFINED_NAMESPACE, etree.ErrorTypes.ERR_UNDECLARED_ENTITY}
ENOUGH = 1_000  # harmless errors after which the log is read at the end only

Element = etree._Element


class Broken(sources.Unreadable):
    """XML that is not well-formed; `line` is where."""

    def __init__(self, line: int, why: str):
        super().__init__(why)
        self.line = line


@dataclass
class Attachment:
    url: str
    parent: str
    line: int
    title: str = ""
    alt: str = ""


@dataclass
class Site:
    """What the items of a file refer to."""

    authors: dict[str, str] = field(default_factory=dict)
    attachments: dict[str, Attachment] = field(default_factory=dict)
    of_parent: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    venues: dict[str, str] = field(default_factory=dict)
    groups: Counter = field(default_factory=Counter)  # of translations
    entries: set[str] = field(default_factory=set)
    undeclared: int = 0  # the line of the first prefix that is not
    count: int = 0

    def learn_all(self, items: Iterator[Element]) -> None:
        """As far as they can be read: when they are read again, it is told where they break off."""
        with suppress(Broken):
            for item in items:
                self.learn(item)

    def learn(self, item: Element) -> None:
        if name_of(item) == "wp:author":
            self.authors[told_in(item, "wp:author_login")] = told_in(item, "wp:author_display_name")
            return
        self.count += 1
        kind, own = told_in(item, "wp:post_type"), told_in(item, "wp:post_id")
        if kind == "attachment":
            self.attach(item, own)
        elif kind == "tribe_venue":
            self.venues[own] = one_line(told_in(item, "title"))
        elif kind not in NO_ENTRIES:
            self.entries.add(own)
            self.groups[group_of(item)] += 1

    def attach(self, item: Element, own: str) -> None:
        url = told_in(item, "wp:attachment_url") or told_in(item, "guid")
        alt = meta(item).get("_wp_attachment_image_alt", "")
        found = Attachment(url, told_in(item, "wp:post_parent"), item.sourceline or 0, alt=one_line(alt))
        found.title = one_line(told_in(item, "title"))
        self.attachments[own] = found
        self.of_parent[found.parent].append(own)


def read(path: Path) -> Found:
    site, passed_over, is_broken = Site(), Counter(), False
    try:
        site.learn_all(items(path, site))
        waiting = Waiting(site.groups)
        for item in items(path, site):
            kind = told_in(item, "wp:post_type") or "post"
            if name_of(item) == "item" and kind in NO_ENTRIES:
                passed_over[kind] += 1
            elif name_of(item) == "item":
                yield from entry(item, kind, site, waiting)
        yield from waiting.rest()
    except Broken as error:
        line = sources.line_at(path, error.line)
        yield Fault(sources.line(error.line), _("This file is not well-formed XML from here on: %s") % line)
        is_broken = True
    yield from remarks(site, passed_over, is_broken)


def remarks(site: Site, passed_over: Counter, is_broken: bool) -> Found:
    if site.undeclared:
        why = _("A prefix is not declared here: this is a piece of an export. Its items were read as they stand.")
        yield Note(sources.line(site.undeclared), why)
    for attachment in site.attachments.values():
        if attachment.parent not in site.entries:
            yield Fault(
                sources.line(attachment.line), _("This file belongs to no entry of the export: %s") % attachment.url
            )
    for kind in sorted(set(passed_over) - {"attachment"}):
        why = _("Passed over, as they are no entries: %(name)s (%(count)d)")
        yield Note("", why % {"name": kind, "count": passed_over[kind]})
    if not site.count and not is_broken:
        yield Fault("", _("There is no item in this file: is it the export of WordPress?"))


# XML


class Cleaned(Utf8):
    """Without the control characters that XML does not allow, and editors of posts do; nothing before the first tag."""

    def __init__(self, text):
        super().__init__(text)
        self.is_first = True

    def read(self, size: int = -1) -> bytes:
        piece = self.text.read(size).translate(NOT_IN_TEXT)
        if self.is_first:
            piece = re.sub(r"^\s+(?=<\?xml)", "", piece)
            self.is_first = False
        return piece.encode("utf-8", errors="ignore")


def items(path: Path, site: Site) -> Iterator[Element]:
    """Each <item>, and each <wp:author> before them, forgotten once it was looked at."""
    declared = DECLARED.match(sources.head(path))
    is_utf8 = not declared or declared[1].lower() in (b"utf-8", b"utf8", b"utf-16", b"ascii", b"us-ascii")
    options = {"events": ("end",), "recover": True, "resolve_entities": False, "no_network": True, "huge_tree": False}
    with sources.text_of(path) as text, sources.opened(path) as raw:
        source = Cleaned(text) if is_utf8 else raw
        parser = etree.iterparse(source, encoding="utf-8" if is_utf8 else None, **options)
        seen = 0
        for _event, element in parser:
            if name_of(element) in ("item", "wp:author"):
                seen = seen if seen > ENOUGH else check(parser.error_log, site)
                yield element
                forget(element)
        check(parser.error_log, site)


def forget(element: Element) -> None:
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def check(log: Any, site: Site) -> int:
    """How many harmless errors there were; after one that is not, something may be missing."""
    for error in log:
        if error.type not in HARMLESS:
            raise Broken(error.line, error.message)
        if "Namespace" in error.message:
            site.undeclared = site.undeclared or error.line
    return len(log)


def name_of(element: Element) -> str:
    """“wp:post_id”, whichever version of the namespace it is, and where the prefix is not declared."""
    if not isinstance(element.tag, str):
        return ""
    local = element.tag.rpartition("}")[2]
    return f"{element.prefix}:{local}" if element.prefix else local


def told_in(item: Element, name: str) -> str:
    return next((words(child) for child in item if name_of(child) == name), "").strip()


def words(element: Element) -> str:
    """Its text with the comments in it, in which qTranslate keeps the languages of a title."""
    parts = [element.text or ""]
    for child in element:
        if child.tag is etree.Comment:
            parts.append(f"<!--{child.text}-->")
        elif child.tag is etree.Entity:
            parts.append(unescape(child.text))
        elif isinstance(child.tag, str):
            parts.append(words(child))
        parts.append(child.tail or "")
    return "".join(parts)


def meta(item: Element) -> dict[str, str]:
    found = (child for child in item if name_of(child) == "wp:postmeta")
    return {told_in(one, "wp:meta_key"): told_in(one, "wp:meta_value") for one in found}


def terms(item: Element) -> Iterator[tuple[str, str, str]]:
    """The taxonomy, the slug and the name of each term."""
    for child in item:
        if name_of(child) == "category":
            yield child.get("domain", "category"), child.get("nicename", ""), words(child).strip()


def group_of(item: Element) -> str:
    """The name that Polylang or WPML's export has for the post and its translations; else the post's own."""
    groups = [slug for domain, slug, _name in terms(item) if domain == "post_translations" and slug]
    of_wpml = meta(item).get(WPML_GROUP, "")
    return next(iter(groups), "") or (f"wpml {of_wpml}" if of_wpml else f"post {told_in(item, 'wp:post_id')}")


# Entries


def entry(item: Element, kind: str, site: Site, waiting: Waiting) -> Found:
    place = sources.line(item.sourceline or 0)
    if told_in(item, "wp:status") in GONE:
        yield Fault(place, _("It is in the bin of WordPress."))
        return
    metas = meta(item)
    is_original = WPML_GROUP in metas and not metas.get(WPML_SOURCE)
    yield from waiting.came(group_of(item), record_of(item, kind, site, place), is_original)


def record_of(item: Element, kind: str, site: Site, place: str) -> Record:
    told, metas = Told(), meta(item)
    told.tell("id", told_in(item, "wp:post_id") or told_in(item, "guid"))
    told.tell("type", kind)
    told.tell("date", date_of(item))
    for target, name in {"title": "title", "summary": "excerpt:encoded", "body": "content:encoded"}.items():
        tell_in_languages(told, target, told_in(item, name))
    told.media = recordings(told_in(item, "content:encoded"))
    classify(told, item, site)
    addresses(told, item)
    for key, target in EVENT.items():
        told.tell(target, metas.get(key, ""))
    if language := language_in(metas.get(WPML_LANGUAGE, "")):
        told["language"] = [language]
    told.tell("venue", site.venues.get(metas.get("_EventVenueID", ""), ""))
    status = told_in(item, "wp:status")
    told.tell("draft", status if status not in ("", "publish") else told_in(item, "wp:post_password"))
    for key, value in metas.items():
        if not key.startswith("_"):
            told.leave(key, value)
    if comments := sum(name_of(child) == "wp:comment" for child in item):
        told.leave("wp:comment", str(comments))
    record = told.record(place, "event" if kind in EVENTS else "publication")
    attach(record, told_in(item, "wp:post_id"), metas, site)
    return record


def tell_in_languages(told: Told, field: str, text: str) -> None:
    pieces = in_languages(text)
    has_ours = "" in pieces or set(pieces) & set(LANGUAGES)
    for language, piece in pieces.items():
        piece = prepared(piece) if field == "body" else piece
        if language in LANGUAGES:
            told.tell(f"{field}_{language}", piece)
        elif has_ours and language:
            told.leave(f"{field} ({language})", piece)
        else:
            told.tell(field, piece)
            told["language"] = told["language"] or [language]


def date_of(item: Element) -> str:
    for name in ("wp:post_date", "wp:post_date_gmt"):
        if (found := told_in(item, name)) and not found.startswith("0000"):
            return found
    try:
        return parsedate_to_datetime(told_in(item, "pubDate")).isoformat()
    except (TypeError, ValueError):
        return ""


def classify(told: Told, item: Element, site: Site) -> None:
    authors = [in_one(name) for domain, _slug, name in terms(item) if domain == "author"]
    login = told_in(item, "dc:creator")
    told.people = people(authors or [one_line(site.authors.get(login) or login)])
    for domain, slug, name in terms(item):
        if domain == "language":
            told["language"] = [language_in(slug) or language_in(name)]
        elif domain in REGIONS:
            told.tell("regions", in_one(name))
        elif domain not in OF_NO_ENTRY and slug not in NO_TOPICS:
            told.tell("topics", in_one(name))


def in_one(name: str) -> str:
    """The name of a term, which may be in several languages: in one of ours."""
    pieces = in_languages(name)
    return one_line(next((pieces[code] for code in ("", *LANGUAGES) if code in pieces), next(iter(pieces.values()))))


def addresses(told: Told, item: Element) -> None:
    link, guid = told_in(item, "link"), told_in(item, "guid")
    told.tell("url", link)
    for address in (link, guid):
        parts = urlsplit(clean(address))
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        if path not in ("", "/"):
            told.tell("path", path if path.startswith("/") else f"/{path}")


def attach(record: Record, own: str, metas: dict[str, str], site: Site) -> None:
    """Its picture first, then what was uploaded to it."""
    cover = metas.get("_thumbnail_id", "")
    for key in dict.fromkeys([cover, *site.of_parent.get(own, [])]):
        if (found := site.attachments.get(key)) is None:
            continue
        kept = record.pictures if is_picture(found.url) else record.files
        kept.append(FileRef(found.url, label=found.title, alt=found.alt))
