"""BibTeX and BibLaTeX with bibtexparser, some hundred entries at a time; LaTeX's letters become letters."""

import logging
import re
from collections.abc import Iterator
from pathlib import Path

from bibtexparser import Library, parse_string
from bibtexparser.middlewares.names import InvalidNameError, split_multiple_persons_names
from bibtexparser.model import DuplicateBlockKeyBlock, Entry, ParsingFailedBlock, String
from django.utils.translation import gettext as _
from pylatexenc.latex2text import LatexNodes2Text

from ..records import Fault, Found, Record
from . import sources
from .names import people
from .told import Told, split_topics
from .words import one_line

BLOCK = re.compile(r"\s*@\s*[A-Za-z]+\s*[{(]")
CHUNK = 200  # entries that are parsed together
MOST_CHARACTERS = 8_000_000  # of them
LATEX = re.compile(r"[\\{}$~]|--|``|''")
PLAIN_PER_CENT = re.compile(r"(?<!\\)%")  # which would begin a comment

FIELDS = {
    "title": ["title"],
    "subtitle": ["subtitle"],
    "summary": ["abstract", "abstractnote"],
    "date": ["date"],
    "year": ["year"],
    "month": ["month"],
    "day": ["day"],
    "language": ["language", "langid"],
    "topics": ["keywords", "keyword", "subject"],
    "series": ["series", "journal", "journaltitle", "booktitle"],
    "number": [],
    "volume": ["volume"],
    "issue": ["issue"],
    "doi": ["doi"],
    "doi_or": ["eprint", "note"],
    "isbn": ["isbn"],
    "url": ["url", "howpublished"],
}
ROLES = {"author": "author", "editor": "editor", "translator": "translator", "collaborator": "contributor"}
VERBATIM = {"url", "doi", "doi_or"}
TAKEN = {name for names in FIELDS.values() for name in names} | set(ROLES) | {"number"}
TAKEN -= {"note", "howpublished", "eprint"}
REPORTS = {"techreport", "report", "manual", "booklet", "book", "misc"}

decoder = LatexNodes2Text(math_mode="text", keep_comments=True, strict_latex_spaces=False)
logging.getLogger("pylatexenc").setLevel(logging.CRITICAL)  # it tells each unclosed brace; the text is kept anyway


def read(path: Path) -> Found:
    strings, count = [], 0
    with sources.text_of(path) as text:
        for start, chunk in chunks(text):
            library = parse_string(chunk, library=Library(strings))
            for block in library.blocks[len(strings) :]:
                for item in of_block(block, start):
                    count += 1
                    yield item
            strings = [block for block in library.blocks if isinstance(block, String)]
    if not count:
        yield Fault("", _("There is no record in this file: in BibTeX each begins like “@article{”."))


def chunks(text) -> Iterator[tuple[int, str]]:
    """The text in pieces of whole entries, each with the number of lines before it."""
    start, entries, size, lines = 0, 0, 0, []
    for number, line in sources.lines_of(text):
        if BLOCK.match(line):
            if entries >= CHUNK or size > MOST_CHARACTERS:
                yield start, "".join(lines)
                start, entries, size, lines = number - 1, 0, 0, []
            entries += 1
        lines.append(line)
        size += len(line)
        if size > MOST_CHARACTERS + sources.LONGEST_RECORD:
            raise sources.too_long(sources.line(start + 1))
    yield start, "".join(lines)


def of_block(block, start: int) -> Found:
    place = sources.line(start + (block.start_line or 0) + 1)
    if isinstance(block, DuplicateBlockKeyBlock):
        block = block.ignore_error_block
    if isinstance(block, Entry):
        yield record_of(block, place)
    elif isinstance(block, ParsingFailedBlock):
        yield Fault(place, _("This entry cannot be read; it begins like this: %s") % sources.shown(block.raw or ""))


def record_of(entry: Entry, place: str) -> Record:
    told = Told()
    values = {field.key.lower(): str(field.value) for field in entry.fields}
    told.tell("id", entry.key)
    told.tell("type", entry.entry_type)
    for field, names in FIELDS.items():
        for name in names:
            told.tell(field, (address if field in VERBATIM else text_of)(values.get(name, "")))
    told["topics"] = [topic for words in told["topics"] for topic in split_topics(words)]
    told.tell("number" if entry.entry_type.lower() in REPORTS else "issue", text_of(values.get("number", "")))
    for name, role in ROLES.items():
        told.people += people(persons(values.get(name, "")), role)
    for name, value in values.items():
        if name not in TAKEN:
            told.leave(name, text_of(value))
    return told.record(place)


def text_of(value: str) -> str:
    value = "" if value.strip() == "None" else value
    if not LATEX.search(value):
        return value
    return decoder.latex_to_text(PLAIN_PER_CENT.sub(r"\\%", value)).replace("\xa0", " ")


def address(value: str) -> str:
    """An address or a DOI has no accents, only marks that LaTeX wants a backslash before."""
    return re.sub(r"\\(?=[_%&#~$])", "", re.sub(r"\\url\b|[{}]", " ", value)).strip()


def persons(value: str) -> list[str]:
    try:
        names = split_multiple_persons_names(value)
    except InvalidNameError:
        names = re.split(r"\s+and\s+", value)
    return [one_line(text_of(name)) for name in names]
