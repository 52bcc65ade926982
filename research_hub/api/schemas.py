"""The shapes of what the API tells. A text is given in each language that it exists in, and null in the other: nothing
here falls back from one to the other, as pages do."""

from datetime import date, datetime
from typing import Annotated, Literal

from django.utils.translation import gettext_noop
from ninja import Field, Schema

Language = Literal["en", "es"]
Address = Annotated[str, Field(json_schema_extra={"format": "uri"})]


class Text(Schema):
    en: str | None
    es: str | None


class Addresses(Schema):
    """Where the page is, in each language that it exists in."""

    en: Address | None
    es: Address | None


class Date(Schema):
    """As much of a date as is known: “February 2017” lasts from the 1st to the 28th, with the precision of a month."""

    iso: str = Field(description="2017-02-03, 2017-02, 2017, or first/last day; empty where there is no date")
    first: date | None
    last: date | None
    precision: Literal["day", "month", "year", "none"]
    text: Text


class Type(Schema):
    code: str
    name: Text


class Item(Schema):
    """An entry as lists show it."""

    uid: str = Field(description="its name for ever")
    kind: Literal["publication", "event"]
    type: Text
    state: Text = Field(description="of an event that is postponed or cancelled")
    title: Text
    summary: Text
    byline: Text
    date: Date
    languages: list[Language]
    media: list[Literal["video", "audio"]]
    changed_at: datetime
    page: Addresses
    permanent: Address
    api: Address


class Items(Schema):
    """A part of a list, newest first, what is undated last."""

    count: int
    is_count_at_least: bool = Field(description="a search that finds very much is not counted to its end")
    undated_left_out: int = Field(
        description="undated entries that a filter by date leaves out; undated=1 includes them"
    )
    page: Address
    next: Address | None
    items: list[Item]


class Link(Schema):
    name: Text
    page: Addresses
    api: Address


class Person(Schema):
    name: str
    role: str
    affiliation: str | None
    orcid: str | None
    page: Addresses
    api: Address


class Image(Schema):
    url: Address
    alt: Text
    width: int
    height: int
    credit: str | None


class Download(Schema):
    url: Address
    language: Language
    label: Text
    bytes: int
    pages: int | None
    sha256: str
    embargo_until: datetime | None = Field(description="until then the file is given to nobody")


class Recording(Schema):
    kind: Literal["video", "audio"]
    url: str
    label: Text
    seconds: int | None
    transcript: Text


class Citation(Schema):
    style: str
    text: Text


class CitationFile(Schema):
    label: str
    url: Addresses


class Entry(Schema):
    """What publications and events have in common."""

    uid: str
    source_language: Language
    languages: list[Language]
    title: Text
    summary: Text
    body: Text = Field(description="HTML")
    date: Date
    topics: list[Link]
    regions: list[Link]
    downloads: list[Download]
    media: list[Recording]
    published_at: datetime
    changed_at: datetime
    page: Addresses
    permanent: Address
    api: Address


class PublicationDetail(Entry):
    kind: Literal["publication"] = "publication"
    type: Type
    subtitle: Text
    people: list[Person]
    series: Link | None
    number: str | None
    doi: str | None
    isbn: str | None
    cover: Image | None
    citations: list[Citation]
    citation_files: list[CitationFile]
    related: list[Address]


class EventDetail(Entry):
    kind: Literal["event"] = "event"
    state: Literal["scheduled", "postponed", "cancelled"]
    format: Literal["in_person", "online", "hybrid"]
    starts_at: datetime | None
    ends_at: datetime | None
    time_zone: str
    all_day: bool
    venue: Text
    city: str | None
    country: str | None
    spoken: list[Language]
    registration: str | None
    speakers: list[Person]
    launches: list[Address]
    calendar: Addresses


class Owner(Schema):
    """A record with a list of its own."""

    name: Text
    slug: Text
    count: int = Field(description="how many entries stand on its list")
    entries: Address = Field(description="its list")
    page: Addresses
    api: Address


class Topic(Owner):
    intro: Text = Field(description="HTML")
    parent: Link | None


class Region(Owner):
    kind: Literal["region", "country"]
    code: str | None
    parent: Link | None


class Series(Owner):
    description: Text = Field(description="HTML")


class Author(Owner):
    kind: Literal["person", "organisation"]
    role: Text
    bio: Text = Field(description="HTML")
    affiliation: str | None
    orcid: str | None
    photo: Image | None


class Page(Schema):
    next: Address | None


class Topics(Page):
    items: list[Topic]


class Regions(Page):
    items: list[Region]


class AllSeries(Page):
    items: list[Series]


class Authors(Page):
    items: list[Author]


class TypeOfPublication(Type):
    plural: Text
    count: int
    entries: Address


class Types(Page):
    items: list[TypeOfPublication]


class Mistake(Schema):
    field: str = Field(description="the word of the address that is wrong; empty where it is the address itself")
    message: str


class Mistakes(Schema):
    errors: list[Mistake]


class Contents(Schema):
    entries: Address
    search: Address
    types: Address
    topics: Address
    regions: Address
    authors: Address
    series: Address
    openapi: Address


class Narrowing(Schema):
    """What a list is narrowed by: the same words as in the addresses of pages."""

    lang: Language = Field(
        "en", description=gettext_noop("the language in which dates and words are read, and mistakes are told")
    )
    q: str = Field("", description=gettext_noop("words; “several in a row”, begins*"))
    since: str = Field(
        "", alias="from", description=gettext_noop("the first day, month or year: 2024, 2024-06, 2024-06-03")
    )
    to: str = Field("", description=gettext_noop("the last day, month or year"))
    undated: str = Field("", description=gettext_noop("1 keeps what is undated, when dates are asked for"))
    kind: str = Field("", description=gettext_noop("publication or event"))
    type: str = Field("", description=gettext_noop("the code of a type of publications"))
    language: str = Field("", description=gettext_noop("en or es: what exists in that language"))
    media: str = Field("", description=gettext_noop("1: what has a recording"))
    topic: str = Field("", description=gettext_noop("the slug of a topic, in either language"))
    region: str = Field("", description=gettext_noop("the slug of a place"))
    author: str = Field("", description=gettext_noop("the slug of an author"))
    series: str = Field("", description=gettext_noop("the slug of a series"))
    order: str = Field("", description=gettext_noop("relevance, when words are asked for; else the newest come first"))
    after: str = Field("", description=gettext_noop("where the part before ended, as its “next” says"))


class Searching(Narrowing):
    q: str = Field(description=gettext_noop("words; “several in a row”, begins*"))


class Paging(Schema):
    lang: Language = Field("en", description="the language in which mistakes are told")
    after: str = Field("", description="where the part before ended, as its “next” says")


class Asking(Schema):
    lang: Language = Field("en", description="the language in which mistakes are told")
