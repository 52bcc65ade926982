"""CSL-JSON, which Zotero and others write, and the answers of Crossref, which are nearly the same."""

from pathlib import Path

from django.utils.translation import gettext as _

from ..records import Fault, Found, Name, Record
from . import dates, sources
from .objects import Json, objects, text, texts
from .told import Told, split_topics
from .words import one_line

FIELDS = {
    "id": ["id", "citation-key"],
    "type": ["type"],
    "title": ["title"],
    "subtitle": ["subtitle"],
    "summary": ["abstract"],
    "language": ["language"],
    "topics": ["subject", "categories"],
    "series": ["collection-title", "container-title", "event-title"],
    "number": ["number"],
    "volume": ["volume"],
    "issue": ["issue"],
    "doi": ["DOI"],
    "doi_or": ["note"],
    "isbn": ["ISBN"],
    "url": ["URL"],
}
ROLES = {
    "author": "author", "editor": "editor", "collection-editor": "editor", "translator": "translator",
    "contributor": "contributor", "chair": "contributor",
}  # fmt: skip
DATES = ["issued", "published", "published-print", "published-online", "posted"]
TAKEN = {name for names in FIELDS.values() for name in names} - {"note"} | set(ROLES) | {*DATES, "keyword"}
# What Crossref says of itself and of other works.
OF_NO_ENTRY = {
    "indexed", "score", "reference", "created", "deposited", "member", "prefix", "source", "is-referenced-by-count",
}  # fmt: skip


def read(path: Path) -> Found:
    count = 0
    for item in objects(path):
        count += 1
        yield record_of(item, sources.record(count))
    if not count:
        yield Fault("", _("There is no record in this file: no list of objects was found."))


def record_of(item: Json, place: str) -> Record:
    told = Told()
    for field, names in FIELDS.items():
        for name in names:
            for value in texts(item.get(name)):
                told.tell(field, value)
    for name in DATES:
        told.tell("date", date_of(item.get(name)))
    told["topics"] += split_topics(text(item.get("keyword")))
    for key, role in ROLES.items():
        told.people += [name for person in listed(item.get(key)) if (name := name_of(person, role)).name]
    for name, value in item.items():
        if name not in TAKEN and name not in OF_NO_ENTRY:
            told.leave(name, "; ".join(texts(value)))
    return told.record(place)


def listed(value) -> list[Json]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def date_of(value) -> str:
    if not isinstance(value, dict):
        return text(value)
    parts = value.get("date-parts")
    first = parts[0] if isinstance(parts, list) and parts and isinstance(parts[0], list) else []
    return dates.of_parts(first) or text(value.get("raw")) or text(value.get("literal"))


def name_of(person: Json, role: str) -> Name:
    particle = text(person.get("non-dropping-particle")) or text(person.get("dropping-particle"))
    family = f"{particle} {text(person.get('family'))}".strip()
    given, suffix = text(person.get("given")), text(person.get("suffix"))
    whole = text(person.get("literal")) or text(person.get("name"))
    name = ", ".join(filter(None, (family, given, suffix))) or whole
    orcid = text(person.get("ORCID")).rpartition("/")[2].upper()
    affiliation = next((text(at.get("name")) for at in listed(person.get("affiliation"))), "")
    return Name(one_line(name), role, orcid=orcid, affiliation=one_line(affiliation))
