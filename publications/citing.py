"""A publication as others cite it: one record, from which every style, file and meta tag is made."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.utils.text import slugify

from research_hub.activity.dates import PartialDate, Precision
from research_hub.languages.addresses import absolute
from research_hub.languages.text import Text, read

from .models import Author, Authorship, Publication, PublicationType

# What CSL calls a part of something larger: a magazine, a blog, a site.
PARTS = {"article-journal", "article-magazine", "article-newspaper", "chapter", "post", "post-weblog", "webpage"}
ARTICLES = {"a", "an", "the", "el", "la", "lo", "los", "las", "un", "una", "unos", "unas"}


@dataclass(frozen=True)
class Name:
    """Somebody who is cited. An organisation, or who has one name only, is all `family`."""

    family: str
    given: str = ""
    suffix: str = ""

    @property
    def inverted(self) -> str:
        return ", ".join(part for part in (self.family, self.given, self.suffix) if part)

    @property
    def direct(self) -> str:
        return " ".join(part for part in (self.given, self.family, self.suffix) if part)

    def csl(self) -> dict[str, str]:
        if not self.given:
            return {"literal": self.family}
        return filled({"family": self.family, "given": self.given, "suffix": self.suffix})


def name_of(author: Author) -> Name:
    """By the name for sorting, “King, Martin Luther, Jr.”; one without a comma in it is not taken apart."""
    parts = [one_line(part) for part in author.sort_name.split(",", 2)]
    if author.kind == Author.Kind.PERSON and all(parts[:2]) and len(parts) > 1:
        return Name(*parts)
    return Name(one_line(author.name))


@dataclass(frozen=True)
class Reference:
    """A publication in the language in which a page shows it. No text of it has more than one line."""

    uid: str
    type: PublicationType
    type_name: str
    title: Text
    people: dict[str, list[Name]]
    date: PartialDate
    series: Text
    number: str
    publisher: str
    doi: str
    isbn: str
    url: str
    pdf: str
    abstract: str
    mark: str = ""  # what tells it from another of the same key in one file

    @property
    def language(self) -> str:
        """That of the title, which on a page of the other language need not be the page's."""
        return self.title.language

    @property
    def authors(self) -> list[Name]:
        """Where nobody is named, the institute answers for it."""
        named = self.people.get(Authorship.Role.AUTHOR, [])
        return named if named or self.editors else [Name(self.publisher)]

    @property
    def editors(self) -> list[Name]:
        return self.people.get(Authorship.Role.EDITOR, [])

    @property
    def heads(self) -> list[Name]:
        """Those with whose names a reference begins."""
        return self.authors or self.editors

    @property
    def translators(self) -> list[Name]:
        return self.people.get(Authorship.Role.TRANSLATOR, [])

    @property
    def contributors(self) -> list[Name]:
        return self.people.get(Authorship.Role.CONTRIBUTOR, [])

    @property
    def known_date(self) -> list[str]:
        """Year, month and day as far as they are known; of several days, the first."""
        day = self.date.lo
        return f"{day:%Y/%m/%d}".split("/")[: 3 - self.date.precision] if day else []

    @property
    def year(self) -> str:
        return "".join(self.known_date[:1])

    @property
    def is_part(self) -> bool:
        """Whether it stands in something, as an article on the institute's site; else it stands alone."""
        return self.type.csl in PARTS

    @property
    def genre(self) -> str:
        """What sort of report it is; nothing where that says no more than that it is one."""
        return "" if self.is_part or self.type.code == self.type.csl else self.type_name

    @property
    def doi_url(self) -> str:
        return f"https://doi.org/{quote(self.doi, safe='/:;()-._~')}" if self.doi else ""

    @property
    def link(self) -> str:
        """Where to find it: by its DOI, which outlives addresses."""
        return self.doi_url or self.url

    @property
    def key(self) -> str:
        """What a manuscript calls it, garcia2017rivers; its permanent name where Latin letters make none."""
        family = slugify(self.heads[0].family).replace("-", "")
        words = [word for word in slugify(self.title.words).split("-") if word and word not in ARTICLES]
        return f"{family}{self.year or 'nd'}{words[0]}{self.mark}" if family and words else self.uid

    def csl(self) -> dict[str, Any]:
        """The record as CSL-JSON has it (docs.citationstyles.org, “Appendix IV: Variables”)."""
        people = {"editor": self.editors, "translator": self.translators, "contributor": self.contributors}
        return filled(
            {
                "id": self.key,
                "type": self.type.csl,
                "title": self.title.words,
                "author": [name.csl() for name in self.authors],
                **{role: [name.csl() for name in names] for role, names in people.items()},
                "issued": {"date-parts": date_parts(self.date)} if self.date.lo else None,
                "genre": self.genre,
                "collection-title": self.series.words,
                "collection-number": self.number,
                "container-title": self.publisher if self.is_part else "",
                "publisher": "" if self.is_part else self.publisher,
                "DOI": self.doi,
                "ISBN": self.isbn,
                "URL": self.url,
                "language": self.language,
                "abstract": self.abstract,
            }
        )


def reference_to(
    publication: Publication, authorships: Iterable[Authorship], downloads: Iterable[dict], language: str
) -> Reference:
    """As a page in this language cites it; the rows and the downloads are those that the page shows."""
    title = full_title(publication, language)
    own = title.language
    people: dict[str, list[Name]] = {}
    for row in authorships:
        people.setdefault(row.role, []).append(name_of(row.author))
    given_out = [absolute(file["url"]) for file in downloads if file["code"] == own and not file["from"]]
    return Reference(
        uid=publication.uid,
        type=publication.type,
        type_name=one_line(publication.type_name(language)),
        title=title,
        people=people,
        date=publication.date,
        series=series_of(publication, language),
        number=one_line(publication.number),
        publisher=settings.SITE_NAME[language],
        doi=one_line(publication.doi),
        isbn=one_line(publication.isbn),
        url=absolute(publication.get_absolute_url(own)),
        pdf=given_out[0] if given_out else "",
        abstract=one_line(getattr(publication, f"summary_{own}") or ""),
    )


def full_title(publication: Publication, language: str) -> Text:
    """Title and subtitle, both in the language of the title."""
    title = read(publication, "title", language)
    words = one_line(title.words)
    subtitle = one_line(getattr(publication, f"subtitle_{title.language}") or "")
    if subtitle:
        words += f" {subtitle}" if words.endswith((":", "?", "!")) else f": {subtitle}"
    return Text(words, title.language, language)


def series_of(publication: Publication, language: str) -> Text:
    if publication.series is None:
        return Text("", language, language)
    name = read(publication.series, "name", language)
    return Text(one_line(name.words), name.language, language)


def one_line(text: str) -> str:
    """The text without line breaks, so that in no format a title begins a field of its own."""
    return " ".join(text.split())


def date_parts(date: PartialDate) -> list[list[int]]:
    """What is known of a date, as CSL writes it: [[2017, 2]]; of several days, the first and the last."""
    several = date.precision == Precision.DAY and date.lo != date.hi
    ends = [date.lo, date.hi] if several else [date.lo]
    return [[day.year, day.month, day.day][: 3 - date.precision] for day in ends if day]


def filled(values: dict[str, Any]) -> dict[str, Any]:
    """Only what has something to say."""
    return {name: value for name, value in values.items() if value}
