"""The bytes of a file as text, whatever encoding and ends of lines it has; and the words for a place in it."""

import codecs
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _

from ..records import Found, Note
from .words import NOT_IN_TEXT

ARCHIVE = b"PK\x03\x04"  # of which a workbook is one
GZIP = b"\x1f\x8b"
MARKS = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
HEAD = 64 * 1024
LONGEST_LINE = 8 * 1024 * 1024  # characters: a line without an end would otherwise fill the memory
LONGEST_RECORD = 16 * 1024 * 1024  # characters
LONGEST_SHOWN = 200  # of a line that is told


class Unreadable(ValueError):
    """Why a file, or a record of it, cannot be read: in our words, and in the reader's language."""


class TooLong(Unreadable):
    """A line, or a record, that is longer than any text."""


def _as_windows_1252(error: UnicodeError) -> tuple[str, int]:
    """The letters of a file that is not quite UTF-8, byte by byte, so that those which are UTF-8 stay right."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.end]
    return wrong.decode("windows-1252", errors="ignore"), error.end


codecs.register_error("as-windows-1252", _as_windows_1252)


def opened(path: Path) -> gzip.GzipFile | io.BufferedReader:
    """Its bytes, unpacked where it is gzip."""
    with path.open("rb") as file:
        packed = file.read(2) == GZIP
    return gzip.open(path) if packed else path.open("rb")


def head(path: Path) -> bytes:
    """Its beginning; of a packed file that is damaged, as much as can be unpacked."""
    start = b""
    with opened(path) as file, suppress(EOFError, gzip.BadGzipFile, zlib.error):
        while len(start) < HEAD and (piece := file.read1(HEAD - len(start))):
            start += piece
    return start


def encoding_of(start: bytes) -> str:
    """By its mark; else UTF-16 has a NUL in each second byte of what is mostly Latin letters."""
    for mark, encoding in MARKS.items():
        if start.startswith(mark):
            return encoding
    even, odd = start[:2000:2].count(0), start[1:2000:2].count(0)
    if max(even, odd) > len(start[:2000]) // 4:
        return "utf-16-le" if odd > even else "utf-16-be"
    return "utf-8"


def decoded(start: bytes) -> str:
    """The beginning of a file as text with one sort of ends of lines; a character that was cut through is left out."""
    encoding = encoding_of(start)
    errors = "as-windows-1252" if encoding.startswith("utf-8") else "ignore"
    return (
        codecs.getincrementaldecoder(encoding)(errors)
        .decode(start)
        .lstrip("\ufeff")
        .replace("\r\n", "\n")
        .replace("\r", "\n")
    )


@contextmanager
def text_of(path: Path, newline: str | None = None) -> Iterator[io.TextIOWrapper]:
    encoding = encoding_of(head(path))
    errors = "as-windows-1252" if encoding.startswith("utf-8") else "replace"
    with opened(path) as file, io.TextIOWrapper(file, encoding=encoding, errors=errors, newline=newline) as text:
        yield text


def lines_of(text: IO[str], size: int = LONGEST_LINE) -> Iterator[tuple[int, str]]:
    """Each line with its number, from 1."""
    number = 0
    while line := text.readline(size):
        number += 1
        if len(line) >= size:
            raise TooLong(_("Line %(number)d has no end.") % {"number": number})
        yield number, line


def line_at(path: Path, number: int) -> str:
    """A line as it stands in the file, for whoever has to mend it."""
    with text_of(path) as text, suppress(TooLong, OSError, EOFError, zlib.error):
        return next((shown(line) for at, line in lines_of(text) if at == number), "")
    return ""


def shown(text: str) -> str:
    return " ".join(text.translate(NOT_IN_TEXT).split())[:LONGEST_SHOWN]


def too_long(place: str) -> TooLong:
    return TooLong(_("What begins at %s is longer than any record.") % place)


def guessed_encoding(path: Path) -> Found:
    """A note where letters had to be guessed."""
    start = head(path)
    if start.startswith(ARCHIVE) or not encoding_of(start).startswith("utf-8"):
        return
    if number := first_wrong_letter(path):
        why = _("This file is not in UTF-8 throughout; such letters were read as Windows-1252. Look at accents.")
        yield Note(line(number), why)


def first_wrong_letter(path: Path) -> int:
    """The line of it; 0 where there is none. Whether the file is whole is for its reader to find out."""
    number, decoder = 1, codecs.getincrementaldecoder("utf-8")()
    with opened(path) as file, suppress(EOFError, OSError, zlib.error):
        while piece := file.read(HEAD):
            try:
                decoder.decode(piece)
            except UnicodeDecodeError as error:
                return number + error.object[: error.start].count(b"\n")
            number += piece.count(b"\n")
    return 0


def line(number: int) -> str:
    return _("line %(number)d") % {"number": number}


def record(number: int) -> str:
    return _("record %(number)d") % {"number": number}


def row(number: int, sheet: str = "") -> str:
    if sheet:
        return _("sheet “%(sheet)s”, row %(number)d") % {"sheet": sheet, "number": number}
    return _("row %(number)d") % {"number": number}
