"""The formats that entries can be taken in from, and which of them a file is in: told by what stands in it first."""

import csv
import re
import zlib
from collections.abc import Callable
from dataclasses import asdict
from functools import wraps
from gzip import BadGzipFile
from importlib import import_module
from json import JSONDecodeError
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, is_zipfile

import ijson
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..records import Fault, Found, Reader, Record, from_json
from . import sources, tables
from .columns import likeness
from .words import NOT_IN_TEXT

ESCAPED = re.compile(r"\\(?:x[01789]|ud)")  # as repr writes what is not printed
OLD_EXCEL = b"\xd0\xcf\x11\xe0"


def storable(record: Record) -> Record:
    """Without the characters that a database refuses, wherever in it they stand."""
    said = repr(record)  # which writes each of them as an escape
    return from_json(without(asdict(record))) if ESCAPED.search(said) else record


def without(value: Any) -> Any:
    if isinstance(value, str):
        return value.translate(NOT_IN_TEXT)
    if isinstance(value, dict):
        return {name: without(item) for name, item in value.items()}
    return [without(item) for item in value] if isinstance(value, list) else value


def in_our_words(error: Exception) -> str:
    """What a library says is in English, and often about itself."""
    if isinstance(error, sources.Unreadable):
        return str(error)
    if isinstance(error, zlib.error | EOFError | BadZipFile | BadGzipFile):
        return _("it is damaged or was cut off.")
    if isinstance(error, ijson.JSONError | JSONDecodeError):
        return _("what follows is not JSON.")
    if isinstance(error, csv.Error):
        return _("what follows is no table; a quotation mark may not be closed.")
    if isinstance(error, UnicodeError):
        return _("its letters are in an encoding that is not known.")
    return _("what follows is not written as this format asks.")


def guarded(read: Callable[[Path], Found]) -> Callable[[Path], Found]:
    """Whatever a parser raises ends the reading with a fault that says how far it came; what was read stays."""

    @wraps(read)
    def read_guarded(path: Path) -> Found:
        place = ""
        try:
            yield from sources.guessed_encoding(path)
            for found in read(path):
                place = found.place
                yield storable(found) if isinstance(found, Record) else found
        except Exception as error:  # each of the libraries has its own, and none of them may stop a plan
            after = _("after %s") % place if place else ""
            yield Fault(after, _("The file cannot be read from here on: %s") % in_our_words(error))

    return read_guarded


def reading(module: str) -> Callable[[Path], Found]:
    """What the module beside this one reads. It is brought in when a file is read: with their parsers, all of them
    would take some megabytes of every process, most of which never see a file."""
    return guarded(lambda path: import_module(f"{__name__}.{module}").read(path))


READERS = {
    reader.code: reader
    for reader in (
        Reader("lines", gettext_lazy("JSON Lines"), (".jsonl", ".ndjson", ".jsonl.gz"), reading("lines")),
        Reader("table", gettext_lazy("Table: CSV or Excel"), (".csv", ".tsv", ".xlsx", ".xlsm"), reading("tables")),
        Reader("ris", gettext_lazy("RIS"), (".ris",), reading("ris")),
        Reader("bibtex", gettext_lazy("BibTeX"), (".bib", ".bibtex"), reading("bibtex")),
        Reader("csl", gettext_lazy("CSL-JSON or Crossref"), (".json", ".csl"), reading("csl")),
        Reader("icalendar", gettext_lazy("iCalendar"), (".ics", ".ical"), reading("calendars")),
        Reader("wordpress", gettext_lazy("WordPress (WXR)"), (".xml", ".wxr"), reading("wordpress")),
        Reader("drupal", gettext_lazy("Drupal: CSV or JSON"), (), reading("drupal")),
    )
}

# What stands in the first 64 kB of a file of each format.
SIGNS = {
    "icalendar": re.compile(r"^BEGIN:(?:VCALENDAR|VEVENT)\s*$", re.M | re.I),
    "ris": re.compile(r"^\s*TY  -", re.M),
    "wordpress": re.compile(r"\A\s*(?=<)(?=.*?<(?:rss|item)\b)", re.S),
    "bibtex": re.compile(r"^\s*@\s*[A-Za-z]+\s*[{(]\s*[^\s{}()@]*\s*,?", re.M),
}
JSON_SIGNS = {
    "drupal": re.compile(r'"(?:jsonapi|nid|drupal_internal__nid|nodes|langcode)"\s*:'),
    "lines": re.compile(r'"(?:title_en|title_es|name_en|date_precision)"\s*:|"kind"\s*:\s*"(?:publication|event)"'),
    "csl": re.compile(r'"(?:title|DOI|issued|container-title|message-type)"\s*:'),
}
DRUPAL_HEADERS = {"nid", "node id", "id de nodo"}


def reader_for(path: Path) -> Reader | None:
    """The reader for this file; `unreadable` says why there is none."""
    start = sources.head(path)
    text = sources.decoded(start)
    if start.startswith(sources.ARCHIVE):
        return READERS["table"] if is_zipfile(path) and is_workbook(path) else None
    if start.startswith(OLD_EXCEL) or not text.strip():
        return None
    code = of_json(text) if text.lstrip().startswith(("{", "[")) else by_signs(text)
    return READERS.get(code or of_table(text) or by_name(path))


def unreadable(path: Path) -> Fault:
    """Why `reader_for` knows of no reader."""
    start = sources.head(path)
    if not start and path.stat().st_size:
        return Fault("", _("This packed file is damaged."))
    if not sources.decoded(start).strip():
        return Fault("", _("This file is empty."))
    if start.startswith(OLD_EXCEL):
        return Fault("", _("This is a workbook in the old format of Excel. Save it as .xlsx or as CSV."))
    if start.startswith(sources.ARCHIVE):
        return Fault("", _("This is an archive, and no workbook. Unpack it, and choose one of its files."))
    known = ", ".join(sorted(suffix for reader in READERS.values() for suffix in reader.suffixes))
    return Fault("", _("The format of this file was not recognised. These are: %s") % known)


def is_workbook(path: Path) -> bool:
    with tables.ZipFile(path) as parts:
        return "xl/workbook.xml" in parts.namelist()


def by_signs(text: str) -> str:
    """The format whose sign comes first: an abstract in RIS may well quote BibTeX."""
    found = [(sign.start(), code) for code, pattern in SIGNS.items() if (sign := pattern.search(text))]
    return min(found)[1] if found else ""


def of_json(text: str) -> str:
    return next((code for code, sign in JSON_SIGNS.items() if sign.search(text)), "")


def of_table(text: str) -> str:
    """A table has a row of headers that are known."""
    rows = list(tables.rows_of(text))
    headers = max(rows, key=likeness, default=[])
    if not likeness(headers) or len(headers) < 2:
        return ""
    return "drupal" if DRUPAL_HEADERS & {cell.strip().lower().replace("_", " ") for cell in headers} else "table"


def by_name(path: Path) -> str:
    return next(
        (code for code, reader in READERS.items() if path.name.lower().endswith(reader.suffixes or ("\0",))), ""
    )
