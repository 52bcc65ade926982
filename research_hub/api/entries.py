"""Publications and events: the lists that pages show, narrowed by the same words, and each as a whole."""

from datetime import date
from urllib.parse import urlencode

from django.http import Http404
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from events.calendar import OWN_FILE, file_url
from events.models import Event
from publications.citing import reference_to
from publications.exports import EXPORTS
from publications.models import Author, Publication, PublicationType
from publications.styles import citations
from research_hub.activity.dates import PartialDate, Precision
from research_hub.activity.filters import ActivityFilter
from research_hub.activity.models import EVERYTHING, KEY_LIMIT, LANGUAGE_BITS, MEDIA_BITS, Activity
from research_hub.activity.search import MOST_FOUND
from research_hub.editorial.views import download_name, download_shown, public_entry
from research_hub.languages.addresses import absolute, paths_of
from research_hub.languages.keys import is_number
from research_hub.languages.text import LANGUAGES, read

from .door import Refused
from .parts import at, at_owner, beside, both, date_told, image, link, page_of, permanent, rich, text

SIZE = 50
COLUMNS = ("sort_key", "uid", "languages", "media", "first_day", "last_day", "precision", "changed_at")
CARDS = {language: f"card_{language}" for language in LANGUAGES}


# Lists


class Narrowed:
    """The part of the list of everything that an address asks for."""

    def __init__(self, data, lang: str):
        self.filter, self.lang = ActivityFilter(data, EVERYTHING), lang
        self.after = key_of(data.get("after", ""))
        if self.filter.errors:
            raise Refused(422, {name: self.filter.error(name) for name in self.filter.errors})

    def told(self, path: str) -> dict:
        selection = self.filter.selection
        counts = selection.counts()
        found = selection.facets.total(counts.found)
        is_cut = counts.at_least and found > MOST_FOUND
        left_out = selection.facets.total(counts.undated) if selection.is_dated and not selection.undated else 0
        keys = selection.keys_below(self.after, SIZE + 1)
        return {
            "count": MOST_FOUND if is_cut else found,
            "is_count_at_least": is_cut,
            "undated_left_out": left_out,
            "page": absolute(with_query(paths_of(self.page_name)[self.lang], self.filter.canonical)),
            "next": absolute(self.address(path, after=keys[SIZE - 1])) if len(keys) > SIZE else None,
            "items": items_at(keys[:SIZE]),
        }

    @property
    def page_name(self) -> str:
        return "search" if "q" in self.filter.canonical else "activity"

    def address(self, path: str, **more) -> str:
        """The one address of this list."""
        language = {"lang": self.lang} if self.lang != LANGUAGES[0] else {}
        return with_query(path, language | self.filter.canonical | more)

    def own_path(self, path: str) -> str:
        """The address under which it is kept; none for words, and for what those read who want everything."""
        is_one_of_few = "q" not in self.filter.canonical and self.after == KEY_LIMIT
        return self.address(path) if is_one_of_few else ""


def with_query(path: str, query: dict) -> str:
    return f"{path}?{urlencode(query)}" if query else path


def key_of(after: str) -> int:
    if not after:
        return KEY_LIMIT
    if not (is_number(after, digits=len(str(KEY_LIMIT))) and int(after) <= KEY_LIMIT):
        raise Refused(422, {"after": _("Follow the address that the part before gives as its “next”.")})
    return int(after)


def items_at(keys: list[int]) -> list[dict]:
    rows = Activity.objects.filter(sort_key__in=keys).values(*COLUMNS, *CARDS.values())
    found = {row["sort_key"]: item(row) for row in rows}
    return [found[key] for key in keys if key in found]


def item(row: dict) -> dict:
    written = [language for language in LANGUAGES if row["languages"] & LANGUAGE_BITS[language]]
    cards = {language: row[CARDS[language]] for language in written}

    def of_cards(name: str, marked: str = "") -> dict:
        """A text of the cards, but for what one borrows from the other language."""
        return both(lambda language: language in cards and not cards[language].get(marked) and cards[language][name])

    card = row[CARDS[written[0] if written else LANGUAGES[0]]]
    return {
        "uid": row["uid"],
        "kind": card["kind"],
        "type": of_cards("type"),
        "state": of_cards("state"),
        "title": of_cards("title", "lang"),
        "summary": of_cards("summary", "summary_lang"),
        "byline": of_cards("byline"),
        "date": date_told(date_of(row)),
        "languages": written,
        "media": [medium for medium, bit in MEDIA_BITS.items() if row["media"] & bit],
        "changed_at": row["changed_at"],
        "page": both(lambda language: language in cards and absolute(cards[language]["url"])),
        "permanent": permanent(row["uid"]),
        "api": at("entries", row["uid"]),
    }


def date_of(row: dict) -> PartialDate:
    first, last = (date.fromordinal(row[name]) if row[name] else None for name in ("first_day", "last_day"))
    return PartialDate(first, last, Precision(row["precision"]))


# One entry


