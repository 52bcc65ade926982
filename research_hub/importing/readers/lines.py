"""JSON Lines, one record a line, in a schema of our own: the neutral form that anything else can be brought into."""

import json
import re
from itertools import count as counting
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from django.utils.translation import gettext as _
from markdown_it import MarkdownIt

from research_hub.languages.text import LANGUAGES

from ..records import Fault, FileRef, Found, Link, Name, Record
from . import sources
from .identity import language_in
from .objects import Json, objects, text, texts
from .told import Told
from .words import one_line

PLAIN = {
    "id": "id", "subtype": "type", "type": "type", "language": "language", "title": "title", "subtitle": "subtitle",
    "summary": "summary", "date": "date", "topics": "topics", "regions": "regions", "series": "series",
    "number": "number", "doi": "doi", "isbn": "isbn", "url": "url", "paths": "path", "start": "starts", "end": "ends",
    "location": "venue", "venue": "venue", "city": "city", "country": "country", "translation_of": "translation_of",
    "body_html": "body",
}  # fmt: skip
TWICE = {"title": "title", "subtitle": "subtitle", "summary": "summary", "body_html": "body", "venue": "venue"}
PEOPLE = {"authors": "author", "speakers": "speaker", "editors": "editor", "translators": "translator"}
STATES = {"cancelled", "postponed"}
PUBLIC = {"", "published", "scheduled", *STATES}
# Where the record is from, what is said again elsewhere, and what is read below.
OF_NO_ENTRY = {
    "kind", "source", "source_path", "commit", "date_precision", "raw_date", "summary_derived", "all_day", "status",
    "timezone", "media", "files", "pictures", "title_other", "summary_other", "body_md", "same_title", "same_summary",
}  # fmt: skip
TAKEN = {*PLAIN, *PEOPLE, *OF_NO_ENTRY, *(f"{name}_{code}" for name in TWICE for code in LANGUAGES)}
KINDS = {"publication", "event"}
TITLES = {"title", "title_other", *(f"title_{code}" for code in LANGUAGES)}
AROUND = 40  # characters on each side of where a line ceases to be JSON
URL = re.compile(r"https?://\S+")

ZONES = available_timezones()  # it walks through the files of the system, too slow to ask for each record
markdown = MarkdownIt("commonmark", {"html": False})


def read(path: Path) -> Found:
    if sources.decoded(sources.head(path)).lstrip().startswith("["):
        for number, item in zip(counting(1), objects(path, lists=("",), single=()), strict=False):
            yield record_of(item, sources.record(number))
        return
    with sources.text_of(path) as text:
        for number, line in sources.lines_of(text):
            if line.strip("\ufeff \t\r\n"):
                yield parsed(line, sources.line(number))


def parsed(line: str, place: str) -> Record | Fault:
    try:
        item = json.loads(line)
    except json.JSONDecodeError as error:
        piece = sources.shown(line[max(0, error.pos - AROUND) : error.pos + AROUND])
        why = _("This line is not JSON from its character %(at)d on: %(piece)s")
        return Fault(place, why % {"at": error.pos + 1, "piece": piece})
    except RecursionError:
        return Fault(place, _("Its brackets are nested too deep."))
    if not isinstance(item, dict):
        return Fault(place, _("This line is JSON, but no object with names and values."))
    return record_of(item, place)


def record_of(item: Json, place: str) -> Record | Fault:
    kind = text(item.get("kind")) or "publication"
    if kind not in KINDS:
        return Fault(place, _("Its kind is neither publication nor event: %s") % kind[:100])
    if not TITLES & set(item):
        return Fault(place, _("It has no title: a topic or an author, perhaps, but no entry."))
    told = told_of(item)
    if kind == "event" and not told["starts"] and re.fullmatch(r"\d{4}-\d{2}-\d{2}", told.first("date")):
        told.tell("starts", told.first("date"))
    record = told.record(place, kind)
    record.pictures = [FileRef(**of_file(picture, "alt")) for picture in listed(item.get("pictures"))]
    record.files = [FileRef(**of_file(file)) for file in listed(item.get("files"))]
    return record


def told_of(item: Json) -> Told:
    told = Told()
    for name, field in PLAIN.items():
        for value in texts(item.get(name)):
            told.tell(field, value)
    for name, field in TWICE.items():
        for code in LANGUAGES:
            told.tell(f"{field}_{code}", text(item.get(f"{name}_{code}")))
    in_other_languages(told, item)
    for name, role in PEOPLE.items():
        told.people += [person for value in listed(item.get(name)) if (person := person_of(value, role)).name]
    if words := text(item.get("body_md")):
        told.tell("body", markdown.render(words))
    stands(told, item)
    records_of_it(told, item)
    for name, value in item.items():
        if name not in TAKEN:
            told.leave(name, "; ".join(texts(value)))
    return told


def in_other_languages(told: Told, item: Json) -> None:
    """A text in a third language is the original where there is none in ours, and is told where there is."""
    for name in ("title", "summary"):
        others = item.get(f"{name}_other")
        for code, words in others.items() if isinstance(others, dict) else ():
            has_ours = any(told.first(f"{name}_{language}") for language in LANGUAGES)
            if has_ours:
                told.leave(f"{name} ({code})", text(words))
            else:
                told.tell(name, text(words))
                told["language"] = told["language"] or [language_in(code)]


def person_of(value: Any, role: str) -> Name:
    if not isinstance(value, dict):
        return Name(one_line(text(value)), role)
    fields = {name: one_line(text(value.get(name))) for name in ("name", "orcid", "affiliation")}
    return Name(**fields, role=text(value.get("role")) or role)


def stands(told: Told, item: Json) -> None:
    status, zone = text(item.get("status")).lower(), text(item.get("timezone"))
    told.tell("state", status if status in STATES else "")
    told.tell("draft", "" if status in PUBLIC else status)
    if zone in ZONES:
        told.tell("zone", zone)
    else:
        told.leave("timezone", zone)


def records_of_it(told: Told, item: Json) -> None:
    """Recordings with an address; that there is one somewhere is only told."""
    for medium in listed(item.get("media")):
        address = text(medium.get("url")) if isinstance(medium, dict) else text(medium)
        if URL.fullmatch(address):
            told.media.append(link_of(medium, address))
        else:
            told.leave("media", address)


def link_of(medium: Any, address: str) -> Link:
    if not isinstance(medium, dict):
        return Link(address)
    return Link(address, kind=text(medium.get("kind")) or "video", label=one_line(text(medium.get("label"))))


def of_file(value: Any, *more: str) -> dict[str, str]:
    if not isinstance(value, dict):
        return {"ref": text(value)}
    return {name: one_line(text(value.get(name))) for name in ("ref", "language", "label", *more)}


def listed(value: Any) -> list:
    return value if isinstance(value, list) else [value] if value else []
