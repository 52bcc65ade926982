"""RIS, in the dialects of the tools that write it, with rispy: one record at a time, so that one fault costs one."""

import re
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _
from rispy import RisParser

from research_hub.languages.text import LANGUAGES, other

from ..records import Fault, Found, Record
from ..understand import guessed_language
from . import sources
from .identity import doi_in, isbn_in, language_in
from .names import people
from .told import Told
from .words import one_line, split

START = re.compile(r"\s*TY  -")
END = re.compile(r"\s*ER  -")
TAGGED = re.compile(r"[A-Z][A-Z0-9]  -")
MOST_LINES = 20_000  # of one record

ROLES = {
    "AU": "author", "A1": "author", "A2": "editor", "A3": "editor", "ED": "editor", "A4": "contributor",
    "TA": "translator",
}  # fmt: skip
FIELDS = {
    "type": ["TY"],
    "title": ["TI", "T1", "CT", "BT"],
    "translated_title": ["TT"],
    "summary": ["AB", "N2"],
    "date": ["DA", "Y1"],
    "year": ["PY"],
    "language": ["LA"],
    "topics": ["KW"],
    "series": ["T3", "T2", "JF", "JO", "JA", "J2", "JI", "J9"],
    "doi": ["DO"],
    "doi_or": ["M3", "L3", "L2", "N1"],
    "url": ["UR", "L2"],
    "volume": ["VL"],
    "issue": ["IS"],
    "isbn_or": ["SN"],
    "files": ["L1"],
    "pictures": ["L4"],
    "id": ["AN", "ID"],
}  # fmt: skip
MAY_HOLD_A_DOI = ["M3", "L3", "N1"]
TAKEN = {tag for tags in FIELDS.values() for tag in tags} - {*MAY_HOLD_A_DOI, "SN"} | set(ROLES) | {"ER"}
REPORTS = {"RPRT", "GOVDOC", "STAND", "PAMP", "UNPB"}  # SN is their number, M1 too
LONGEST_NUMBER = 40  # characters: some tools keep addresses of authors in M1


class Parser(RisParser):
    """Each tag under its own name with all its values; a line without a tag goes on with the value before it."""

    def __init__(self):
        super().__init__(mapping={"TY": "TY"})

    def _iter_till_start(self, lines) -> dict:
        return {"TY": [super()._iter_till_start(lines)["TY"]]}

    def _add_tag(self, record, tag, content, extend_multiline=False):
        if extend_multiline and record.get(tag):
            record[tag][-1] += f"\n{content}"
        elif tag:
            record.setdefault(tag, []).append(content)


def read(path: Path) -> Found:
    parser, count = Parser(), 0
    with sources.text_of(path) as text:
        for number, lines in records(text):
            if not START.match(lines[0]):
                yield Fault(
                    sources.line(number), _("This line stands outside of a record: before its TY, after an ER.")
                )
                continue
            count += 1
            yield from parsed(parser, lines, sources.line(number))
    if not count:
        yield Fault("", _("There is no record in this file: in RIS each begins with a line “TY  - ”."))


def records(text) -> Iterator[tuple[int, list[str]]]:
    """The lines of each record with the number of the first; a stray tagged line by itself, other lines not at all."""
    start, lines, size = 0, [], 0
    for number, line in sources.lines_of(text):
        size = size + len(line) if lines else 0
        if size > sources.LONGEST_RECORD:
            raise sources.too_long(sources.line(start))
        if START.match(line) or len(lines) > MOST_LINES:
            if lines:
                yield start, lines
            start, lines = number, [line]
        elif lines:
            lines.append(line)
            if END.match(line):
                yield start, lines
                lines = []
        elif TAGGED.match(line) and not END.match(line):
            yield number, [line]
    if lines:
        yield start, lines


def parsed(parser: Parser, lines: list[str], place: str) -> Found:
    end = [] if END.match(lines[-1]) else ["ER  - "]  # the last one of a file often has none
    for tags in parser.parse_lines(iter([line.strip() + "\n" for line in lines] + end)):
        yield record_of(tags, place)


def record_of(tags: dict[str, list[str]], place: str) -> Record:
    told = Told()
    for field, names in FIELDS.items():
        for tag in names:
            for value in tags.get(tag, []):
                told.tell(field, value)
    for tag, role in ROLES.items():
        told.people += people((one_line(part) for value in tags.get(tag, []) for part in value.split("\n")), role)
    told["topics"] = [topic for words in told["topics"] for topic in split(words)]
    translate_title(told)
    taken = TAKEN | number(told, tags)
    for tag, values in tags.items():
        if tag not in taken and not (tag in MAY_HOLD_A_DOI and doi_in(*values)):
            told.leave(tag, "; ".join(values))
    return told.record(place)


def number(told: Told, tags: dict[str, list[str]]) -> set[str]:
    """The tags that were its number, or its ISBN."""
    if isbn_in(*tags.get("SN", [])):
        return {"SN"}
    if tags["TY"][0].upper() not in REPORTS:
        return set()
    short = [tag for tag in ("M1", "SN") if len(tags.get(tag, [""])[0].strip()) in range(1, LONGEST_NUMBER)]
    for tag in short[:1]:
        told.tell("number", tags[tag][0])
    return set(short[:1])


def translate_title(told: Told) -> None:
    """TT is the title in another language; in which one, its words tell."""
    for title in told.pop("translated_title", []):
        language = guessed_language(title) or other_language(told.first("language"))
        told.tell(f"title_{language}" if language else "title", title)


def other_language(named: str) -> str:
    language = language_in(named)
    return other(language) if language in LANGUAGES else ""