def entry_told(uid: str, lang: str) -> dict:
    with translation.override(lang):
        try:
            entry = public_entry(uid)
        except Http404:
            raise Refused(404, {"": _("No entry that is public has this name.")}) from None
        if entry.is_withdrawn:
            raise Refused(410, {"": str(read(entry, "reason")) or _("What stood at this address was withdrawn.")})
    return TOLD[type(entry)](entry)


def common(entry) -> dict:
    topics = entry.topics.order_by(f"{entry._meta.model_name}_topics__position")
    return {
        "kind": entry._meta.model_name,
        "uid": entry.uid,
        "source_language": entry.source_language,
        "languages": entry.written_in,
        "title": text(entry, "title"),
        "summary": text(entry, "summary"),
        "body": rich(entry, "body"),
        "date": date_told(entry.date),
        "topics": [link(topic) for topic in topics],
        "regions": [link(region) for region in entry.regions.order_by("position", "pk")],
        "downloads": [download(entry, file) for file in entry.downloads.in_order()],
        "media": [recording(medium) for medium in entry.media.in_order()],
        "published_at": entry.published_at,
        "changed_at": entry.updated_at,
        "page": page_of(entry),
        "permanent": permanent(entry.uid),
        "api": at("entries", entry.uid),
    }


def publication_told(publication: Publication) -> dict:
    authorships = list(publication.authorships.in_order().select_related("author"))
    related = Activity.objects.filter(uid__in=publication.related.published().values("uid")).order_by("-sort_key")
    told = common(publication)
    return told | {
        "type": {"code": publication.type.code, "name": text(publication.type, "name")},
        "subtitle": text(publication, "subtitle"),
        "people": [person(row.author, row.role, row.affiliation) for row in authorships],
        "series": link(publication.series) if publication.series else None,
        "number": publication.number or None,
        "doi": publication.doi or None,
        "isbn": publication.isbn or None,
        "cover": image(publication.cover),
        "citations": cited(publication, authorships),
        "citation_files": [{"label": export.label, "url": beside(told["page"], export.file)} for export in EXPORTS],
        "related": [at("entries", uid) for uid in related.values_list("uid", flat=True)],
    }


def cited(publication: Publication, authorships: list) -> list[dict]:
    """In each style, as the pages of the languages that it exists in cite it."""
    files, styles = list(publication.downloads.in_order()), {}
    for language in publication.written_in:
        with translation.override(language):
            downloads = [download_shown(publication, file) for file in files]
            reference = reference_to(publication, authorships, downloads, language)
            for citation in citations(reference, timezone.localdate()):
                styles.setdefault(citation["style"], {})[language] = citation["text"]
    return [{"style": style, "text": both(texts.get)} for style, texts in styles.items()]


def event_told(event: Event) -> dict:
    told = common(event)
    speakers = event.speakers.in_order().select_related("author")
    launched = Activity.objects.filter(uid__in=event.publications.published().values("uid")).order_by("-sort_key")
    spoken = {"en": event.in_english, "es": event.in_spanish}
    return told | {
        "state": event.state,
        "format": event.format,
        "starts_at": event.starts_at and event.starts_at.astimezone(event.zone),
        "ends_at": event.ends_at and event.ends_at.astimezone(event.zone),
        "time_zone": event.time_zone,
        "all_day": event.all_day,
        "venue": text(event, "venue"),
        "city": event.city or None,
        "country": event.country or None,
        "spoken": [language for language, is_spoken in spoken.items() if is_spoken],
        "registration": event.registration_url if event.is_open() and event.registration_url else None,
        "speakers": [person(row.author, row.role) for row in speakers],
        "launches": [at("entries", uid) for uid in launched.values_list("uid", flat=True)],
        "calendar": beside(told["page"], OWN_FILE) if file_url(event) else both(lambda language: None),
    }


TOLD = {Publication: publication_told, Event: event_told}


def person(author: Author, role: str, affiliation: str = "") -> dict:
    return {
        "name": author.name,
        "role": role,
        "affiliation": affiliation or author.affiliation or None,
        "orcid": author.orcid or None,
        "page": page_of(author),
        "api": at_owner(author),
    }


def download(entry, file) -> dict:
    return {
        "url": absolute(reverse("entry_download", args=[entry.uid, file.pk, download_name(entry, file)])),
        "language": file.language,
        "label": text(file, "label"),
        "bytes": file.bytes,
        "pages": file.pages,
        "sha256": file.sha256,
        "embargo_until": file.embargo_until,
    }


def recording(medium) -> dict:
    return {
        "kind": medium.kind,
        "url": medium.url,
        "label": text(medium, "label"),
        "seconds": medium.duration,
        "transcript": text(medium, "transcript"),
    }


# Types of publications


def types_told() -> list[dict]:
    counted = ActivityFilter({}, EVERYTHING).selection.counts().found
    return [
        {
            "code": type_.code,
            "name": text(type_, "name"),
            "plural": text(type_, "plural"),
            "count": sum(n for sort, n in counted.items() if sort[1] == type_.pk),
            "entries": at("entries") + with_query("", {"type": type_.code}),
        }
        for type_ in PublicationType.objects.order_by("position", "pk")
    ]
