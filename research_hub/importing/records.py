"""An entry as another system tells it, before anything is known of this site: what every reader gives."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.functional import Promise

Texts = dict[str, str]  # by language: "en", "es", or "" where the source does not say which


@dataclass
class Name:
    """Somebody of a record, as the source writes the name: “Ana García” or “García, Ana”."""

    name: str
    role: str = "author"  # author, editor, translator, contributor; of an event speaker, moderator, keynote
    orcid: str = ""
    affiliation: str = ""


@dataclass
class FileRef:
    """A file of a record: its path within the archive that came along, or its address."""

    ref: str
    language: str = ""
    label: str = ""
    alt: str = ""  # of a picture


@dataclass
class Link:
    """A recording that stands elsewhere."""

    url: str
    kind: str = "video"  # or audio
    label: str = ""


@dataclass
class Record:
    """What a source says of one entry. Nothing is guessed here: an empty text is something it does not say."""

    id: str  # the source's own name for it, the same each time the source is read
    place: str  # where it stands, for whoever has to look: "record 3", "line 120"
    kind: str = "publication"  # or event
    type: str = ""  # the source's word for it, or its code: report, JOUR, techreport
    language: str = ""  # of the original
    title: Texts = field(default_factory=dict)
    subtitle: Texts = field(default_factory=dict)
    summary: Texts = field(default_factory=dict)
    body: Texts = field(default_factory=dict)  # HTML
    date: str = ""  # as it is written there: 2017, 2017/02//, Feb 2017, 2017-02-03T10:00:00Z
    people: list[Name] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)
    regions: list[str] = field(default_factory=list)
    series: str = ""
    number: str = ""
    doi: str = ""
    isbn: str = ""
    url: str = ""  # where it stands now
    paths: list[str] = field(default_factory=list)  # that are to lead to it: /node/12, /2017/02/title
    files: list[FileRef] = field(default_factory=list)
    pictures: list[FileRef] = field(default_factory=list)
    media: list[Link] = field(default_factory=list)
    starts: str = ""  # of an event: ISO 8601, a day or a moment, with an offset where the source has one
    ends: str = ""
    zone: str = ""  # IANA
    venue: Texts = field(default_factory=dict)
    city: str = ""
    country: str = ""
    state: str = ""  # cancelled, postponed
    draft: bool = False  # where it stands now, readers do not see it: a draft, private, with a password
    translation_of: str = ""  # the id of the record that this one translates, where the source says so
    not_taken: list[str] = field(default_factory=list)  # what the source says and this site has no place for


@dataclass
class Fault:
    """Something in a file that is no record, and why; `place` is the record or the line."""

    place: str
    why: str | Promise


@dataclass
class Note(Fault):
    """What is to be known of a file although nothing in it is refused: an encoding that was guessed, say."""


Found = Iterator[Record | Fault]


@dataclass(frozen=True)
class Reader:
    """A format: the files it is told by, and the function that reads one; a broken file is Faults, never an error."""

    code: str
    label: str | Promise
    suffixes: tuple[str, ...]
    read: Callable[[Path], Found]


NESTED = {"people": Name, "files": FileRef, "pictures": FileRef, "media": Link}


def from_json(stored: dict[str, Any]) -> Record:
    """The record of which this is what `asdict` gave."""
    nested = {name: [kind(**item) for item in stored[name]] for name, kind in NESTED.items()}
    return Record(**stored | nested)
