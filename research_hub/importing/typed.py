"""A record of another system as an entry of this site would hold it: a snapshot, and what is to be said about it."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.utils.translation import gettext as _

from events.models import Event, Speaker
from publications.identifiers import is_doi, is_isbn
from publications.models import Authorship, Publication
from research_hub.activity.dates import UNDATED, PartialDate
from research_hub.editorial.versions import Snapshot
from research_hub.languages.text import LANGUAGES, clean_html
from research_hub.media.models import MediaLink

from .attachments import Attached, NotTaken
from .belongings import Belongings
from .known import What
from .records import FileRef, Link, Record
from .understand import folded, guessed_language, understood_date, understood_moment

FALLBACK_TYPE = "report"
TEXTS = ["title", "subtitle", "summary", "body"]
IMAGE = "<img"
LONGEST, LONGEST_LABEL, LONGEST_URL = 300, 200, 1000  # characters, of the columns here
URL = re.compile(r"https?://[^\s<>\"]+")
CAMERA = re.compile(
    r"[^\s/]+\.(?:jpe?g|png|gif|webp|avif|tiff?|bmp|svg)"
    r"|(?:img|dsc[nf]?|image|imagen|picture|photo|foto|screenshot|captura|untitled)[\s_-]*\d*",
    re.I,
)


class Typed:
    """What would stand in the form; `remarks` say what was guessed, and what could not be taken over."""

    def __init__(self, record: Record, belongings: Belongings):
        self.record, self.known, self.belongings = record, belongings.known, belongings
        self.remarks: list[str] = [_("Not taken over: %s") % what for what in record.not_taken]
        self.model = Event if record.kind == "event" else Publication
        self.language = self.original_language()
        self.snapshot: Snapshot = {
            "model": self.model._meta.label_lower,
            "fields": {"source_language": self.language} | self.texts() | self.own_fields() | self.cover(),
            "links": {"regions": sorted(self.subjects(What.REGION, record.regions))},
            "rows": self.rows() | self.downloads(),
        }
        if record.draft:
            self.remarks.append(_("Readers do not see it there: it stays a draft."))

    # Texts

    def original_language(self) -> str:
        told = self.record.language[:2].lower()
        if told in LANGUAGES:
            return told
        given = [language for language in LANGUAGES if self.record.title.get(language)]
        if len(given) == 1 and not self.record.title.get(""):
            return given[0]
        guess = guessed_language(*self.record.title.values(), *self.record.summary.values())
        if told:
            self.remarks.append(_("The language “%s” is none of ours.") % told)
        elif guess:
            self.remarks.append(_("Its language was guessed from its words."))
        else:
            self.remarks.append(_("Its language is not known; taken for the site’s first."))
        return guess or next(iter(given), settings.LANGUAGE_CODE)

    def texts(self) -> dict[str, str]:
        fields = [name for name in TEXTS if hasattr(self.model, f"{name}_en")]
        return {f"{name}_{language}": self.text(name, language) for name in fields for language in LANGUAGES}

    def text(self, name: str, language: str) -> str:
        told = getattr(self.record, name)
        words = told.get(language) or (told.get("", "") if language == self.language else "")
        if name != "body":
            return " ".join(words.split()) if name != "summary" else words.strip()
        clean = clean_html(words)
        if IMAGE in words:
            self.remarks.append(_("The pictures in its text were left out."))
        return clean

    # Dates

    def date(self) -> PartialDate:
        raw = self.record.date
        found = understood_date(raw, self.language)
        if found is None:
            self.remarks.append(_("Its date could not be understood: %s") % raw)
        return found or UNDATED

    # What it refers to

    def subjects(self, what: str, words: list[str]) -> Iterator[int]:
        unknown = self.known.unknown(what, words)
        if unknown:
            told = {"what": What(what).label, "word": "; ".join(unknown)}
            self.remarks.append(_("%(what)s not known here: %(word)s") % told)
        yield from (found for word in words if (found := self.known.find(what, word)) is not None)

    def one(self, what: str, word: str) -> int | None:
        return next(self.subjects(what, [word]), None)

    def own_fields(self) -> dict[str, Any]:
        return self.event_fields() if self.model is Event else self.publication_fields()

    def publication_fields(self) -> dict[str, Any]:
        record = self.record
        series = self.one(What.SERIES, record.series)
        if record.number and not series:
            self.remarks.append(_("Its number was left out, as its series is not known: %s") % record.number)
        return dated(self.date()) | {
            "type": self.type(),
            "series": series,
            "number": record.number if series else "",
            "doi": self.checked(record.doi, is_doi, "DOI"),
            "isbn": self.checked(record.isbn, is_isbn, "ISBN"),
        }

    def type(self) -> int:
        found = self.one(What.TYPE, self.record.type)
        return found or self.known.words[What.TYPE, FALLBACK_TYPE]

    def checked(self, words: str, is_one: Callable[[str], bool], label: str) -> str:
        if not words or is_one(words):
            return words
        self.remarks.append(_("This is no %(label)s, and was left out: %(words)s") % {"label": label, "words": words})
        return ""

    def event_fields(self) -> dict[str, Any]:
        record = self.record
        zone = self.zone()
        venues = {f"venue_{language}": self.text("venue", language) for language in LANGUAGES}
        country = record.country if len(record.country) == 2 and record.country.isupper() else ""
        fields = {"time_zone": zone, "city": record.city, "country": country} | venues
        if record.state in Event.State.values:
            fields["state"] = record.state
        start, end = (understood_moment(raw) for raw in (record.starts, record.ends or record.starts))
        if start is None or end is None:
            self.tell_unread(record.starts, record.ends)
            return fields | dated(self.date() if record.date else self.date_of(record.starts))
        is_by_day = not isinstance(start, datetime)
        starts_at, ends_at = moment(start, zone), moment(end, zone, is_last_day=not isinstance(end, datetime))
        days = PartialDate.days(*Event(starts_at=starts_at, ends_at=ends_at, time_zone=zone).local_days())
        moments = {"starts_at": starts_at.isoformat(), "ends_at": ends_at.isoformat(), "all_day": is_by_day}
        return fields | dated(days) | moments

    def tell_unread(self, *raws: str) -> None:
        """Which of its moments could not be understood, not even as a day, a month or a year."""
        for raw in filter(None, raws):
            if understood_moment(raw) is None and not self.date_of(raw).lo:
                self.remarks.append(_("Its date could not be understood: %s") % raw)

    def date_of(self, raw: str) -> PartialDate:
        return understood_date(raw, self.language) or UNDATED

    def zone(self) -> str:
        if self.record.zone in available_timezones():
            return self.record.zone
        if self.record.zone:
            self.remarks.append(_("There is no time zone of this name: %s") % self.record.zone)
        return settings.TIME_ZONE

    # Rows

    def rows(self) -> dict[str, list[dict]]:
        topics = dict.fromkeys(self.subjects(What.TOPIC, self.record.topics))
        media = [self.recording(link.kind, link.url, link.label) for link in self.recordings()]
        of_topics, of_people = (
            ("event_topics", "speakers") if self.model is Event else ("publication_topics", "authorships")
        )
        return {
            of_topics: in_places({"topic": key} for key in topics),
            of_people: in_places(self.people()),
            "media": in_places(media),
        }

    def people(self) -> Iterator[dict]:
        seen = set()
        roles = Speaker.Role if self.model is Event else Authorship.Role
        for person in self.record.people:
            role = person.role if person.role in roles.values else roles.values[0]
            key = self.belongings.author(person)
            same = key if self.model is Event else (key, role)
            if key > 0 and same in seen:
                continue
            seen.add(same)
            row = {"author": key, "role": role}
            yield row if self.model is Event else row | {"affiliation": person.affiliation[:LONGEST]}

    def recordings(self) -> Iterator[Link]:
        """Those with an address that a page may lead to."""
        for link in self.record.media:
            if URL.fullmatch(link.url) and len(link.url) <= LONGEST_URL:
                yield link
            else:
                self.remarks.append(_("This is no address of a recording: %s") % link.url[:LONGEST])

    def recording(self, kind: str, url: str, label: str) -> dict:
        known = kind if kind in MediaLink.Kind.values else MediaLink.Kind.VIDEO
        return {"kind": known, "url": url} | self.labels(label, self.language)

    def labels(self, label: str, language: str) -> dict[str, str]:
        return {f"label_{code}": label[:LONGEST_LABEL] if code == language else "" for code in LANGUAGES}

    # Files

    def downloads(self) -> dict[str, list[dict]]:
        """Of what came along; of what did not, nothing is said to the entry, which may have it from before."""
        if not self.belongings.attachments:
            if count := len(self.record.files) + len(self.record.pictures):
                self.remarks.append(_("Files that did not come along: %d") % count)
            return {}
        rows = {}
        for file in self.record.files:
            try:
                found = self.belongings.attachments.document(file.ref)
            except NotTaken as why:
                self.remarks.append(str(why))
                continue
            if found.digest not in rows:
                rows[found.digest] = self.download(file, found)
        return {"downloads": in_places(rows.values())} if rows else {}

    def download(self, file: FileRef, found: Attached) -> dict[str, Any]:
        language = file.language if file.language in LANGUAGES else self.language
        name = self.belongings.document(self.record.id, found)
        row = {"file": name, "language": language, "bytes": found.size, "sha256": found.digest}
        return row | self.labels(file.label, language)

    def cover(self) -> dict[str, int]:
        """The first of its pictures that is one."""
        if not self.belongings.attachments or not self.record.pictures:
            return {}
        if self.model is Event:
            self.remarks.append(_("Its pictures were left out: an event has none here."))
            return {}
        chosen: dict[str, int] = {}
        for picture in self.record.pictures:
            try:
                found = self.belongings.attachments.picture(picture.ref)
            except NotTaken as why:
                self.remarks.append(str(why))
                continue
            if chosen:
                self.remarks.append(_("An entry has one picture; this one was left out: %s") % picture.ref[:LONGEST])
            else:
                chosen["cover"] = self.belongings.picture(self.record.id, found, self.alt(picture))
        return chosen

    def alt(self, picture: FileRef) -> dict[str, str]:
        language = picture.language if picture.language in LANGUAGES else self.language
        if says_nothing(picture.alt, picture.ref):
            why = _("The alternative text of its picture is a file’s name, and was dropped: %s")
            self.remarks.append(why % picture.alt)
            return {}
        if not picture.alt:
            self.remarks.append(_("Its picture has no alternative text."))
        return {language: picture.alt[:LONGEST]} if picture.alt else {}


def says_nothing(alt: str, ref: str) -> bool:
    """Whether an alternative text is the name of a file, as cameras and uploads give them."""
    name = re.split(r"[/\\\\]", ref.partition("?")[0])[-1]
    return bool(CAMERA.fullmatch(alt.strip())) or folded(alt) in {folded(name), folded(name.rpartition(".")[0])} - {""}


def dated(when: PartialDate) -> dict[str, Any]:
    lo, hi = (day and day.isoformat() for day in (when.lo, when.hi))
    return {"date_lo": lo, "date_hi": hi, "date_precision": int(when.precision)}


def moment(when: date | datetime, zone: str, is_last_day: bool = False) -> datetime:
    """The moment in UTC; a day begins at its midnight there, and as the last one ends with the next."""
    if not isinstance(when, datetime):
        when = datetime.combine(when + timedelta(days=is_last_day), time())
    local = when if when.tzinfo else when.replace(tzinfo=ZoneInfo(zone))
    return local.astimezone(UTC)


def in_places(rows) -> list[dict]:
    return [row | {"position": place} for place, row in enumerate(rows, start=1)]
