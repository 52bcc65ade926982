"""A record put together from what a source says of each field, whatever the fields were called there."""

import re
from collections import defaultdict
from collections.abc import Iterator

from research_hub.languages.text import LANGUAGES

from ..records import FileRef, Link, Name, Record, Texts
from ..understand import guessed_language
from . import dates
from .identity import doi_in, isbn_in, language_in, named_by
from .words import clean, one_line, plain, split

LONGEST_ID = 500  # characters, of the column that keeps it
SHORTENED = 300  # characters of what is not taken over: enough to know it by
ADDRESS = re.compile(r"(?:https?|ftp)://[^\s\"<>]+", re.I)
PICTURES = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".svg", ".tif", ".tiff")


class Told(defaultdict[str, list[str]]):
    """The texts of each field, in the order of the source: `told["summary"]` has two where the tool writes two.

    Beside the fields of `Record` these are known: `year`, `month`, `day`; `volume`, `issue`; `doi_or` and `isbn_or`,
    where a DOI or ISBN may be; `translated_title`; `draft`; and texts with their language, as `title_es`.
    """

    def __init__(self):
        super().__init__(list)
        self.people: list[Name] = []
        self.media: list[Link] = []
        self.not_taken: list[str] = []

    def tell(self, field: str, text: str) -> None:
        if text and text.strip():
            self[field].append(text)

    def leave(self, name: str, text: str) -> None:
        """Kept for whoever decides whether its loss matters."""
        if text := " ".join(clean(text).split()):
            self.not_taken.append(f"{name}: {text}"[:SHORTENED])

    def first(self, *fields: str) -> str:
        return next((text for field in fields for text in self.get(field, ()) if text.strip()), "")

    def record(self, place: str, kind: str = "publication") -> Record:
        language = language_in(self.first("language"))
        title = self.texts("title", language)
        date = one_line(dates.best(self.get("date", []), *map(self.first, ("year", "month", "day"))))
        doi = doi_in(*self.get("doi", []), *self.get("doi_or", []), *self.get("url", []))
        if kind == "publication":
            for place_name in self.pop("venue", []):
                self.leave("location", place_name)
        numbers = Numbers(self.first("number"), self.first("volume"), self.first("issue"))
        return Record(
            id=self.name(title, date, doi, place),
            place=place,
            kind=kind,
            type=one_line(self.first("type")),
            language=language,
            title=title,
            subtitle=self.texts("subtitle", language),
            summary=self.texts("summary", language, prose=True),
            body=self.bodies(language),
            date=date,
            people=self.people,
            topics=self.each("topics"),
            regions=self.each("regions"),
            series=one_line(self.first("series")),
            number=one_line(numbers.said()),
            doi=doi,
            isbn=isbn_in(*self.get("isbn", []), *self.get("isbn_or", [])),
            url=next(self.addresses("url"), ""),
            paths=list(dict.fromkeys(text.strip() for text in self.get("path", []))),
            files=[FileRef(ref) for ref in self.each("files") if not is_picture(ref)],
            pictures=[FileRef(ref) for ref in self.each("pictures")]
            + [FileRef(ref) for ref in self.each("files") if is_picture(ref)],
            media=self.media + [Link(url) for url in self.addresses("media")],
            starts=self.first("starts").strip(),
            ends=self.first("ends").strip(),
            zone=self.first("zone").strip(),
            venue=self.texts("venue", language),
            city=one_line(self.first("city")),
            country=one_line(self.first("country")),
            state=self.first("state").strip().lower(),
            draft=bool(self.get("draft")),
            translation_of=self.first("translation_of").strip(),
            not_taken=self.not_taken,
        )

    def name(self, title: Texts, date: str, doi: str, place: str) -> str:
        """Its own, else its DOI, else one made from title and date; where even the title fails, from its place."""
        own = one_line(self.first("id"))
        own = own if len(own) <= LONGEST_ID else named_by(own, "")
        number = re.sub(r"\D+", " ", place)  # “record 3” is “registro 3” for the next who reads the file
        return own or doi or named_by(next(iter(title.values()), number), date)

    def texts(self, field: str, language: str, prose: bool = False) -> Texts:
        read = plain if prose else one_line
        found = {code: text for code in LANGUAGES if (text := read(self.first(f"{field}_{code}")))}
        plainly = list(dict.fromkeys(filter(None, map(read, self.get(field, [])))))
        if len(plainly) > 1 and len(told := by_language(plainly)) == len(plainly):
            return told | found
        own = language if language in LANGUAGES else ""
        if plainly and plainly[0] not in found.values():
            found.setdefault(own, plainly[0])
        for text in plainly[1:]:
            self.leave(field, text)
        return found

    def bodies(self, language: str) -> Texts:
        found = {code: text for code in LANGUAGES if (text := clean(self.first(f"body_{code}")))}
        if text := clean(self.first("body")):
            found.setdefault(language if language in LANGUAGES else "", text)
        return found

    def each(self, *fields: str) -> list[str]:
        return list(dict.fromkeys(one_line(text) for field in fields for text in self.get(field, ()) if text.strip()))

    def addresses(self, field: str) -> Iterator[str]:
        """The addresses there, of which some tools write several in one, or follow one by something else."""
        return iter(dict.fromkeys(found for text in self.get(field, []) for found in ADDRESS.findall(text)))


class Numbers:
    """The number of a report; of an article volume and issue, whose name may be “number”, as “15(1)”."""

    def __init__(self, number: str, volume: str, issue: str):
        self.number, self.volume, self.issue = number.strip(), volume.strip(), issue.strip()

    def said(self) -> str:
        issue = self.issue or self.number
        return f"{self.volume}({issue})" if self.volume and issue else self.volume or self.number or issue


def by_language(texts: list[str]) -> Texts:
    """Texts whose words tell their language; fewer than there are texts where two are in the same."""
    return {code: text for text in texts if (code := guessed_language(text))}


def is_picture(ref: str) -> bool:
    return ref.lower().partition("?")[0].endswith(PICTURES)


def split_topics(text: str) -> list[str]:
    """Parted by semicolons or lines where there are any, else by commas."""
    return split(text, ";|\n" if re.search(r"[;|\n]", text) else ",")
